"""The editor's form: references between clauses, variations, and what each number does."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages import access
from pages.models import AgreementPage, DataSharingAgreementPage
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.pages import change, clause, make_page, publish, section, term
from tests.factories.placements import make_placement
from tests.integration.test_pages_access import create, edit_url, form_data, signed_in
from tests.integration.test_pages_sharing import make_shared
from workflows.agreements import queries
from workflows.agreements.models import Agreement
from workflows.placements.states import PlacementStatus

pytestmark = pytest.mark.django_db

ONE, TWO = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def client(area: Area) -> Client:
    return signed_in(area.person(Role.ADMINISTRATOR, area.partnership))


def post(client: Client, page: Any, **data: Any) -> str:
    """Post the form of a page; give what is shown in the end."""
    return client.post(edit_url(page), form_data(**data), follow=True).content.decode()


# --- References between clauses -------------------------------------------------------------------


def test_a_clause_is_chosen_from_those_last_saved_and_shown_to_readers(
    area: Area, client: Client
) -> None:
    page = make_page(
        area.partnership, sections=section("Registers", clause(1), clause(2, "Send it soon."))
    )
    shown = client.get(edit_url(page)).content.decode()
    assert "2 Registers: Send it soon." in shown
    post(client, page, ids=(ONE, TWO), see=(TWO,), **{"action-publish": "1"})
    page = AgreementPage.objects.get(pk=page.pk)
    assert list(page.sections[1].value["see"]) == [TWO]
    public = Client().get(page.url).content.decode()
    assert "See also" in public
    assert f'href="#clause-{TWO}">clause 1, Teaching</a>' in public


def test_a_clause_that_others_refer_to_is_not_removed(area: Area, client: Client) -> None:
    page = make_page(
        area.partnership, sections=section("Registers", clause(1), clause(2, "Send it soon."))
    )
    shown = post(client, page, ids=(ONE,), see=(TWO,))
    # The page carries what is wrong with the text as JSON.
    assert "2 Registers: Send it soon.\\u201d, which you have removed" in shown
    assert len(page.get_latest_revision_as_object().sections) == 3


def test_a_reference_follows_a_clause_that_moves(area: Area) -> None:
    see = [{"type": "item", "id": str(uuid.uuid4()), "value": TWO}]
    first, second = clause(1, see=see), clause(2)
    page = publish(
        make_page(area.partnership, sections=[*section("One", first, second), *section("Two")])
    )
    assert "clause 2, One" in Client().get(page.url).content.decode()
    moved = {**second, "value": {**second["value"], "printed_number": "7"}}
    page = publish(change(page, sections=[*section("One", first), *section("Two", moved)]))
    assert "clause 7, Two" in Client().get(page.url).content.decode()


# --- Variations -----------------------------------------------------------------------------------


def test_a_partnership_chooses_its_own_authoritys_shared_text(area: Area, client: Client) -> None:
    shared = make_shared(area)
    make_shared(Area(), title="Of another county")
    page = make_page(area.partnership, sections=[])
    shown = client.get(edit_url(page)).content.decode()
    assert shared.title in shown
    assert "Of another county" not in shown


@pytest.mark.parametrize(
    ("variation", "says"),
    [
        ({"clause": TWO, "why": "Local."}, "Write what the clause says here"),
        ({"clause": TWO, "text": "Other words."}, "This field is required"),
        ({"clause": str(uuid.UUID(int=77)), "text": "Other.", "why": "Local."}, "does not have"),
        ({"clause": "", "text": "Other.", "why": "Local."}, "This field is required"),
    ],
)
def test_a_variation_says_what_differs_and_why(
    area: Area, client: Client, variation: dict[str, Any], says: str
) -> None:
    shared = make_shared(area)
    page = make_page(area.partnership, shared_text=shared, sections=[])
    shown = post(
        client, page, shared_text=str(shared.pk), variations=[variation], **{"action-publish": "1"}
    )
    assert says in shown
    assert not AgreementPage.objects.get(pk=page.pk).live


def test_a_text_that_only_varies_a_shared_one_is_published(area: Area, client: Client) -> None:
    shared = make_shared(area)
    page = make_page(area.partnership, shared_text=shared, sections=[])
    post(
        client,
        page,
        ids=(),
        shared_text=str(shared.pk),
        variations=[{"clause": TWO, "text": "Review it together.", "why": "We do."}],
        **{"action-publish": "1"},
    )
    version = queries.version_in_force(Agreement.objects.get(page_id=page.pk))
    assert version is not None
    assert "Review it together." in [row.text for row in version.clauses.all()]


# --- Numbers --------------------------------------------------------------------------------------


def test_the_editor_sees_what_a_number_does_and_whom_it_touches(area: Area) -> None:
    page = publish(make_page(area.partnership))
    agreement = page.agreement()
    assert agreement is not None
    placement = make_placement(area, PlacementStatus.STARTED)
    change(page, sections=section("T", clause(2, "Review.", terms=[term("review_every", 6)])))
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    shown = client.get(edit_url(page)).content.decode()
    assert placement.agreement == agreement
    assert "Sets the date of the next review of every running placement." in shown
    assert "1 placement by 12 weeks" in shown
    assert "until its provider accepts the new version" in shown


def test_the_panel_takes_the_same_queries_for_more_placements(area: Area) -> None:
    page = publish(make_page(area.partnership))
    client = signed_in(area.person(Role.EDITOR, area.partnership))

    def count() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get(edit_url(page)).status_code == 200
        return len(queries_made)

    make_placement(area, PlacementStatus.STARTED)
    count()
    one = count()
    make_placement(area, PlacementStatus.STARTED)
    assert count() == one


# --- Agreements on data ---------------------------------------------------------------------------


def test_an_agreement_on_data_says_what_for_and_how(area: Area) -> None:
    page = publish(
        make_page(
            area.partnership,
            model=DataSharingAgreementPage,
            title="How we share data",
            purpose="To teach the pupil.",
            lawful_basis="Public task.",
            data="Names and marks.",
            retention="Six years.",
            principles="Only what is needed.\nOnly who needs it.",
            measures="Encrypted.",
        )
    )
    agreement = page.agreement()
    assert agreement is not None
    assert (agreement.kind, agreement.mode) == ("data_sharing", "signature")
    version = queries.version_in_force(agreement)
    assert version is not None
    assert version.snapshot["content"]["data_sharing"]["principles"] == [
        "Only what is needed.",
        "Only who needs it.",
    ]
    shown = Client().get(page.url).content.decode()
    for words in ("Public task.", "Six years.", "Encrypted.", "Data-sharing agreement"):
        assert words in shown
    assert page.title in Client().get(page.get_parent().url).content.decode()


def test_an_agreement_on_data_is_not_published_without_its_basis(area: Area) -> None:
    parent = access.make_partnership_page(partnership=area.partnership)
    url = reverse("wagtailadmin_pages:add", args=["pages", "datasharingagreementpage", parent.pk])
    client = signed_in(area.person(Role.ADMINISTRATOR, area.partnership))
    empty = dict.fromkeys(
        ("purpose", "lawful_basis", "data", "retention", "principles", "measures"), ""
    )
    data = form_data(**empty, **{"action-publish": "1"})
    shown = client.post(url, data, follow=True).content.decode()
    assert "Say this before you publish." in shown
    # How it is accepted is no choice: both parties sign it.
    assert "How it is accepted" not in shown
    assert not DataSharingAgreementPage.objects.exists()


def test_what_a_page_says_of_itself_is_handed_over(area: Area, client: Client) -> None:
    create(
        client,
        area,
        language="pl",
        scope="pupil",
        asks_safeguarding_lead="on",
        places_while_reserved="on",
        **{"action-publish": "1"},
    )
    agreement = Agreement.objects.get()
    assert (agreement.scope, agreement.asks_safeguarding_lead) == ("pupil", True)
    assert agreement.places_while_reserved
    version = queries.version_in_force(agreement)
    assert version is not None
    assert version.snapshot["content"]["language"] == "pl"
    assert version.issued_date == datetime.date(2026, 9, 1)
