"""A process from beginning to end, and the refusals on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine_flows.flows import ParcelFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from workflows.engine import states, tasks, timers
from workflows.engine.models import Process, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory()


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership)


def parcel(partnership: Any, **fields: Any) -> Parcel:
    number = Parcel.objects.count() + 1
    return Parcel.objects.create(partnership=partnership, reference=f"P-{number:04}", **fields)


def nothing() -> None:
    """Stand in for an action that succeeds."""


def the_task(subject: Parcel, node: str = "pack", **kwargs: Any) -> Task:
    return tasks.find(subject, ParcelFlow, node, **kwargs)


def status_of(subject: Parcel) -> str:
    return Process.objects.get(subject_id=subject.pk).status


def test_a_process_runs_from_start_to_end(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership, headline="A box", has_arrived=True)
    ParcelFlow.begin(subject)
    task = the_task(subject)
    assert (task.title, task.reference, task.headline) == (
        "Pack the parcel",
        subject.reference,
        "A box",
    )
    assert task.organisation == partnership
    assert task.owner_permission == "pack_parcel"
    assert task.due_at is not None

    tasks.perform(task, by=officer, act=nothing)

    assert task.status == states.DONE
    assert task.owner == officer
    subject.refresh_from_db()
    assert subject.status == "labelled"
    assert status_of(subject) == states.NEW, "the timer is still running"
    assert timers.sweep().fired == 1
    assert status_of(subject) == states.DONE


def test_a_gateway_sees_what_the_step_has_just_written(partnership: Any, officer: Any) -> None:
    member = make.member("panel_member", partnership)
    subject = parcel(partnership)
    ParcelFlow.begin(subject)

    tasks.perform(
        the_task(subject),
        by=officer,
        act=lambda: Parcel.objects.filter(pk=subject.pk).update(is_fragile=True),
    )

    assert the_task(subject, "vote").owner == member


def test_a_person_may_be_given_a_later_step_that_they_did_before(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership, has_arrived=True, is_broken=True)
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    timers.sweep()
    assert the_task(subject, "repack").owner == officer
