"""What the engine's library does otherwise, continued: traps 8 to 14, and its own nodes."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import conditional_escape
from viewflow.workflow import nodes as stock_nodes
from viewflow.workflow.flow import nodes as stock_flow_nodes

from permissions.exceptions import NotPermitted
from tests.engine_flows import views
from tests.engine_flows.flows import ParcelFlow, ReminderFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import at_once, nothing, parcel
from workflows.engine import flows, nodes, queries, states, tasks, timers
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
