"""The data of referrals: the form, questions, the panel's consideration, votes and decisions."""

from workflows.referrals.models.answers import Answer
from workflows.referrals.models.clocks import (
    ClockPause,
)
from workflows.referrals.models.panel import (
    Condition,
    ConflictOfInterest,
    Decision,
    PanelConsideration,
    PanelSeat,
    PanelSettings,
    Vote,
)
from workflows.referrals.models.permission import (
    PermissionWithdrawal,
)
from workflows.referrals.models.referral import (
    Referral,
    ReferralQuerySet,
)
from workflows.referrals.models.reviewing import DecisionReview
from workflows.referrals.models.screening import (
    Question,
    Screening,
)
from workflows.referrals.models.telling import (
    Letter,
)
from workflows.referrals.models.transfer import (
    Transfer,
)

__all__ = [
    "Answer",
    "ClockPause",
    "Condition",
    "ConflictOfInterest",
    "Decision",
    "DecisionReview",
    "Letter",
    "PanelConsideration",
    "PanelSeat",
    "PanelSettings",
    "PermissionWithdrawal",
    "Question",
    "Referral",
    "ReferralQuerySet",
    "Screening",
    "Transfer",
    "Vote",
]
