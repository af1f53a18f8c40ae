"""The form with which an editor uploads a document."""

from __future__ import annotations

from typing import Any

from django import forms

from pages import importing
from workflows.agreements.states import Kind

ACCEPTED = ".docx,.pdf,.html,.htm,.md,.txt"


class UploadForm(forms.Form):
    """A document, what it is, and a title instead of its own."""

    file = forms.FileField(
        label="Document",
        max_length=200,
        help_text=(
            "Word (.docx), PDF with text, web page (.html), Markdown or plain text, up to 10 MB. "
            "It becomes a draft; nothing is published."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": "Select a document.",
            "empty": "The selected file is empty. Choose the file that holds the agreement.",
            "max_length": "The name of the file is too long. Rename it, then select it again.",
        },
    )
    kind = forms.ChoiceField(
        label="What it is", choices=Kind.choices, initial=Kind.SLA, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label="Title",
        required=False,
        max_length=255,
        help_text="Leave it empty to use the title that the document has.",
    )

    def clean_file(self) -> Any:
        """Refuse what can be seen at once to be no document that can be read."""
        file = self.cleaned_data["file"]
        if file.size > importing.LARGEST_FILE:
            raise forms.ValidationError(importing.too_large(file.name))
        try:
            importing.check(file.read(), file.name)
        except importing.CannotRead as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        file.seek(0)
        return file
