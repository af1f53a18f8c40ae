"""When a promise counts as kept, the sums, and what is told of cases that a reader may not see."""

import datetime
import uuid
from decimal import Decimal

import pytest

from workflows.scorecards import rules
from workflows.scorecards.rules import Figures, Outcome, Promise, Trend

TODAY = datetime.date(2026, 11, 18)  # a Wednesday
CLAUSE = uuid.UUID(int=1)
MONDAY = datetime.date(2026, 11, 16)


def day(offset: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=offset)


@pytest.mark.parametrize(
    ("due", "done", "stopped", "outcome", "settled"),
    [
        (0, -3, None, Outcome.KEPT, -3),
        (0, 0, None, Outcome.KEPT, 0),
        (-4, -3, None, Outcome.MISSED, -4),
        (-1, None, None, Outcome.MISSED, -1),
        (0, None, None, Outcome.WAITING, None),
        (5, None, None, Outcome.WAITING, None),
        (-4, None, -5, Outcome.DROPPED, None),
        (-4, None, -4, Outcome.DROPPED, None),
        (-4, None, -3, Outcome.MISSED, -4),
    ],
)
def test_a_promise_is_kept_up_to_and_on_its_last_day(
    due: int, done: int | None, stopped: int | None, outcome: Outcome, settled: int | None
) -> None:
    promise = Promise(
        day(due),
        None if done is None else day(done),
        None if stopped is None else day(stopped),
    )
    assert promise.outcome(TODAY) == outcome
    assert promise.settled_date(TODAY) == (None if settled is None else day(settled))


def test_twelve_weeks_begin_on_mondays_and_end_with_this_one() -> None:
    mondays = rules.mondays(TODAY)
    assert (len(mondays), mondays[-1]) == (12, MONDAY)
    assert {monday.weekday() for monday in mondays} == {0}
    assert rules.first_day(TODAY) == mondays[0] == datetime.date(2026, 8, 31)


def test_promises_are_added_up_by_the_week_in_which_they_were_settled() -> None:
    weeks = rules.weeks_of(
        [
            Promise(day(0), day(-1)),
            Promise(day(-2), day(0)),
            Promise(day(-9), None),
            Promise(day(-200), None),
            Promise(day(3), None),
        ],
        TODAY,
    )
    assert weeks[-1].figures == Figures(1, 1)
    assert weeks[-2].figures == Figures(0, 1)
    assert sum((week.figures for week in weeks), Figures()) == Figures(1, 2)
    assert weeks[-1].ends_date == datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kept", "missed", "percentage"),
    [(0, 0, None), (0, 3, 0), (3, 0, 100), (2, 1, 67), (999, 1, 99), (1, 999, 1)],
)
def test_only_all_is_a_hundred_and_only_none_is_nothing(
    kept: int, missed: int, percentage: int | None
) -> None:
    assert Figures(kept, missed).percentage == percentage


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        (Figures(1, 3), Figures(3, 1), Trend.BETTER),
        (Figures(3, 1), Figures(1, 3), Trend.WORSE),
        (Figures(2, 2), Figures(3, 3), Trend.SAME),
        (Figures(2, 0), Figures(0, 9), Trend.UNKNOWN),
        (Figures(), Figures(), Trend.UNKNOWN),
    ],
)
def test_a_trend_needs_enough_on_both_sides(before: Figures, after: Figures, trend: Trend) -> None:
    weeks = [rules.Week(monday, Figures()) for monday in rules.mondays(TODAY)]
    weeks[2] = rules.Week(weeks[2].starts_date, before)
    weeks[8] = rules.Week(weeks[8].starts_date, after)
    assert rules.trend_of(weeks) == trend


def test_few_cases_of_others_are_neither_counted_nor_numbered() -> None:
    seen = Figures(4, 1)
    assert rules.shown(seen, Figures(), 0) == rules.Shown(seen, 0)
    assert rules.shown(seen, Figures(0, 4), 4) == rules.Shown(seen, None)
    assert rules.shown(seen, Figures(2, 3), 5) == rules.Shown(Figures(6, 4), 5)


def test_the_version_that_binds_is_the_newest_accepted_by_then() -> None:
    def at(number: int) -> datetime.datetime:
        return datetime.datetime(2026, 1, number, tzinfo=datetime.UTC)

    def version(number: int, published: int) -> rules.Published:
        numbers = {"review_every": rules.Number(Decimal(number), "weeks", CLAUSE)}
        return rules.Published(number, at(published), numbers)

    versions = [version(1, 2), version(2, 10)]
    accepted = [rules.Accepted(1, at(5)), rules.Accepted(2, at(20))]

    def number_at(moment: int, who: list[rules.Accepted]) -> int | None:
        found = rules.version_at(versions, who, at(moment))
        return None if found is None else found.number

    assert [number_at(moment, accepted) for moment in (1, 3, 6, 12, 20)] == [None, 1, 1, 1, 2]
    # Without an acceptance the newest published one, as the processes have it.
    assert [number_at(moment, []) for moment in (1, 3, 12)] == [None, 1, 2]


def test_an_acceptance_reaches_its_case_or_everything_or_an_activity_alone() -> None:
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    found = [
        [rules.Accepted(1, now, *reach).reaches(case) for case in (7, 8, None)]
        for reach in ((None, ""), (7, ""), (7, "Riding"), (None, "Riding"))
    ]
    assert found == [
        [True, True, True],
        [True, False, True],
        [True, False, True],
        [False, False, True],
    ]


def test_the_newest_variation_of_a_clause_holds_while_the_clause_carries_the_measure() -> None:
    at = datetime.datetime(2026, 1, 10, tzinfo=datetime.UTC)
    other = uuid.UUID(int=2)

    def number(value: int, clause: uuid.UUID = CLAUSE) -> rules.Number:
        return rules.Number(Decimal(value), "weeks", clause)

    def varied(day: int, clause: uuid.UUID, **numbers: int) -> rules.Varied:
        agreed = {measure: number(value, clause) for measure, value in numbers.items()}
        return rules.Varied(clause, at.replace(day=day), agreed)

    version = rules.Published(1, at, {"review_every": number(12), "report_every": number(1)})

    def held_to(*agreed: rules.Varied) -> dict[str, int]:
        found = rules.numbers_at(version, agreed, at)
        return {measure: int(one.value) for measure, one in found.items()}

    assert held_to() == {"review_every": 12, "report_every": 1}
    assert held_to(varied(2, CLAUSE, review_every=8))["review_every"] == 8
    assert held_to(varied(20, CLAUSE, review_every=8))["review_every"] == 12
    assert held_to(varied(2, uuid.UUID(int=3), review_every=8))["review_every"] == 12
    # The newer one took the older one's place, and says nothing about reviews.
    assert held_to(varied(2, CLAUSE, review_every=8), varied(3, CLAUSE))["review_every"] == 12
    # Reviews are on another clause of this version: what was agreed there says nothing of them.
    assert held_to(varied(2, other, review_every=8))["review_every"] == 12
    assert held_to(varied(2, CLAUSE, review_every=9), varied(3, other, review_every=8)) == {
        "review_every": 9,
        "report_every": 1,
    }
    # Nor of a measure that has left the text.
    assert held_to(varied(2, CLAUSE, payment_within=30)) == {"review_every": 12, "report_every": 1}
