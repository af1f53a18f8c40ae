"""E-mail by preference: at once or once a day, and to who covers for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import parcel
from workflows.engine import covers, events, jobs, preferences, tasks
from workflows.engine.events import Notification
from workflows.engine.models import MailPreference, Task, WaitingMail

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory()


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive O'Officer")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> list[Any]:
    """Have everybody on the returned list told of what happens to parcels."""
    people: list[Any] = []
    (tmp_path / "parcel.txt").write_text(
        '{% extends "mail/base.txt" %}{% block message %}Something happened.{% endblock %}'
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    settings.WAGTAILADMIN_BASE_URL = "https://accord.example.org"

    def row(subject: str, at_once: bool = False) -> list[Notification]:
        return [Notification(lambda _: people, "parcel.txt", subject, at_once=at_once)]

    table = {
        "parcel_packed": row("A parcel was packed"),
        "parcel_sent": row("A parcel was sent"),
        "child_in_danger": row("A concern for a child’s safety", at_once=True),
    }
    for kind in ("task_reassigned", "cover_arranged"):
        table[kind] = events.notifications_for(kind)
    monkeypatch.setattr(events, "_notifications", table)
    return people


def announce(kind: str, subject: Any) -> Any:
    return events.announce(kind, subject=subject, by=None, summary="Robin Example's parcel.")


def daily(user: Any, hour: int = 8, working_days_only: bool = True) -> None:
    preferences.choose(user, how="daily", hour=hour, working_days_only=working_days_only)


def work() -> None:
    """Do what is queued, as the worker would."""
    while left := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for job in left:
            app.tasks[job.task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk__in=[job.pk for job in left]).delete()


def sweep() -> None:
    jobs.send_digests.func(timestamp=0)
    work()


@pytest.fixture
def monday() -> Iterator[Any]:
    """Monday 2 March 2026, nine in the morning."""
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False) as traveller:
        yield traveller


# --- Once a day ---------------------------------------------------------------------------------


def test_a_daily_digest_groups_by_reference_and_names_nobody(
    partnership: Any, officer: Any, told: list[Any], monday: Any
) -> None:
    told.append(officer)
    daily(officer)
    first, second = parcel(partnership), parcel(partnership)
    for kind, subject in (
        ("parcel_packed", first),
        ("parcel_packed", second),
        ("parcel_sent", first),
        ("parcel_sent", first),
    ):
        announce(kind, subject)
    work()
    sweep()
    assert outbox.outbox == [], "this morning's hour was before they happened"

    monday.move_to(datetime(2026, 3, 3, 8, 0, tzinfo=LONDON))
    sweep()
    sweep()
    (message,) = outbox.outbox
    assert message.to == [officer.email]
    assert message.subject == "Accord: Your daily summary (4 new)"
    assert "Robin" not in message.body
    assert "Hello Olive O'Officer," in message.body
    lines = message.body.splitlines()
    at = lines.index(first.reference)
    assert lines[at + 1 : at + 3] == ["- A parcel was packed", "- A parcel was sent (2 times)"]
    at = lines.index(second.reference)
    assert lines[at + 1] == "- A parcel was packed"
    assert not WaitingMail.objects.exists()


def test_others_are_told_at_once_and_what_cannot_wait_does_not(
    partnership: Any, officer: Any, told: list[Any], monday: Any
) -> None:
    colleague = make.member("officer", partnership)
    told += [officer, colleague]
    daily(officer)
    subject = parcel(partnership)
    announce("parcel_packed", subject)
    announce("child_in_danger", subject)
    work()
    sent = sorted((message.to[0], message.subject) for message in outbox.outbox)
    assert sent == sorted(
        [
            (colleague.email, "Accord: A parcel was packed"),
            (colleague.email, "Accord: A concern for a child’s safety"),
            (officer.email, "Accord: A concern for a child’s safety"),
        ]
    )


def test_the_same_event_waits_once_however_often_the_job_runs(
    partnership: Any, officer: Any, told: list[Any], monday: Any
) -> None:
    told.append(officer)
    daily(officer)
    event = announce("parcel_packed", parcel(partnership))
    work()
    jobs.send_mail_for_event.func(event_id=event.pk)
    assert WaitingMail.objects.count() == 1


def test_who_wants_it_at_once_again_gets_what_waited(
    partnership: Any, officer: Any, told: list[Any], monday: Any
) -> None:
    told.append(officer)
    daily(officer)
    announce("parcel_packed", parcel(partnership))
    work()
    preferences.choose(officer, how="at_once", hour=8, working_days_only=True)
    work()
    assert len(outbox.outbox) == 1
    announce("parcel_packed", parcel(partnership))
    work()
    assert [message.subject for message in outbox.outbox][1:] == ["Accord: A parcel was packed"]


def test_somebody_who_left_is_sent_no_digest(
    partnership: Any, officer: Any, told: list[Any], monday: Any
) -> None:
    told.append(officer)
    daily(officer)
    announce("parcel_packed", parcel(partnership))
    work()
    officer.is_active = False
    officer.save()
    monday.move_to(datetime(2026, 3, 3, 8, 0, tzinfo=LONDON))
    sweep()
    assert outbox.outbox == []
    assert not WaitingMail.objects.exists()


@pytest.mark.parametrize(
    ("hour", "only", "now", "expected"),
    [
        (8, True, "2026-03-03 07:59", "2026-03-02 08:00"),
        (8, True, "2026-03-03 08:00", "2026-03-03 08:00"),
        # A weekend, and Easter with its two bank holidays.
        (8, True, "2026-03-08 12:00", "2026-03-06 08:00"),
        (8, False, "2026-03-08 12:00", "2026-03-08 08:00"),
        (8, True, "2026-04-06 12:00", "2026-04-02 08:00"),
        # The clocks go forward on 29 March: eight stays eight on the wall.
        (8, False, "2026-03-29 08:00", "2026-03-29 08:00"),
        (8, False, "2026-03-29 07:59", "2026-03-28 08:00"),
    ],
)
def test_the_hour_is_londons_and_skips_days_on_which_nobody_works(
    hour: int, only: bool, now: str, expected: str
) -> None:
    preference = MailPreference(how="daily", hour=hour, working_days_only=only)
    holidays = {date(2026, 4, 3), date(2026, 4, 6)}
    moment = datetime.fromisoformat(now).replace(tzinfo=LONDON)
    found = preferences.last_moment(preference, moment, holidays)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=LONDON)


def test_bank_holidays_are_the_calendars(officer: Any, partnership: Any, told: list[Any]) -> None:
    told.append(officer)
    with time_machine.travel("2026-04-02 12:00+01:00", tick=False) as traveller:
        daily(officer)
        announce("parcel_packed", parcel(partnership))
        work()
        for day in (3, 4, 5, 6):
            traveller.move_to(datetime(2026, 4, day, 12, tzinfo=LONDON))
            assert preferences.due() == []
        traveller.move_to(datetime(2026, 4, 7, 8, tzinfo=LONDON))
        assert preferences.due() == [officer.pk]


# --- Cover --------------------------------------------------------------------------------------


def cover(absent: Any, covering: Any, organisation: Any) -> None:
    today = timezone.localdate()
    covers.arrange(
        absent=absent,
        covering=covering,
        organisation=organisation,
        first_date=today,
        last_date=today + timedelta(days=7),
        by=absent,
    )


def claimed(partnership: Any, owner: Any) -> Task:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    task = tasks.find(subject, ParcelFlow, "pack")
    tasks.claim(task, owner)
    return task


def test_who_covers_is_told_of_the_absent_persons_tasks_and_of_nothing_else(
    partnership: Any, officer: Any, told: list[Any]
) -> None:
    covering = make.member("officer", partnership)
    cover(officer, covering, partnership)
    work()
    assert {message.to[0] for message in outbox.outbox} == {covering.email}, "not who arranged it"
    outbox.outbox.clear()

    told.append(officer)
    task = claimed(partnership, officer)
    announce("parcel_packed", task.process.subject)
    announce("parcel_sent", parcel(partnership))
    work()
    assert sorted((message.to[0], message.subject) for message in outbox.outbox) == sorted(
        [
            (officer.email, "Accord: A parcel was packed"),
            (covering.email, "Accord: A parcel was packed"),
            (officer.email, "Accord: A parcel was sent"),
        ]
    )
    (to_cover,) = [message for message in outbox.outbox if message.to == [covering.email]]
    assert "because you cover for Olive O'Officer" in " ".join(to_cover.body.split())


def test_a_task_given_to_somebody_who_is_away_is_told_to_who_covers(
    partnership: Any, officer: Any
) -> None:
    covering = make.member("officer", partnership)
    cover(officer, covering, partnership)
    work()
    outbox.outbox.clear()
    task = claimed(partnership, make.member("officer", partnership))
    tasks.reassign(task, officer, make.member("panel_chair", partnership))
    work()
    assert {message.to[0] for message in outbox.outbox} == {officer.email, covering.email}


def test_who_may_not_do_the_task_is_not_told_of_it(
    partnership: Any, officer: Any, told: list[Any]
) -> None:
    member = make.member("panel_member", partnership)
    cover(officer, member, partnership)
    work()
    outbox.outbox.clear()
    told.append(officer)
    announce("parcel_packed", claimed(partnership, officer).process.subject)
    work()
    assert {message.to[0] for message in outbox.outbox} == {officer.email}


# --- The page -----------------------------------------------------------------------------------


def test_the_page_shows_and_keeps_what_is_chosen(officer: Any, told: list[Any]) -> None:
    client = Client()
    assert client.get("/tasks/mail/").status_code == 302
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    page = BeautifulSoup(client.get("/tasks/mail/").content, "html5lib")
    (checked,) = page.select("input[name=how][checked]")
    assert checked["value"] == "at_once"
    assert "A concern for a child’s safety" in page.get_text()

    refused = client.post("/tasks/mail/", {"hour": "8"})
    assert "Select when you want e-mail" in refused.content.decode()
    assert not MailPreference.objects.exists()
    for hour in ("5", "21", "x"):
        assert client.post("/tasks/mail/", {"how": "daily", "hour": hour}).status_code == 200
    saved = client.post("/tasks/mail/", {"how": "daily", "hour": "17"}, follow=True)
    assert "You get one e-mail a day, at 5pm." in saved.content.decode()
    kept = MailPreference.objects.get()
    assert (kept.how, kept.hour, kept.working_days_only) == ("daily", 17, False)
