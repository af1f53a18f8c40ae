"""A task for each of several people, timers, waits and events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from permissions.exceptions import NotPermitted
from tests.engine_flows.flows import ParcelFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import nothing, parcel
from workflows.engine import events, queries, states, tasks, timers
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Process, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory()


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership)


def the_task(subject: Parcel, node: str = "pack", **kwargs: Any) -> Task:
    return tasks.find(subject, ParcelFlow, node, **kwargs)


def status_of(subject: Parcel) -> str:
    return Process.objects.get(subject_id=subject.pk).status


# --- A task for each of several people ----------------------------------------------------------


@pytest.fixture
def voting(partnership: Any, officer: Any) -> tuple[Parcel, list[Any]]:
    """A parcel that three members vote on."""
    members = [make.member("panel_member", partnership) for _ in range(3)]
    subject = parcel(partnership, is_fragile=True, send_at=timezone.now() + timedelta(days=1))
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    return subject, members


def labelled(subject: Parcel) -> bool:
    subject.refresh_from_db()
    return subject.status == "labelled"


def test_everybody_on_the_list_has_a_task_of_their_own(
    voting: tuple[Parcel, list[Any]],
) -> None:
    subject, members = voting
    owners = [task.owner for task in tasks.open_tasks(subject)]
    assert sorted(owner.pk for owner in owners) == [member.pk for member in members]
    with pytest.raises(NotAllowed, match="has claimed"):
        tasks.perform(the_task(subject, "vote", owner=members[0]), by=members[1], act=nothing)
    with pytest.raises(NotAllowed, match="one person alone"):
        tasks.release(the_task(subject, "vote", owner=members[0]), members[0])


def test_the_process_goes_on_when_all_have_done_theirs(
    voting: tuple[Parcel, list[Any]],
) -> None:
    subject, members = voting
    for member in members:
        assert not labelled(subject)
        tasks.perform(the_task(subject, "vote", owner=member), by=member, act=nothing)
    assert labelled(subject)


def test_the_process_goes_on_when_it_is_enough(voting: tuple[Parcel, list[Any]]) -> None:
    subject, members = voting
    Parcel.objects.filter(pk=subject.pk).update(enough_votes=2)
    for member in members[:2]:
        assert not labelled(subject)
        tasks.perform(
            the_task(subject, "vote", owner=member),
            by=member,
            act=lambda: Parcel.objects.filter(pk=subject.pk).update(votes=F("votes") + 1),
        )
    assert labelled(subject)
    assert not tasks.open_tasks(subject).exists()
    assert Task.objects.filter(status=states.CANCELED, flow_task_type=states.HUMAN).count() == 1


def test_a_task_taken_away_from_one_person_is_not_waited_for(
    voting: tuple[Parcel, list[Any]], officer: Any
) -> None:
    subject, members = voting
    tasks.perform(the_task(subject, "vote", owner=members[0]), by=members[0], act=nothing)
    tasks.withdraw(the_task(subject, "vote", owner=members[1]), members[1], "knows the pupil")
    stranger = make.member("panel_member", make.PartnershipFactory())
    with pytest.raises(NotPermitted):
        tasks.withdraw(the_task(subject, "vote", owner=members[2]), stranger, "mischief")
    assert not labelled(subject)
    tasks.withdraw(the_task(subject, "vote", owner=members[2]), officer, "on leave")
    assert labelled(subject)


def test_what_is_declared_and_the_withdrawal_hold_together(
    voting: tuple[Parcel, list[Any]],
) -> None:
    subject, members = voting
    task = the_task(subject, "vote", owner=members[0])

    def fail() -> None:
        Parcel.objects.filter(pk=subject.pk).update(note="declared")
        raise NotAllowed("Say why.")

    with pytest.raises(NotAllowed, match="Say why"):
        tasks.withdraw(task, members[0], "", act=fail)
    subject.refresh_from_db()
    assert subject.note == ""
    assert task.is_open
    assert tasks.withdraw(task, members[0], "a reason", act=lambda: 7) == 7


def test_declaring_a_conflict_may_bar_the_person_as_well(
    voting: tuple[Parcel, list[Any]],
) -> None:
    subject, members = voting
    for way in (
        lambda task, member, act: tasks.withdraw(task, member, "knows the pupil", act=act),
        lambda task, member, act: tasks.perform(task, by=member, act=act),
    ):
        member = members.pop()
        task = the_task(subject, "vote", owner=member)
        way(task, member, lambda: tasks.bar(member, subject.reference, member, "conflict"))  # noqa: B023  (called at once)
        task.refresh_from_db()
        assert task.status == states.CANCELED
        assert task.data["withdrawn"]["reason"] == "conflict"
    assert not labelled(subject)
    tasks.perform(the_task(subject, "vote"), by=members[0], act=nothing)
    assert labelled(subject)


def test_a_shared_task_cannot_be_withdrawn(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    with pytest.raises(NotAllowed, match="Release it instead"):
        tasks.withdraw(the_task(subject), officer, "do not want")


def test_with_nobody_to_ask_the_process_goes_on(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership, is_fragile=True)
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    assert labelled(subject)


# --- Timers and waits ---------------------------------------------------------------------------


def test_a_timer_fires_at_its_moment_and_not_before(partnership: Any, officer: Any) -> None:
    soon = timezone.now() + timedelta(hours=2)
    subject = parcel(partnership, send_at=soon, has_arrived=True)
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    assert timers.sweep().fired == 0
    with time_machine.travel(soon + timedelta(seconds=1)):
        assert timers.sweep().fired == 1
        assert timers.sweep().fired == 0
    assert status_of(subject) == states.DONE


def test_a_wait_is_ended_from_elsewhere_once(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    assert not tasks.resume(subject, ParcelFlow, "arrival", officer), "nothing waits there yet"
    tasks.perform(the_task(subject), by=officer, act=nothing)
    timers.sweep()
    assert status_of(subject) == states.NEW
    assert tasks.resume(subject, ParcelFlow, "arrival", officer)
    assert not tasks.resume(subject, ParcelFlow, "arrival", officer)
    assert status_of(subject) == states.DONE


def test_what_happened_just_before_the_wait_is_not_waited_for_for_ever(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    timers.sweep()
    Parcel.objects.filter(pk=subject.pk).update(has_arrived=True)
    assert timers.sweep().fired == 1
    assert status_of(subject) == states.DONE


def test_one_bad_timer_does_not_stop_the_others(partnership: Any, officer: Any) -> None:
    subjects = [parcel(partnership, has_arrived=True) for _ in range(3)]
    for subject in subjects:
        ParcelFlow.begin(subject)
        tasks.perform(the_task(subject), by=officer, act=nothing)
    bad = Task.objects.filter(status=states.SCHEDULED).order_by("scheduled").first()
    assert bad is not None
    Task.objects.filter(pk=bad.pk).update(flow_task="engine_flows/flows.ParcelFlow.gone")

    swept = timers.sweep()

    assert (swept.fired, swept.failed) == (2, 1)
    bad.refresh_from_db()
    assert bad.status == states.SCHEDULED
    assert bad.data["tries"] == 1
    assert bad.scheduled > timezone.now()
    assert timers.sweep() == timers.Sweep(), "it is put off"
    administrator = make.member("administrator", partnership)
    assert bad in queries.failed_tasks(administrator)


# --- Events -------------------------------------------------------------------------------------


def test_an_event_cannot_be_changed_or_deleted(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership)
    event = events.announce(
        "parcel_packed", subject=subject, by=officer, summary="The parcel was packed."
    )
    assert event.by_name == officer.name
    for change in (
        lambda: Event.objects.filter(pk=event.pk).update(summary="Nothing happened."),
        lambda: Event.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert list(queries.events_of(subject)) == [event]


def test_hand_overs_answer_in_the_same_transaction(
    partnership: Any, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = parcel(partnership)
    called: list[Any] = []

    def answer(event: Event, *, parcel: Parcel, **_: Any) -> None:
        called.append((event.kind, parcel))
        if parcel.note == "refuse":
            raise NotAllowed("Not now.")

    monkeypatch.setattr(events, "_answers", {"parcel_packed": [answer]})
    said = {"subject": subject, "by": officer, "summary": "Packed.", "parcel": subject}
    events.announce("parcel_packed", **said)
    assert called == [("parcel_packed", subject)]
    subject.note = "refuse"
    with pytest.raises(NotAllowed), transaction.atomic():
        events.announce("parcel_packed", **said)
    assert Event.objects.count() == 1
