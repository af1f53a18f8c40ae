"""Rules of the review of a decision: who may still ask, and who may decide."""

from __future__ import annotations

import datetime

from workflows.referrals.states import (
    REVIEW_TRANSITIONS,
    REVIEWABLE,
    ReviewStatus,
    Status,
)

_WORDS: dict[str, str] = {
    "uphold_decision": "decided",
    "return_decision": "decided",
    "withdraw_review": "withdrawn",
}


def why_cannot_ask_review(
    *,
    status: str,
    outcome: str | None,
    is_asked: bool,
    last_day: datetime.date | None,
    today: datetime.date,
) -> str | None:
    """Explain why nobody can ask for a review of the latest decision; the last day still counts."""
    if outcome is None or outcome not in REVIEWABLE or status != Status.DECLINED:
        return "A review can be asked for once the panel has declined a referral."
    if is_asked:
        return "A review of this decision has been asked for already. Open the case to see it."
    if last_day is None or last_day < today:
        until = f" until {last_day.day} {last_day:%B %Y}" if last_day else ""
        return (
            f"A review of this decision could be asked for{until}. If something important has "
            "changed, refer the pupil again."
        )
    return None


def why_cannot_review(action: str, status: str, *, took_part: bool = False) -> str | None:
    """Explain why a review cannot be decided or withdrawn (by somebody who took part, or at all)."""
    if status not in REVIEW_TRANSITIONS[action][0]:
        label = ReviewStatus(status).label.lower()
        return f"This review cannot be {_WORDS[action]} any more: it is “{label}” now."
    if took_part:
        return (
            "You took part in this decision, so somebody else must review it. Put the task back "
            "for your colleagues."
        )
    return None
