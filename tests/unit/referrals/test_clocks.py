"""Counting the days of a clock that stands still in between."""

import datetime

import pytest

from workflows.calendar.rules import SchoolCalendar
from workflows.referrals import rules
from workflows.referrals.rules import Pause

MARCH = datetime.date(2026, 3, 1)  # a Sunday
CALENDAR = SchoolCalendar()


def day(number):
    return MARCH.replace(day=number)


def due(begun, number, *pauses, today=None, calendar=CALENDAR):
    return rules.due_date(
        day(begun), number, calendar=calendar, pauses=pauses, today=today or day(31)
    )


def counted(begun, until, *pauses):
    return rules.days_counted(day(begun), day(until), calendar=CALENDAR, pauses=pauses)


def test_without_a_pause_the_day_it_begins_and_weekends_do_not_count():
    assert due(2, 5) == day(9)
    assert counted(2, 9) == 5


def test_a_question_answered_on_the_same_day_pauses_nothing():
    assert due(2, 5, Pause(day(3), day(3))) == day(9)
    assert counted(2, 9, Pause(day(3), day(3))) == 5


def test_the_days_after_the_question_up_to_the_answer_do_not_count():
    # Asked on Tuesday, answered on Thursday: Wednesday and Thursday are given back.
    assert due(2, 5, Pause(day(3), day(5))) == day(11)
    assert counted(2, 11, Pause(day(3), day(5))) == 5


def test_a_pause_over_a_weekend_gives_back_working_days_alone():
    assert due(2, 5, Pause(day(6), day(9))) == day(10)
    holiday = SchoolCalendar(bank_holidays=frozenset({day(9)}))
    assert due(2, 5, Pause(day(6), day(9)), calendar=holiday) == day(10)
    assert due(2, 5, calendar=holiday) == day(10)


def test_two_pauses_add_up_and_days_in_both_count_once():
    assert due(2, 5, Pause(day(3), day(4)), Pause(day(5), day(6))) == day(11)
    assert due(2, 5, Pause(day(3), day(5)), Pause(day(4), day(5))) == day(11)


@pytest.mark.parametrize(("today", "expected"), [(3, 9), (4, 10), (6, 12)])
def test_while_it_is_paused_the_day_is_as_if_it_went_on_today(today, expected):
    assert due(2, 5, Pause(day(3)), today=day(today)) == day(expected)


def test_what_has_been_taken_so_far_stands_still_too():
    assert counted(2, 3, Pause(day(3))) == 1
    assert counted(2, 20, Pause(day(3))) == 1


def test_the_clock_change_moves_no_day():
    assert due(27, 2, Pause(day(28), day(30))) == datetime.date(2026, 4, 1)
