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
from django.utils.html import conditional_escape
from viewflow.workflow import lock as stock_lock
from viewflow.workflow import nodes as stock_nodes
from viewflow.workflow.flow import nodes as stock_flow_nodes

from permissions import actions as memberships
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from tests.engine_flows import views
from tests.engine_flows.flows import ParcelFlow, ReminderFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import at_once, nothing, parcel
from workflows.engine import flows, locks, nodes, queries, states, tasks, timers
from workflows.engine.exceptions import AlreadyDone, Busy, NotAllowed
from workflows.engine.models import Process, Task
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
    assert len(many) == len(few) <= 4


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


# --- 8: a contended request blocks for seconds and ends in a 500 --------------------------------


@pytest.mark.django_db(transaction=True)
def test_trap_8_a_contended_step_is_answered_at_once_with_409() -> None:
    partnership = make.PartnershipFactory()
    officer = make.member("officer", partnership)
    task = begun(partnership)
    client = signed_in(officer)

    def hold() -> None:
        with transaction.atomic():
            Process.objects.select_for_update().get(pk=task.process_id)
            time.sleep(2)

    def press() -> tuple[int, str, float]:
        time.sleep(0.3)
        began = time.monotonic()
        response = client.post(f"/tasks/{task.pk}/claim/")
        return response.status_code, response.content.decode(), time.monotonic() - began

    _, (status, page, seconds) = at_once(hold, press)
    assert status == 409
    assert "Somebody else is working on this at the moment" in page
    assert seconds < 1.2
    task.refresh_from_db()
    assert task.owner is None


@pytest.mark.django_db(transaction=True)
def test_trap_8_a_refused_lock_does_not_spoil_the_outer_transaction() -> None:
    partnership = make.PartnershipFactory()
    officer = make.member("officer", partnership)
    task = begun(partnership)

    def hold() -> None:
        with transaction.atomic():
            Process.objects.select_for_update().get(pk=task.process_id)
            time.sleep(1.5)

    def press() -> int:
        time.sleep(0.3)
        with transaction.atomic():
            with pytest.raises(Busy):
                tasks.claim(task, officer)
            return Parcel.objects.count()

    assert at_once(hold, press) == [None, 1]


# --- 9: a subclass of a flow with timers arms them in the parent --------------------------------


def test_trap_9_a_flow_with_nodes_cannot_be_inherited_from() -> None:
    with pytest.raises(ImproperlyConfigured, match="may not inherit"):
        type("HeirFlow", (ReminderFlow,), {"__module__": "tests.engine_flows.flows"})


# --- 10: a removed node breaks lists, a renamed flow loses its processes ------------------------


def test_trap_10_a_task_of_a_removed_node_breaks_no_page(partnership: Any, officer: Any) -> None:
    task = begun(partnership)
    Task.objects.filter(pk=task.pk).update(flow_task="engine_flows/flows.ParcelFlow.gone")
    client = signed_in(officer)
    page = client.get("/tasks/?view=unclaimed")
    assert page.status_code == 200
    assert "Pack the parcel" in page.content.decode()
    page = client.get(f"/tasks/{task.pk}/")
    assert page.status_code == 409
    assert "no longer part of the process" in page.content.decode()
    assert client.post(f"/tasks/{task.pk}/claim/").status_code == 409
    assert queries.lost_references() == ["engine_flows/flows.ParcelFlow.gone"]


def test_trap_10_a_task_of_a_renamed_flow_is_found(partnership: Any, officer: Any) -> None:
    task = begun(partnership)
    Task.objects.filter(pk=task.pk).update(flow_task="engine_flows/flows.OldFlow.pack")
    Process.objects.filter(pk=task.process_id).update(flow_class="engine_flows/flows.OldFlow")
    assert signed_in(officer).get("/tasks/?view=unclaimed").status_code == 200
    assert signed_in(officer).get(f"/tasks/{task.pk}/").status_code == 409
    assert queries.lost_references() == [
        "engine_flows/flows.OldFlow",
        "engine_flows/flows.OldFlow.pack",
    ]


def test_trap_10_every_reference_that_processes_store_resolves(
    partnership: Any, officer: Any
) -> None:
    make.member("panel_member", partnership)
    task = begun(partnership, is_fragile=True)
    tasks.perform(task, by=officer, act=nothing)
    assert Task.objects.count() >= 4
    assert queries.lost_references() == []


# --- 11: a failure in the background keeps local variables --------------------------------------


