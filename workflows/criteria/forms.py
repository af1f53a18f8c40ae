"""What an administrator types into a draft of criteria."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from workflows.criteria.rules import Condition, Fact
from workflows.criteria.states import (
    MAX_EXPLANATION,
    OPERATORS,
    WITH_DATE,
    WITH_LIST,
    WITHOUT_VALUE,
    Advice,
    Kind,
    Operator,
)
from workflows.engine import fields

SHORT = {"class": "govuk-input--width-5"}


class DraftForm(forms.Form):
    """A form that remembers which state of the draft the person was shown."""

    submit_label = "Save"
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RuleForm(DraftForm):
    """What a rule says when it fits."""

    outcome = fields.RadioField(
        label="What is the advice?",
        choices=Advice.choices,
        hints={Advice.LOOK_CLOSER: "Neither for nor against: a person should read with more care"},
        error_messages={"required": "Select what the advice is"},
    )
    explanation = fields.LongTextField(
        label="Explanation",
        help_text="The officer and the panel read it beside the advice",
        max_length=MAX_EXPLANATION,
        rows=3,
        error_messages={"required": "Explain the advice"},
    )


class FactForm(forms.Form):
    """What a condition is about."""

    submit_label = "Continue"
    fact = forms.ChoiceField(
        label="What is the condition about?",
        error_messages={"required": "Select what the condition is about"},
    )

    def __init__(self, *args: Any, facts: Iterable[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fact"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "Select one"),
            *((fact.key, fact.label) for fact in facts),
        ]


class ConditionForm(DraftForm):
    """How a fact is compared, and with what: only the boxes that its kind needs."""

    submit_label = "Add the condition"

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.fields["operator"] = fields.RadioField(
            label=fact.label,
            choices=[(one.value, one.label.capitalize()) for one in OPERATORS[fact.kind]],
            error_messages={"required": "Select how it is compared"},
        )
        add = getattr(self, f"_add_{fact.kind.value}")
        add()

    def _add_choice(self) -> None:
        self.fields["choices"] = fields.CheckboxesField(
            label="Answers",
            help_text="Not needed for “is answered” and “is not answered”",
            choices=self.fact.choices,
            required=False,
        )

    _add_several = _add_choice

    def _add_yes_no(self) -> None:
        self.fields["choice"] = fields.RadioField(
            label="Answer",
            help_text="Not needed for “is answered” and “is not answered”",
            choices=self.fact.choices,
            required=False,
        )

    def _add_number(self) -> None:
        self.fields["number"] = forms.DecimalField(
            label="Number",
            help_text="Not needed for “is answered” and “is not answered”",
            required=False,
            decimal_places=0 if self.fact.whole else None,
            widget=forms.NumberInput(attrs=SHORT),
            error_messages={"invalid": "Enter a number, for example 15"},
        )

    def _add_date(self) -> None:
        self.fields["days"] = forms.IntegerField(
            label="Number of days",
            help_text="For “so many days ago”, counted back from the day of the screening",
            required=False,
            min_value=0,
            widget=forms.NumberInput(attrs=SHORT),
            error_messages={"invalid": "Enter a number of days, for example 15"},
        )
        self.fields["date"] = fields.DateInputField(
            label="Date",
            help_text="For “on or before” and “on or after”, for example 27 3 2026",
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the value that the comparison needs."""
        cleaned = super().clean() or {}
        if "operator" not in cleaned:
            return cleaned
        operator = Operator(cleaned["operator"])
        if operator in WITHOUT_VALUE:
            return cleaned
        name, message = self._needed(operator)
        if name not in self.errors and cleaned.get(name) in (None, "", []):
            self.add_error(name, message)
        return cleaned

    def _needed(self, operator: Operator) -> tuple[str, str]:
        if operator in WITH_LIST:
            return "choices", "Select at least one answer"
        if self.fact.kind == Kind.YES_NO:
            return "choice", "Select yes or no"
        if self.fact.kind == Kind.NUMBER:
            return "number", "Enter a number, for example 15"
        if operator in WITH_DATE:
            return "date", "Enter the date, for example 27 3 2026"
        return "days", "Enter a number of days, for example 15"

    def condition(self) -> Condition:
        """Make the condition of the answers."""
        operator = Operator(self.cleaned_data["operator"])
        if operator in WITHOUT_VALUE:
            return Condition(self.fact.key, operator)
        value = self.cleaned_data[self._needed(operator)[0]]
        if isinstance(value, Decimal):
            value = int(value) if value == value.to_integral_value() else float(value)
        elif operator in WITH_DATE:
            value = value.isoformat()
        return Condition(self.fact.key, operator, value)
