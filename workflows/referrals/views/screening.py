"""The steps of screening: the officer screens, the school answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.referrals import actions, forms

if TYPE_CHECKING:
    pass
from workflows.referrals.views.steps import ReferralStep


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
