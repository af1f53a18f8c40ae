"""What the school types when permission is taken back."""

from __future__ import annotations

from django import forms

from workflows.engine import fields
from workflows.referrals.states import PermissionMethod


class WithdrawPermissionForm(forms.Form):
    """Who took permission back, how, when."""

    submit_label = "Stop the case"
    withdrawn_by = forms.CharField(
        label="Who withdrew permission?",
        help_text="The name of the parent or carer, and their relationship to the pupil",
        max_length=200,
        error_messages={"required": "Enter who withdrew permission"},
    )
    how = fields.RadioField(
        label="How did they tell you?",
        choices=PermissionMethod.choices,
        error_messages={"required": "Select how they told you"},
    )
    date = fields.DateInputField(
        label="When did they tell you?",
        in_the_past=True,
        error_messages={"required": "Enter when they told you"},
    )
    note = fields.LongTextField(label="Anything to note", required=False, max_length=1000, rows=3)
    understood = forms.BooleanField(
        label="I understand that the case stops and cannot be started again",
        error_messages={"required": "Confirm that the case is to stop"},
    )
