"""The review of a decision: the school asks and takes back, the authority's officer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from permissions import checks
from workflows.cases import queries as cases
from workflows.cases.sections import Section
from workflows.cases.states import Audience
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import actions, forms, queries
from workflows.referrals.models import DecisionReview, Referral
from workflows.referrals.states import REVIEWABLE, ReviewStatus, Status
from workflows.referrals.views.pages import OfReferral
from workflows.referrals.views.steps import ReferralStep

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case


class AskForReview(OfReferral, FormView[forms.AskForReviewForm]):
    """The school says why a decision should be looked at again, for itself or for the family."""

    template_name = "referrals/ask_for_review.html"
    form_class = forms.AskForReviewForm
    open_in = frozenset({Status.DECLINED})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decision = self.referral.decision
        return super().get_context_data(
            **self.facts(
                back_url=self.referral.case.get_absolute_url(),
                decision=decision,
                last_day=queries.last_day_to_ask(decision) if decision else None,
                refusal=queries.why_cannot_ask_review(self.referral, timezone.localdate()),
            ),
            **kwargs,
        )

    def form_valid(self, form: forms.AskForReviewForm) -> HttpResponse:
        try:
            actions.ask_for_review(referral=self.referral, by=self.user, **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(
            self.request,
            "The review is asked for. Somebody who took no part in the decision looks at it again, "
            "and you get a letter.",
        )
        return redirect(self.referral.case)


class WithdrawReview(OfReferral, TemplateView):
    """The school no longer asks for the review."""

    template_name = "referrals/withdraw_review.html"
    open_in = frozenset({Status.DECLINED})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = queries.open_review(self.referral)
        if review is None:
            return redirect(self.referral.case)
        return self.render_to_response(
            self.get_context_data(
                **self.facts(back_url=self.referral.case.get_absolute_url(), review=review)
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it back; a second time only goes to the case."""
        review = queries.open_review(self.referral)
        if review is None:
            return redirect(self.referral.case)
        actions.withdraw_review(review=review, by=self.user)
        messages.success(request, "You no longer ask for a review of the decision.")
        return redirect(self.referral.case)


class ReviewDecision(ReferralStep):
    """An officer of the local authority lets the decision stand, or returns it to the panel."""

    template_name = "referrals/review_decision.html"
    form_class = forms.ReviewForm
    check_answers = True
    success_message = "The review is finished. The letters are being made."
    confirm_button = "Finish the review"
    statement = "The school is told by a letter. You cannot change this once it is sent."
    review: DecisionReview

    def prepare(self) -> None:
        """Show the referral, as every step of it does; the task is about the review."""
        self.review = self.the_task.process.subject
        self.subject = self.review.referral

    def extra_context(self) -> dict[str, Any]:
        decision = self.review.decision
        return {
            **super().extra_context(),
            "review": self.review,
            "decision": decision,
            "votes": queries.votes_of(decision.consideration),
            "took_part": queries.took_part(self.user, decision),
        }

    def show_form(self, form: Any, **more: Any) -> HttpResponse:
        """Offer no form to somebody who took part in the decision."""
        if queries.took_part(self.user, self.review.decision):
            form = None
        return super().show_form(form, **more)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if queries.took_part(self.user, self.review.decision):
            return self.show_form(None)
        return super().post(request, *args, **kwargs)

    def act(self, form: forms.ReviewForm) -> object:
        actions.decide_review(
            review=self.review,
            outcome=form.cleaned_data["outcome"],
            reasons=form.cleaned_data["reasons"],
            by=self.user,
        )
        return None


def review_section(case: Case, user: User) -> Section | None:
    """Build the panel about reviews of decisions on the page of a case, for school and commissioner."""
    referral = (
        Referral.objects.filter(
            case=case, decisions__outcome__in=[outcome.value for outcome in REVIEWABLE]
        )
        .select_related("case__partnership__parent", "case__pupil__school")
        .first()
    )
    if referral is None:
        return None
    if Audience.SCHOOL_AND_COMMISSIONER not in cases.audiences_of(user, case):
        return None
    reviews = list(
        referral.decision_reviews.select_related("asked_by", "decided_by", "decision").order_by(
            "asked_at", "pk"
        )
    )
    decision = referral.decision
    is_school = checks.may(user, "refer_pupil", case.pupil.school)
    waiting = next((one for one in reviews if one.status == ReviewStatus.ASKED), None)
    return Section(
        "Review of the decision",
        "referrals/review_section.html",
        {
            "referral": referral,
            "reviews": reviews,
            "office": queries.review_office(referral),
            "by_chair": waiting is not None and queries.reviewed_by_chairs(waiting),
            "due_at": queries.review_due_at(waiting) if waiting else None,
            "may_withdraw": is_school and waiting is not None,
            "may_ask": is_school
            and queries.why_cannot_ask_review(referral, timezone.localdate()) is None,
            "last_day": queries.last_day_to_ask(decision) if decision else None,
            "is_declined": referral.status == Status.DECLINED,
        },
        position=21,
    )
