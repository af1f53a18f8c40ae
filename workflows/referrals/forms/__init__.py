"""What a person types on the pages and steps of a referral."""

from workflows.referrals.forms.panel import (
    CONFLICT,
    ChangeVoteForm,
    DecideForm,
    PanelSettingsForm,
    VoteForm,
)
from workflows.referrals.forms.permission import WithdrawPermissionForm
from workflows.referrals.forms.reviewing import AskForReviewForm, ReviewForm
from workflows.referrals.forms.screening import (
    ASK,
    TO_PANEL,
    AnswerForm,
    ScreenForm,
    box_name,
)
from workflows.referrals.forms.start import (
    NEW_PUPIL,
    FindPupilForm,
    KnownPupilForm,
    SchoolForm,
    StartForm,
)
from workflows.referrals.forms.transferring import (
    TAKE,
    ConsiderTransferForm,
    ProposeTransferForm,
)
from workflows.referrals.forms.writing import (
    PART_FORMS,
    ContactsForm,
    EvidenceForm,
    NoEvidenceForm,
    PermissionForm,
    WithdrawForm,
)

__all__ = [
    "ASK",
    "CONFLICT",
    "NEW_PUPIL",
    "PART_FORMS",
    "TAKE",
    "TO_PANEL",
    "AnswerForm",
    "AskForReviewForm",
    "ChangeVoteForm",
    "ConsiderTransferForm",
    "ContactsForm",
    "DecideForm",
    "EvidenceForm",
    "FindPupilForm",
    "KnownPupilForm",
    "NoEvidenceForm",
    "PanelSettingsForm",
    "PermissionForm",
    "ProposeTransferForm",
    "ReviewForm",
    "SchoolForm",
    "ScreenForm",
    "StartForm",
    "VoteForm",
    "WithdrawForm",
    "WithdrawPermissionForm",
    "box_name",
]
