"""What an administrator types about terms and closure days."""

from __future__ import annotations

from typing import Any

from django import forms

from workflows.engine import fields

from . import imports


class TermForm(forms.Form):
    """A term and its half-term break."""

    submit_label = "Add the term"
    name = forms.CharField(label="Name", max_length=60, help_text="For example, Autumn term 2026.")
    starts_date = fields.DateInputField(label="First day")
    ends_date = fields.DateInputField(label="Last day")
    break_starts_date = fields.DateInputField(
        label="First day of the half-term break", required=False
    )
    break_ends_date = fields.DateInputField(label="Last day of the half-term break", required=False)


class ClosureForm(forms.Form):
    """A day on which schools are closed."""

    submit_label = "Add the day"
    day = fields.DateInputField(label="Which day?")
    reason = forms.CharField(label="Why?", max_length=100, help_text="For example, staff training.")


class ImportForm(forms.Form):
    """A calendar as another program exports it, or its text on the page that checks it."""

    submit_label = "Read the file"
    file = forms.FileField(
        label="iCalendar file",
        required=False,
        help_text="A file whose name ends in .ics, up to 500 KB. You check what is in it first.",
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, Any]:
        """Give the text, from whichever of the two it came."""
        cleaned = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded is not None:
            if uploaded.size > imports.MOST_BYTES:
                self.add_error("file", "The file must be 500 KB or smaller")
            else:
                cleaned["content"] = uploaded.read().decode("utf-8-sig", errors="replace")
        elif not cleaned.get("content") and not self.errors:
            self.add_error("file", "Select an iCalendar file")
        return cleaned


class RemoveForm(forms.Form):
    """Nothing to type: the button is the answer."""

    submit_label = "Remove"
