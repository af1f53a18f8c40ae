"""Rules of private links: pure functions without a database and without a clock of their own."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING, Final

from workflows.cases.states import FINAL_STAGES

if TYPE_CHECKING:
    from workflows.families.models import FamilyLink

# Wrong dates of birth: after so many in a row the link is closed for a while, after so many for good.
WRONG_IN_A_ROW: Final = 5
WRONG_FOR_GOOD: Final = 20
LOCKED_FOR: Final = datetime.timedelta(minutes=30)
# How long a link may be good for, in days.
DAYS: Final = (7, 14, 28)

ENDED: Final = "This link does not work any more. Ask your school for a new one."
LOCKED: Final = "Too many wrong dates were entered. Try again in half an hour, or ask your school."


def digest(token: str) -> str:
    """Answer what is kept of a link's secret. It is random and long, so a plain hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def state_of(link: FamilyLink, *, stage: str, now: datetime.datetime) -> str:
    """Say in a few words where a link stands, for the school."""
    if link.revoked_at is not None:
        return "Ended"
    if stage in FINAL_STAGES:
        return "Ended with the case"
    if link.expires_at <= now:
        return "Expired"
    return "Used" if link.used_count else "Not used yet"


def why_cannot_use(link: FamilyLink, *, stage: str, now: datetime.datetime) -> str | None:
    """Explain to a family why a link does not work: ended, expired, its case over, or locked."""
    if link.revoked_at is not None or link.expires_at <= now or stage in FINAL_STAGES:
        return ENDED
    if link.locked_until is not None and link.locked_until > now:
        return LOCKED
    return None


def why_cannot_make(*, stage: str, days: int) -> str | None:
    """Explain why the school cannot make a link."""
    if stage in FINAL_STAGES:
        return "This case has ended, so the family’s views are no longer asked for."
    if days not in DAYS:
        return "Select how long the link is good for."
    return None


def why_cannot_revoke(link: FamilyLink) -> str | None:
    """Explain why a link cannot be ended."""
    return "This link has ended already." if link.revoked_at is not None else None
