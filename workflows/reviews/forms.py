"""What people type about a review, and the messages they get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from workflows.engine import fields

from . import queries
from .actions import ActionDraft
from .states import Outcome, ReviewStatus

if TYPE_CHECKING:
    from .models import Review

# Rows for agreed actions on the one page: enough for a meeting, without a script to add more.
ACTION_ROWS = 4


class HoldForm(forms.Form):
    """A review that was held: when, with whom, what was said and agreed, and the outcome."""

    held_date = fields.DateInputField(label="When was the review held?", in_the_past=True)
    attended = fields.LongTextField(
        label="Who attended?",
        rows=3,
        max_length=2000,
        help_text="One person on each line, with their role. Say who was invited and did not come.",
        error_messages={"required": "Enter who attended"},
    )
    minutes = fields.LongTextField(
        label="Minutes",
        rows=12,
        max_length=20000,
        help_text=(
            "Everyone in the case reads these: school, provider, partnership and local authority."
        ),
        error_messages={"required": "Enter the minutes"},
    )
    outcome = fields.RadioField(
        label="What was decided?",
        choices=Outcome.choices,
        hints={
            Outcome.CONTINUE: "The next review is scheduled by the agreement.",
            Outcome.REINTEGRATE: "The school is asked to write a reintegration plan.",
            Outcome.END: "The placement ends on the day of the review, and the case is closed.",
        },
        error_messages={"required": "Select what was decided"},
    )

    submit_label = "Continue"

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = queries.participants(review)
        for row in range(1, ACTION_ROWS + 1):
            self.fields[f"action_{row}"] = forms.CharField(
                label=f"Action {row}: what will be done", required=False, max_length=500
            )
            self.fields[f"owner_{row}"] = forms.ModelChoiceField(
                organisations, label=f"Action {row}: who will do it", required=False
            )
            self.fields[f"due_{row}"] = fields.DateInputField(
                label=f"Action {row}: by when", required=False
            )

    def clean(self) -> dict[str, Any]:
        """Ask for who and when of every action that is described."""
        cleaned = super().clean() or {}
        for row in range(1, ACTION_ROWS + 1):
            what, who, when = (cleaned.get(f"{name}_{row}") for name in ("action", "owner", "due"))
            if not (what or who or when):
                continue
            if not what:
                self._ask(f"action_{row}", f"Enter what will be done for action {row}")
            if not who:
                self._ask(f"owner_{row}", f"Select who will do action {row}")
            if not when:
                self._ask(f"due_{row}", f"Enter by when action {row} will be done")
        return cleaned

    def _ask(self, name: str, message: str) -> None:
        if name not in self.errors:
            self.add_error(name, message)

    def drop_empty_rows(self) -> None:
        """Leave out the rows that were not used, where the answers are shown to be checked."""
        for row in range(1, ACTION_ROWS + 1):
            if not self.cleaned_data.get(f"action_{row}"):
                for name in ("action", "owner", "due"):
                    del self.fields[f"{name}_{row}"]

    def action_drafts(self) -> list[ActionDraft]:
        """Give the actions that were entered, in order."""
        cleaned = self.cleaned_data
        return [
            ActionDraft(
                description=cleaned[f"action_{row}"],
                owner=cleaned[f"owner_{row}"],
                due_date=cleaned[f"due_{row}"],
            )
            for row in range(1, ACTION_ROWS + 1)
            if cleaned.get(f"action_{row}")
        ]


class ListForm(forms.Form):
    """What narrows the list of reviews."""

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Still to be held"), *ReviewStatus.choices]
    )
