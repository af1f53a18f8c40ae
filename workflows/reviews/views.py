"""The step of a review, its page, the list, and its panel on the page of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView, ListView

from permissions import audit
from workflows.cases.sections import Section
from workflows.engine.exceptions import NotAllowed
from workflows.engine.views import StepView

from . import actions, forms, queries
from .models import Action, Review
from .states import ReviewStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import User
    from workflows.cases.models import Case

# Colours of the tags; the text says the same.
COLOURS: dict[str, str] = {
    ReviewStatus.SCHEDULED: "blue",
    ReviewStatus.DUE: "yellow",
    ReviewStatus.HELD: "green",
    ReviewStatus.CANCELLED: "grey",
}


class HoldReview(StepView):
    """The officer records a review that was held."""

    template_name = "reviews/hold_review.html"
    form_class = forms.HoldForm
    check_answers = True
    success_message = "The review was recorded, and everybody in the case can read the minutes."
    confirm_button = "Record the review"
    statement = "Everybody in the case can read this record. It cannot be changed afterwards."
    subject: Review

    def form_arguments(self) -> dict[str, Any]:
        return {"review": self.subject}

    def extra_context(self) -> dict[str, Any]:
        return {
            "case": self.subject.case,
            "review": self.subject,
            "rows": schedule_rows(self.subject),
            "open_actions": queries.open_actions(self.subject.case).select_related("owner"),
        }

    def show_check(self, form: forms.HoldForm) -> HttpResponse:
        form.drop_empty_rows()
        return super().show_check(form)

    def act(self, form: forms.HoldForm) -> Review:
        by: Any = self.request.user
        cleaned = form.cleaned_data
        return actions.hold_review(
            review=self.subject,
            held_date=cleaned["held_date"],
            attended=cleaned["attended"],
            minutes=cleaned["minutes"],
            outcome=cleaned["outcome"],
            actions=form.action_drafts(),
            by=by,
        )


def schedule_rows(review: Review) -> list[dict[str, Any]]:
    """Give when a review is due and why, as rows of a summary list."""
    return [
        {"key": "Pupil", "value": review.case.pupil.full_name},
        {"key": "Provider", "value": review.placement.provider.name},
        {"key": "Due", "value": f"{review.due_date:%-d %B %Y}"},
        {"key": "Why then", "value": queries.reason_for_date(review)},
    ]


def record_rows(review: Review) -> list[dict[str, Any]]:
    """Give what was recorded of a review, as rows of a summary list."""
    if review.status != ReviewStatus.HELD or review.held_date is None:
        return []
    return [
        {"key": "Held", "value": f"{review.held_date:%-d %B %Y}"},
        {"key": "Decided", "value": review.get_outcome_display()},
        {"key": "Who attended", "value": review.attended},
        {"key": "Minutes", "value": review.minutes},
        {"key": "Recorded by", "value": review.recorded_by},
    ]


class ReviewList(LoginRequiredMixin, ListView[Review]):
    """The reviews that the person may see, those still to be held first."""

    template_name = "reviews/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Review]:
        self.filter_form = forms.ListForm(self.request.GET)
        self.filter_form.is_valid()
        user: Any = self.request.user
        return queries.review_list(user, status=self.filter_form.cleaned_data.get("status", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        context["rows"] = [
            (review, COLOURS[review.status], review.is_open and review.due_date < today)
            for review in context["page_obj"]
        ]
        return {**context, "filter_form": self.filter_form}


class ReviewDetail(LoginRequiredMixin, DetailView[Review]):
    """One review: when it is due and why, or what was said and agreed."""

    template_name = "reviews/detail.html"

    def get_queryset(self) -> QuerySet[Review]:
        user: Any = self.request.user
        return Review.objects.visible_to(user).select_related(
            "placement__case__pupil",
            "placement__case__partnership",
            "placement__provider",
            "clause__version",
            "recorded_by",
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page and note who has read it."""
        response = super().get(request, *args, **kwargs)
        user: Any = request.user
        audit.record_read(user, self.object.case, purpose="review page")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        acting = set(queries.organisations_acting(user).values_list("pk", flat=True))
        review = self.object
        return {
            **super().get_context_data(**kwargs),
            "case": review.case,
            "partnership": review.case.partnership,
            "colour": COLOURS[review.status],
            "rows": schedule_rows(review),
            "record": record_rows(review),
            "agreed": [
                {
                    "action": action,
                    "may_complete": action.done_at is None
                    and bool({action.owner_id, review.case.partnership_id} & acting),
                }
                for action in review.actions.select_related("owner", "done_by")
            ],
        }


class CompleteAction(LoginRequiredMixin, View):
    """Mark an action that a review agreed as done."""

    http_method_names = ["post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the action of a review that the person may see; who may do it, the action asks."""
        super().setup(request, *args, **kwargs)
        user: Any = request.user
        if not user.is_authenticated:
            return
        self.action = get_object_or_404(
            Action.objects.filter(review__in=Review.objects.visible_to(user)), pk=kwargs["pk"]
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Mark it, and go back to the review."""
        user: Any = request.user
        try:
            actions.complete_action(action=self.action, by=user)
        except NotAllowed as refused:
            messages.warning(request, refused.reason)
        else:
            messages.success(request, "The action is marked as done.")
        return redirect("reviews:detail", pk=self.action.review_id)


def case_section(case: Case, user: User) -> Section | None:
    """Show a case's reviews, as far as the person may see them."""
    reviews = [
        {
            "review": review,
            "colour": COLOURS[review.status],
            "left": sum(1 for action in review.actions.all() if action.done_at is None),
        }
        for review in queries.reviews_of(user, case)
    ]
    if not reviews:
        return None
    return Section("Reviews", "reviews/section.html", {"reviews": reviews}, position=34)
