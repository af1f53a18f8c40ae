"""Rules of screening: when an officer may find something else than the criteria advise."""

from __future__ import annotations

from workflows.criteria.states import Advice
from workflows.referrals.states import Status


def why_not_seen(*, seen: int | None, current: int | None) -> str | None:
    """Explain why a screening rests on criteria that are not in use; None was not shown any."""
    if seen is not None and seen != current:
        return (
            "The criteria have been published anew since you opened this page. Reload it to see what "
            "they advise now."
        )
    return None


def why_not_finding(*, advice: Advice, finding: Advice, reasons: str) -> str | None:
    """Explain why a finding cannot stand: another one than the advice needs reasons."""
    if finding != advice and not reasons.strip():
        return (
            f"The criteria advise “{advice.label.lower()}”. Enter why you find otherwise: it is kept "
            "with the referral."
        )
    return None


# What people decided in the end, and the advice that would have spoken against it.
_AGAINST: dict[str, Advice] = {
    Status.ACCEPTED: Advice.DOES_NOT_MEET,
    Status.DECLINED: Advice.MEETS,
}


def decided_as(status: str) -> str:
    """Say what was decided of a referral; empty while nothing is."""
    return str(Status(status).label) if status in _AGAINST else ""


def is_against_decision(advice: Advice, status: str) -> bool:
    """Tell whether advice speaks against what was decided. "Look closer" speaks against nothing."""
    return _AGAINST.get(status) == advice
