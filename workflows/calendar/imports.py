"""Reading term dates out of an iCalendar file: what is a term, a half-term break, a closure day.

Pure: bytes in, days out, nothing written. A whole-day event ends on the day before its DTEND, which
the format counts as the first day after it (RFC 5545, 3.6.1). Whatever is not understood is listed,
so that nothing is dropped in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import icalendar

from workflows.engine.exceptions import NotAllowed

from .rules import LONDON, Period

#: A local authority's calendar of several years has a few hundred events.
MOST_EVENTS = 2000
MOST_BYTES = 500_000
#: A span as long as this is a term, whatever it is called; a shorter one is not.
SHORTEST_TERM = timedelta(days=21)
#: Longer closures are holidays, which are between terms.
LONGEST_CLOSURE = 5
NAME_LENGTH = 60

_TERM = re.compile(r"\bterm\b", re.IGNORECASE)
_HALF = re.compile(r"half[\s-]*term", re.IGNORECASE)
_BREAK = re.compile(r"\b(break|holidays?)\b", re.IGNORECASE)
_CLOSED = re.compile(
    r"\b(inset|closed|closure|training|non[\s-]*pupil|occasional|staff|development)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(starts?|begins?|opens?|first day)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(ends?|finish(es)?|closes?|last day)\b", re.IGNORECASE)


@dataclass(frozen=True)
class FoundTerm:
    """A term that a file tells of."""

    name: str
    starts_date: date
    ends_date: date
    break_starts_date: date | None = None
    break_ends_date: date | None = None


@dataclass(frozen=True)
class FoundClosure:
    """A closure day that a file tells of."""

    date: date
    reason: str


@dataclass(frozen=True)
class Unused:
    """An event that is neither, and why."""

    period: Period
    why: str


@dataclass
class Found:
    """Everything in a file, sorted by what it is."""

    terms: list[FoundTerm] = field(default_factory=list)
    closures: list[FoundClosure] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)


def read(content: bytes) -> Found:
    """Sort the events of a file; raises NotAllowed for what is no calendar, or one too large."""
    periods = sorted(_periods(content), key=lambda one: (one.starts_date, one.ends_date))
    found = Found()
    breaks: list[Period] = []
    begun: Period | None = None
    for one in periods:
        if _HALF.search(one.name) and not _is_long(one):
            breaks.append(one)
        elif _is_long(one) and _TERM.search(one.name) and not _BREAK.search(one.name):
            found.terms.append(FoundTerm(one.name[:NAME_LENGTH], one.starts_date, one.ends_date))
        elif _CLOSED.search(one.name):
            _close(found, one)
        elif _TERM.search(one.name) and _BEGINS.search(one.name):
            begun = one
        elif _TERM.search(one.name) and _ENDS.search(one.name) and begun is not None:
            name = _BEGINS.sub("", begun.name).strip(" -:") or "Term"
            found.terms.append(FoundTerm(name[:NAME_LENGTH], begun.starts_date, one.ends_date))
            begun = None
        else:
            found.unused.append(Unused(one, "It is not called a term, a half term or a closure."))
    if begun is not None:
        found.unused.append(Unused(begun, "The file does not say when this term ends."))
    for one in breaks:
        _put_break(found, one)
    return found


def _is_long(one: Period) -> bool:
    return one.ends_date - one.starts_date >= SHORTEST_TERM


def _close(found: Found, one: Period) -> None:
    """Take each day of a closure, where it is short enough to be one."""
    number = (one.ends_date - one.starts_date).days + 1
    if number > LONGEST_CLOSURE:
        found.unused.append(
            Unused(one, f"It is longer than {LONGEST_CLOSURE} days, so it is no closure in a term.")
        )
        return
    found.closures.extend(
        FoundClosure(one.starts_date + timedelta(days=offset), one.name[:100])
        for offset in range(number)
    )


def _put_break(found: Found, one: Period) -> None:
    """Put a half-term break into the term around it."""
    for place, term in enumerate(found.terms):
        if term.starts_date < one.starts_date and one.ends_date < term.ends_date:
            if term.break_starts_date is None:
                found.terms[place] = replace(
                    term, break_starts_date=one.starts_date, break_ends_date=one.ends_date
                )
                return
            found.unused.append(Unused(one, "Its term has a half-term break already."))
            return
    found.unused.append(Unused(one, "No term in the file is around it."))


def _periods(content: bytes) -> list[Period]:
    if len(content) > MOST_BYTES:
        raise NotAllowed("The file is larger than 500 KB. Export the term dates alone.")
    try:
        calendar: Any = icalendar.Calendar.from_ical(content.replace(b"\x00", b""))
        events = list(calendar.walk("VEVENT"))
    except (ValueError, IndexError, KeyError, AttributeError) as error:
        raise NotAllowed(
            "The file is not an iCalendar file. Export the calendar again; its name ends in .ics."
        ) from error
    if not events:
        raise NotAllowed("There is no event in the file. Export the calendar with its events.")
    if len(events) > MOST_EVENTS:
        raise NotAllowed(
            f"There are more than {MOST_EVENTS:,} events. Export the term dates alone."
        )
    return [period for event in events if (period := _period(event)) is not None]


def _period(event: Any) -> Period | None:
    """Return the days of an event; None for one without a first day."""
    starts = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(starts, date):
        return None
    ends = getattr(event.get("DTEND"), "dt", None)
    length = getattr(event.get("DURATION"), "dt", None)
    if ends is None and isinstance(length, timedelta):
        ends = starts + length
    first, last = _day(starts), _day(ends) if isinstance(ends, date) else None
    if last is None:
        last = first
    elif not isinstance(ends, datetime):
        # The first day after it.
        last -= timedelta(days=1)
    name = " ".join(str(event.get("SUMMARY", "")).split())[:200] or "Event without a name"
    return Period(name, first, max(first, last))


def _day(moment: date) -> date:
    """Return the day in local time."""
    if isinstance(moment, datetime):
        return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()
    return moment
