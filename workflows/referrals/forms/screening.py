"""What the officer types who screens, and the school's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import Truncator

from workflows.criteria.states import Advice
from workflows.engine import fields
from workflows.referrals import rules
from workflows.referrals.forms.writing import _LONG

if TYPE_CHECKING:
    from workflows.referrals.models import Question

TO_PANEL = "to_panel"
ASK = "ask"


#: Boxes for questions that are there at first, and how many there can be.
FIRST_BOXES = 1
MOST_BOXES = 10


def box_name(number: int) -> str:
    """Name the box of a question, counted from 1."""
    return "question" if number == 1 else f"question_{number}"


class ScreenForm(forms.Form):
    """On to the panel, or back to the school with questions."""

    submit_label = "Continue"
    next = fields.RadioField(
        label="What happens next?",
        choices=[
            (TO_PANEL, "Send the referral to the panel"),
            (ASK, "Send it back to the school with questions"),
        ],
        hints={ASK: "The days until the school answers do not count"},
        error_messages={"required": "Select what happens next"},
    )

    def __init__(
        self,
        *args: Any,
        boxes: int = FIRST_BOXES,
        advice: Advice | None = None,
        version: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.advice = advice
        if advice is not None:
            self._add_finding(version)
        self.boxes = min(max(boxes, FIRST_BOXES), MOST_BOXES)
        for number in range(1, self.boxes + 1):
            self.fields[box_name(number)] = fields.LongTextField(
                label="Question to the school" if number == 1 else f"Question {number}",
                help_text="Only if you send the referral back" if number == 1 else "",
                max_length=2000,
                rows=4,
                required=False,
            )

    def _add_finding(self, version: int | None) -> None:
        self.fields["seen"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=version
        )
        self.fields["finding"] = fields.RadioField(
            label="What do you find?",
            help_text="Only if you send the referral to the panel. The criteria advise; you decide",
            choices=Advice.choices,
            required=False,
        )
        self.fields["reasons"] = fields.LongTextField(
            label="Reasons for what you find",
            help_text="Needed where you find otherwise than the criteria advise. The panel reads them",
            max_length=_LONG,
            rows=4,
            required=False,
        )

    def _judge_finding(self, cleaned: dict[str, Any]) -> None:
        """Ask for a finding with the way to the panel, and for reasons where it is another one."""
        if self.advice is None or cleaned.get("next") != TO_PANEL or "finding" in self.errors:
            return
        finding = cleaned.get("finding")
        if not finding:
            self.add_error("finding", "Select what you find")
        elif refusal := rules.why_not_finding(
            advice=self.advice, finding=Advice(finding), reasons=cleaned.get("reasons") or ""
        ):
            self.add_error("reasons", refusal.rstrip("."))

    @property
    def may_add_box(self) -> bool:
        """Whether there can be one more question."""
        return self.boxes < MOST_BOXES

    def questions(self) -> list[str]:
        """List the questions that were typed, in their order."""
        typed = (
            (self.cleaned_data.get(box_name(number)) or "").strip()
            for number in range(1, self.boxes + 1)
        )
        return [text for text in typed if text]

    def clean(self) -> dict[str, Any]:
        """Ask for a question where one is to be sent, and for none otherwise."""
        cleaned = super().clean() or {}
        self._judge_finding(cleaned)
        if cleaned.get("next") == ASK and not self.questions():
            self.add_error("question", "Enter the question that the school should answer")
        if cleaned.get("next") == TO_PANEL and self.questions():
            filled = next(
                name
                for name in map(box_name, range(1, self.boxes + 1))
                if (cleaned.get(name) or "").strip()
            )
            self.add_error(
                filled, "Delete the question, or select to send the referral back with it"
            )
        return cleaned


class AnswerForm(forms.Form):
    """The school's answers, one box for each open question."""

    submit_label = "Continue"

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for number, question in enumerate(self.questions, start=1):
            alone = len(self.questions) == 1
            self.fields[self._box(number)] = fields.LongTextField(
                label="Your answer" if alone else f"Your answer to question {number}",
                help_text="" if alone else Truncator(question.text).chars(300),
                max_length=_LONG,
                rows=6,
                error_messages={
                    "required": "Enter an answer to the question"
                    if alone
                    else f"Enter an answer to question {number}"
                },
            )

    @staticmethod
    def _box(number: int) -> str:
        return "answer" if number == 1 else f"answer_{number}"

    def answers(self) -> dict[int, str]:
        """Give what was answered, by the number of its question."""
        return {
            question.pk: self.cleaned_data[self._box(number)]
            for number, question in enumerate(self.questions, start=1)
        }
