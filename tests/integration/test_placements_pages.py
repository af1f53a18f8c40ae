"""The pages of placements: each step's form, what each reader sees, and who is kept out."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories import ProviderFactory, agreements
from tests.factories.cases import Area, make_case
from tests.factories.placements import (
    accept_agreement,
    agreement_of,
    list_provider,
    make_offer,
    make_placement,
    ready,
)
from workflows.agreements.models import AcceptanceRequest
from workflows.cases.states import Stage
from workflows.engine import tasks
from workflows.placements import actions, queries
from workflows.placements.flows import PlacementFlow
from workflows.placements.models import Allocation, Offer, Placement
from workflows.placements.states import OfferStatus, PlacementStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return ready()


@pytest.fixture
def allocation(area: Area) -> Allocation:
    made = actions.open_allocation(case=make_case(area, Stage.ACCEPTED), by=None)
    PlacementFlow.begin(made)
    return made


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def date_parts(name: str, day: datetime.date) -> dict[str, str]:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


def terms(area: Area, **changes: str) -> dict[str, str]:
    entry = area.partnership.directory.get(provider=area.provider)
    return {
        "entry": str(entry.pk),
        "hours_per_week": "4.5",
        **date_parts("starts_date", timezone.localdate()),
        "message": "Likes art.",
        **changes,
    }


def send(client: Client, address: str, answers: dict[str, str]) -> Any:
    """Fill in a step, check the answers and confirm."""
    checked = client.post(address, answers, follow=True)
    assert "Check your answers" in text_of(checked), text_of(checked)
    return client.post(address, {"confirm": "1"}, follow=True)


def test_the_officer_allocates_the_provider_answers_and_the_officer_starts(
    client: Client, area: Area, allocation: Allocation
) -> None:
    accept_agreement(area)
    client.force_login(area.person(Role.OFFICER))
    address = tasks.find(allocation, PlacementFlow, "allocate").get_absolute_url()
    shown = text_of(client.get(address))
    assert area.provider.name in shown
    assert "Up to 10: clause" in shown
    assert "The offer was sent" in text_of(send(client, address, terms(area)))
    offer = Offer.objects.get()
    assert (str(offer.hours_per_week), offer.message) == ("4.5", "Likes art.")

    client.force_login(area.person(Role.SIGNATORY))
    address = tasks.find(allocation, PlacementFlow, "answer_offer").get_absolute_url()
    shown = text_of(client.get(address))
    assert "4.5" in shown
    assert "Likes art." in shown
    assert "which you have accepted" in shown
    send(client, address, {"answer": "accept", "reasons": ""})

    client.force_login(area.person(Role.OFFICER))
    address = tasks.find(allocation, PlacementFlow, "start_placement").get_absolute_url()
    assert text_of(client.get(address)).count("has not accepted") == 0
    send(client, address, date_parts("starts_date", timezone.localdate()))
    assert Placement.objects.get().status == PlacementStatus.STARTED


def test_what_is_wrong_with_an_offer_is_said_and_nothing_typed_is_lost(
    client: Client, area: Area, allocation: Allocation
) -> None:
    client.force_login(area.person(Role.OFFICER))
    address = tasks.find(allocation, PlacementFlow, "allocate").get_absolute_url()
    shown = text_of(client.post(address, terms(area, hours_per_week="many")))
    assert "Hours a week must be a number" in shown
    assert "Likes art." in shown
    client.post(address, terms(area, hours_per_week="11"))
    refused = text_of(client.post(address, {"confirm": "1"}))
    assert "up to 10 hours a week" in refused
    assert "Likes art." in refused
    assert not Offer.objects.exists()


def test_only_listed_providers_can_be_chosen(
    client: Client, area: Area, allocation: Allocation
) -> None:
    other = ready()
    entry = other.partnership.directory.get()
    client.force_login(area.person(Role.OFFICER))
    address = tasks.find(allocation, PlacementFlow, "allocate").get_absolute_url()
    assert other.provider.name not in text_of(client.get(address))
    client.post(address, terms(area, entry=str(entry.pk)))
    client.post(address, {"confirm": "1"})
    assert not Offer.objects.exists()


def test_declining_asks_for_the_reasons_and_shows_them_to_the_officer(
    client: Client, area: Area, allocation: Allocation
) -> None:
    client.force_login(area.person(Role.OFFICER))
    address = tasks.find(allocation, PlacementFlow, "allocate").get_absolute_url()
    send(client, address, terms(area))
    client.force_login(area.person(Role.SIGNATORY))
    address = tasks.find(allocation, PlacementFlow, "answer_offer").get_absolute_url()
    shown = text_of(client.get(address))
    assert "asked to read and accept" in shown
    assert "Enter why you decline" in text_of(client.post(address, {"answer": "decline"}))
    send(client, address, {"answer": "decline", "reasons": "No tutor is free."})
    client.force_login(area.person(Role.OFFICER))
    address = tasks.find(allocation, PlacementFlow, "allocate").get_absolute_url()
    assert "No tutor is free." in text_of(client.get(address))


def test_a_refused_start_says_why_and_asks_the_provider_again(
    client: Client, area: Area, allocation: Allocation
) -> None:
    accept_agreement(area)
    officer, signatory = area.person(Role.OFFICER), area.person(Role.SIGNATORY)
    client.force_login(officer)
    send(
        client,
        tasks.find(allocation, PlacementFlow, "allocate").get_absolute_url(),
        terms(area),
    )
    offer = queries.latest_offer(allocation)
    assert offer is not None
    tasks.perform(
        tasks.find(allocation, PlacementFlow, "answer_offer"),
        by=signatory,
        act=lambda: actions.accept_offer(offer=offer, by=signatory),
    )
    address = tasks.find(allocation, PlacementFlow, "start_placement").get_absolute_url()
    client.get(address)
    agreements.publish(
        agreement_of(area), agreements.text(wording="Something else", terms=agreements.NO_GRACE)
    )
    client.post(address, date_parts("starts_date", timezone.localdate()))
    refused = text_of(client.post(address, {"confirm": "1"}))
    assert "has not accepted version 2" in refused
    assert "We have asked them to accept it." in refused
    assert AcceptanceRequest.objects.filter(
        organisation=area.provider, status="requested", version__number=2
    ).exists()
    assert Placement.objects.get().status == PlacementStatus.AGREED


def test_the_case_page_shows_each_reader_what_it_may_see(client: Client, area: Area) -> None:
    first = make_offer(area, OfferStatus.DECLINED)
    second = list_provider(area, ProviderFactory())
    actions.make_offer(
        allocation=first.allocation,
        provider=second,
        hours_per_week=first.hours_per_week,
        starts_date=timezone.localdate(),
        by=area.person(Role.OFFICER),
    )
    address = first.allocation.case.get_absolute_url()
    client.force_login(area.person(Role.REFERRER))
    shown = text_of(client.get(address))
    assert area.provider.name in shown
    assert second.name in shown
    assert "Withdraw" not in shown
    client.force_login(area.person(Role.OFFICER))
    assert "Withdraw" in text_of(client.get(address))
    client.force_login(area.person(Role.SIGNATORY, second))
    shown = text_of(client.get(address))
    assert second.name in shown
    assert area.provider.name not in shown
    assert "No tutor is free." not in shown
    client.force_login(area.person(Role.SIGNATORY))
    assert client.get(address).status_code == 404


def test_the_officer_withdraws_an_offer_with_reasons(client: Client, area: Area) -> None:
    offer = make_offer(area)
    PlacementFlow.begin(offer.allocation)
    address = reverse("placements:withdraw_offer", args=[offer.pk])
    client.force_login(area.person(Role.REFERRER))
    assert client.get(address).status_code == 403
    client.force_login(area.person(Role.OFFICER))
    assert "Enter why the offer is withdrawn" in text_of(client.post(address, {}))
    response = client.post(address, {"reasons": "The pupil has moved."}, follow=True)
    assert "The offer was withdrawn" in text_of(response)
    offer.refresh_from_db()
    assert offer.status == OfferStatus.WITHDRAWN
    assert "There is nothing" not in text_of(client.get(address))


def test_reading_a_placement_is_recorded(client: Client, area: Area) -> None:
    placement = make_placement(area, PlacementStatus.STARTED)
    tutor = area.person(Role.TUTOR)
    client.force_login(tutor)
    shown = text_of(client.get(placement.get_absolute_url()))
    assert "Version accepted by the provider" in shown
    assert ReadRecord.objects.filter(user=tutor, purpose="placement page").exists()


def test_pages_of_another_organisation_do_not_exist_and_nobody_signs_in_first(
    client: Client, area: Area
) -> None:
    placement = make_placement(area)
    addresses = [
        placement.get_absolute_url(),
        reverse("placements:withdraw_offer", args=[placement.offer_id]),
    ]
    for address in [*addresses, reverse("placements:list")]:
        assert client.get(address).status_code == 302
    client.force_login(ready().person(Role.OFFICER))
    for address in addresses:
        assert client.get(address).status_code == 404
    assert placement.case.reference not in text_of(client.get(reverse("placements:list")))


def test_the_list_takes_the_same_queries_for_two_and_for_twelve(
    client: Client, area: Area, django_assert_max_num_queries: Any
) -> None:
    client.force_login(area.person(Role.OFFICER))
    address = reverse("placements:list")
    counts = []
    for wanted in (2, 12):
        while Placement.objects.count() < wanted:
            make_placement(area, PlacementStatus.STARTED)
        with django_assert_max_num_queries(12) as counted:
            assert f"{wanted} placements" in text_of(client.get(address))
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert "no placements to show" in text_of(client.get(address, {"status": "ended"}))
