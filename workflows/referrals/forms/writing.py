"""What the school types on the pages of a referral."""

from __future__ import annotations

from django import forms

from workflows.cases.forms import DocumentForm
from workflows.engine import fields
from workflows.referrals.states import Part, PermissionMethod

_LONG = 4000


def _short(label: str, error: str, *, hint: str = "") -> forms.Field:
    return forms.CharField(
        label=label, help_text=hint, max_length=200, error_messages={"required": error}
    )


class PermissionForm(forms.Form):
    """Parental permission."""

    submit_label = "Save and continue"
    given_by = _short(
        "Who gave permission?",
        "Enter who gave permission",
        hint="The name of the parent or carer, and their relationship to the pupil",
    )
    how = fields.RadioField(
        label="How did they give it?",
        choices=PermissionMethod.choices,
        error_messages={"required": "Select how permission was given"},
    )
    date = fields.DateInputField(label="When did they give it?", in_the_past=True)
    covers = fields.LongTextField(
        label="What does it cover?",
        help_text=(
            "For example, sharing the referral and its evidence with the partnership, its panel and "
            "a provider"
        ),
        max_length=1000,
        rows=3,
        error_messages={"required": "Enter what the permission covers"},
    )


class EvidenceForm(DocumentForm):
    """Evidence of one kind; the page takes as many as are needed, one after another."""

    submit_label = "Add this document"


class NoEvidenceForm(forms.Form):
    """Why there is no medical evidence, where there is none."""

    submit_label = "Save and continue"
    no_medical_evidence_reason = fields.LongTextField(
        label="If there is no medical evidence, why not?",
        help_text="Leave this empty if you have added medical evidence",
        required=False,
        max_length=1000,
        rows=3,
    )


class ContactsForm(forms.Form):
    """Whom to reach at the school, and for what."""

    submit_label = "Save and continue"
    named_person = _short(
        "Named person",
        "Enter the named person",
        hint="Works with the family and the provider",
    )
    named_person_contact = _short(
        "Phone number or email address of the named person",
        "Enter how to reach the named person",
    )
    key_contact = _short(
        "Key contact", "Enter the key contact", hint="For day-to-day questions and school work"
    )
    key_contact_contact = _short(
        "Phone number or email address of the key contact", "Enter how to reach the key contact"
    )
    absence_contact = _short(
        "Absence contact", "Enter the absence contact", hint="Told when the pupil is absent"
    )
    absence_contact_contact = _short(
        "Phone number or email address of the absence contact",
        "Enter how to reach the absence contact",
    )


PART_FORMS: dict[Part, type[forms.Form]] = {
    Part.EVIDENCE: NoEvidenceForm,
    Part.CONTACTS: ContactsForm,
}


class WithdrawForm(forms.Form):
    """Why a referral is taken back."""

    submit_label = "Withdraw the referral"
    reason = fields.LongTextField(
        label="Why is the referral withdrawn?",
        max_length=400,
        rows=3,
        error_messages={"required": "Enter why the referral is withdrawn"},
    )
