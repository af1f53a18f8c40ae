"""The register of law on the editors' screens, and what is flagged where."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages.models import SharedTextsPage
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.pages import change, clause, make_page, publish, section
from workflows.agreements.models import LegalEdition, LegalReference

pytestmark = pytest.mark.django_db

SUPERSEDED = "/editors/superseded-law/"


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def act(area: Area) -> LegalReference:
    reference = LegalReference.objects.create(title="Data Protection Act")
    new = LegalEdition.objects.create(reference=reference, edition="2018")
    LegalEdition.objects.create(
        reference=reference,
        edition="1998",
        superseded_date=datetime.date(2018, 5, 25),
        superseded_by=new,
    )
    return reference


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def citing(code: str) -> dict[str, Any]:
    """A clause that has chosen an edition."""
    item = {"type": "item", "id": "00000000-0000-0000-0000-0000000000aa", "value": code}
    return clause(1, "Keep records.", legal_editions=[item])


def test_a_reader_sees_that_law_is_superseded(
    area: Area, act: LegalReference, client: Client
) -> None:
    page = publish(
        make_page(
            area.partnership,
            sections=section(
                "Records",
                citing("data-protection-act-2018"),
                clause(2, "As the Data Protection Act 1998 says."),
            ),
        )
    )
    shown = client.get(page.url).content.decode()
    assert "Law and guidance: Data Protection Act (2018)" in shown
    assert "No longer in force since 25 May 2018. Replaced by Data Protection Act (2018)." in shown


def test_marking_an_edition_superseded_flags_every_page_that_cites_it(
    area: Area, act: LegalReference, client: Client
) -> None:
    page = publish(
        make_page(area.partnership, sections=section("Records", citing("data-protection-act-2018")))
    )
    other = Area(local_authority=area.local_authority)
    make_page(
        other.partnership,
        title="Of others",
        sections=section("Records", clause(3, "The Data Protection Act 2018 holds.")),
    )
    administrator = signed_in(area.person(Role.ADMINISTRATOR, area.local_authority))
    edition = LegalEdition.objects.get(edition="2018")
    answer = administrator.post(
        reverse("legal_editions:edit", args=[edition.pk]),
        {
            "reference": act.pk,
            "edition": "2018",
            "address": "",
            "issued_date": "",
            "superseded_date": "2026-01-01",
            "superseded_by": "",
        },
    )
    assert answer.status_code == 302
    assert "No longer in force since 1 January 2026." in client.get(page.url).content.decode()
    everything = administrator.get(SUPERSEDED).content.decode()
    assert page.title in everything
    assert "Of others" in everything
    assert "recognised in the words" in everything
    ours = signed_in(area.person(Role.EDITOR, area.partnership)).get(SUPERSEDED).content.decode()
    assert page.title in ours
    assert "Of others" not in ours
    # Put right in a draft, it leaves the list.
    change(page, sections=section("Records", clause(1, "Keep records.")))
    ours = signed_in(area.person(Role.EDITOR, area.partnership)).get(SUPERSEDED).content.decode()
    assert page.title not in ours


def test_the_list_takes_the_same_queries_for_more_pages(area: Area, act: LegalReference) -> None:
    client = signed_in(area.person(Role.EDITOR, area.partnership))

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(SUPERSEDED).status_code == 200
        return len(queries)

    make_page(area.partnership, sections=section("Records", citing("data-protection-act-1998")))
    count()
    one = count()
    for number in range(4):
        make_page(
            area.partnership,
            title=f"Text {number}",
            sections=section("Records", citing("data-protection-act-1998")),
        )
    assert count() == one


def test_the_editor_sees_it_on_the_page_they_write(area: Area, act: LegalReference) -> None:
    page = make_page(
        area.partnership, sections=section("Records", citing("data-protection-act-1998"))
    )
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Superseded law" in shown
    assert "cites Data Protection Act (1998). No longer in force since 25 May 2018." in shown
    # In the list of editions, which the page carries as JSON.
    assert "Data Protection Act (1998) \\u2013 superseded" in shown


@pytest.mark.parametrize(
    ("role", "of", "may"),
    [
        (Role.ADMINISTRATOR, "local_authority", True),
        (Role.EDITOR, "local_authority", False),
        (Role.ADMINISTRATOR, "partnership", False),
        (Role.EDITOR, "partnership", False),
        (Role.OFFICER, "local_authority", False),
    ],
)
def test_only_a_local_authoritys_administrator_keeps_the_register(
    area: Area, act: LegalReference, role: Role, of: str, may: bool
) -> None:
    make_page(area.partnership)
    client = signed_in(area.person(role, getattr(area, of)))
    edition = LegalEdition.objects.get(edition="1998")
    data = {"title": "Equality Act", "other_names": ""}
    made = client.post(reverse("legal_references:add"), data)
    assert LegalReference.objects.filter(title="Equality Act").exists() is may
    assert (client.get(reverse("legal_editions:index")).status_code == 200) is may
    assert (client.get(reverse("legal_editions:edit", args=[edition.pk])).status_code == 200) is may
    assert made.status_code in (302, 403)
    client.post(reverse("legal_editions:delete", args=[edition.pk]))
    assert LegalEdition.objects.filter(pk=edition.pk).exists()


def test_the_authoritys_administrator_gets_to_the_shared_texts(area: Area) -> None:
    client = signed_in(area.person(Role.ADMINISTRATOR, area.local_authority))
    url = reverse("pages_shared_texts")
    asked = client.get(url)
    assert asked.status_code == 200
    assert "Make and publish the page" in asked.content.decode()
    assert not SharedTextsPage.objects.exists()  # a look makes nothing
    answer = client.post(url, follow=True)
    assert answer.status_code == 200
    assert "Shared texts of" in answer.content.decode()
    page = SharedTextsPage.objects.get(organisation=area.local_authority)
    assert page.live
    assert client.get(url).url == reverse("wagtailadmin_explore", args=[page.pk])
    editor = signed_in(area.person(Role.EDITOR, area.partnership))
    assert editor.get(url).status_code in (302, 403)
    assert editor.post(url).status_code in (302, 403)
    assert SharedTextsPage.objects.count() == 1
