"""What the engine's library does otherwise, one test per trap; each fails without its remedy."""

from __future__ import annotations

import functools
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from viewflow.workflow import lock as stock_lock

from permissions import actions as memberships
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from tests.engine_flows import views
from tests.engine_flows.flows import ParcelFlow, ReminderFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import at_once, nothing, parcel
from workflows.engine import flows, locks, nodes, queries, states, tasks, timers
from workflows.engine.exceptions import AlreadyDone
from workflows.engine.models import Task
from workflows.engine.nodes import this

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory()


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership)


def begun(partnership: Any, **fields: Any) -> Task:
    """Begin a process and return its first task."""
    subject = parcel(partnership, **fields)
    ParcelFlow.begin(subject)
    return tasks.find(subject, ParcelFlow, "pack")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- 1: stock lists and dashboards show every process to everyone -------------------------------


def test_trap_1_no_view_of_the_library_has_an_address(partnership: Any, officer: Any) -> None:
    def walk(resolver: URLResolver) -> Any:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                yield entry
            else:
                yield from walk(entry)

    modules = {getattr(entry.callback, "__module__", "") for entry in walk(get_resolver())}
    assert not [module for module in modules if module.startswith("viewflow")]
    for flow in flows.all_flows():
        for node in flow.instance.nodes():
            patterns, _, _ = node.urls
            assert not [entry for part in patterns for entry in walk(part)], node.name


def test_trap_1_a_stranger_finds_no_task_of_another_organisation(
    partnership: Any, officer: Any
) -> None:
    task = begun(partnership, headline="Robin Example")
    stranger = signed_in(make.member("officer", make.PartnershipFactory()))
    for view in queries.VIEWS:
        page = stranger.get("/tasks/", {"view": view}).content.decode()
        assert "Robin Example" not in page
        assert task.reference not in page
    assert stranger.get(f"/tasks/{task.pk}/").status_code == 404
    assert stranger.post(f"/tasks/{task.pk}/").status_code == 404
    assert stranger.post(f"/tasks/{task.pk}/claim/").status_code == 404
    assert stranger.post(f"/tasks/{task.pk}/release/").status_code == 404
    assert stranger.get(f"/tasks/{task.pk}/manage/").status_code == 404
    assert Client().get(f"/tasks/{task.pk}/").status_code == 302


# --- 2: the stock queue loads all of a person's grants ------------------------------------------


def test_trap_2_a_person_with_thousands_of_grants_costs_no_more_queries(
    partnership: Any, officer: Any
) -> None:
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from permissions.models import Organisation, OrganisationGroupPermission, RoleGroup

    begun(partnership)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert queries.inbox(officer, view=queries.UNCLAIMED).counts["unclaimed"] == 1
    kind = ContentType.objects.get_for_model(Organisation)
    group = RoleGroup.objects.get(organisation=partnership, role="officer").group
    Permission.objects.bulk_create(
        Permission(content_type=kind, codename=f"do_{number}", name="x") for number in range(3000)
    )
    OrganisationGroupPermission.objects.bulk_create(
        OrganisationGroupPermission(group=group, permission=permission, content_object=partnership)
        for permission in Permission.objects.filter(codename__startswith="do_")
    )
    with CaptureQueriesContext(connection) as many:
        assert queries.inbox(officer, view=queries.UNCLAIMED).counts["unclaimed"] == 1
    assert len(many) == len(few) <= 5


# --- 3: a task without permission is in everyone's queue; a global permission opens all ---------


def test_trap_3_no_task_for_a_person_is_without_permission_and_organisation(
    partnership: Any,
) -> None:
    task = begun(partnership)
    for hole in ({"owner_permission": None}, {"owner_permission": ""}, {"organisation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=task.pk).update(**hole)
    with pytest.raises(ImproperlyConfigured):
        nodes.Step(views.Pack, permission="", organisation=this.x, title="x")


def test_trap_3_a_permission_held_everywhere_opens_nothing(partnership: Any) -> None:
    from django.contrib.auth.models import Permission

    task = begun(partnership)
    user = make.UserFactory(is_superuser=True, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="pack_parcel"))
    assert user.has_perm("permissions.pack_parcel")
    assert not queries.visible_tasks(user, queries.UNCLAIMED).exists()
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=user, act=nothing)
    assert signed_in(user).get(f"/tasks/{task.pk}/").status_code == 404


# --- 4: the permission is not asked again at execution ------------------------------------------


def test_trap_4_whoever_lost_the_role_after_claiming_decides_nothing(
    partnership: Any, officer: Any
) -> None:
    task = begun(partnership)
    tasks.claim(task, officer)
    memberships.end_membership(membership=Membership.objects.get(user=officer), by=None)
    done: list[int] = []
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=officer, act=lambda: done.append(1))
    assert done == []
    assert signed_in(officer).get(f"/tasks/{task.pk}/").status_code == 404
    assert not queries.visible_tasks(officer, queries.MINE).exists()

    colleague = make.member("officer", partnership)
    page = signed_in(colleague).get(f"/tasks/{task.pk}/")
    assert "may no longer do it" in page.content.decode()
    tasks.claim(task, colleague)
    tasks.perform(task, by=colleague, act=nothing)


