"""What a school types about a reintegration plan, and the messages it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from workflows.engine import fields

from . import rules
from .states import PlanStatus

if TYPE_CHECKING:
    from .models import Phase

# Rows for phases on the one page: enough for half a year, without a script to add more.
PHASE_ROWS = 6

REACHED = "reached"
SET_BACK = "set_back"
STOP = "stop"


class PlanForm(forms.Form):
    """A whole plan: the phases, the adjustments and the contacts."""

    submit_label = "Continue"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, PHASE_ROWS + 1):
            is_first = row == 1
            self.fields[f"starts_{row}"] = fields.DateInputField(
                label=f"Phase {row}: start date",
                required=is_first,
                help_text="" if is_first else "Leave this phase empty if you do not need it.",
            )
            self.fields[f"hours_{row}"] = forms.DecimalField(
                label=f"Phase {row}: hours a week in school",
                required=is_first,
                max_digits=4,
                decimal_places=1,
                min_value=0,
                help_text="" if is_first else "More than in the phase before.",
                widget=forms.TextInput(
                    attrs={
                        "class": "govuk-input--width-4",
                        "inputmode": "decimal",
                        "autocomplete": "off",
                    }
                ),
                error_messages={
                    "required": f"Enter the hours a week in school for phase {row}",
                    "invalid": f"The hours of phase {row} must be a number, like 5 or 2.5",
                    "min_value": f"The hours of phase {row} must be more than 0",
                },
            )
            self.fields[f"support_{row}"] = fields.LongTextField(
                label=f"Phase {row}: lessons and support",
                required=is_first,
                rows=3,
                max_length=2000,
                help_text="Which lessons, where, with whom, and what helps." if is_first else "",
                error_messages={"required": f"Enter the lessons and support of phase {row}"},
            )
        self.fields["adjustments"] = fields.LongTextField(
            label="Reasonable adjustments",
            max_length=8000,
            help_text=(
                "What the school changes so that the pupil can learn the same curriculum: "
                "for example a quiet room, a shorter route, a later start."
            ),
            error_messages={"required": "Enter the reasonable adjustments"},
        )
        self.fields["contacts"] = fields.LongTextField(
            label="Contact with school life",
            rows=4,
            max_length=4000,
            help_text=(
                "Who in school the pupil and family can turn to, and how the pupil keeps in touch "
                "with friends, events and news."
            ),
            error_messages={"required": "Enter who the contacts in school are"},
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the whole of every phase that is begun, without a gap between phases."""
        cleaned = super().clean() or {}
        ended = 0
        for row in range(2, PHASE_ROWS + 1):
            values = {name: cleaned.get(f"{name}_{row}") for name in ("starts", "hours", "support")}
            if not any(value is not None and value != "" for value in values.values()):
                ended = ended or row
                continue
            if ended:
                self.add_error(f"starts_{ended}", f"Enter phase {ended} before phase {row}")
                ended = 0
            for name, asked in (
                ("starts", f"Enter the start date of phase {row}"),
                ("hours", f"Enter the hours a week in school for phase {row}"),
                ("support", f"Enter the lessons and support of phase {row}"),
            ):
                if values[name] in (None, "") and f"{name}_{row}" not in self.errors:
                    self.add_error(f"{name}_{row}", asked)
        return cleaned

    def drop_empty_rows(self) -> None:
        """Leave out the rows that were not used, where the answers are shown to be checked."""
        for row in range(1, PHASE_ROWS + 1):
            if not self.cleaned_data.get(f"starts_{row}"):
                for name in ("starts", "hours", "support"):
                    del self.fields[f"{name}_{row}"]

    def phase_drafts(self) -> list[rules.PhaseDraft]:
        """Give the phases that were entered, in order."""
        cleaned = self.cleaned_data
        return [
            rules.PhaseDraft(
                starts_date=cleaned[f"starts_{row}"],
                hours_in_school=cleaned[f"hours_{row}"],
                support=cleaned[f"support_{row}"],
            )
            for row in range(1, PHASE_ROWS + 1)
            if cleaned.get(f"starts_{row}")
        ]


class TrackForm(forms.Form):
    """How the next phase of a plan went."""

    result = fields.RadioField(
        label="What happened?",
        choices=[],
        error_messages={"required": "Select what happened"},
    )
    new_date = fields.DateInputField(
        label="New start date, if the phase is set back",
        required=False,
        in_the_future=True,
        help_text="Later phases move by as many days.",
    )
    note = fields.LongTextField(
        label="Note",
        max_length=2000,
        help_text="Everyone in the case reads this. Say what helped, or what got in the way.",
        error_messages={"required": "Enter a note"},
    )

    submit_label = "Continue"

    def __init__(self, *args: Any, phase: Phase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["result"]
        field.label = f"What happened with phase {phase.position}?"
        field.choices = [
            (REACHED, f"The pupil has reached phase {phase.position}"),
            (SET_BACK, f"Phase {phase.position} is set back to a new date"),
            (STOP, "The plan is stopped"),
        ]
        field.choice_hints = {
            STOP: "The placement goes on as it is, and a new review is scheduled.",
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the new date of a phase that is set back."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("result") == SET_BACK
            and not cleaned.get("new_date")
            and "new_date" not in self.errors
        ):
            self.add_error("new_date", "Enter the new start date")
        if cleaned.get("result") != SET_BACK:
            cleaned["new_date"] = None
        return cleaned


class CloseForm(forms.Form):
    """The confirmation that a case is closed."""

    is_back = forms.BooleanField(
        label="The pupil is back in school, and everybody in the case knows",
        error_messages={"required": "Confirm that the pupil is back in school"},
    )

    submit_label = "Close the case"


class ListForm(forms.Form):
    """What narrows the list of plans."""

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "All"), *PlanStatus.choices]
    )
