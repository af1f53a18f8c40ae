"""Agreements in force, offers and placements in every status, reached by the real actions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from permissions.models import Organisation
from permissions.roles import Role
from tests.factories import agreements
from tests.factories.cases import Area, make_case
from workflows.agreements import queries
from workflows.agreements.models import Acceptance, Agreement
from workflows.cases.models import Case
from workflows.cases.states import Stage
from workflows.placements import actions
from workflows.placements import queries as placement_queries
from workflows.placements.models import Allocation, Offer, Placement
from workflows.placements.states import AllocationStatus, OfferStatus, PlacementStatus
from workflows.providers import actions as providers
from workflows.providers import queries as provider_queries


def ready(area: Area | None = None, terms: dict[str, str] | None = None) -> Area:
    """An area whose partnership has an agreement in force and lists the area's provider."""
    area = area or Area()
    if queries.agreement_for(area.partnership) is None:
        agreements.make_agreement(area.partnership, terms=terms)
    if not provider_queries.is_listed(area.provider, area.partnership):
        list_provider(area, area.provider)
    return area


def list_provider(area: Area, provider: Organisation) -> Organisation:
    """A provider that is in the area's directory from now on."""
    providers.list_provider(provider=provider, partnership=area.partnership, places=10, by=None)
    return provider


def agreement_of(area: Area) -> Agreement:
    """The agreement that the area's partnership works by."""
    agreement = queries.agreement_for(area.partnership)
    assert agreement is not None
    return agreement


def accept_agreement(
    area: Area, provider: Organisation | None = None, *, case: Case | None = None
) -> Acceptance:
    """The acceptance of the version in force by the provider's signatory, as the task is done."""
    provider = provider or area.provider
    return agreements.accept(
        agreement_of(area), provider, area.person(Role.SIGNATORY, provider), case=case
    )


def make_allocation(
    area: Area | None = None, status: AllocationStatus = AllocationStatus.OPEN, **pupil: Any
) -> Allocation:
    """The search for a provider, in a status."""
    area = ready(area)
    if status == AllocationStatus.OPEN:
        case = make_case(area, Stage.ACCEPTED, **pupil)
        return actions.open_allocation(case=case, by=None)
    if status == AllocationStatus.OFFERED:
        return make_offer(area, **pupil).allocation
    ended = status == AllocationStatus.ENDED
    wanted = PlacementStatus.ENDED if ended else PlacementStatus.AGREED
    placement = make_placement(area, wanted, **pupil)
    return Allocation.objects.get(pk=placement.offer.allocation_id)


def make_offer(
    area: Area | None = None, status: OfferStatus = OfferStatus.MADE, **pupil: Any
) -> Offer:
    """An offer of 5 hours a week from today, in a status."""
    area = ready(area)
    allocation = make_allocation(area, **pupil)
    officer = area.person(Role.OFFICER)
    signatory = area.person(Role.SIGNATORY)
    offer = actions.make_offer(
        allocation=allocation,
        provider=area.provider,
        hours_per_week=Decimal(5),
        starts_date=timezone.localdate(),
        by=officer,
    )
    if status == OfferStatus.ACCEPTED:
        shown = placement_queries.implied_version(area.partnership)
        actions.accept_offer(offer=offer, by=signatory, sha256=shown.sha256 if shown else None)
    if status == OfferStatus.DECLINED:
        actions.decline_offer(offer=offer, reasons="No tutor is free.", by=signatory)
    if status == OfferStatus.WITHDRAWN:
        actions.withdraw_offer(offer=offer, reasons="The pupil has moved.", by=officer)
    return Offer.objects.get(pk=offer.pk)


def make_placement(
    area: Area | None = None,
    status: PlacementStatus = PlacementStatus.AGREED,
    *,
    accepted: bool = True,
    started_date: datetime.date | None = None,
    **pupil: Any,
) -> Placement:
    """A placement in a status; its provider has accepted the agreement unless told otherwise."""
    area = ready(area)
    offer = make_offer(area, OfferStatus.ACCEPTED, **pupil)
    placement = Placement.objects.get(offer=offer)
    if accepted and queries.why_no_new_placement(
        placement.agreement, area.provider, case=placement.case
    ):
        case = placement.case if placement.agreement.is_accepted_by_case else None
        accept_agreement(area, case=case)
    officer = area.person(Role.OFFICER)
    if status in (PlacementStatus.STARTED, PlacementStatus.ENDED):
        actions.start_placement(placement=placement, starts_date=started_date, by=officer)
    if status == PlacementStatus.ENDED:
        actions.end_placement(placement=placement, ended_date=timezone.localdate(), by=officer)
    return Placement.objects.get(pk=placement.pk)
