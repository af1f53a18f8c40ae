"""Working days, for code below the calendar: Monday to Friday, and no bank holiday that is known.

The calendar's slice registers where its bank holidays are read; the engine knows no calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5
DAY: Final = timedelta(days=1)
#: No holidays on end are longer.
LONGEST_BREAK: Final = timedelta(days=30)

Holidays = Callable[[date, date], Collection[date]]

_sources: list[Holidays] = []


def register(source: Holidays) -> None:
    """Have bank holidays read by a function of a first and a last day."""
    if source not in _sources:
        _sources.append(source)


def holidays(first: date, last: date) -> frozenset[date]:
    """Return the bank holidays from one day to another, both included."""
    return frozenset(day for source in _sources for day in source(first, last))


def is_working_day(day: date, known: Collection[date]) -> bool:
    """Tell whether a day is one, given the bank holidays around it."""
    return day.weekday() < SATURDAY and day not in known


def back(day: date, number: int) -> date:
    """Return the working day that is so many working days before a day; for 0, the day itself."""
    known = holidays(day - 2 * number * DAY - LONGEST_BREAK, day)
    while number:
        day -= DAY
        number -= is_working_day(day, known)
    return day
