"""What the officer types who screens, and the school's answer."""

from __future__ import annotations

from typing import Any

from django import forms

from workflows.engine import fields
from workflows.referrals.forms.writing import _LONG

TO_PANEL = "to_panel"


ASK = "ask"


class ScreenForm(forms.Form):
    """On to the panel, or back to the school with a question."""

    submit_label = "Continue"
    next = fields.RadioField(
        label="What happens next?",
        choices=[
            (TO_PANEL, "Send the referral to the panel"),
            (ASK, "Send it back to the school with a question"),
        ],
        error_messages={"required": "Select what happens next"},
    )
    question = fields.LongTextField(
        label="Question to the school",
        help_text="Only if you send the referral back",
        max_length=2000,
        rows=4,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the question where one is to be sent, and for none otherwise."""
        cleaned = super().clean() or {}
        question = (cleaned.get("question") or "").strip()
        if cleaned.get("next") == ASK and not question:
            self.add_error("question", "Enter the question that the school should answer")
        if cleaned.get("next") == TO_PANEL and question:
            self.add_error(
                "question", "Delete the question, or select to send the referral back with it"
            )
        return cleaned


class AnswerForm(forms.Form):
    """The school's answer."""

    submit_label = "Continue"
    answer = fields.LongTextField(
        label="Your answer",
        help_text="You can also change the referral and add evidence before you answer",
        max_length=_LONG,
        rows=6,
        error_messages={"required": "Enter an answer to the question"},
    )
