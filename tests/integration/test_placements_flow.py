"""The way of a placement along every path, each task found by its node."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from permissions.models import User
from permissions.roles import Role
from tests.factories import ProviderFactory, agreements
from tests.factories.cases import Area, make_case
from tests.factories.placements import accept_agreement, agreement_of, list_provider, ready
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import AcceptanceRequest
from workflows.calendar import queries as calendar
from workflows.cases.states import Stage
from workflows.engine import states, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Process, Task
from workflows.placements import actions, queries
from workflows.placements.flows import PlacementFlow
from workflows.placements.models import Allocation, Placement
from workflows.placements.states import PlacementStatus
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return ready()


def begin(area: Area) -> Allocation:
    allocation = actions.open_allocation(case=make_case(area, Stage.ACCEPTED), by=None)
    PlacementFlow.begin(allocation)
    return allocation


def open_nodes(allocation: Allocation) -> list[str]:
    return sorted(
        task.flow_task.name
        for task in Task.objects.filter(
            process=PlacementFlow.running(allocation), status__in=states.UNFINISHED
        )
    )


def allocate(area: Area, allocation: Allocation, **changes: Any) -> Task:
    task = tasks.find(allocation, PlacementFlow, "allocate")
    officer = area.person(Role.OFFICER)
    terms = {
        "allocation": allocation,
        "provider": area.provider,
        "hours_per_week": Decimal("5"),
        "starts_date": timezone.localdate() + datetime.timedelta(days=7),
        "by": officer,
        **changes,
    }
    tasks.perform(task, by=officer, act=lambda: actions.make_offer(**terms))
    return task


def answer(area: Area, allocation: Allocation, *, accept: bool, by: User | None = None) -> None:
    task = tasks.find(allocation, PlacementFlow, "answer_offer")
    offer = queries.latest_offer(allocation)
    assert offer is not None
    person = by or area.person(Role.SIGNATORY, offer.provider)

    def act() -> Any:
        if accept:
            return actions.accept_offer(offer=offer, by=person)
        return actions.decline_offer(offer=offer, reasons="No tutor is free.", by=person)

    tasks.perform(task, by=person, act=act)


def start(area: Area, allocation: Allocation) -> Placement:
    task = tasks.find(allocation, PlacementFlow, "start_placement")
    placement = queries.agreed_placement(allocation)
    assert placement is not None
    officer = area.person(Role.OFFICER)
    return tasks.perform(
        task, by=officer, act=lambda: actions.start_placement(placement=placement, by=officer)
    )


def test_a_provider_that_has_accepted_the_agreement_goes_straight_to_the_start(area: Area) -> None:
    accept_agreement(area)
    allocation = begin(area)
    assert open_nodes(allocation) == ["allocate"]
    allocate(area, allocation)
    assert open_nodes(allocation) == ["answer_offer"]
    answer(area, allocation, accept=True)
    assert open_nodes(allocation) == ["start_placement"]
    placement = start(area, allocation)
    assert PlacementFlow.running(allocation) is None
    assert placement.status == PlacementStatus.STARTED
    review = Review.objects.get(placement=placement)
    assert ReviewFlow.running(review) is not None


def test_a_provider_that_has_not_is_asked_and_the_placement_waits_until_it_accepts(
    area: Area,
) -> None:
    allocation = begin(area)
    allocate(area, allocation)
    answer(area, allocation, accept=True)
    assert open_nodes(allocation) == ["await_acceptance"]
    request = AcceptanceRequest.objects.get(organisation=area.provider)
    assert tasks.find(request, AcceptanceFlow, "accept").reference == allocation.case.reference
    allocation.case.refresh_from_db()
    assert allocation.case.stage == Stage.AWAITING_ACCEPTANCE
    sign(area, request)
    # Both sides sign: the provider alone is not enough.
    assert open_nodes(allocation) == ["await_acceptance"]
    countersign(area)
    assert open_nodes(allocation) == ["start_placement"]
    start(area, allocation)


def sign(area: Area, request: AcceptanceRequest) -> None:
    agreements.do_request(request, area.person(Role.SIGNATORY, request.organisation))


def countersign(area: Area) -> None:
    request = AcceptanceRequest.objects.get(organisation=area.partnership, status="requested")
    agreements.do_request(request, area.person(Role.OFFICER))


def test_a_declined_offer_comes_back_to_the_officer_for_another_provider(area: Area) -> None:
    allocation = begin(area)
    allocate(area, allocation)
    answer(area, allocation, accept=False)
    assert open_nodes(allocation) == ["allocate"]
    second = list_provider(area, ProviderFactory())
    allocate(area, allocation, provider=second)
    task = tasks.find(allocation, PlacementFlow, "answer_offer")
    assert task.organisation == second
    answer(area, allocation, accept=True)
    assert queries.agreed_placement(allocation).provider == second


@pytest.mark.parametrize("answered", [False, True])
def test_a_withdrawn_offer_takes_the_providers_task_away_and_opens_a_new_search(
    area: Area, answered: bool
) -> None:
    allocation = begin(area)
    allocate(area, allocation)
    if answered:
        answer(area, allocation, accept=True)
    actions.withdraw_offer(
        offer=queries.latest_offer(allocation),
        reasons="A nearer place is free.",
        by=area.person(Role.OFFICER),
    )
    assert open_nodes(allocation) == ["allocate"]
    assert not tasks.open_tasks(allocation, "answer_offer", PlacementFlow).exists()
    allocate(area, allocation)
    assert open_nodes(allocation) == ["answer_offer"]


def test_a_material_version_published_before_the_start_makes_the_officer_wait(area: Area) -> None:
    accept_agreement(area)
    allocation = begin(area)
    allocate(area, allocation)
    answer(area, allocation, accept=True)
    agreements.publish(
        agreement_of(area), agreements.text(wording="Another promise", terms=agreements.NO_GRACE)
    )
    with pytest.raises(NotAllowed, match="has not accepted version 2"):
        start(area, allocation)
    assert open_nodes(allocation) == ["start_placement"]
    sign(area, AcceptanceRequest.objects.get(organisation=area.provider, status="requested"))
    with pytest.raises(NotAllowed, match="has not signed version 2"):
        start(area, allocation)
    countersign(area)
    assert start(area, allocation).status == PlacementStatus.STARTED


def test_a_material_version_published_while_waiting_asks_for_that_one(area: Area) -> None:
    allocation = begin(area)
    allocate(area, allocation)
    answer(area, allocation, accept=True)
    agreements.publish(agreement_of(area), agreements.text(wording="Another promise"))
    request = AcceptanceRequest.objects.get(organisation=area.provider, status="requested")
    assert request.version.number == 2
    assert open_nodes(allocation) == ["await_acceptance"]
    sign(area, request)
    countersign(area)
    assert open_nodes(allocation) == ["start_placement"]


def test_tasks_are_due_by_the_agreements_terms_and_else_by_the_partnerships_timings() -> None:
    area = ready(terms={"answer_offer_within": "3"})
    allocation = begin(area)
    today = timezone.localdate()

    def working_days(number: int) -> datetime.datetime:
        return calendar.at_end_of_day(calendar.add_working_days(today, number, area.partnership))

    assert tasks.find(allocation, PlacementFlow, "allocate").due_at == working_days(5)
    allocate(area, allocation)
    assert tasks.find(allocation, PlacementFlow, "answer_offer").due_at == working_days(3)


def test_an_offer_obeys_the_number_agreed_with_its_provider_alone() -> None:
    area = ready(terms={"answer_offer_within": "3"})
    allocation = begin(area)
    accept_agreement(area)
    agreements.vary(
        agreement_of(area), area.provider, 101, values={"answer_offer_within": Decimal(7)}
    )
    allocate(area, allocation)
    due = calendar.add_working_days(timezone.localdate(), 7, area.partnership)
    task = tasks.find(allocation, PlacementFlow, "answer_offer")
    assert task.due_at == calendar.at_end_of_day(due)


def test_the_inbox_names_the_pupil_and_the_reference(area: Area) -> None:
    task = tasks.find(begin(area), PlacementFlow, "allocate")
    allocation = task.process.subject
    assert task.reference == allocation.case.reference
    assert task.headline == allocation.case.pupil.full_name
    assert task.process.organisation == area.partnership


def test_each_step_asks_for_its_own_permission(area: Area) -> None:
    allocation = begin(area)
    expected = {
        "allocate": ("allocate_case", area.partnership),
        "answer_offer": ("answer_offer", area.provider),
        "start_placement": ("start_placement", area.partnership),
    }
    accept_agreement(area)
    for node, move in (
        ("allocate", lambda: allocate(area, allocation)),
        ("answer_offer", lambda: answer(area, allocation, accept=True)),
        ("start_placement", lambda: start(area, allocation)),
    ):
        task = tasks.find(allocation, PlacementFlow, node)
        assert (task.owner_permission, task.organisation) == expected[node]
        move()
    assert Process.objects.filter(flow_class=PlacementFlow, status=states.DONE).count() == 1
