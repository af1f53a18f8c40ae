"""Offers and placements through their actions: what each changes, and what refuses it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from permissions.roles import Role
from tests.factories import ProviderFactory, agreements
from tests.factories.cases import Area, make_case
from tests.factories.placements import (
    accept_agreement,
    agreement_of,
    list_provider,
    make_allocation,
    make_offer,
    make_placement,
    ready,
)
from workflows.agreements.models import AcceptanceRequest
from workflows.cases.models import Case
from workflows.cases.states import Stage
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.placements import actions
from workflows.placements.models import Allocation, Offer, Placement
from workflows.placements.states import AllocationStatus, OfferStatus, PlacementStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return ready(terms={"weekly_hours_at_most": "5", "review_every": "12"})


def offer_of(area: Area, allocation: Allocation, **changes: Any) -> Offer:
    return actions.make_offer(
        **{
            "allocation": allocation,
            "provider": area.provider,
            "hours_per_week": Decimal("5"),
            "starts_date": timezone.localdate() + datetime.timedelta(days=7),
            "by": area.person(Role.OFFICER),
            **changes,
        }
    )


def test_an_offer_lets_the_provider_into_the_case(area: Area) -> None:
    allocation = make_allocation(area)
    signatory = area.person(Role.SIGNATORY)
    assert not Case.objects.visible_to(signatory).exists()
    offer = offer_of(area, allocation)
    assert Case.objects.visible_to(signatory).get() == allocation.case
    assert offer.status == OfferStatus.MADE
    assert Allocation.objects.get().status == AllocationStatus.OFFERED
    assert Case.objects.get().stage == Stage.OFFERED
    assert Event.objects.filter(kind="offer_made", by=area.person(Role.OFFICER)).count() == 1


def test_an_offer_may_have_the_hours_agreed_with_its_provider_alone(area: Area) -> None:
    accept_agreement(area)
    clause = 101  # the first of the numbers
    agreements.vary(
        agreement_of(area), area.provider, clause, values={"weekly_hours_at_most": Decimal(8)}
    )
    other = list_provider(area, ProviderFactory())
    allocation = make_allocation(area)
    with pytest.raises(NotAllowed, match="up to 5 hours"):
        offer_of(area, allocation, provider=other, hours_per_week=Decimal(8))
    assert offer_of(area, allocation, hours_per_week=Decimal(8)).hours_per_week == 8


@pytest.mark.parametrize(("grace", "hours"), [(None, 4), ("10", 5)])
def test_an_offer_has_the_hours_its_provider_accepted_only_while_they_bind(
    area: Area, grace: str | None, hours: int
) -> None:
    accept_agreement(area)
    allocation = make_allocation(area)
    fewer = {"weekly_hours_at_most": "4", **({"acceptance_grace": grace} if grace else {})}
    agreements.publish(agreement_of(area), agreements.text(terms=fewer))
    with pytest.raises(NotAllowed, match=f"up to {hours} hours"):
        offer_of(area, allocation, hours_per_week=Decimal(6))
    assert offer_of(area, allocation, hours_per_week=Decimal(hours)).hours_per_week == hours


def test_only_a_provider_in_the_partnerships_directory_gets_an_offer(area: Area) -> None:
    allocation = make_allocation(area)
    other = ProviderFactory()
    with pytest.raises(NotAllowed, match="not in your directory"):
        offer_of(area, allocation, provider=other)
    list_provider(area, other)
    assert offer_of(area, allocation, provider=other).provider == other


def test_the_hours_stay_within_the_agreements_term(area: Area) -> None:
    allocation = make_allocation(area)
    with pytest.raises(NotAllowed, match="up to 5 hours a week"):
        offer_of(area, allocation, hours_per_week=Decimal("5.5"))
    agreement = agreement_of(area)
    agreements.publish(agreement, agreements.text(terms={"weekly_hours_at_most": "6"}))
    assert offer_of(area, allocation, hours_per_week=Decimal("5.5")).status == OfferStatus.MADE


def test_without_a_limit_in_the_agreement_the_hours_are_free() -> None:
    area = ready(terms={"review_every": "6"})
    allocation = make_allocation(area)
    assert offer_of(area, allocation, hours_per_week=Decimal("25")).hours_per_week == 25


def test_without_an_agreement_nothing_is_offered() -> None:
    area = Area()
    list_provider(area, area.provider)
    allocation = actions.open_allocation(case=make_case(area, Stage.ACCEPTED), by=None)
    with pytest.raises(NotAllowed, match="no service level agreement in force"):
        offer_of(area, allocation)


def test_a_declined_offer_ends_the_providers_part_and_opens_the_search_again(area: Area) -> None:
    offer = make_offer(area, OfferStatus.DECLINED)
    signatory = area.person(Role.SIGNATORY)
    assert not Case.objects.visible_to(signatory).exists()
    assert not Offer.objects.visible_to(signatory).exists()
    assert Allocation.objects.get().status == AllocationStatus.OPEN
    assert Case.objects.get().stage == Stage.ACCEPTED
    assert offer.reasons == "No tutor is free."
    assert offer_of(area, offer.allocation).status == OfferStatus.MADE


def test_a_provider_never_learns_who_was_asked_before_it(area: Area) -> None:
    first = make_offer(area, OfferStatus.DECLINED)
    second = list_provider(area, ProviderFactory())
    offer = offer_of(area, first.allocation, provider=second)
    signatory = area.person(Role.SIGNATORY, second)
    assert list(Offer.objects.visible_to(signatory)) == [offer]
    assert Offer.objects.visible_to(area.person(Role.OFFICER)).count() == 2
    assert Offer.objects.visible_to(area.person(Role.REFERRER)).count() == 2


def test_an_accepted_offer_is_a_placement_on_its_terms_under_the_agreement(area: Area) -> None:
    offer = make_offer(area, OfferStatus.ACCEPTED)
    placement = Placement.objects.get()
    assert placement.status == PlacementStatus.AGREED
    assert (placement.provider, placement.hours_per_week, placement.starts_date) == (
        offer.provider,
        offer.hours_per_week,
        offer.starts_date,
    )
    assert placement.agreement == agreement_of(area)


def test_asking_to_accept_moves_the_case_only_when_it_is_needed(area: Area) -> None:
    offer = make_offer(area, OfferStatus.ACCEPTED)
    actions.ask_to_accept(placement=offer.placement)
    request = AcceptanceRequest.objects.get()
    assert (request.organisation, request.case) == (area.provider, offer.allocation.case)
    assert Case.objects.get().stage == Stage.AWAITING_ACCEPTANCE
    actions.ask_to_accept(placement=offer.placement)
    assert AcceptanceRequest.objects.count() == 1


def test_no_placement_starts_without_an_acceptance(area: Area) -> None:
    placement = make_placement(area, accepted=False)
    officer = area.person(Role.OFFICER)
    with pytest.raises(NotAllowed, match="has not accepted version 1"):
        actions.start_placement(placement=placement, by=officer)
    accept_agreement(area)
    started = actions.start_placement(placement=placement, by=officer)
    assert started.status == PlacementStatus.STARTED
    assert Case.objects.get().stage == Stage.PLACED


def test_a_material_version_published_meanwhile_refuses_the_start(area: Area) -> None:
    placement = make_placement(area)
    officer = area.person(Role.OFFICER)
    agreement = agreement_of(area)
    agreements.publish(
        agreement, agreements.text(wording="Something else", terms=agreements.NO_GRACE)
    )
    with pytest.raises(NotAllowed, match="has not accepted version 2"):
        actions.start_placement(placement=placement, by=officer)
    accept_agreement(area)
    assert actions.start_placement(placement=placement, by=officer).status == "started"


def test_a_version_that_changes_nothing_material_does_not_refuse_the_start(area: Area) -> None:
    placement = make_placement(area)
    agreement = agreement_of(area)
    same_numbers = {"weekly_hours_at_most": "5", "review_every": "12"}
    agreements.publish(
        agreement, agreements.text(terms=same_numbers, wording="Said better"), is_material=False
    )
    officer = area.person(Role.OFFICER)
    assert actions.start_placement(placement=placement, by=officer).status == "started"


def test_withdrawing_an_accepted_offer_ends_what_was_agreed(area: Area) -> None:
    placement = make_placement(area)
    actions.withdraw_offer(
        offer=placement.offer, reasons="Moved away", by=area.person(Role.OFFICER)
    )
    placement.refresh_from_db()
    assert (placement.status, placement.started_at) == (PlacementStatus.ENDED, None)
    assert Allocation.objects.get().status == AllocationStatus.OPEN
    assert not Case.objects.visible_to(area.person(Role.SIGNATORY)).exists()
    assert not Placement.objects.open().exists()


def test_ending_a_placement_ends_the_providers_part_and_nobody_elses(area: Area) -> None:
    make_placement(area, PlacementStatus.ENDED)
    assert not Case.objects.visible_to(area.person(Role.SIGNATORY)).exists()
    for role in (Role.REFERRER, Role.OFFICER):
        assert Case.objects.visible_to(area.person(role)).exists()
    assert not Placement.objects.visible_to(area.person(Role.TUTOR)).exists()
    assert Placement.objects.visible_to(area.person(Role.REFERRER)).exists()


def test_the_database_allows_one_open_offer_and_one_open_placement(area: Area) -> None:
    placement = make_placement(area)
    offer = placement.offer
    for row in (offer, placement):
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.create(**values)


def test_a_case_outside_ones_organisations_shows_no_placement(area: Area) -> None:
    placement = make_placement(area, PlacementStatus.STARTED)
    stranger = ready()
    for role in (Role.OFFICER, Role.REFERRER, Role.SIGNATORY):
        assert not Placement.objects.visible_to(stranger.person(role)).exists()
    assert list(Placement.objects.visible_to(area.person(Role.OFFICER, area.local_authority))) == [
        placement
    ]
