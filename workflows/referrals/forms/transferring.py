"""What officers type who hand a referral to another partnership, and who answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from permissions.models import Organisation
from workflows.engine import fields

TAKE, REFUSE = "take", "refuse"


class ProposeTransferForm(forms.Form):
    """Which partnership, why, and whether the parent's permission covers it."""

    submit_label = "Propose the transfer"
    to = forms.ModelChoiceField(
        label="Which partnership should take the referral?",
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select the partnership that should take the referral"},
    )
    reason = fields.LongTextField(
        label="Why does the referral belong there?",
        help_text="The other partnership reads it before it knows who the pupil is: name nobody",
        max_length=2000,
        rows=4,
        error_messages={"required": "Enter why the referral belongs to the other partnership"},
    )
    is_permitted = fields.YesNoField(
        label="Does the parent’s permission cover another partnership?",
        yes="Yes, the permission above covers it",
        no="No, or I am not sure",
        error_messages={"required": "Select whether the parent’s permission covers it"},
    )

    def __init__(self, *args: Any, partnerships: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = partnerships  # type: ignore[attr-defined]  # a ModelChoiceField


class ConsiderTransferForm(forms.Form):
    """Take the referral, or say why not."""

    submit_label = "Continue"
    answer = fields.RadioField(
        label="Does your partnership take the referral?",
        choices=[(TAKE, "Yes, we take it and screen it"), (REFUSE, "No, we do not take it")],
        error_messages={"required": "Select whether your partnership takes the referral"},
    )
    reason = fields.LongTextField(
        label="Why do you not take it?",
        help_text="Only if you do not take it. The other partnership reads it",
        max_length=2000,
        rows=4,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal, and for none otherwise."""
        cleaned = super().clean() or {}
        reason = (cleaned.get("reason") or "").strip()
        if cleaned.get("answer") == REFUSE and not reason:
            self.add_error("reason", "Enter why you do not take the referral")
        if cleaned.get("answer") == TAKE and reason:
            self.add_error("reason", "Delete the reason, or select that you do not take it")
        return cleaned
