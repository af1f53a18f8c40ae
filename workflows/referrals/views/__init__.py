"""The screens of referrals: the school's pages, the steps, and the panel."""

from workflows.referrals.views.pages import (
    AddEvidence,
    Check,
    Contacts,
    Evidence,
    Permission,
    Profile,
    Pupil,
    ReferralPage,
    RemoveEvidence,
    Views,
    Withdraw,
)
from workflows.referrals.views.panel import ChangePanelSettings, Panels, case_section
from workflows.referrals.views.start import ChooseSchool, NewReferral, Unfinished
from workflows.referrals.views.steps import AnswerQuestion, Decide, ReturnToPanel, Screen, Vote

__all__ = [
    "AddEvidence",
    "AnswerQuestion",
    "ChangePanelSettings",
    "Check",
    "ChooseSchool",
    "Contacts",
    "Decide",
    "Evidence",
    "NewReferral",
    "Panels",
    "Permission",
    "Profile",
    "Pupil",
    "ReferralPage",
    "RemoveEvidence",
    "ReturnToPanel",
    "Screen",
    "Unfinished",
    "Views",
    "Vote",
    "Withdraw",
    "case_section",
]
