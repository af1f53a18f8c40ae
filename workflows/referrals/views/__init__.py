"""The screens of referrals: the school's pages, the steps, and the panel."""

from workflows.referrals.views.answers import Questions
from workflows.referrals.views.deciding import ChangeVote, Decide, ReturnToPanel, Vote
from workflows.referrals.views.pages import (
    AddEvidence,
    Check,
    Contacts,
    Evidence,
    Permission,
    Pupil,
    ReferralPage,
    RemoveEvidence,
    Withdraw,
)
from workflows.referrals.views.panel import ChangePanelSettings, Panels, case_section
from workflows.referrals.views.permission import WithdrawPermission
from workflows.referrals.views.printing import PrintReferral
from workflows.referrals.views.reviewing import (
    AskForReview,
    ReviewDecision,
    WithdrawReview,
    review_section,
)
from workflows.referrals.views.screening import AnswerQuestion, Screen
from workflows.referrals.views.start import (
    ChooseSchool,
    EnterPupil,
    FindPupil,
    KnownPupil,
    Unfinished,
)
from workflows.referrals.views.transferring import ConsiderTransfer, ProposeTransfer

__all__ = [
    "AddEvidence",
    "AnswerQuestion",
    "AskForReview",
    "ChangePanelSettings",
    "ChangeVote",
    "Check",
    "ChooseSchool",
    "ConsiderTransfer",
    "Contacts",
    "Decide",
    "EnterPupil",
    "Evidence",
    "FindPupil",
    "KnownPupil",
    "Panels",
    "Permission",
    "PrintReferral",
    "ProposeTransfer",
    "Pupil",
    "Questions",
    "ReferralPage",
    "RemoveEvidence",
    "ReturnToPanel",
    "ReviewDecision",
    "Screen",
    "Unfinished",
    "Vote",
    "Withdraw",
    "WithdrawPermission",
    "WithdrawReview",
    "case_section",
    "review_section",
]
