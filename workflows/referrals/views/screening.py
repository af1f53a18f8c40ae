"""The steps of screening: the officer screens, the school answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from workflows.engine import drafts
from workflows.referrals import actions, forms, queries
from workflows.referrals.views.steps import ReferralStep


class Screen(ReferralStep):
    """The officer sends the referral to the panel, or back with questions."""

    template_name = "referrals/screen.html"
    form_class = forms.ScreenForm
    check_answers = True
    success_message = "The referral is on its way."
    alternatives: ClassVar = {"add_question": "add_box"}

    def prepare(self) -> None:
        self.version, self.advised = queries.advice_for(self.subject)

    def form_arguments(self) -> dict[str, Any]:
        return {
            "boxes": self._boxes(),
            "advice": self.advised.outcome if self.advised else None,
            "version": self.version.pk if self.version else None,
        }

    def extra_context(self) -> dict[str, Any]:
        return {
            **super().extra_context(),
            "advised": self.advised,
            "version": self.version,
            "earlier": self.subject.screenings.order_by("screened_at", "pk"),
        }

    def _boxes(self) -> int:
        """Count the boxes for questions: as many as were on the page that was sent or kept."""
        answers: QueryDict | None = self.request.POST if self.request.method == "POST" else None
        if answers is None or forms.box_name(1) not in answers:
            answers = drafts.load(self.request.user, self.draft_key)
        number = 1
        while answers is not None and forms.box_name(number + 1) in answers:
            number += 1
        return number

    def add_box(self) -> HttpResponse:
        """Keep what was typed and show one more box."""
        added = forms.box_name(self._boxes() + 1)
        answers = self.request.POST.copy()
        answers.pop("add_question")
        answers.setdefault(added, "")
        drafts.save(self.request.user, self.draft_key, answers)
        return redirect(f"{self.the_task.get_absolute_url()}#id_{added}")

    def act(self, form: forms.ScreenForm) -> object:
        answers = form.cleaned_data
        if answers["next"] == forms.ASK:
            return actions.ask_questions(
                referral=self.subject,
                texts=form.questions(),
                by=self.user,
                seen=answers.get("seen"),
            )
        return actions.send_to_panel(
            referral=self.subject,
            by=self.user,
            finding=answers.get("finding"),
            reasons=answers.get("reasons", ""),
            seen=answers.get("seen"),
        )


class AnswerQuestion(ReferralStep):
    """The school answers, and the referral is screened again."""

    template_name = "referrals/answer_question.html"
    form_class = forms.AnswerForm
    check_answers = True
    success_message = "Your answer was sent to the partnership."
    confirm_button = "Send the answer"

    def prepare(self) -> None:
        self.asked = queries.open_questions(self.subject)

    def form_arguments(self) -> dict[str, Any]:
        return {"questions": self.asked}

    def extra_context(self) -> dict[str, Any]:
        return {**super().extra_context(), "asked": self.asked}

    def act(self, form: forms.AnswerForm) -> object:
        return actions.answer_questions(referral=self.subject, answers=form.answers(), by=self.user)
