"""Counting days, as pure functions: no database, no clock.

A working day is Monday to Friday and no bank holiday. A school day is also inside a term, outside
its half-term break and no closure day. Adding days never counts the day one starts from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.engine.exceptions import NotAllowed

LONDON = ZoneInfo("Europe/London")

#: What is due on a day is due by then.
END_OF_DAY = time(17)

SATURDAY = 5


@dataclass(frozen=True)
class Period:
    """Some days on end, both ends included."""

    name: str
    starts_date: date
    ends_date: date

    def __contains__(self, day: date) -> bool:
        return self.starts_date <= day <= self.ends_date


@dataclass(frozen=True)
class SchoolCalendar:
    """Which days are which for one local authority; `halves` are its half terms in order."""

    halves: tuple[Period, ...] = ()
    closures: frozenset[date] = frozenset()
    bank_holidays: frozenset[date] = frozenset()


def is_hour(timestamp: int, hour: int) -> bool:
    """Tell whether a job's own time, in seconds since 1970, falls in an hour of the day in London.

    Jobs begin by universal time: one that is to begin at seven is set for six and seven there, and
    asks this.
    """
    return datetime.fromtimestamp(timestamp, LONDON).hour == hour


def halves_of(
    name: str, starts: date, ends: date, break_starts: date | None, break_ends: date | None
) -> tuple[Period, ...]:
    """Return the one or two half terms of a term."""
    if break_starts is None or break_ends is None:
        return (Period(name, starts, ends),)
    day = timedelta(days=1)
    return (
        Period(f"{name}, first half", starts, break_starts - day),
        Period(f"{name}, second half", break_ends + day, ends),
    )


def is_working_day(day: date, calendar: SchoolCalendar) -> bool:
    """Tell whether it is Monday to Friday and no bank holiday."""
    return day.weekday() < SATURDAY and day not in calendar.bank_holidays


def is_school_day(day: date, calendar: SchoolCalendar) -> bool:
    """Tell whether schools are open."""
    return (
        is_working_day(day, calendar)
        and day not in calendar.closures
        and any(day in half for half in calendar.halves)
    )


def add_working_days(day: date, number: int, calendar: SchoolCalendar) -> date:
    """Return the day that is so many working days later; earlier for a negative number."""
    return _count(day, number, lambda candidate: is_working_day(candidate, calendar))


def add_school_days(day: date, number: int, calendar: SchoolCalendar) -> date:
    """Return the day that is so many school days later; earlier for a negative number.

    Raises NotAllowed when the term dates that are entered do not reach so far.
    """
    if number:
        known = [edge for half in calendar.halves for edge in (half.starts_date, half.ends_date)]
        first, last = (min(known), max(known)) if known else (day, day)
    else:
        first = last = day

    def counts(candidate: date) -> bool:
        if not (candidate <= last if number > 0 else candidate >= first):
            raise NotAllowed(
                "The term dates that are entered do not reach far enough. "
                "Ask an administrator of the local authority to add them."
            )
        return is_school_day(candidate, calendar)

    return _count(day, number, counts)


def school_days_between(first: date, last: date, calendar: SchoolCalendar) -> int:
    """Return how many school days there are from the first to the last, both included."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return sum(is_school_day(day, calendar) for day in days)


def add_weeks(day: date, number: int) -> date:
    """Return the same weekday so many weeks later."""
    return day + timedelta(weeks=number)


def half_term_of(day: date, calendar: SchoolCalendar) -> Period | None:
    """Return the half term that the day is in, None in the holidays."""
    return next((half for half in calendar.halves if day in half), None)


def half_terms_between(first: date, last: date, calendar: SchoolCalendar) -> tuple[Period, ...]:
    """Return the half terms that have at least one day from the first to the last."""
    return tuple(
        half for half in calendar.halves if half.starts_date <= last and half.ends_date >= first
    )


def at_end_of_day(day: date) -> datetime:
    """Return 5pm of the day in local time, whatever the clocks do."""
    return datetime.combine(day, END_OF_DAY, tzinfo=LONDON)


def why_cannot_add_term(term: Period, others: tuple[Period, ...]) -> str | None:
    """Return why a term does not fit among those there are, or None."""
    if term.ends_date < term.starts_date:
        return "The last day of the term must not be before its first day. Change one of them."
    clash = next(
        (
            other
            for other in others
            if other.starts_date <= term.ends_date and other.ends_date >= term.starts_date
        ),
        None,
    )
    if clash is not None:
        return f"These days are partly in {clash.name}. Change the dates so that terms do not meet."
    return None


def why_not_break(term: Period, break_starts: date | None, break_ends: date | None) -> str | None:
    """Return why a half-term break does not fit into its term, or None."""
    if break_starts is None and break_ends is None:
        return None
    if break_starts is None or break_ends is None:
        return "Enter both the first and the last day of the half-term break, or neither."
    if break_ends < break_starts:
        return "The last day of the half-term break must not be before its first day."
    if not (term.starts_date < break_starts and break_ends < term.ends_date):
        return "The half-term break must be inside the term, with school before and after it."
    return None


def _count(day: date, number: int, counts: Callable[[date], bool]) -> date:
    step = timedelta(days=1 if number >= 0 else -1)
    left = abs(number)
    while left:
        day += step
        left -= counts(day)
    return day
