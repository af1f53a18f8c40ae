"""What an administrator types about letters."""

from __future__ import annotations

from typing import Any

from django import forms

from workflows.engine import fields

from . import rules
from .states import Kind


class LetterForm(forms.Form):
    """Heading and text of one letter."""

    submit_label = "Save the draft"
    heading = forms.CharField(
        label="Heading",
        max_length=200,
        error_messages={"required": "Enter a heading"},
    )
    body = fields.LongTextField(
        label="Text",
        help_text=(
            "An empty line begins a new paragraph. Begin a line with # and a space for a heading, "
            "with - and a space for a list. Write a field in curly brackets, as in {pupil first name}"
        ),
        max_length=12000,
        rows=28,
        error_messages={"required": "Enter the text of the letter"},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_heading(self) -> str:
        """Refuse a heading with a field that the letter has not."""
        heading = self.cleaned_data["heading"]
        if reason := rules.why_not_heading(self.kind, heading):
            raise forms.ValidationError(reason)
        return str(heading)

    def clean_body(self) -> str:
        """Refuse a text with a field that the letter has not, or without one that it needs."""
        body = rules.tidy(self.cleaned_data["body"])
        if reason := rules.why_not_body(self.kind, body):
            raise forms.ValidationError(reason)
        return body


class PublishForm(forms.Form):
    """Which draft the person has looked at."""

    submit_label = "Publish this text"
    revision = forms.IntegerField(widget=forms.HiddenInput)


class SettingsForm(forms.Form):
    """How a partnership sends its letters."""

    submit_label = "Save"
    writes_to_family = fields.YesNoField(
        label="Should Accord write a letter to the family as well?",
        help_text=(
            "It is put into the case beside the school’s letter. The school prints it or hands it on"
        ),
        error_messages={"required": "Select yes if Accord should write to the family as well"},
    )
    attaches_letters = fields.YesNoField(
        label="Should emails carry the letter itself?",
        help_text=(
            "If not, the email says that a letter waits in Accord. A letter names the pupil: attach "
            "it only where every mailbox is protected"
        ),
        error_messages={"required": "Select yes if emails should carry the letter itself"},
    )
