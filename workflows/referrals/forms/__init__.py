"""What a person types on the pages and steps of a referral."""

from workflows.referrals.forms.panel import (
    CONFLICT,
    DecideForm,
    PanelSettingsForm,
    VoteForm,
)
from workflows.referrals.forms.screening import (
    ASK,
    TO_PANEL,
    AnswerForm,
    ScreenForm,
    box_name,
)
from workflows.referrals.forms.writing import (
    NEW_PUPIL,
    PART_FORMS,
    ContactsForm,
    EvidenceForm,
    NoEvidenceForm,
    PermissionForm,
    ProfileForm,
    SamePupilForm,
    SchoolForm,
    ViewsForm,
    WithdrawForm,
)

__all__ = [
    "ASK",
    "CONFLICT",
    "NEW_PUPIL",
    "PART_FORMS",
    "TO_PANEL",
    "AnswerForm",
    "ContactsForm",
    "DecideForm",
    "EvidenceForm",
    "NoEvidenceForm",
    "PanelSettingsForm",
    "PermissionForm",
    "ProfileForm",
    "SamePupilForm",
    "SchoolForm",
    "ScreenForm",
    "ViewsForm",
    "VoteForm",
    "WithdrawForm",
    "box_name",
]