def failed(partnership: Any, officer: Any) -> Task:
    """Return a background step that has failed on something with a child's name in it."""
    task = begun(partnership, has_arrived=True)
    tasks.perform(task, by=officer, act=nothing)
    Parcel.objects.filter(pk=task.process.subject_id).update(note="lose")
    timers.sweep()
    return Task.objects.get(process=task.process, status=states.ERROR)


def test_trap_11_a_failure_in_the_background_keeps_and_logs_no_personal_data(
    partnership: Any, officer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = failed(partnership, officer)
    assert broken.data["failure"]["class"] == "ValueError"
    assert broken.data["failure"]["place"].startswith("tests.engine_flows.flows.hand_over, line ")
    assert set(broken.data) == {"failure"}
    assert "Robin" not in str(broken.data)
    assert "Robin" not in caplog.text
    assert "ValueError" in caplog.text


# --- 12: a process can be done with a failed branch ---------------------------------------------


def test_trap_12_a_process_with_a_failed_branch_is_not_done_until_it_is_retried(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership, note="jam")
    ReminderFlow.begin(subject)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        timers.sweep()
    tasks.perform(tasks.find(subject, ReminderFlow, "pack"), by=officer, act=nothing)
    process = Process.objects.get(subject_id=subject.pk)
    assert process.status == states.NEW
    assert process.finished is None

    administrator = make.member("administrator", partnership)
    outsider = make.member("administrator", make.PartnershipFactory())
    (broken,) = queries.failed_tasks(administrator)
    assert not queries.failed_tasks(outsider).exists()
    with pytest.raises(NotPermitted):
        tasks.retry(broken, officer)

    again = tasks.retry(broken, administrator)
    assert again.status == states.ERROR, "the reason is still there"
    assert list(queries.failed_tasks(administrator)) == [again]
    with pytest.raises(AlreadyDone):
        tasks.retry(broken, administrator)

    Parcel.objects.filter(pk=subject.pk).update(note="")
    assert tasks.retry(again, administrator).status == states.DONE
    assert not queries.failed_tasks(administrator).exists()
    process.refresh_from_db()
    assert process.status == states.DONE


# --- 13: brief is marked safe -------------------------------------------------------------------


def test_trap_13_what_people_typed_is_never_marked_safe(partnership: Any, officer: Any) -> None:
    nasty = "<script>alert(1)</script>{% load x %}{{ 1 }}"
    task = begun(partnership, headline=nasty, reference="<b>P</b>")
    Task.objects.filter(pk=task.pk).update(title=nasty[:60])
    task.refresh_from_db()
    assert "<" not in conditional_escape(task.brief)
    assert "<" not in conditional_escape(task.process.brief)
    client = signed_in(officer)
    for address in ("/tasks/?view=unclaimed", f"/tasks/{task.pk}/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>P</b>" not in page
        assert "&lt;script&gt;alert(1)" in page


# --- 14: a transition's permission is a query, not a gate ---------------------------------------


def test_trap_14_the_transitions_themselves_ask(partnership: Any, officer: Any) -> None:
    task = begun(partnership)
    stranger = make.UserFactory()
    with task.activation() as activation:
        assert not activation.assign.has_perm(stranger)
        with pytest.raises(NotPermitted):
            activation.assign(stranger)
        activation.assign(officer)
        with pytest.raises(NotPermitted):
            activation.reassign(stranger)
        with pytest.raises(NotPermitted):
            activation.start(stranger)
        assert not activation.flow_task.can_execute(stranger, activation.task)
        assert activation.flow_task.can_execute(officer, activation.task)
    with pytest.raises(NotAllowed):
        tasks.reassign(task, stranger, officer)


# --- Stock nodes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "node",
    [
        stock_flow_nodes.View(views.Pack).Next(this.end),
        stock_nodes.View(views.Pack).Next(this.end),
        stock_nodes.Function(nothing).Next(this.end),
        stock_nodes.Handle().Next(this.end),
        stock_nodes.Timer(timedelta(1)).Next(this.end),
    ],
)
def test_no_flow_may_use_a_node_of_the_library(node: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="node of the library"):
        type(
            "StockFlow",
            (flows.ProcessFlow,),
            {
                "__module__": "tests.engine_flows.flows",
                "start": nodes.StartHandle().Next(this.step),
                "step": node,
                "end": nodes.End(),
            },
        )


def test_every_node_of_every_flow_is_ours() -> None:
    for flow in flows.all_flows():
        for node in flow.instance.nodes():
            assert isinstance(node, nodes.OurNode), f"{flow.__name__}.{node.name}"
            for refused in (node.OnError, node.OnEscalation, node.CompensateWith):
                with pytest.raises(ImproperlyConfigured):
                    refused(None)
