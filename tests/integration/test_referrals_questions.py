"""The missing-information loop: several questions, one answer, and clocks that stand still."""

import datetime
import time

import pytest
import time_machine
from django.db import IntegrityError, transaction

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.calendar import queries as calendar
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.referrals import actions, jobs, queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import ClockPause
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db


def at(day, hour=9, month=3):
    return time_machine.travel(
        datetime.datetime(2026, month, day, hour, tzinfo=datetime.UTC), tick=False
    )


def end_of(day, month=3):
    return calendar.at_end_of_day(datetime.date(2026, month, day))


@pytest.fixture
def area():
    return Area()


def ask(area, referral, *texts):
    officer = area.person(Role.OFFICER)
    tasks.perform(
        tasks.find(referral, ReferralFlow, "screen"),
        by=officer,
        act=lambda: actions.ask_questions(referral=referral, texts=texts, by=officer),
    )


def answer(area, referral, *texts):
    referrer = area.person(Role.REFERRER)
    asked = queries.open_questions(referral)
    answers = {question.pk: text for question, text in zip(asked, texts, strict=True)}
    tasks.perform(
        tasks.find(referral, ReferralFlow, "answer_question"),
        by=referrer,
        act=lambda: actions.answer_questions(referral=referral, answers=answers, by=referrer),
    )


@pytest.fixture
def asked(area):
    """Submitted on Monday, asked two things on Tuesday."""
    with at(2):
        referral = make_referral(area, Status.SUBMITTED)
    with at(3):
        ask(area, referral, "Which days does the pupil come?", " ", "Who drives?")
    return referral


def test_several_questions_go_in_one_round_and_all_must_be_answered(area, asked):
    referrer = area.person(Role.REFERRER)
    questions = queries.open_questions(asked)
    assert [question.text for question in questions] == [
        "Which days does the pupil come?",
        "Who drives?",
    ]
    assert Event.objects.get(kind="question_asked").summary.endswith("asked the school 2 questions")
    first = questions[0].pk
    with pytest.raises(NotAllowed, match="every question"):
        actions.answer_questions(referral=asked, answers={first: "Mondays"}, by=referrer)
    with pytest.raises(NotAllowed, match="changed since"):
        actions.answer_questions(
            referral=asked, answers={first: "Mondays", 0: "What?"}, by=referrer
        )
    answer(area, asked, "Mondays", "The grandmother")
    asked.refresh_from_db()
    assert asked.status == Status.SUBMITTED
    assert queries.open_questions(asked) == []
    assert [question.answer for question in asked.questions.order_by("pk")] == [
        "Mondays",
        "The grandmother",
    ]


def test_no_question_is_no_reason_to_send_a_referral_back(area):
    referral = make_referral(area, Status.SUBMITTED)
    with pytest.raises(NotAllowed, match="Enter the question"):
        actions.ask_questions(referral=referral, texts=["", " "], by=area.person(Role.OFFICER))


def test_the_clock_stands_still_from_the_question_to_the_answer(area, asked):
    with at(3):
        assert queries.due_at(asked, "screen_within") == end_of(9)
        assert queries.open_pause(asked).started_at.day == 3
    with at(6):
        assert queries.due_at(asked, "screen_within") == end_of(12)
        assert queries.days_taken(asked, "screen_within") == 1
        answer(area, asked, "Mondays", "The grandmother")
        assert queries.open_pause(asked) is None
        # Wednesday to Friday are given back: the new task is due three working days later.
        assert tasks.find(asked, ReferralFlow, "screen").due_at == end_of(12)
    with at(10):
        assert queries.days_taken(asked, "screen_within") == 3
        area.panel()
        officer = area.person(Role.OFFICER)
        tasks.perform(
            tasks.find(asked, ReferralFlow, "screen"),
            by=officer,
            act=lambda: actions.send_to_panel(referral=asked, by=officer),
        )
        assert tasks.open_tasks(asked, "vote").first().due_at == end_of(31)
    with at(30):
        assert queries.days_taken(asked, "screen_within") == 3
        assert queries.days_taken(asked, "decide_within") == 14


def test_a_second_round_pauses_again(area, asked):
    with at(4):
        answer(area, asked, "Mondays", "The grandmother")
        ask(area, asked, "And the lunch?")
    with at(6):
        answer(area, asked, "At home")
        assert tasks.find(asked, ReferralFlow, "screen").due_at == end_of(12)
    assert ClockPause.objects.filter(referral=asked, ended_at__isnull=False).count() == 2


