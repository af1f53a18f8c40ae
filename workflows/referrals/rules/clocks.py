"""Rules of clocks that pause: counting working days without those on which nobody could go on.

Pure: the working days come as a calendar, the pauses as dates. As everywhere, the day on which a
clock begins does not count. The day on which a pause begins still counts, the days after it do not,
up to the day on which it ends: a question that is answered on the same day pauses nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from workflows.calendar import rules as days
from workflows.calendar.rules import SchoolCalendar

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """From which day until which a clock stands still; one without an end is going on."""

    started: datetime.date
    ended: datetime.date | None = None

    def covers(self, day: datetime.date, today: datetime.date) -> bool:
        """Tell whether a day does not count, as it stands today."""
        return self.started < day <= (self.ended or max(today, self.started))


def days_counted(
    begun: datetime.date,
    until: datetime.date,
    *,
    calendar: SchoolCalendar,
    pauses: Iterable[Pause],
) -> int:
    """Count the working days after a day, up to another, without those of the pauses."""
    stops = list(pauses)
    counted = 0
    day = begun
    while day < until:
        day += _DAY
        counted += days.is_working_day(day, calendar) and not any(
            pause.covers(day, until) for pause in stops
        )
    return counted


def due_date(
    begun: datetime.date,
    number: int,
    *,
    calendar: SchoolCalendar,
    pauses: Iterable[Pause],
    today: datetime.date,
) -> datetime.date:
    """Return the day that is so many counted working days later.

    With a pause that is going on, it is the day as if the clock went on today.
    """
    stops = list(pauses)
    day, left = begun, number
    while left > 0:
        day += _DAY
        left -= days.is_working_day(day, calendar) and not any(
            pause.covers(day, today) for pause in stops
        )
    return day
