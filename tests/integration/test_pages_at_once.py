"""Texts published and withdrawn at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from pages import publishing
from pages.models import AgreementPage, SharedAgreementPage
from tests.factories.cases import Area
from tests.factories.pages import change, clause, make_page, publish, section
from tests.integration.test_agreements_at_once import at_once
from tests.integration.test_pages_sharing import make_local, make_shared, variation, version_of
from workflows.agreements import actions, queries
from workflows.agreements.models import AgreementVersion
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)

# Seconds in which the other side takes whatever it takes first.
A_WHILE = 0.4


@pytest.fixture
def area() -> Area:
    return Area()


def slowly(monkeypatch: pytest.MonkeyPatch, page_id: int) -> threading.Event:
    """Make the publication of one page wait between the page's own row and its version."""
    reached = threading.Event()
    real = publishing.hand_over

    def hand_over(page: Any) -> Any:
        if page.pk == page_id and page.live:
            reached.set()
            time.sleep(A_WHILE)
        return real(page)

    monkeypatch.setattr(publishing, "hand_over", hand_over)
    return reached


def words_of(version: AgreementVersion) -> str:
    return " ".join(version.clauses.order_by("pk").values_list("text", flat=True))


@pytest.mark.parametrize("first", ["shared", "local"])
def test_a_shared_text_and_one_that_stands_on_it_are_published_at_once(
    area: Area, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    shared = make_shared(area)
    local = make_local(area, shared, variation(2, text="Review it here."))
    teaching = section("Teaching", clause(1, "Teach better."), clause(2, "Review the plan."))
    shared = change(shared, sections=teaching)
    local = change(local, sections=section("Ours", clause(9, "Ring the bell.")))
    reached = slowly(monkeypatch, shared.pk if first == "shared" else local.pk)

    def after(page: Any) -> Any:
        reached.wait(5)
        return publish(page)

    pages = (shared, local) if first == "shared" else (local, shared)
    answers = at_once(lambda: publish(pages[0]), lambda: after(pages[1]))
    assert [getattr(answer, "pk", answer) for answer in answers] == [page.pk for page in pages]
    # Whoever came last saw what the other had done: nothing is lost of either.
    assert "Teach better." in words_of(version_of(shared))
    words = words_of(version_of(local))
    assert "Teach better." in words
    assert "Review it here." in words
    assert "Ring the bell." in words
    numbers = list(local.agreement().versions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_text_published_and_withdrawn_at_once_is_one_of_the_two(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = publish(make_page(area.partnership))
    agreement = page.agreement()
    assert agreement is not None
    page = change(page, intro="Better said.")
    reached = slowly(monkeypatch, page.pk)

    def withdraw() -> None:
        reached.wait(5)
        actions.withdraw(agreement=agreement, by=None, reason="Old.")

    published, withdrawn = at_once(lambda: publish(page), withdraw)
    assert getattr(published, "pk", published) == page.pk
    assert withdrawn is None
    agreement.refresh_from_db()
    is_live = AgreementPage.objects.get(pk=page.pk).live
    assert is_live == (queries.version_in_force(agreement) is not None)
    # It was published first: what was withdrawn is the text that had just come.
    assert not is_live
    assert agreement.versions.count() == 2


def test_nothing_is_published_on_a_shared_text_that_is_withdrawn_meanwhile(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = make_shared(area)
    local = make_page(area.partnership, shared_text=shared, sections=[])
    agreement = shared.agreement()
    assert agreement is not None
    reached = slowly(monkeypatch, local.pk)

    def withdraw() -> None:
        reached.wait(5)
        actions.withdraw(agreement=agreement, by=None, reason="Old.")

    published, withdrawn = at_once(lambda: publish(local), withdraw)
    # The local text came first, so the shared one stays.
    assert getattr(published, "pk", published) == local.pk
    assert isinstance(withdrawn, NotAllowed)
    assert SharedAgreementPage.objects.get(pk=shared.pk).live
    agreement.refresh_from_db()
    assert agreement.withdrawn_at is None


def test_nothing_is_published_on_a_shared_text_that_was_withdrawn(area: Area) -> None:
    shared = make_shared(area)
    local = make_page(area.partnership, shared_text=shared, sections=[])
    actions.withdraw(agreement=shared.agreement(), by=None, reason="Old.")
    with pytest.raises(NotAllowed, match="was withdrawn"):
        publish(local)
    assert not AgreementPage.objects.get(pk=local.pk).live
    assert local.agreement() is None