def test_trap_4_an_account_that_was_closed_decides_nothing(partnership: Any, officer: Any) -> None:
    task = begun(partnership)
    tasks.claim(task, officer)
    officer.is_active = False
    officer.save()
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=officer, act=nothing)


# --- 5: revive drops the permission -------------------------------------------------------------


def test_trap_5_a_revived_task_keeps_permission_and_organisation(
    partnership: Any, officer: Any
) -> None:
    task = begun(partnership, headline="A box")
    with task.activation() as activation:
        activation.cancel()
        revived = activation.revive()
    revived = Task.objects.get(pk=revived.pk)
    for name in ("owner_permission", "organisation", "title", "reference", "headline", "due_at"):
        assert getattr(revived, name) == getattr(task, name), name
    assert revived.owner_permission == "pack_parcel"
    with pytest.raises(NotPermitted):
        tasks.claim(revived, make.UserFactory())
    tasks.claim(revived, officer)


# --- 6: cancelling a task leaves its timer armed ------------------------------------------------


def armed(subject: Parcel) -> int:
    return Task.objects.filter(
        process__subject_id=subject.pk, flow_task_type=states.TIMER, status=states.SCHEDULED
    ).count()


def test_trap_6_a_cancelled_task_disarms_its_timer(partnership: Any) -> None:
    subject = parcel(partnership)
    ReminderFlow.begin(subject)
    assert armed(subject) == 1
    with tasks.find(subject, ReminderFlow, "pack").activation() as activation:
        activation.cancel()
    assert armed(subject) == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert timers.sweep().fired == 0
    subject.refresh_from_db()
    assert subject.note == ""


def test_trap_6_so_does_a_finished_one_and_a_cancelled_process(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership)
    ReminderFlow.begin(subject)
    tasks.perform(tasks.find(subject, ReminderFlow, "pack"), by=officer, act=nothing)
    assert armed(subject) == 0

    other = parcel(partnership)
    ReminderFlow.begin(other)
    assert tasks.cancel_process(other, ReminderFlow, officer, "not wanted")
    assert armed(other) == 0


def test_trap_6_an_undisturbed_timer_fires_beside_its_task(partnership: Any) -> None:
    subject = parcel(partnership)
    ReminderFlow.begin(subject)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert timers.sweep().fired == 1
    subject.refresh_from_db()
    assert subject.note == "reminded"
    assert tasks.open_tasks(subject).count() == 1


# --- 7: without a lock, two branches that meet leave the process stuck --------------------------


def test_trap_7_every_flow_has_our_lock_and_none_may_drop_it() -> None:
    assert flows.all_flows()
    for flow in flows.all_flows():
        assert isinstance(flow.lock_impl, locks.ProcessLock), flow.__name__
    for lock in (stock_lock.no_lock, stock_lock.select_for_update_lock):
        with pytest.raises(ImproperlyConfigured, match="lock"):
            type(
                "LooseFlow",
                (flows.ProcessFlow,),
                {
                    "__module__": "tests.engine_flows.flows",
                    "start": nodes.StartHandle().Next(this.end),
                    "end": nodes.End(),
                    "lock_impl": lock,
                },
            )


@pytest.mark.django_db(transaction=True)
def test_trap_7_two_last_votes_at_once_never_leave_the_process_stuck() -> None:
    partnership = make.PartnershipFactory()
    officer = make.member("officer", partnership)
    members = [make.member("panel_member", partnership) for _ in range(2)]
    for _ in range(8):
        subject = parcel(partnership, is_fragile=True, send_at=timezone.now() + timedelta(days=1))
        ParcelFlow.begin(subject)
        tasks.perform(tasks.find(subject, ParcelFlow, "pack"), by=officer, act=nothing)
        votes = [tasks.find(subject, ParcelFlow, "vote", owner=member) for member in members]

        results = at_once(
            *(
                lambda task=task, member=member: tasks.perform(task, by=member, act=nothing)
                for task, member in zip(votes, members, strict=True)
            )
        )

        assert results == [None, None]
        subject.refresh_from_db()
        assert subject.status == "labelled"
        assert (
            Task.objects.filter(process__subject_id=subject.pk, status=states.SCHEDULED).count()
            == 1
        ), "the process went on, and went on once"


@pytest.mark.django_db(transaction=True)
def test_trap_7_two_people_at_one_task_succeed_once() -> None:
    partnership = make.PartnershipFactory()
    people = [make.member("officer", partnership) for _ in range(2)]
    for _ in range(8):
        task = begun(partnership, send_at=timezone.now() + timedelta(days=1))
        results = at_once(*(functools.partial(pack_slowly, task.pk, person) for person in people))
        assert results.count("packed") == 1
        refusal = next(result for result in results if result != "packed")
        assert isinstance(refusal, AlreadyDone)


def pack_slowly(pk: int, person: Any) -> str:
    """Do the task in 50 milliseconds, so that the other one arrives meanwhile."""

    def act() -> str:
        time.sleep(0.05)
        return "packed"

    return tasks.perform(Task.objects.get(pk=pk), by=person, act=act)
