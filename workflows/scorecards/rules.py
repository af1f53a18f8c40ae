"""When a promise counts as kept, how it is added up, and how much of it a reader is told.

Pure functions on dates and numbers: no database, no clock of their own.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone

from workflows.agreements import rules as agreements
from workflows.calendar import rules as days
from workflows.calendar.rules import SchoolCalendar

#: How far back a scorecard looks, in weeks that begin on Monday; the last is the present one.
WEEKS = 12
#: Fewer cases than this that a reader may not see are not counted: one could tell whose they are.
SMALLEST = 5
#: Fewer than this in either half of the weeks say nothing about a trend.
ENOUGH_FOR_TREND = 3
#: Every one of a hundred.
ALL = 100
#: Percentage points by which the halves must differ to be called better or worse.
DIFFERENCE = 5


class Outcome(StrEnum):
    """What became of one promise."""

    KEPT = "kept"
    MISSED = "missed"
    WAITING = "waiting"
    # What was promised is not needed any more: withdrawn or ended before it was due.
    DROPPED = "dropped"


class Trend(StrEnum):
    """How the last six weeks compare with the six before."""

    BETTER = "Getting better"
    WORSE = "Getting worse"
    SAME = "About the same"
    UNKNOWN = "Too few to tell"


@dataclass(frozen=True)
class Promise:
    """One time at which something was promised by a day; all three dates are inclusive."""

    due_date: datetime.date
    done_date: datetime.date | None = None
    stopped_date: datetime.date | None = None

    def outcome(self, today: datetime.date) -> Outcome:
        """Say what has become of it by today; the day it is due is still in time."""
        if self.done_date is not None:
            return Outcome.KEPT if self.done_date <= self.due_date else Outcome.MISSED
        if self.stopped_date is not None:
            return Outcome.DROPPED if self.stopped_date <= self.due_date else Outcome.MISSED
        return Outcome.MISSED if self.due_date < today else Outcome.WAITING

    def settled_date(self, today: datetime.date) -> datetime.date | None:
        """Give the day it counts on: when it was done or, done late or not at all, when it was due."""
        outcome = self.outcome(today)
        if outcome == Outcome.KEPT:
            return self.done_date
        return self.due_date if outcome == Outcome.MISSED else None


@dataclass(frozen=True)
class Figures:
    """How many promises were kept and how many were not."""

    kept: int = 0
    missed: int = 0

    @property
    def total(self) -> int:
        """How many there were."""
        return self.kept + self.missed

    @property
    def percentage(self) -> int | None:
        """How many of a hundred were kept; 100 only where all were, and 0 only where none was."""
        if not self.total:
            return None
        rounded = round(ALL * self.kept / self.total)
        if 0 < self.kept < self.total:
            return min(max(rounded, 1), ALL - 1)
        return rounded

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.kept + other.kept, self.missed + other.missed)


@dataclass(frozen=True)
class Week:
    """What was kept and missed in the week that begins on a Monday."""

    starts_date: datetime.date
    figures: Figures

    @property
    def ends_date(self) -> datetime.date:
        """Its Sunday."""
        return self.starts_date + datetime.timedelta(days=6)


@dataclass(frozen=True)
class Shown:
    """What a reader is told: figures with or without the cases that are not theirs to see."""

    figures: Figures
    # Cases of others that are in the figures; None where there are too few to count them.
    others: int | None


def monday_of(day: datetime.date) -> datetime.date:
    """Return the Monday of the day's week."""
    return day - datetime.timedelta(days=day.weekday())


def first_day(today: datetime.date) -> datetime.date:
    """Return the first day that a scorecard counts."""
    return monday_of(today) - datetime.timedelta(weeks=WEEKS - 1)


def mondays(today: datetime.date) -> list[datetime.date]:
    """Return the first days of the weeks that a scorecard counts, oldest first."""
    first = first_day(today)
    return [first + datetime.timedelta(weeks=number) for number in range(WEEKS)]


def figures_of(outcomes: Iterable[Outcome]) -> Figures:
    """Count the outcomes that are settled."""
    found = list(outcomes)
    return Figures(found.count(Outcome.KEPT), found.count(Outcome.MISSED))


def weeks_of(promises: Iterable[Promise], today: datetime.date) -> list[Week]:
    """Add promises up by the week they count in, oldest week first."""
    by_week: dict[datetime.date, list[Outcome]] = {monday: [] for monday in mondays(today)}
    for promise in promises:
        settled = promise.settled_date(today)
        if settled is not None and monday_of(settled) in by_week:
            by_week[monday_of(settled)].append(promise.outcome(today))
    return [Week(monday, figures_of(outcomes)) for monday, outcomes in by_week.items()]


