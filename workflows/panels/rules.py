"""Rules of panel meetings: pure functions without a database and without a clock of their own.

A `why_cannot_…` function answers `None` when the act is allowed, and otherwise the sentence that a
person reads: what is wrong and what to do.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from .states import ALLOWED_IN, TRANSITIONS, Kind, Status

LONDON = ZoneInfo("Europe/London")

# How far ahead a series may be planned: a school year of weekly meetings.
LONGEST_SERIES = 52

_ACTION_WORDS: dict[str, str] = {
    "open_meeting": "opened",
    "close_meeting": "closed",
    "cancel_meeting": "cancelled",
    "change_meeting": "changed",
    "change_agenda": "given another agenda",
    "ask_for_packs": "given new papers",
    "record_attendance": "given an attendance list",
    "write_minutes": "minuted",
    "correct_minutes": "corrected",
}


def possible_from(action: str) -> frozenset[Status]:
    """Answer the statuses in which an action is possible."""
    return TRANSITIONS[action][0] if action in TRANSITIONS else ALLOWED_IN[action]


def why_cannot(action: str, status: str) -> str | None:
    """Explain why a meeting's status does not let an action happen."""
    if status in possible_from(action):
        return None
    return f"This meeting cannot be {_ACTION_WORDS[action]}: it is {Status(status).label.lower()}."


def why_not_times(
    starts_at: datetime.datetime, ends_at: datetime.datetime, now: datetime.datetime
) -> str | None:
    """Explain why a meeting cannot be planned for these moments."""
    if ends_at <= starts_at:
        return "The end must be after the start."
    if ends_at <= now:
        return "The meeting must end in the future."
    return None


def why_not_place(kind: str, place: str) -> str | None:
    """Explain why a meeting needs a place or a link."""
    if kind == Kind.VIRTUAL or place.strip():
        return None
    return "Enter where the panel meets: a place, or the link for a meeting by video."


def series(
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    *,
    every_weeks: int,
    until: datetime.date | None,
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """Give the beginnings and ends of a series: the same time of day in London, across clock changes.

    Without `until` there is one meeting. At most `LONGEST_SERIES`.
    """
    start, end = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    for number in range(LONGEST_SERIES):
        shift = datetime.timedelta(weeks=every_weeks * number)
        # Arithmetic on the wall clock, then the zone again: 10:00 stays 10:00.
        begins = (start.replace(tzinfo=None) + shift).replace(tzinfo=LONDON)
        if number and (until is None or begins.date() > until):
            return
        yield begins, (end.replace(tzinfo=None) + shift).replace(tzinfo=LONDON)


def why_not_substitute(
    *, may_vote: bool, has_own_seat: bool, is_self: bool, name: str
) -> str | None:
    """Explain why a person cannot sit in a member's place."""
    if is_self:
        return "Choose somebody else: nobody is their own substitute."
    if not may_vote:
        return (
            f"{name} may not vote on this panel. Ask the partnership’s administrator to add them as "
            "a panel substitute first."
        )
    if has_own_seat:
        return f"{name} has a seat and a vote of their own. Choose a panel substitute."
    return None


def why_cannot_close(*, undecided: int, is_virtual: bool, confirmed: bool) -> str | None:
    """Explain why a meeting cannot be closed with referrals that are not decided."""
    if not undecided or confirmed or is_virtual:
        return None
    return (
        f"{undecided} of the referrals {'is' if undecided == 1 else 'are'} not decided. Record the "
        "decisions first, or confirm that they are carried over to another meeting."
    )
