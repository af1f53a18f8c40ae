"""The inbox and a step in a real browser: narrow, without JavaScript, and for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import parcel
from workflows.engine import states, tasks
from workflows.engine.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320
FIRST = re.compile(r"^Pack the parcel\s*, P-0001$")


@pytest.fixture
def officer() -> Any:
    """An officer with one overdue task of their own and two unclaimed ones."""
    partnership = make.PartnershipFactory()
    officer = make.member("officer", partnership, name="Olive Officer")
    for number in range(3):
        subject = parcel(partnership, headline=f"Averylongsurname{'x' * 30}, Robin {number}")
        ParcelFlow.begin(subject)
    mine = tasks.open_tasks(subject).get()
    tasks.claim(mine, officer)
    Task.objects.filter(pk=mine.pk).update(due_at=timezone.now() - timedelta(days=3))
    return officer


def fits(page: Page) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


def test_a_task_is_claimed_checked_and_done_narrow_and_without_javascript(
    officer: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page(officer, width=NARROW, javascript=False)
    page.goto("/tasks/")
    expect(page.get_by_text("overdue since")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Unclaimed (2)").click()
    page.get_by_text("Search, filter and sort").click()
    page.get_by_label("Search").fill("P-0001")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".accord-list__item")).to_have_count(1)
    assert "P-0001" not in page.url
    assert fits(page)
    page.get_by_role("button", name="Claim Pack the parcel").click()

    expect(page.get_by_role("heading", name="Pack the parcel")).to_be_visible()
    assert fits(page)
    page.get_by_label("What is in it?").fill("Books")
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("link", name=FIRST).click()
    expect(page.get_by_label("What is in it?")).to_have_value("Books")
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    page.get_by_role("radio", name="No").check()
    page.get_by_role("button", name="Pack it").click()

    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_label("What is in it?")).to_have_value("Books")
    page.get_by_role("button", name="Pack it").click()
    page.get_by_role("button", name="Confirm and send").click()
    expect(page.get_by_text("The parcel is packed.")).to_be_visible()
    assert Task.objects.filter(status=states.DONE, owner=officer).exists()
    page.get_by_role("link", name="Done (1)").click()
    page.get_by_role("link", name=FIRST).click()
    expect(page.get_by_text("Olive Officer did this on")).to_be_visible()


def test_the_engines_pages_are_accessible(
    officer: Any,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    mine = Task.objects.get(owner=officer)
    colleague = make.member("officer", mine.organisation, name="Colin Colleague")
    taken = Task.objects.filter(status=states.NEW).earliest("pk")
    tasks.claim(taken, colleague)
    manager = make.member("panel_chair", mine.organisation)
    page = open_page(officer)
    for address in (
        "/tasks/",
        "/tasks/?view=unclaimed",
        "/tasks/?view=team",
        "/tasks/?organisation=0",
    ):
        page.goto(address)
        axe(page)
    page.goto("/tasks/?view=unclaimed")
    screenshot(page, "inbox")
    page.goto(f"/tasks/{taken.pk}/")
    axe(page)
    page.goto(f"/tasks/{mine.pk}/")
    axe(page)
    page.get_by_role("button", name="Pack it").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    axe(page)
    other = open_page(manager)
    other.goto(f"/tasks/{taken.pk}/manage/")
    axe(other)