def test_the_schools_own_clock_runs_meanwhile(area, asked):
    assert tasks.find(asked, ReferralFlow, "answer_question").due_at == end_of(10)
    with at(6):
        assert queries.days_taken(asked, "answer_within") == 3


def test_withdrawing_ends_the_pause(area, asked):
    actions.withdraw(referral=asked, reason="Moved", by=area.person(Role.REFERRER))
    assert queries.open_pause(asked) is None


def test_nothing_begun_has_taken_no_days(area):
    referral = make_referral(area)
    assert queries.days_taken(referral, "screen_within") is None
    assert queries.days_taken(referral, "decide_within") is None


def test_a_pause_is_never_moved(area, asked):
    pause = queries.open_pause(asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPause.objects.filter(pk=pause.pk).update(started_at=asked.started_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        pause.delete()


def test_the_school_is_reminded_once_before_its_answer_is_due(area, asked):
    def reminded():
        return Event.objects.filter(kind="question_reminded").count()

    with at(6, 7):
        jobs.remind(int(time.time()))
        assert reminded() == 0
    with at(9, 7):
        jobs.remind(int(time.time()))
        jobs.remind(int(time.time()))
        assert reminded() == 1
        assert "by 10 March 2026" in Event.objects.get(kind="question_reminded").summary
    with at(10, 7):
        jobs.remind(int(time.time()))
        assert reminded() == 1


@pytest.mark.parametrize(
    ("month", "hour", "is_morning"), [(3, 6, False), (3, 7, True), (6, 6, True), (6, 7, False)]
)
def test_reminders_go_out_at_the_same_hour_in_summer_and_winter(area, month, hour, is_morning):
    with at(2, month=month):
        ask(area, make_referral(area, Status.SUBMITTED), "On which days?")
    with at(9, hour, month=month):
        jobs.remind(int(time.time()))
    assert Event.objects.filter(kind="question_reminded").exists() == is_morning


def test_a_school_that_has_answered_is_not_reminded(area, asked):
    with at(4):
        answer(area, asked, "Mondays", "The grandmother")
    with at(10, 7):
        jobs.remind(int(time.time()))
    assert not Event.objects.filter(kind="question_reminded").exists()


def test_the_page_takes_as_many_questions_as_there_are(client, area):
    referral = make_referral(area, Status.SUBMITTED)
    officer = area.person(Role.OFFICER)
    task = tasks.find(referral, ReferralFlow, "screen")
    client.force_login(officer)
    url = task.get_absolute_url()
    assert 'name="question_2"' not in client.get(url).content.decode()
    response = client.post(
        url, {"next": "ask", "question": "Who’s the tutor?", "add_question": "1"}
    )
    assert response.url == f"{url}#id_question_2"
    shown = client.get(url).content.decode()
    assert "Who’s the tutor?" in shown
    assert 'name="question_2"' in shown
    answers = {"next": "ask", "question": "Who’s the tutor?", "question_2": "Which room?"}
    assert client.post(url, {**answers, "next": "to_panel"}).status_code == 200
    response = client.post(url, answers)
    assert "Which room?" in client.get(response.url).content.decode()
    assert client.post(url, {"confirm": "1"}).status_code == 302
    assert [one.text for one in queries.open_questions(referral)] == [
        "Who’s the tutor?",
        "Which room?",
    ]
    shown = client.get(referral.case.get_absolute_url()).content.decode()
    assert "Paused since" in shown
    referrer = area.person(Role.REFERRER)
    client.force_login(referrer)
    task = tasks.find(referral, ReferralFlow, "answer_question")
    url = task.get_absolute_url()
    shown = client.get(url).content.decode()
    assert "Your answer to question 2" in shown
    assert "Which room?" in shown
    response = client.post(url, {"answer": "Ms Example", "answer_2": ""})
    assert "Enter an answer to question 2" in response.content.decode()
    client.post(url, {"answer": "Ms Example", "answer_2": "Room 4"})
    assert client.post(url, {"confirm": "1"}).status_code == 302
    referral.refresh_from_db()
    assert referral.status == Status.SUBMITTED
