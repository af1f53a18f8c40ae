"""Two things at the same moment, on real connections: one offer, and no placement left waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from permissions.roles import Role
from tests.factories import ProviderFactory, member
from tests.factories.agreements import countersign
from tests.factories.cases import Area, make_case
from tests.factories.placements import agreement_of, list_provider, ready
from workflows.agreements import actions as agreements
from workflows.agreements import queries as agreement_queries
from workflows.cases.states import Stage
from workflows.engine import states, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Task
from workflows.placements import actions, queries
from workflows.placements.flows import PlacementFlow
from workflows.placements.models import Allocation, Offer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[BaseException | None]:
    """Run the acts on a connection each, all let go at the same moment; return what each raised."""
    gate = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=30)
            act()
        except Exception as error:  # noqa: BLE001  (whatever it was is the test's finding)
            raised[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return raised


def begin(area: Area) -> Allocation:
    allocation = actions.open_allocation(case=make_case(area, Stage.ACCEPTED), by=None)
    PlacementFlow.begin(allocation)
    return allocation


def offer(area: Area, allocation: Allocation, officer: Any, provider: Any) -> Offer:
    return tasks.perform(
        tasks.find(allocation, PlacementFlow, "allocate"),
        by=officer,
        act=lambda: actions.make_offer(
            allocation=allocation,
            provider=provider,
            hours_per_week=Decimal(5),
            starts_date=timezone.localdate(),
            by=officer,
        ),
    )


@pytest.mark.parametrize("round_number", range(3))
def test_two_officers_who_allocate_a_case_at_once_make_one_offer(round_number: int) -> None:
    area = ready()
    second = list_provider(area, ProviderFactory())
    officers = [member(Role.OFFICER, area.partnership) for _ in range(2)]
    allocation = begin(area)
    raised = at_once(
        lambda: offer(area, allocation, officers[0], area.provider),
        lambda: offer(area, allocation, officers[1], second),
    )
    assert Offer.objects.count() == 1
    losers = [error for error in raised if error is not None]
    assert len(losers) == 1
    assert isinstance(losers[0], NotAllowed)
    assert tasks.open_tasks(allocation, "answer_offer", PlacementFlow).count() == 1
    assert allocation.case.participations.filter(kind="provider").count() == 1


def test_two_officers_past_the_task_still_make_one_offer() -> None:
    """The action alone, without the process's lock, keeps the same promise."""
    area = ready()
    second = list_provider(area, ProviderFactory())
    officer = area.person(Role.OFFICER)
    allocation = begin(area)

    def act(provider: Any) -> Offer:
        return actions.make_offer(
            allocation=Allocation.objects.get(pk=allocation.pk),
            provider=provider,
            hours_per_week=Decimal(5),
            starts_date=timezone.localdate(),
            by=officer,
        )

    raised = at_once(lambda: act(area.provider), lambda: act(second))
    assert Offer.objects.count() == 1
    assert [type(error) for error in raised if error] == [NotAllowed]


def take_place(area: Area, allocation: Allocation) -> None:
    person = area.person(Role.SIGNATORY)
    offered = queries.latest_offer(allocation)
    assert offered is not None
    tasks.perform(
        tasks.find(allocation, PlacementFlow, "answer_offer"),
        by=person,
        act=lambda: actions.accept_offer(offer=offered, by=person),
    )


def sign(area: Area, signatory: Any) -> None:
    version = agreement_queries.version_in_force(agreement_of(area))
    assert version is not None
    agreements.accept(
        version=version,
        organisation=area.provider,
        by=signatory,
        name="Sam",
        position="Head of centre",
        authority="Director",
        confirmed=True,
    )


def open_nodes(allocation: Allocation) -> list[str]:
    return [
        task.flow_task.name
        for task in Task.objects.filter(
            process=PlacementFlow.running(allocation), status__in=states.UNFINISHED
        )
    ]


@pytest.mark.parametrize("round_number", range(4))
def test_an_acceptance_at_the_moment_the_wait_begins_is_not_missed(round_number: int) -> None:
    area = ready()
    signatory = area.person(Role.SIGNATORY)
    countersign(agreement_of(area))
    agreements.add_party(agreement=agreement_of(area), organisation=area.provider, by=None)
    allocation = begin(area)
    offer(area, allocation, area.person(Role.OFFICER), area.provider)
    raised = at_once(lambda: take_place(area, allocation), lambda: sign(area, signatory))
    # Signing may be told that the placement's process is busy: it is done again, as a person would.
    if raised[1] is not None:
        assert isinstance(raised[1], NotAllowed)
        sign(area, signatory)
    assert raised[0] is None
    assert open_nodes(allocation) == ["start_placement"]


def test_an_acceptance_written_but_not_committed_holds_the_question_back() -> None:
    """The worst order: the acceptance looks for a waiting placement before there is one."""
    area = ready()
    signatory = area.person(Role.SIGNATORY)
    countersign(agreement_of(area))
    agreements.add_party(agreement=agreement_of(area), organisation=area.provider, by=None)
    allocation = begin(area)
    offer(area, allocation, area.person(Role.OFFICER), area.provider)
    signed, go_on = threading.Event(), threading.Event()

    def slow_signature() -> None:
        with transaction.atomic():
            sign(area, signatory)
            signed.set()
            go_on.wait(timeout=30)

    def answer() -> None:
        signed.wait(timeout=30)
        threading.Timer(0.3, go_on.set).start()
        take_place(area, allocation)

    assert at_once(slow_signature, answer) == [None, None]
    assert open_nodes(allocation) == ["start_placement"]
    assert connection.vendor == "postgresql"
