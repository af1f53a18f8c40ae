"""The life of a published text: its review, its withdrawal, and what has been done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, FormView, View

from permissions.checks import may, require
from permissions.models import User
from workflows.agreements import actions, queries, rules
from workflows.agreements.forms import ReviewNoticeForm, ReviewTextForm, WithdrawTextForm
from workflows.agreements.models import Agreement, TextReview
from workflows.agreements.states import Kind, TextReviewStatus
from workflows.agreements.views.reserving import their_task
from workflows.engine.exceptions import NotAllowed
from workflows.engine.views import StepView


def editor_address(agreement: Agreement) -> str | None:
    """Give where the text is edited; None for an agreement without a page."""
    if agreement.page_id is None:
        return None
    return reverse("wagtailadmin_pages:edit", args=[agreement.page_id])


class ReviewText(StepView):
    """Say what the review of a text came to: unchanged, needs changes, or withdrawn."""

    template_name = "agreements/review_text.html"
    form_class = ReviewTextForm
    success_message = "The review is recorded."
    may_ask_for_changes = True
    subject: TextReview

    def form_arguments(self) -> dict[str, Any]:
        """Offer what the person may decide, and the next date as the text or its last review has it."""
        agreement = self.subject.agreement
        version = queries.version_in_force(agreement)
        today = timezone.localdate()
        return {
            "may_ask_for_changes": self.may_ask_for_changes,
            "may_withdraw": may(self.request.user, "publish_agreement", agreement.partnership),
            "reviewer": self.request.user,
            "today": today,
            "next_date": None if version is None else queries.next_review_date(version, today),
        }

    def extra_context(self) -> dict[str, Any]:
        """Add the text and what its earlier reviews came to."""
        agreement = self.subject.agreement
        version = queries.version_in_force(agreement)
        return {
            "agreement": agreement,
            "version": version,
            "review": self.subject,
            "unchanged_since": None if version is None else queries.unchanged_since(version),
            "records": queries.review_records(agreement),
            "editor_address": editor_address(agreement),
        }

    def act(self, form: ReviewTextForm) -> Any:
        """Record the outcome."""
        answers = form.cleaned_data
        by: Any = self.request.user
        said = {key: answers[key] for key in ("name", "position", "reviewed_date", "note")}
        if answers["outcome"] == ReviewTextForm.UNCHANGED:
            return actions.review_unchanged(
                review=self.subject, next_date=answers["next_date"], by=by, **said
            )
        if answers["outcome"] == ReviewTextForm.CHANGES:
            return actions.review_needs_changes(review=self.subject, by=by, **said)
        return actions.withdraw_reviewed(review=self.subject, reason=answers["note"], by=by)

    def success_url(self) -> str:
        """Go to what has been done with the text."""
        return reverse("agreements:life", args=[self.subject.agreement_id])


class ChangeText(ReviewText):
    """Wait for a new version; or say after all that the text stays, or is withdrawn."""

    template_name = "agreements/change_text.html"
    may_ask_for_changes = False


class Life(LoginRequiredMixin, DetailView[Agreement]):
    """What has been done with a text since it was published, and what comes next."""

    template_name = "agreements/life.html"
    context_object_name = "agreement"

    def get_queryset(self) -> Any:
        return queries.agreements_watched_by(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.object
        user = self.request.user
        review = queries.open_text_review(agreement)
        version = queries.version_in_force(agreement)
        latest = version or queries.latest_version(agreement)
        may_review = may(user, "review_agreement", agreement.partnership)
        return {
            **super().get_context_data(**kwargs),
            "partnership": agreement.partnership,
            "version": version,
            "latest": latest,
            "review": review,
            "is_scheduled": review is None or review.status == TextReviewStatus.SCHEDULED,
            "task": None if review is None else their_task(review, user),
            "records": queries.review_records(agreement),
            "acts": queries.policy_acts(agreement),
            "text_published": None
            if latest is None
            else rules.text_hash(latest.snapshot["content"]),
            "is_policy": agreement.kind == Kind.POLICY,
            "may_review": may_review,
            "may_withdraw": version is not None
            and may(user, "publish_agreement", agreement.partnership),
            "editor_address": editor_address(agreement) if may_review else None,
        }


class ReviewNow(LoginRequiredMixin, View):
    """Bring the review of a text forward to today."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        agreement = get_object_or_404(queries.agreements_watched_by(request.user), pk=pk)
        by: Any = request.user
        review = actions.review_now(agreement=agreement, by=by)
        task = None if review is None else their_task(review, request.user)
        return redirect("agreements:life", pk=pk) if task is None else redirect(task)


class ReviewNotice(LoginRequiredMixin, FormView[ReviewNoticeForm]):
    """Set how long before the review of a text its task appears."""

    template_name = "agreements/review_notice.html"
    form_class = ReviewNoticeForm
    agreement: Agreement

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who reviews the partnership's texts."""
        if request.user.is_authenticated:
            watched = queries.agreements_watched_by(request.user)
            self.agreement = get_object_or_404(watched, pk=kwargs["pk"])
            require(request.user, "review_agreement", self.agreement.partnership)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"days": self.agreement.review_notice_days}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "agreement": self.agreement,
            "partnership": self.agreement.partnership,
        }

    def form_valid(self, form: ReviewNoticeForm) -> HttpResponse:
        by = self.request.user
        assert isinstance(by, User)  # dispatch has asked
        actions.set_review_notice(agreement=self.agreement, days=form.cleaned_data["days"], by=by)
        messages.success(self.request, "The days are saved.")
        return redirect("agreements:life", pk=self.agreement.pk)


class Withdraw(LoginRequiredMixin, FormView[WithdrawTextForm]):
    """Take an agreement out of force and say why."""

    template_name = "agreements/withdraw.html"
    form_class = WithdrawTextForm
    agreement: Agreement

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may publish, which is who may take back."""
        if request.user.is_authenticated:
            watched = queries.agreements_watched_by(request.user)
            self.agreement = get_object_or_404(watched, pk=kwargs["pk"])
            require(request.user, "publish_agreement", self.agreement.partnership)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "agreement": self.agreement,
            "partnership": self.agreement.partnership,
            "drives_placements": self.agreement.kind == Kind.SLA,
            "waiting": sum(
                standing.status == "to_accept" for standing in queries.standings(self.agreement)
            ),
        }

    def form_valid(self, form: WithdrawTextForm) -> HttpResponse:
        by = self.request.user
        assert isinstance(by, User)  # dispatch has asked
        try:
            if queries.version_in_force(self.agreement) is None:
                raise NotAllowed("This agreement is not in force any more.")
            actions.withdraw(agreement=self.agreement, by=by, reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, f"“{self.agreement.title}” is withdrawn.")
        return redirect("agreements:life", pk=self.agreement.pk)
