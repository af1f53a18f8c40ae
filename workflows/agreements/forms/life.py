"""What becomes of a published text: its review, its withdrawal, and the approval of a policy."""

import datetime
from typing import Any

from django import forms

from permissions.models import User
from workflows.agreements.models.agreements import REVIEW_NOTICE_DAYS
from workflows.agreements.states import ActKind
from workflows.engine import fields


class ReviewTextForm(forms.Form):
    """What the review of a published text came to, by whom and when."""

    UNCHANGED, CHANGES, WITHDRAW = "unchanged", "changes", "withdraw"

    submit_label = "Record the review"
    outcome = fields.RadioField(
        label="What did the review come to?",
        error_messages={"required": "Select what the review came to"},
    )
    name = forms.CharField(
        label="Who reviewed it?",
        max_length=200,
        error_messages={"required": "Enter who reviewed it"},
    )
    position = forms.CharField(
        label="Their position",
        max_length=200,
        help_text="For example, head teacher, or the full governing board",
        error_messages={"required": "Enter their position"},
    )
    reviewed_date = fields.DateInputField(
        label="When was it reviewed?",
        in_the_past=True,
        error_messages={"required": "Enter when it was reviewed"},
    )
    next_date = fields.DateInputField(
        label="When is it to be reviewed next?",
        help_text="Only if it stays as it is",
        in_the_future=True,
        required=False,
    )
    note = fields.LongTextField(
        label="Note",
        help_text="What needs to change, or why it is withdrawn. A reason for withdrawal is public.",
        max_length=2000,
        rows=4,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        may_ask_for_changes: bool,
        may_withdraw: bool,
        reviewer: User,
        today: datetime.date,
        next_date: datetime.date | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.UNCHANGED, "It stays as it is")]
        if may_ask_for_changes:
            choices.append((self.CHANGES, "It needs changes"))
        if may_withdraw:
            choices.append((self.WITHDRAW, "It is withdrawn"))
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]  # a choice
        self.fields["name"].initial = reviewer.get_full_name()
        self.fields["reviewed_date"].initial = today
        self.fields["next_date"].initial = next_date

    def clean(self) -> dict[str, Any]:
        """Ask for what goes with the outcome."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        asks_when = outcome == self.UNCHANGED and "next_date" not in self.errors
        if asks_when and not cleaned.get("next_date"):
            self.add_error("next_date", "Enter when it is to be reviewed next")
        if outcome == self.CHANGES and not cleaned.get("note"):
            self.add_error("note", "Enter what needs to change")
        if outcome == self.WITHDRAW and not cleaned.get("note"):
            self.add_error("note", "Enter why it is withdrawn")
        return cleaned


class ReviewNoticeForm(forms.Form):
    """How long before the review of a text its task appears."""

    submit_label = "Save"
    days = forms.IntegerField(
        label="How many days before the review is due does its task appear?",
        help_text="From {} to {} days.".format(*REVIEW_NOTICE_DAYS),
        min_value=REVIEW_NOTICE_DAYS[0],
        max_value=REVIEW_NOTICE_DAYS[1],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter the number of days",
            "invalid": "The number of days must be a whole number, like 28",
            "min_value": f"The number of days must be {REVIEW_NOTICE_DAYS[0]} or more",
            "max_value": f"The number of days must be {REVIEW_NOTICE_DAYS[1]} or fewer",
        },
    )


class WithdrawTextForm(forms.Form):
    """Why an agreement is taken out of force."""

    submit_label = "Withdraw it"
    reason = fields.LongTextField(
        label="Why is it withdrawn?",
        help_text="Anybody who follows an old link reads this. For example, what replaces it.",
        max_length=1000,
        rows=4,
        error_messages={"required": "Enter why it is withdrawn"},
    )


class PolicyActForm(forms.Form):
    """Who reviewed or approved a policy, and when."""

    submit_label = "Record it"
    kind = fields.RadioField(
        label="What was done?",
        choices=ActKind.choices,
        error_messages={"required": "Select what was done"},
    )
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="Of the head, or of whoever chaired the meeting of the board",
        error_messages={"required": "Enter a name"},
    )
    role = forms.CharField(
        label="Role",
        max_length=200,
        help_text="For example, head teacher, or chair of governors",
        error_messages={"required": "Enter a role"},
    )
    act_date = fields.DateInputField(
        label="When was it done?",
        in_the_past=True,
        error_messages={"required": "Enter when it was done"},
    )
    # The text that was on the screen: what is approved is what was read.
    text = forms.CharField(widget=forms.HiddenInput)
