"""What administrators set: timings and panels, from the partnership or above it; parties; menus."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import member
from tests.factories.agreements import make_agreement
from tests.factories.cases import Area
from tests.factories.placements import agreement_of, ready
from tests.factories.referrals import make_referral
from workflows.agreements import actions as agreements
from workflows.agreements.models import AcceptanceRequest, AgreementParty
from workflows.engine.exceptions import NotAllowed
from workflows.placements import actions as placements
from workflows.placements import queries as placement_queries
from workflows.referrals import queries as referral_queries
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db

ABOVE = (OrganisationKind.PARTNERSHIP, OrganisationKind.LOCAL_AUTHORITY)


@pytest.fixture
def area() -> Area:
    return ready()


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def timings(**changes: int) -> dict[str, int]:
    return {
        "allocate_within": 5,
        "answer_offer_within": 5,
        "start_within": 5,
        "review_every": 6,
        "review_opens_before": 14,
        "write_plan_within": 10,
        "close_within": 5,
        **changes,
    }


def test_administrators_of_the_partnership_and_above_it_change_its_settings(
    area: Area, client: Client
) -> None:
    addresses = [
        reverse("placements:timings", args=[area.partnership.slug]),
        reverse("referrals:panel_settings", args=[area.partnership.slug]),
    ]
    wrong = []
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            client.force_login(member(role, area.organisations[kind]))
            may = role == Role.ADMINISTRATOR and kind in ABOVE
            answers = {address: client.get(address).status_code for address in addresses}
            expected = 200 if may else 404
            wrong += [(kind, role, *one) for one in answers.items() if one[1] != expected]
            listed = area.partnership.name in text_of(
                client.get(reverse("placements:timings_list"))
            )
            if listed != may:
                wrong.append((kind, role, "list"))
    assert wrong == []


@pytest.mark.parametrize("kind", ABOVE)
def test_timings_and_panel_are_saved(area: Area, client: Client, kind: str) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.organisations[OrganisationKind(kind)]))
    address = reverse("placements:timings", args=[area.partnership.slug])
    shown = text_of(client.post(address, timings(review_every=0)))
    assert "There is a problem" in shown
    shown = text_of(
        client.post(address, timings(review_every=4, review_opens_before=0), follow=True)
    )
    assert "The timings are saved." in shown
    kept = placement_queries.timings(area.partnership)
    assert (kept.review_every, kept.review_opens_before) == (4, 0)
    panel = {
        "quorum": 3,
        "screen_working_days": 4,
        "decide_working_days": 10,
        "answer_working_days": 5,
        "reminder_working_days": 1,
        "ask_review_working_days": 20,
        "review_working_days": 15,
        "votes_shown": "after_own_vote",
    }
    client.post(reverse("referrals:panel_settings", args=[area.partnership.slug]), panel)
    assert referral_queries.panel_settings(area.partnership).quorum == 3


def test_another_partnerships_administrator_changes_nothing_here(area: Area) -> None:
    other = Area(area.local_authority)
    with pytest.raises(NotPermitted):
        placements.change_timings(
            partnership=area.partnership, by=other.person(Role.ADMINISTRATOR), **timings()
        )
    with pytest.raises(NotAllowed):
        placements.change_timings(partnership=area.partnership, by=None, review_every=0)


# --- Parties --------------------------------------------------------------------------------------


def test_an_officer_adds_a_party_and_asks_it_to_accept(area: Area, client: Client) -> None:
    agreement = agreement_of(area)
    client.force_login(area.person(Role.OFFICER))
    page = reverse("agreements:acceptances", args=[agreement.pk])
    address = reverse("agreements:add_party", args=[agreement.pk])
    assert address in text_of(client.get(page))
    assert area.school.name in text_of(client.get(address))
    only_added = {"organisation": area.school.pk, "ask": "no"}
    shown = text_of(client.post(address, only_added, follow=True))
    assert f"{area.school.name} is a party to the agreement." in shown
    assert not AcceptanceRequest.objects.exists()
    asked = {"organisation": area.school.pk, "ask": "yes"}
    shown = text_of(client.post(address, asked, follow=True))
    assert f"{area.school.name} was asked to accept." in shown
    assert AcceptanceRequest.objects.get().organisation == area.school
    assert AgreementParty.objects.filter(organisation=area.school).count() == 1


def test_only_its_officers_and_administrators_add_parties(area: Area, client: Client) -> None:
    agreement = agreement_of(area)
    address = reverse("agreements:add_party", args=[agreement.pk])
    other = make_agreement(Area().partnership)
    allowed = set()
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            client.force_login(member(role, area.organisations[kind]))
            if client.get(address).status_code == 200:
                allowed.add((kind, role))
    assert allowed == {
        (OrganisationKind.PARTNERSHIP, Role.OFFICER),
        (OrganisationKind.PARTNERSHIP, Role.ADMINISTRATOR),
    }
    client.force_login(area.person(Role.OFFICER))
    assert client.get(reverse("agreements:add_party", args=[other.pk])).status_code == 404
    foreign = {"organisation": Area().school.pk, "ask": "yes"}
    assert "There is a problem" in text_of(client.post(address, foreign))
    assert not AgreementParty.objects.filter(agreement=agreement).exists()


def test_nobody_is_added_to_a_text_that_partnerships_share(area: Area, client: Client) -> None:
    agreement = make_agreement(area.local_authority)
    for add in (agreements.add_party, agreements.ask_to_accept):
        with pytest.raises(NotAllowed, match="share this text"):
            add(agreement=agreement, organisation=area.partnership, by=None)
    assert not AgreementParty.objects.exists()
    client.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    page = client.get(reverse("agreements:acceptances", args=[agreement.pk]))
    address = reverse("agreements:add_party", args=[agreement.pk])
    assert page.status_code == 200
    assert address not in text_of(page)
    assert client.get(address).status_code == 404


# --- The menu of a panel --------------------------------------------------------------------------


def test_a_panels_member_has_cases_in_the_menu_while_there_are_some(
    area: Area, client: Client
) -> None:
    chair, member_of_panel, *_ = area.panel()
    for person in (chair, member_of_panel):
        client.force_login(person)
        assert 'href="/cases/"' not in text_of(client.get("/dashboard/"))
    referral = make_referral(area, Status.AT_PANEL)
    client.force_login(member_of_panel)
    assert 'href="/cases/"' in text_of(client.get("/dashboard/"))
    assert referral.case.reference in text_of(client.get("/cases/"))
