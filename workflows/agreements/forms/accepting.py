"""What a signatory types to accept, and what anybody types to check a receipt."""

from typing import Any

from django import forms

from permissions.models import User
from workflows.agreements import rules
from workflows.engine import fields

LEAD = ("lead_name", "lead_contact", "lead_trained_date", "is_policy_received")


class AcceptForm(forms.Form):
    """The evidence of an acceptance: who, in which position, by what right, and that they mean it.

    The activity is asked where the agreement is for one, the safeguarding lead where it asks.
    """

    name = forms.CharField(label="Full name", max_length=200)
    position = forms.CharField(
        label="Position in the organisation", max_length=200, help_text="For example, head teacher."
    )
    authority = forms.CharField(
        label="Authority to accept",
        max_length=200,
        help_text=(
            "By what right you accept for the organisation. "
            "For example, head of the school, or director of the company."
        ),
        error_messages={"required": "Enter by what right you accept for the organisation"},
    )
    activity = forms.CharField(
        label="Activity",
        max_length=200,
        help_text="The activity that you accept the agreement for. Do not name a pupil.",
        error_messages={"required": "Enter the activity that you accept the agreement for"},
    )
    lead_name = forms.CharField(
        label="Name of your safeguarding lead",
        max_length=200,
        error_messages={"required": "Enter the name of your safeguarding lead"},
    )
    lead_contact = forms.CharField(
        label="How to reach your safeguarding lead",
        max_length=200,
        help_text="A telephone number or an e-mail address.",
        error_messages={"required": "Enter how to reach your safeguarding lead"},
    )
    lead_trained_date = fields.DateInputField(
        label="When was your safeguarding lead last trained?", in_the_past=True
    )
    is_policy_received = forms.BooleanField(
        label="We have received a copy of the safeguarding policy that goes with this agreement",
        error_messages={
            "required": "Tick the box to say that you have received the safeguarding policy"
        },
    )
    confirmed = forms.BooleanField(
        error_messages={"required": "Tick the box to say that you accept the agreement"}
    )
    # The version that was on the screen: what is accepted is what was read.
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        statement: str,
        sha256: str,
        signatory: User,
        asks_activity: bool = False,
        activity: str = "",
        asks_lead: bool = False,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        if not asks_activity:
            del self.fields["activity"]
        else:
            self.fields["activity"].initial = activity
        if not asks_lead:
            for name in LEAD:
                del self.fields[name]
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

    @property
    def lead(self) -> rules.SafeguardingLead | None:
        """The safeguarding lead that a valid form names, where it was asked for."""
        if "lead_name" not in self.fields:
            return None
        given = self.cleaned_data
        return rules.SafeguardingLead(
            given["lead_name"],
            given["lead_contact"],
            given["lead_trained_date"],
            given["is_policy_received"],
        )


class CheckForm(forms.Form):
    """The hash printed on a receipt."""

    hash = forms.RegexField(
        label="Hash on the receipt",
        regex=r"^\s*[0-9a-fA-F]{64}\s*$",
        max_length=80,
        help_text="64 letters and digits, as printed on the receipt, or the hash of its file.",
        error_messages={
            "required": "Enter the hash on the receipt",
            "invalid": "The hash must be 64 characters long, with digits and the letters a to f",
        },
    )
