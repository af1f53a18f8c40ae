"""Counting working days and school days."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.calendar import rules
from workflows.calendar.rules import Period, SchoolCalendar
from workflows.engine.exceptions import NotAllowed

HOLIDAYS = frozenset(
    {
        date(2026, 12, 25),
        date(2026, 12, 28),  # Boxing Day is a Saturday
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
    }
)
CALENDAR = SchoolCalendar(
    halves=(
        *rules.halves_of(
            "Autumn 2026",
            date(2026, 9, 2),
            date(2026, 12, 18),
            date(2026, 10, 26),
            date(2026, 10, 30),
        ),
        *rules.halves_of("Spring 2027", date(2027, 1, 5), date(2027, 3, 25), None, None),
    ),
    closures=frozenset({date(2026, 11, 20)}),
    bank_holidays=HOLIDAYS,
)


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        (date(2026, 9, 4), 1, date(2026, 9, 7)),  # Friday to Monday
        (date(2026, 9, 5), 1, date(2026, 9, 7)),  # from a Saturday
        (date(2026, 9, 7), 5, date(2026, 9, 14)),
        (date(2026, 9, 7), 0, date(2026, 9, 7)),
        (date(2026, 9, 7), -1, date(2026, 9, 4)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas, a weekend, and Boxing Day moved
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 12, 29), -1, date(2026, 12, 24)),
    ],
)
def test_working_days(start: date, number: int, expected: date) -> None:
    assert rules.add_working_days(start, number, CALENDAR) == expected


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        (date(2026, 10, 23), 1, date(2026, 11, 2)),  # over the half-term break
        (date(2026, 11, 19), 1, date(2026, 11, 23)),  # over a closure day and a weekend
        (date(2026, 12, 18), 1, date(2027, 1, 5)),  # over Christmas
        (date(2026, 12, 24), 2, date(2027, 1, 6)),  # from within the holidays
        (date(2026, 9, 2), 15, date(2026, 9, 23)),  # the fifteenth day clear
        (date(2027, 1, 5), -1, date(2026, 12, 18)),
    ],
)
def test_school_days(start: date, number: int, expected: date) -> None:
    assert rules.add_school_days(start, number, CALENDAR) == expected


@pytest.mark.parametrize("number", [1, -1])
def test_school_days_past_the_known_terms_are_refused(number: int) -> None:
    edge = date(2027, 3, 25) if number > 0 else date(2026, 9, 2)
    with pytest.raises(NotAllowed, match="do not reach far enough"):
        rules.add_school_days(edge, number, CALENDAR)
    with pytest.raises(NotAllowed):
        rules.add_school_days(edge, number, SchoolCalendar())


def test_what_is_a_school_day() -> None:
    assert rules.is_school_day(date(2026, 9, 2), CALENDAR)
    assert rules.is_school_day(date(2026, 12, 18), CALENDAR)
    for day in (
        date(2026, 9, 1),  # before term
        date(2026, 9, 5),  # Saturday
        date(2026, 10, 28),  # break
        date(2026, 11, 20),  # closure
        date(2026, 12, 21),  # holidays
        date(2027, 3, 26),  # Good Friday
    ):
        assert not rules.is_school_day(day, CALENDAR), day
    assert rules.is_working_day(date(2026, 10, 28), CALENDAR)
    assert not rules.is_working_day(date(2026, 12, 25), CALENDAR)
    assert rules.school_days_between(date(2026, 10, 23), date(2026, 11, 2), CALENDAR) == 2


def test_half_terms_and_the_ends_of_parts_of_terms() -> None:
    first, second, spring = CALENDAR.halves
    assert (first.ends_date, second.starts_date) == (date(2026, 10, 25), date(2026, 10, 31))
    assert rules.half_term_of(date(2026, 10, 28), CALENDAR) is None
    assert rules.half_term_of(date(2026, 11, 2), CALENDAR) == second
    between = rules.half_terms_between(date(2026, 10, 25), date(2027, 1, 5), CALENDAR)
    assert between == (first, second, spring)
    assert rules.half_terms_between(date(2026, 10, 26), date(2026, 10, 30), CALENDAR) == ()


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 3, 28), 17),  # the day before the clocks go forward
        (date(2026, 3, 29), 16),
        (date(2026, 10, 24), 16),
        (date(2026, 10, 25), 17),  # the clocks have gone back
    ],
)
def test_the_end_of_the_day_is_five_in_london_whatever_the_clocks_do(
    day: date, utc_hour: int
) -> None:
    moment = rules.at_end_of_day(day)
    assert (moment.hour, moment.date()) == (17, day)
    assert moment.astimezone(UTC).hour == utc_hour


def test_twelve_weeks_keep_the_weekday_over_a_clock_change() -> None:
    assert rules.add_weeks(date(2026, 2, 2), 12) == date(2026, 4, 27)
    assert rules.add_weeks(date(2026, 2, 2), 12).weekday() == 0


def test_terms_do_not_meet() -> None:
    others = (Period("Autumn 2026", date(2026, 9, 2), date(2026, 12, 18)),)
    last_day = Period("Spring 2027", date(2026, 12, 18), date(2027, 3, 1))
    assert "Autumn 2026" in str(rules.why_cannot_add_term(last_day, others))
    backwards = Period("Spring 2027", date(2027, 3, 1), date(2027, 1, 1))
    assert "must not be before" in str(rules.why_cannot_add_term(backwards, others))
    good = Period("Spring 2027", date(2027, 1, 5), date(2027, 3, 1))
    assert rules.why_cannot_add_term(good, others) is None


@given(some.dates(date(2026, 1, 1), date(2027, 12, 31)), some.integers(0, 60))
def test_adding_working_days_lands_on_one_and_counts_right(start: date, number: int) -> None:
    end = rules.add_working_days(start, number, CALENDAR)
    passed = [start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)]
    assert sum(rules.is_working_day(day, CALENDAR) for day in passed) == number
    assert number == 0 or rules.is_working_day(end, CALENDAR)
