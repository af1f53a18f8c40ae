"""A process from beginning to end, and the refusals on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from permissions import actions as memberships
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from tests.engine_flows.flows import ParcelFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import nothing, parcel
from workflows.engine import mail, queries, states, tasks, timers
from workflows.engine.exceptions import AlreadyDone, NotAllowed
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


# --- Running ------------------------------------------------------------------------------------


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


def test_a_later_step_may_go_to_whoever_did_an_earlier_one(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership, has_arrived=True, is_broken=True)
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    timers.sweep()
    assert the_task(subject, "repack").owner == officer


def test_nobody_is_given_a_step_that_they_may_no_longer_do(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership, has_arrived=True, is_broken=True)
    ParcelFlow.begin(subject)
    tasks.perform(the_task(subject), by=officer, act=nothing)
    memberships.end_membership(membership=Membership.objects.get(user=officer), by=None)
    timers.sweep()
    assert the_task(subject, "repack").owner is None


def test_one_process_of_a_kind_runs_about_a_subject(partnership: Any) -> None:
    subject = parcel(partnership)
    process = ParcelFlow.begin(subject)
    with pytest.raises(NotAllowed, match="already begun"):
        ParcelFlow.begin(subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        Process.objects.create(flow_class=ParcelFlow, subject=subject)
    assert ParcelFlow.running(subject) == process


def test_a_refused_action_leaves_the_task_as_it_was(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    task = the_task(subject)

    def refuse() -> None:
        Parcel.objects.filter(pk=subject.pk).update(note="half done")
        raise NotAllowed("The parcel is too heavy. Take something out.")

    with pytest.raises(NotAllowed, match="too heavy"):
        tasks.perform(task, by=officer, act=refuse)
    subject.refresh_from_db()
    assert subject.note == ""
    assert the_task(subject).owner is None
    assert task.owner is None


def test_an_action_may_end_the_process_its_own_step_belongs_to(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    tasks.perform(
        the_task(subject),
        by=officer,
        act=lambda: tasks.cancel_process(subject, ParcelFlow, officer, "not wanted"),
    )
    assert status_of(subject) == states.CANCELED
    assert not tasks.open_tasks(subject).exists()
    assert not Task.objects.filter(status__in=states.UNFINISHED).exists()


# --- Who may ------------------------------------------------------------------------------------


def test_only_holders_of_the_permission_in_the_organisation_may_do_a_step(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    strangers = [
        make.member("officer", make.PartnershipFactory()),
        make.member("panel_member", partnership),
        make.UserFactory(is_superuser=True),
    ]
    for stranger in strangers:
        with pytest.raises(NotPermitted):
            tasks.perform(the_task(subject), by=stranger, act=nothing)
        with pytest.raises(NotPermitted):
            tasks.claim(the_task(subject), stranger)
    tasks.perform(the_task(subject), by=officer, act=nothing)


def test_a_claimed_task_is_its_owners(partnership: Any, officer: Any) -> None:
    colleague = make.member("officer", partnership)
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    tasks.claim(the_task(subject), officer)
    with pytest.raises(NotAllowed, match="has claimed this task"):
        tasks.perform(the_task(subject), by=colleague, act=nothing)
    with pytest.raises(NotAllowed, match="has claimed this task"):
        tasks.claim(the_task(subject), colleague)
    tasks.release(the_task(subject), officer)
    assert the_task(subject).owner is None
    assert the_task(subject).claimed_at is None
    tasks.perform(the_task(subject), by=colleague, act=nothing)


def test_what_is_done_is_done(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    task = the_task(subject)
    tasks.perform(task, by=officer, act=nothing)
    for again in (
        lambda: tasks.perform(task, by=officer, act=nothing),
        lambda: tasks.claim(task, officer),
        lambda: tasks.release(task, officer),
        lambda: tasks.set_due_date(task, None, officer),
    ):
        with pytest.raises(AlreadyDone, match=officer.name):
            again()


def test_a_task_manager_reassigns_and_sets_due_dates(partnership: Any, officer: Any) -> None:
    chair = make.member("panel_chair", partnership)
    colleague = make.member("officer", partnership)
    subject = parcel(partnership)
    ParcelFlow.begin(subject)

    tasks.reassign(the_task(subject), colleague, chair)
    assert the_task(subject).owner == colleague
    tasks.reassign(the_task(subject), officer, chair)
    assert the_task(subject).owner == officer
    with pytest.raises(NotAllowed, match="may not do this task"):
        tasks.reassign(the_task(subject), chair, chair)

    due_at = timezone.now() + timedelta(days=9)
    tasks.set_due_date(the_task(subject), due_at, chair)
    assert the_task(subject).due_at == due_at
    tasks.release(the_task(subject), chair)
    assert the_task(subject).owner is None

    member = make.member("panel_member", partnership)
    for refused in (
        lambda: tasks.reassign(the_task(subject), officer, member),
        lambda: tasks.set_due_date(the_task(subject), None, member),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_whoever_is_given_a_task_is_told_as_long_as_it_is_theirs(
    partnership: Any, officer: Any, mailoutbox: Any
) -> None:
    chair = make.member("panel_chair", partnership)
    subject = parcel(partnership, headline="Robin O’Sample, Weaver Street")
    ParcelFlow.begin(subject)
    tasks.reassign(the_task(subject), officer, chair)
    event = Event.objects.get(kind="task_reassigned")
    ((number, person),) = mail.addressees(event.pk)
    assert person == officer.pk
    assert mail.send(event.pk, number, person)
    (message,) = mailoutbox
    assert (message.to, message.subject) == ([officer.email], "Accord: A task was given to you")
    assert f"{chair.name} gave a task to you. It is due on " in message.body
    assert the_task(subject).get_absolute_url() in message.body
    assert subject.reference in message.body
    assert "Robin" not in message.subject + message.body
    tasks.release(the_task(subject), officer)
    assert mail.addressees(event.pk) == []


def test_a_due_date_moved_by_the_process_keeps_its_reason(partnership: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    tasks.move_due(the_task(subject), None, "the school is closed")
    task = the_task(subject)
    assert task.due_at is None
    assert task.data["due_moves"][0]["reason"] == "the school is closed"


def test_a_barred_person_has_no_task_of_the_case(partnership: Any, officer: Any) -> None:
    member = make.member("panel_member", partnership)
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    tasks.claim(the_task(subject), officer)
    tasks.bar(officer, subject.reference, None, "conflict of interest")

    assert the_task(subject).owner is None, "what they had claimed is free again"
    with pytest.raises(NotPermitted):
        tasks.perform(the_task(subject), by=officer, act=nothing)
    assert not queries.visible_tasks(officer, queries.UNCLAIMED).exists()
    assert officer not in queries.people_for(the_task(subject))

    colleague = make.member("officer", partnership)
    Parcel.objects.filter(pk=subject.pk).update(is_fragile=True)
    tasks.perform(the_task(subject), by=colleague, act=nothing)
    assert the_task(subject, "vote").owner == member
    tasks.bar(member, subject.reference, None, "conflict of interest")
    assert not tasks.open_tasks(subject).exists()
