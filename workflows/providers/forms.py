"""What a person types on the pages of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from permissions.models import Organisation
from workflows.engine import fields

if TYPE_CHECKING:
    from django.db.models import QuerySet


class EntryForm(forms.Form):
    """What the directory says of a provider."""

    submit_label = "Save"
    places = forms.IntegerField(
        label="How many pupils can it take at once?",
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={"required": "Enter how many pupils the provider can take"},
    )
    subjects = fields.LongTextField(
        label="Subjects and activities", max_length=1000, rows=3, required=False
    )
    notes = fields.LongTextField(label="Notes", max_length=2000, rows=3, required=False)


class ListProviderForm(EntryForm):
    """Which provider to add, and what the directory says of it."""

    submit_label = "Add to the directory"
    provider = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="Provider",
        empty_label="Select a provider",
        error_messages={"required": "Select a provider"},
    )
    field_order = ("provider", "places", "subjects", "notes")

    def __init__(self, *args: Any, providers: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]  # a choice of rows


class RemoveForm(forms.Form):
    """Nothing to type: the button is the answer."""

    submit_label = "Remove from the directory"
