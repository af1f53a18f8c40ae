"""A text that several partnerships share, and what each of them varies."""

from __future__ import annotations

import datetime
import io
import uuid
from typing import Any

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from pages import access, sharing
from pages.models import AgreementPage, SharedAgreementPage, TextPage
from permissions.models import User
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.pages import change, clause, make_page, publish, section, term
from workflows.agreements import actions, queries
from workflows.agreements.models import AgreementVersion
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


def make_shared(area: Area, **fields: Any) -> SharedAgreementPage:
    """The authority's shared text, published."""
    parent = access.make_shared_texts_page(authority=area.local_authority)
    page = SharedAgreementPage(
        **{
            "title": "What providers do everywhere",
            "live": False,
            "issued_date": datetime.date(2026, 9, 1),
            "sections": [
                *section(
                    "Teaching",
                    clause(1, "Teach the pupil well.", see=[_item(str(uuid.UUID(int=2)))]),
                    clause(2, "Review the plan.", terms=[term("review_every", 12)]),
                    clause(3, "Bring a packed lunch."),
                )
            ],
            **fields,
        }
    )
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision()
    return publish(page)


def _item(value: str) -> dict[str, Any]:
    return {"type": "item", "id": str(uuid.uuid4()), "value": value}


def variation(number: int, **changes: Any) -> dict[str, Any]:
    """How a local text differs in the shared clause with a number."""
    value = {
        "clause": str(uuid.UUID(int=number)),
        "is_left_out": False,
        "text": "",
        "terms": [],
        "why": "Because it is different here.",
        **changes,
    }
    return {"type": "variation", "id": str(uuid.uuid4()), "value": value}


def make_local(area: Area, shared: SharedAgreementPage, *variations: dict[str, Any]) -> TextPage:
    """A partnership's published text on the shared one, with a section of its own."""
    page = make_page(
        area.partnership,
        title="Our agreement",
        shared_text=shared,
        variations=list(variations),
        sections=section("Only here", clause(9, "Meet at the lighthouse.")),
    )
    return publish(page)


def version_of(page: TextPage) -> AgreementVersion:
    agreement = page.agreement()
    assert agreement is not None
    version = queries.version_in_force(agreement)
    assert version is not None
    return version


def shared_ids(page: TextPage) -> set[uuid.UUID]:
    """The ids of the clauses that come from the shared text."""
    rows = version_of(page).clauses.exclude(section="Only here")
    return set(rows.values_list("clause_id", flat=True))


def test_a_local_text_is_the_shared_one_with_what_differs(area: Area, client: Client) -> None:
    shared = make_shared(area)
    local = make_local(
        area,
        shared,
        variation(2, text="Review the plan together.", terms=[term("review_every", 6)]),
        variation(3, is_left_out=True),
    )
    version = version_of(local)
    assert queries.verify(version)
    assert [row.text for row in version.clauses.all()] == [
        "Teach the pupil well.",
        "Review the plan together.",
        "Meet at the lighthouse.",
    ]
    assert version.terms.get().value == 6
    content = version.snapshot["content"]
    assert content["shared"]["sha256"] == version_of(shared).sha256
    varied = content["sections"][0]["clauses"][1]
    assert varied["shared"]["text"] == "Review the plan."
    shown = client.get(local.url).content.decode()
    assert "The shared text says:" in shown
    assert "A review is held every 12 weeks" in shown
    assert "A review is held every 6 weeks" in shown
    assert "Bring a packed lunch." in shown
    assert "Left out here" in shown
    assert "Added here" in shown
    assert shared.url in shown
    assert local.url in client.get(shared.url).content.decode()


def test_a_clause_has_its_own_id_in_each_text_and_keeps_it(area: Area) -> None:
    shared = make_shared(area)
    local = make_local(area, shared)
    other = make_local(Area(local_authority=area.local_authority), shared)
    first = shared_ids(local)
    assert len(first) == 3
    assert not first & shared_ids(other)
    publish(change(shared, intro="Said better."))
    assert version_of(local).number == 2
    assert shared_ids(local) == first
    see = version_of(local).snapshot["content"]["sections"][0]["clauses"][0]["see"]
    assert see == [sharing.local_id(local.pk, str(uuid.UUID(int=2)))]


