"""Rules of referrals: pure functions without a database and without a clock of their own.

A `why_cannot_…` function answers `None` when the act is allowed, and otherwise the sentence that a
person reads: what is wrong and what to do.
"""

from workflows.referrals.rules.asking import (
    why_not_answers,
)
from workflows.referrals.rules.clocks import (
    Pause,
    days_counted,
    due_date,
)
from workflows.referrals.rules.panels import (
    can_chair_begin,
    why_cannot_change_vote,
    why_cannot_decide,
    why_cannot_defer,
    why_cannot_open_panel,
    why_cannot_take_part,
    why_cannot_vote,
)
from workflows.referrals.rules.reviewing import why_cannot_ask_review, why_cannot_review
from workflows.referrals.rules.screening import (
    decided_as,
    is_against_decision,
    why_not_finding,
    why_not_seen,
)
from workflows.referrals.rules.transferring import (
    why_cannot_end,
    why_cannot_go_on,
    why_cannot_propose,
)
from workflows.referrals.rules.writing import (
    Page,
    is_complete,
    pages,
    possible_from,
    why_cannot,
    why_cannot_submit,
    why_cannot_withdraw_permission,
    why_not_permission_date,
)

__all__ = [
    "Page",
    "Pause",
    "can_chair_begin",
    "days_counted",
    "decided_as",
    "due_date",
    "is_against_decision",
    "is_complete",
    "pages",
    "possible_from",
    "why_cannot",
    "why_cannot_ask_review",
    "why_cannot_change_vote",
    "why_cannot_decide",
    "why_cannot_defer",
    "why_cannot_end",
    "why_cannot_go_on",
    "why_cannot_open_panel",
    "why_cannot_propose",
    "why_cannot_review",
    "why_cannot_submit",
    "why_cannot_take_part",
    "why_cannot_vote",
    "why_cannot_withdraw_permission",
    "why_not_answers",
    "why_not_finding",
    "why_not_permission_date",
    "why_not_seen",
]
