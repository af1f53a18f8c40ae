"""What a signatory types."""

from typing import Any

from django import forms

from permissions.models import User


class AcceptForm(forms.Form):
    """The evidence of an acceptance: who, in which position, and that they mean it."""

    name = forms.CharField(label="Full name", max_length=200)
    position = forms.CharField(
        label="Position in the organisation", max_length=200, help_text="For example, head teacher."
    )
    confirmed = forms.BooleanField(
        error_messages={"required": "Tick the box to say that you accept the agreement"}
    )
    # The version that was on the screen: what is accepted is what was read.
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: str, sha256: str, signatory: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sha256 = sha256
        self.fields["confirmed"].label = statement
        self.fields["name"].initial = signatory.get_full_name()
        # Also over what was kept from an earlier look at an earlier version.
        self.initial["version"] = sha256

    def clean(self) -> dict[str, Any]:
        """Refuse when the text was published again after the page was opened."""
        cleaned = super().clean() or {}
        if cleaned.get("version") != self.sha256:
            raise forms.ValidationError(
                "The agreement was published again while you were reading. "
                "Open it again from your tasks and read the new text."
            )
        return cleaned


class CheckForm(forms.Form):
    """The hash printed on a receipt."""

    hash = forms.RegexField(
        label="Hash on the receipt",
        regex=r"^\s*[0-9a-fA-F]{64}\s*$",
        max_length=80,
        help_text="64 letters and digits, printed at the foot of the receipt.",
        error_messages={
            "required": "Enter the hash on the receipt",
            "invalid": "The hash must be 64 characters long, with digits and the letters a to f",
        },
    )
