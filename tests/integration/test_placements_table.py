"""Every role tries every action of offers and placements in every status."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from permissions.models import User
from permissions.roles import OrganisationKind
from tests import tables
from tests.factories.cases import Area
from tests.factories.placements import make_allocation, make_offer, make_placement
from workflows.placements import actions, grants, states
from workflows.placements.models import Allocation
from workflows.placements.states import AllocationStatus, OfferStatus, PlacementStatus

pytestmark = pytest.mark.django_db

PARTNERSHIP = OrganisationKind.PARTNERSHIP
PROVIDER = OrganisationKind.PROVIDER
KINDS = {
    "make_offer": PARTNERSHIP,
    "withdraw_offer": PARTNERSHIP,
    "accept_offer": PROVIDER,
    "decline_offer": PROVIDER,
    "start_placement": PARTNERSHIP,
    "end_placement": PARTNERSHIP,
}


def offer(allocation: Allocation, by: User) -> Any:
    listed = allocation.case.partnership.directory.get()
    return actions.make_offer(
        allocation=allocation,
        provider=listed.provider,
        hours_per_week=Decimal(5),
        starts_date=timezone.localdate(),
        by=by,
    )


ALLOCATIONS = {"make_offer": offer}
OFFERS = {
    "accept_offer": lambda offer, by: actions.accept_offer(offer=offer, by=by),
    "decline_offer": lambda offer, by: actions.decline_offer(offer=offer, reasons="Full", by=by),
    "withdraw_offer": lambda offer, by: actions.withdraw_offer(offer=offer, reasons="Moved", by=by),
}
PLACEMENTS = {
    "start_placement": lambda placement, by: actions.start_placement(placement=placement, by=by),
    "end_placement": lambda placement, by: actions.end_placement(
        placement=placement, ended_date=timezone.localdate(), by=by
    ),
    "withdraw_offer": lambda placement, by: actions.withdraw_offer(
        offer=placement.offer, reasons="Moved", by=by
    ),
}


def table(acts: Any, transitions: Any) -> tables.Table:
    return tables.Table(
        permissions=grants.ACTION_PERMISSIONS,
        possible_from=tables.possible_from(transitions),
        kinds=KINDS,
        acts=acts,
    )


@pytest.mark.parametrize("status", AllocationStatus)
def test_allocations(status: AllocationStatus) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    allocation = make_allocation(area, status)
    assert allocation.status == status
    cells = table(ALLOCATIONS, states.ALLOCATION_TRANSITIONS)
    assert cells.mismatches(allocation, status, people) == []


@pytest.mark.parametrize("status", OfferStatus)
def test_offers(status: OfferStatus) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    made = make_offer(area, status)
    assert made.status == status
    assert table(OFFERS, states.OFFER_TRANSITIONS).mismatches(made, status, people) == []


@pytest.mark.parametrize("status", PlacementStatus)
def test_placements(status: PlacementStatus) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    placement = make_placement(area, status)
    assert placement.status == status
    assert table(PLACEMENTS, states.TRANSITIONS).mismatches(placement, status, people) == []


def test_the_tables_are_whole() -> None:
    tables.check_grants(
        {**ALLOCATIONS, **OFFERS, **PLACEMENTS}, grants.ACTION_PERMISSIONS, states.OWNERS
    )
    for owners, statuses in (
        (states.ALLOCATION_OWNERS, AllocationStatus),
        (states.OFFER_OWNERS, OfferStatus),
        (states.OWNERS, PlacementStatus),
    ):
        assert set(owners) == set(statuses)
        assert all(owners.values())
