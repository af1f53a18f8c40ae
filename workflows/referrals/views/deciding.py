"""The steps of the panel: vote, decide, bring back what was deferred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.referrals import actions, forms, queries

if TYPE_CHECKING:
    pass
from workflows.referrals.views.steps import ReferralStep


class Vote(ReferralStep):
    """A panel member votes, or declares a conflict of interest."""

    form_class = forms.VoteForm
    check_answers = True
    success_message = "Thank you. Your vote or your conflict of interest is recorded."
    statement = "You cannot change this once it is sent."

    def extra_context(self) -> dict[str, Any]:
        # A vote is one person's own: there is nobody to put it back for.
        return {**super().extra_context(), "may_release": False}

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
            conditions=form.cleaned_data["conditions"],
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
