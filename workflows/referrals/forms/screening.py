"""What the officer types who screens, and the school's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import Truncator

from workflows.engine import fields
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

    def __init__(self, *args: Any, boxes: int = FIRST_BOXES, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = min(max(boxes, FIRST_BOXES), MOST_BOXES)
        for number in range(1, self.boxes + 1):
            self.fields[box_name(number)] = fields.LongTextField(
                label="Question to the school" if number == 1 else f"Question {number}",
                help_text="Only if you send the referral back" if number == 1 else "",
                max_length=2000,
                rows=4,
                required=False,
            )

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
