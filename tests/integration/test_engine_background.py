"""Messages, timers and diagrams: what happens without anybody at a screen."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import at_once, nothing, parcel
from workflows.engine import (
    charts,
    drafts,
    events,
    flows,
    jobs,
    mail,
    queries,
    states,
    tasks,
    timers,
)
from workflows.engine.events import Notification
from workflows.engine.models import Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory()


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


def queued(name: str) -> list[Any]:
    return list(ProcrastinateJob.objects.filter(task_name=name, status="todo").order_by("id"))


def work() -> None:
    """Do what is queued, as the worker would."""
    while jobs_left := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for job in jobs_left:
            app.tasks[job.task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk__in=[job.pk for job in jobs_left]).delete()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> list[Any]:
    """Have everybody on the returned list told of packed parcels."""
    people: list[Any] = []
    (tmp_path / "parcel_packed.txt").write_text(
        '{% extends "mail/base.txt" %}{% block message %}A parcel was packed.{% endblock %}'
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    row = Notification(
        to=lambda _: people, template="parcel_packed.txt", subject="A parcel was packed"
    )
    monkeypatch.setattr(events, "_notifications", {"parcel_packed": [row, row]})
    return people


def announce(subject: Any, by: Any) -> Any:
    return events.announce(
        "parcel_packed",
        subject=subject,
        by=by,
        summary="Robin Example's parcel was packed.",
        data={"weight": 3},
    )


# --- Messages -----------------------------------------------------------------------------------


def test_those_concerned_are_told_once_each(
    partnership: Any, officer: Any, told: list[Any], settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://accord.example.org/"
    colleague = make.member("officer", partnership, name="Colin O'Colleague")
    left = make.UserFactory(is_active=False)
    told += [officer, colleague, colleague, left]
    subject = parcel(partnership)

    announce(subject, officer)
    assert outbox.outbox == [], "nothing is sent before the change is kept"
    work()

    (message,) = outbox.outbox
    assert message.to == [colleague.email], "neither who did it nor who has left"
    assert message.subject == "Accord: A parcel was packed"
    assert "Robin" not in message.subject + message.body
    assert f"Reference: {subject.reference}" in message.body
    assert "Hello Colin O'Colleague," in message.body
    assert "https://accord.example.org/tasks/" in message.body


def test_a_change_that_is_rolled_back_tells_nobody(
    partnership: Any, officer: Any, told: list[Any]
) -> None:
    told.append(make.UserFactory())

    with transaction.atomic():
        announce(parcel(partnership), officer)
        assert queued("engine.send_mail_for_event")
        transaction.set_rollback(True)
    assert not queued("engine.send_mail_for_event")


def test_the_queue_holds_no_personal_data(partnership: Any, officer: Any, told: list[Any]) -> None:
    told.append(make.UserFactory(name="Robin Example"))
    event = announce(parcel(partnership), officer)
    (job,) = queued("engine.send_mail_for_event")
    assert job.args == {"event_id": event.pk}
    jobs.send_mail_for_event.func(event_id=event.pk)
    (job,) = queued("engine.send_one_mail")
    assert job.args == {"event_id": event.pk, "number": 0, "user_id": told[0].pk}


def test_somebody_who_left_meanwhile_is_sent_nothing(
    partnership: Any, officer: Any, told: list[Any]
) -> None:
    person = make.UserFactory()
    told.append(person)
    event = announce(parcel(partnership), officer)
    person.is_active = False
    person.save()
    assert not mail.send(event.pk, 0, person.pk)
    assert not outbox.outbox


def test_nothing_is_queued_for_what_nobody_is_told_of(partnership: Any, officer: Any) -> None:
    events.announce("parcel_dropped", subject=parcel(partnership), by=None, summary="Dropped.")
    assert not ProcrastinateJob.objects.exists()


def test_failed_jobs_are_tried_three_times_with_growing_waits() -> None:
    for name in ("engine.send_mail_for_event", "engine.send_one_mail"):
        retry = app.tasks[name].retry_strategy
        assert retry is not None
        waits: list[float] = []
        for attempts in (0, 1):
            job: Any = type("Job", (), {"attempts": attempts, "priority": 0})()
            decision = retry.get_retry_decision(exception=OSError(), job=job)
            assert decision is not None
            assert decision.retry_at is not None
            waits.append((decision.retry_at - timezone.now()).total_seconds())
        assert waits[0] > 20
        assert waits[1] > 3 * waits[0]
        job = type("Job", (), {"attempts": 2, "priority": 0})()
        assert retry.get_retry_decision(exception=OSError(), job=job) is None


@pytest.mark.django_db(transaction=True)
def test_a_job_that_gave_up_is_visible_and_the_worker_does_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partnership = make.PartnershipFactory()
    administrator = make.member("administrator", partnership)
    subject = parcel(partnership)
    event = events.announce("parcel_packed", subject=subject, by=None, summary="Packed.")
    row = Notification(to=lambda _: [administrator], template="mail/base.txt", subject="Packed")
    monkeypatch.setattr(events, "_notifications", {"parcel_packed": [row]})
    jobs.send_one_mail.configure(queue="mail").defer(
        event_id=event.pk, number=0, user_id=administrator.pk
    )
    lost = jobs.send_mail_for_event.configure(queue="mail").defer(event_id=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 2 WHERE id = %s", [lost])
    call_command("procrastinate", "worker", "--one-shot", "--queues", "mail", verbosity=0)
    assert [job.pk for job in queries.failed_jobs()] == [lost]
    assert [message.to for message in outbox.outbox] == [[administrator.email]]


# --- Timers -------------------------------------------------------------------------------------


def test_the_periodic_job_and_the_command_fire_what_is_due(partnership: Any, officer: Any) -> None:
    by_job, by_command = (parcel(partnership, has_arrived=True) for _ in range(2))
    ParcelFlow.begin(by_job)
    tasks.perform(tasks.find(by_job, ParcelFlow, "pack"), by=officer, act=nothing)
    jobs.fire_timers.func(timestamp=0)
    assert Process.objects.get(subject_id=by_job.pk).status == states.DONE

    ParcelFlow.begin(by_command)
    tasks.perform(tasks.find(by_command, ParcelFlow, "pack"), by=officer, act=nothing)
    said = io.StringIO()
    call_command("fire_timers", stdout=said)
    assert said.getvalue() == "1 fired, 0 busy, 0 failed\n"
    assert Process.objects.get(subject_id=by_command.pk).status == states.DONE


def test_timers_are_fired_every_minute() -> None:
    periodic = {
        entry.task.name: entry.cron for entry in app.periodic_registry.periodic_tasks.values()
    }
    assert periodic["engine.fire_timers"] == "* * * * *"


@pytest.mark.django_db(transaction=True)
def test_a_timer_whose_process_is_busy_is_left_for_the_next_sweep() -> None:
    partnership = make.PartnershipFactory()
    officer = make.member("officer", partnership)
    held, free = (parcel(partnership, has_arrived=True) for _ in range(2))
    for subject in (held, free):
        ParcelFlow.begin(subject)
        tasks.perform(tasks.find(subject, ParcelFlow, "pack"), by=officer, act=nothing)

    with transaction.atomic():
        Process.objects.select_for_update().get(subject_id=held.pk)
        (swept,) = at_once(timers.sweep)
    assert (swept.fired, swept.busy, swept.failed) == (1, 1, 0)
    assert timers.sweep().fired == 1
    first, second = at_once(timers.sweep, timers.sweep)
    assert first.fired + second.fired == 0


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_fire_a_timer_once() -> None:
    partnership = make.PartnershipFactory()
    officer = make.member("officer", partnership)
    for _ in range(4):
        subject = parcel(partnership, has_arrived=True)
        ParcelFlow.begin(subject)
        tasks.perform(tasks.find(subject, ParcelFlow, "pack"), by=officer, act=nothing)
    first, second = at_once(timers.sweep, timers.sweep)
    assert first.failed == second.failed == 0
    timers.sweep()
    assert Process.objects.filter(status=states.DONE).count() == 4


# --- Diagrams -----------------------------------------------------------------------------------


def test_a_diagram_names_every_step_and_is_the_same_each_time() -> None:
    svg = charts.draw(ParcelFlow)
    assert svg == charts.draw(ParcelFlow)
    assert "<title>Parcel</title>" in svg
    for line in ("Pack the parcel", "Vote on the parcel", "Pack the parcel", "again"):
        assert f">{line}<" in svg


def test_diagrams_are_drawn_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "all_flows", lambda: [ParcelFlow])
    monkeypatch.setattr(ParcelFlow, "__module__", "workflows.parcels.flows")
    monkeypatch.setattr(charts, "file_name", lambda _: "parcel.svg")
    monkeypatch.setattr(charts, "draw", lambda _: "<svg/>\n")
    with pytest.raises(CommandError, match="parcel"):
        call_command("draw_flows", "--check", "--folder", str(tmp_path), stdout=io.StringIO())
    call_command("draw_flows", "--folder", str(tmp_path), stdout=io.StringIO())
    call_command("draw_flows", "--check", "--folder", str(tmp_path), stdout=io.StringIO())
    (tmp_path / "parcel.svg").write_text("<svg>old</svg>")
    with pytest.raises(CommandError, match="draw_flows"):
        call_command("draw_flows", "--check", "--folder", str(tmp_path), stdout=io.StringIO())


def test_drafts_are_gone_with_their_person_and_kept_apart(officer: Any) -> None:
    other = make.UserFactory()
    drafts.save(officer, "task:1", QueryDict("a=1&a=2&csrfmiddlewaretoken=x&save=1"))
    drafts.save(other, "task:1", QueryDict("a=3"))
    kept = drafts.load(officer, "task:1")
    assert kept is not None
    assert dict(kept.lists()) == {"a": ["1", "2"]}
    drafts.save(officer, "task:1", QueryDict("a=4"))
    drafts.discard(other, "task:1")
    kept = drafts.load(officer, "task:1")
    assert kept is not None
    assert kept.getlist("a") == ["4"]
    assert drafts.load(other, "task:1") is None
