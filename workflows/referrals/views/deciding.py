"""The steps of the panel: vote, change a vote, decide, bring back what was deferred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from permissions import audit, checks
from workflows.cases.views import SignedIn
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import actions, forms, queries
from workflows.referrals.models import PanelConsideration, Referral
from workflows.referrals.views.steps import ReferralStep

if TYPE_CHECKING:
    from workflows.engine.models import Task


class Vote(ReferralStep):
    """A panel member votes, or declares a conflict of interest."""

    template_name = "referrals/vote.html"
    form_class = forms.VoteForm
    check_answers = True
    success_message = (
        "Thank you. Your vote or your conflict of interest is recorded. You can change a vote until "
        "the chair records the decision: open the case to do so."
    )
    statement = (
        "You can change your vote until the chair records the decision. You cannot take back a "
        "conflict of interest."
    )

    def extra_context(self) -> dict[str, Any]:
        # A vote is one person's own: there is nobody to put it back for.
        return {
            **super().extra_context(),
            "may_release": False,
            "screening": queries.latest_screening(self.subject),
        }

    def act(self, form: forms.VoteForm) -> object:
        answers = form.cleaned_data
        if answers["choice"] == forms.CONFLICT:
            return actions.declare_conflict(
                referral=self.subject, reason=answers["reasons"], by=self.user
            )
        return actions.cast_vote(
            referral=self.subject,
            choice=answers["choice"],
            reasons=answers["reasons"],
            by=self.user,
        )


@method_decorator(never_cache, name="dispatch")
class ChangeVote(SignedIn, FormView[forms.ChangeVoteForm]):
    """A member changes a vote, or declares a conflict after it; every earlier vote is kept."""

    template_name = "referrals/change_vote.html"
    form_class = forms.ChangeVoteForm
    referral: Referral
    consideration: PanelConsideration

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the referral among the cases the person sees; the first vote is a task."""
        if request.user.is_authenticated:
            self.referral = get_object_or_404(
                Referral.objects.visible_to(self.user).select_related(
                    "case__pupil__school", "case__partnership"
                ),
                case__reference=kwargs["reference"],
            )
            case = self.referral.case
            checks.require(self.user, "vote_on_referral", case.partnership)
            consideration = queries.open_consideration(self.referral)
            if consideration is None:
                return redirect(case)
            if not queries.has_seat(consideration, self.user):
                raise Http404
            self.consideration = consideration
            self.votes = queries.own_votes(consideration, self.user)
            if not self.votes:
                task = self._first_vote()
                return redirect(task or case)
            if request.method == "GET":
                audit.record_read(self.user, case, case.partnership, purpose="vote page")
        return super().dispatch(request, *args, **kwargs)

    def _first_vote(self) -> Task | None:
        return tasks.open_tasks(self.referral, "vote").filter(owner=self.user).first()

    def get_initial(self) -> dict[str, Any]:
        latest = self.votes[0]
        return {"choice": latest.choice, "reasons": latest.reasons, "replaces": latest.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.referral.case
        shown: dict[str, Any] = {"standing": queries.standing(self.consideration)}
        if queries.sees_votes(self.consideration, self.user):
            shown["votes"] = queries.votes_of(self.consideration)
        return super().get_context_data(
            case=case,
            partnership=case.partnership,
            own_votes=self.votes,
            cards=queries.cards(self.referral, self.user),
            back_url=reverse("cases:detail", args=[case.reference]),
            **shown,
            **kwargs,
        )

    def form_valid(self, form: forms.ChangeVoteForm) -> HttpResponse:
        answers = form.cleaned_data
        is_conflict = answers["choice"] == forms.CONFLICT
        try:
            if is_conflict:
                actions.declare_conflict(
                    referral=self.referral, reason=answers["reasons"], by=self.user
                )
            else:
                actions.change_vote(
                    referral=self.referral,
                    choice=answers["choice"],
                    reasons=answers["reasons"],
                    replaces=answers["replaces"],
                    by=self.user,
                )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        if is_conflict:
            messages.success(self.request, "Your conflict of interest is recorded.")
            return redirect("engine:inbox")
        messages.success(self.request, "Your vote is changed.")
        return redirect(self.referral.case)


class Decide(ReferralStep):
    """The chair records the panel's decision, with the votes in sight."""

    template_name = "referrals/decide.html"
    form_class = forms.DecideForm
    check_answers = True
    success_message = "The decision is recorded. The letter to the school is being made."
    confirm_button = "Record the decision"
    statement = (
        "The school is told by a letter. You cannot change the decision once it is recorded."
    )

    def extra_context(self) -> dict[str, Any]:
        consideration = queries.open_consideration(self.subject)
        shown = super().extra_context()
        shown["screening"] = queries.latest_screening(self.subject)
        if consideration is not None:
            shown["standing"] = queries.standing(consideration)
            shown["votes"] = queries.votes_of(consideration)
            shown["counts"] = queries.votes_by_choice(consideration)
        return shown

    def act(self, form: forms.DecideForm) -> object:
        return actions.decide(
            referral=self.subject,
            outcome=form.cleaned_data["outcome"],
            reasons=form.cleaned_data["reasons"],
            conditions=form.conditions_listed(),
            deferred_until=form.cleaned_data["deferred_until"],
            deferred_for=form.cleaned_data["deferred_for"],
            by=self.user,
        )


class ReturnToPanel(ReferralStep):
    """The officer brings a deferred referral back to the panel."""

    template_name = "referrals/return_to_panel.html"
    success_message = "The referral is with the panel again."

    def extra_context(self) -> dict[str, Any]:
        return {**super().extra_context(), "decision": self.subject.decision}

    def act(self, form: None) -> object:
        return actions.return_to_panel(referral=self.subject, by=self.user)
