"""The human steps of a referral: screen, answer, vote, decide, bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from workflows.cases.models import Document
from workflows.engine.views import StepView
from workflows.referrals import actions, forms, queries
from workflows.referrals.models import Referral

if TYPE_CHECKING:
    from permissions.models import User


class ReferralStep(StepView):
    """A step that is decided on the whole referral, shown above its form."""

    template_name = "referrals/step.html"
    subject: Referral

    @property
    def user(self) -> User:
        """The person whose task it is; the task's page lets nobody else through."""
        return cast("User", self.request.user)

    def extra_context(self) -> dict[str, Any]:
        """Show the referral, its documents and questions, as far as the person may see them."""
        case = self.subject.case
        return {
            "case": case,
            "referral": self.subject,
            "cards": queries.cards(self.subject),
            "documents": Document.objects.visible_to(self.user)
            .filter(case=case)
            .order_by("uploaded_at"),
            "questions": self.subject.questions.order_by("asked_at"),
        }


class Screen(ReferralStep):
    """The officer sends the referral to the panel, or back with a question."""

    form_class = forms.ScreenForm
    check_answers = True
    success_message = "The referral is on its way."

    def act(self, form: forms.ScreenForm) -> object:
        if form.cleaned_data["next"] == forms.ASK:
            return actions.ask_question(
                referral=self.subject, text=form.cleaned_data["question"], by=self.user
            )
        return actions.send_to_panel(referral=self.subject, by=self.user)


class AnswerQuestion(ReferralStep):
    """The school answers, and the referral is screened again."""

    template_name = "referrals/answer_question.html"
    form_class = forms.AnswerForm
    check_answers = True
    success_message = "Your answer was sent to the partnership."
    confirm_button = "Send the answer"

    def extra_context(self) -> dict[str, Any]:
        return {
            **super().extra_context(),
            "question": self.subject.questions.filter(answered_at__isnull=True).first(),
        }

    def act(self, form: forms.AnswerForm) -> object:
        return actions.answer_question(
            referral=self.subject, answer=form.cleaned_data["answer"], by=self.user
        )


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