def trend_of(weeks: Sequence[Week]) -> Trend:
    """Compare the later half of the weeks with the earlier one."""
    middle = len(weeks) // 2
    before = sum((week.figures for week in weeks[:middle]), Figures())
    after = sum((week.figures for week in weeks[middle:]), Figures())
    if min(before.total, after.total) < ENOUGH_FOR_TREND:
        return Trend.UNKNOWN
    change = (after.percentage or 0) - (before.percentage or 0)
    if abs(change) < DIFFERENCE:
        return Trend.SAME
    return Trend.BETTER if change > 0 else Trend.WORSE


def shown(seen: Figures, unseen: Figures, unseen_cases: int) -> Shown:
    """Decide what a reader is told of the cases that they may not see.

    Not one of them where they are fewer than SMALLEST: the difference from the reader's own would
    point at a pupil.
    """
    if not unseen_cases:
        return Shown(seen, 0)
    if unseen_cases < SMALLEST:
        return Shown(seen, None)
    return Shown(seen + unseen, unseen_cases)


@dataclass(frozen=True)
class Number:
    """A number that stood in a version, or in a variation, for one measure."""

    value: Decimal
    unit: str
    clause_id: uuid.UUID


@dataclass(frozen=True)
class Published:
    """When a version was published, and its numbers by measure."""

    number: int
    published_at: datetime.datetime
    numbers: dict[str, Number]
    # Whether an acceptance of an earlier version is enough no longer, but for days of grace.
    is_material: bool = False


@dataclass(frozen=True)
class Accepted:
    """When an organisation accepted which version, and for which case or activity, if not for all."""

    number: int
    accepted_at: datetime.datetime
    case_id: int | None = None
    activity: str = ""

    def reaches(self, case_id: int | None) -> bool:
        """Whether it counts for a case; for no case in particular, every acceptance does."""
        if case_id is None or self.case_id == case_id:
            return True
        return self.case_id is None and not self.activity


@dataclass(frozen=True)
class Varied:
    """When an organisation agreed on other numbers for a clause, and which, by measure."""

    clause_id: uuid.UUID
    in_force_at: datetime.datetime
    numbers: dict[str, Number]


def version_at(
    published: Sequence[Published], accepted: Sequence[Accepted], at: datetime.datetime
) -> Published | None:
    """Give the version that binds an organisation at a moment.

    The newest that it had accepted; for one that had accepted none, the newest published, because
    the processes go by that one until it accepts.
    """
    numbers = [one.number for one in accepted if one.accepted_at <= at]
    if numbers:
        return next(one for one in published if one.number == max(numbers))
    public = [one for one in published if one.published_at <= at]
    return max(public, key=lambda one: one.number) if public else None


def binding_version_at(
    published: Sequence[Published],
    accepted: Sequence[Accepted],
    at: datetime.datetime,
    calendar: SchoolCalendar,
) -> Published | None:
    """Give the version whose numbers a referral or an offer obeyed at a moment.

    The newest that the organisation had accepted, while that bound; else the newest published.
    """
    public = [one for one in published if one.published_at <= at]
    if not public:
        return None
    newest = max(public, key=lambda one: one.number)
    numbers = [one.number for one in accepted if one.accepted_at <= at]
    if not numbers:
        return newest
    material = [one.number for one in public if one.is_material]
    replacing = agreements.replaced_by(max(numbers), material)
    ends = None
    if replacing is not None:
        version = next(one for one in public if one.number == replacing)
        grace = version.numbers.get("acceptance_grace")
        if grace is not None:
            begun = timezone.localdate(version.published_at)
            ends = days.add_working_days(begun, int(grace.value), calendar)
    if agreements.still_binds(
        is_replaced=replacing is not None, grace_ends_date=ends, day=timezone.localdate(at)
    ):
        return next(one for one in published if one.number == max(numbers))
    return newest


def numbers_at(
    version: Published, varied: Sequence[Varied], at: datetime.datetime
) -> dict[str, Number]:
    """Give a version's numbers by measure, with those that were agreed instead of them by a moment.

    `varied` is in the order in which it was agreed. Of each clause the newest variation holds, for
    the measures that the version has on that clause.
    """
    newest = {one.clause_id: one for one in varied if one.in_force_at <= at}
    numbers = dict(version.numbers)
    for measure, number in version.numbers.items():
        agreed = newest.get(number.clause_id)
        if agreed is not None:
            numbers[measure] = agreed.numbers.get(measure, number)
    return numbers