def test_publishing_the_shared_text_publishes_what_stands_on_it(area: Area) -> None:
    shared = make_shared(area)
    local = make_local(area, shared, variation(2, text="Review it together."))
    draft = make_page(area.partnership, title="A draft", shared_text=shared, sections=[])
    actions.add_party(agreement=local.agreement(), organisation=area.provider, by=None)
    sections = section(
        "Teaching", clause(2, "Review it.", terms=[term("review_every", 8)]), clause(4, "Be kind.")
    )
    publish(change(shared, sections=sections, change_note="Reviews are closer together."))
    version = version_of(local)
    assert version.number == 2
    assert version.is_material
    assert "Reviews are closer together." in version.change_note
    assert [row.text for row in version.clauses.all()] == [
        "Review it together.",
        "Be kind.",
        "Meet at the lighthouse.",
    ]
    assert version.terms.get().value == 8
    assert local.agreement().acceptance_requests.get().version == version
    assert draft.agreement() is None


def test_a_material_change_of_words_is_material_everywhere(area: Area) -> None:
    shared = make_shared(area)
    local = make_local(area, shared)
    publish(change(shared, intro="A comma.", change_note="A comma."))
    publish(change(shared, sections=section("All", clause(1, "Teach."), clause(2, "Review."))))
    assert version_of(local).number == 3
    publish(
        change(
            shared,
            sections=section("All", clause(1, "Teach."), clause(2, "Review well.")),
            change_is_material=True,
            change_note="Duties.",
        )
    )
    assert version_of(local).is_material


def test_a_shared_text_that_contradicts_a_local_one_is_not_published(area: Area) -> None:
    shared = make_shared(area)
    local = make_page(
        area.partnership,
        shared_text=shared,
        sections=section("Ours", clause(9, terms=[term("visit_every", 1)])),
    )
    local = publish(local)
    sections = section("Teaching", clause(2, terms=[term("visit_every", 2)]))
    with pytest.raises(NotAllowed, match=area.partnership.name):
        publish(change(shared, sections=sections))
    assert version_of(shared).number == 1
    assert version_of(local).number == 1


def test_only_the_authoritys_own_people_write_shared_texts(area: Area) -> None:
    shared = make_shared(area)
    editor = area.person(Role.EDITOR, area.local_authority)
    administrator = area.person(Role.ADMINISTRATOR, area.local_authority)
    assert shared.permissions_for_user(editor).can_edit()
    assert not shared.permissions_for_user(editor).can_publish()
    assert shared.permissions_for_user(administrator).can_publish()
    publish(change(shared, intro="By us."), administrator)
    for person in (
        area.person(Role.ADMINISTRATOR, area.partnership),
        area.person(Role.EDITOR, area.partnership),
    ):
        assert not shared.permissions_for_user(person).can_edit()
    theirs = AgreementPage.objects.get(pk=make_local(area, shared).pk)
    assert not theirs.permissions_for_user(administrator).can_edit()
    refused: User = area.person(Role.ADMINISTRATOR, area.partnership)
    with pytest.raises(PermissionDenied):
        publish(change(shared, intro="By others."), refused)


def test_the_pdf_shows_both_wordings_too(area: Area, client: Client) -> None:
    shared = make_shared(area)
    local = make_local(
        area, shared, variation(2, text="Review it together."), variation(3, is_left_out=True)
    )
    version = version_of(local)
    address = reverse("agreements:version_pdf", args=[version.agreement_id, version.number])
    reader = pypdf.PdfReader(io.BytesIO(b"".join(_parts(client.get(address)))))
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "The shared text says: Review the plan." in words
    assert "Left out here: clause 3 of the shared text, Bring a packed lunch." in words


def _parts(response: Any) -> Any:
    return response.streaming_content if response.streaming else [response.content]
