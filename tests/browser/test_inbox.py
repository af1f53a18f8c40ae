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


def test_several_are_done_together_by_keyboard_alone_and_without_javascript(
    officer: Any, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = open_page(officer, width=NARROW, javascript=False)
    page.goto("/tasks/?view=unclaimed")

    def press(name: str, role: Any = "button", key: str = "Enter") -> None:
        """Reach something by the tabulator, as whoever has no mouse, and press it."""
        wanted = page.get_by_role(role, name=name).first
        for _ in range(80):
            page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                break
        else:
            raise AssertionError(f"{name} is not reached by keyboard")
        page.keyboard.press(key)

    press("Select Pack the parcel, P-0001", role="checkbox", key="Space")
    press("Select Pack the parcel, P-0002", role="checkbox", key="Space")
    press("Set their priority")
    expect(page.get_by_role("heading", name="Set their priority")).to_be_visible()
    assert fits(page)
    page.get_by_role("radio", name="Urgent").focus()
    page.keyboard.press("Space")
    press("Set their priority")
    expect(page.get_by_role("heading", name="2 tasks given another priority")).to_be_visible()
    assert fits(page)
    press("Back to the list", role="link")
    expect(page.locator(".govuk-tag", has_text="Urgent")).to_have_count(2)

    page.get_by_text("Search, filter and sort").click()
    page.get_by_label("Priority", exact=True).select_option("Urgent")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Save as a view").click()
    page.get_by_label("Name of the view").fill("Urgent & free")
    page.get_by_label("Open my tasks with this view").check()
    page.get_by_role("button", name="Save this view").click()
    page.goto("/tasks/")
    expect(page.get_by_role("link", name="Urgent & free (2)")).to_be_visible()
    page.get_by_role("link", name="Select all on this page").click()
    page.get_by_role("button", name="Claim them").click()
    expect(page.get_by_role("heading", name="2 tasks claimed")).to_be_visible()
    page.goto("/tasks/?view=mine")
    page.get_by_role("link", name=FIRST).click()
    page.get_by_role("link", name="Put it off until later").click()
    page.get_by_label("Year").fill("2020")
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Why?").fill("Waiting for the post")
    page.get_by_role("button", name="Put the task off").click()
    expect(page.get_by_role("link", name="Choose a day after today.")).to_be_visible()
    assert fits(page)
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Day").fill(str(tomorrow.day))
    page.get_by_label("Month").fill(str(tomorrow.month))
    page.get_by_label("Year").fill(str(tomorrow.year))
    page.get_by_role("button", name="Put the task off").click()
    page.get_by_role("link", name="Put off (1)").click()
    expect(page.get_by_text("Put off until")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Take it back now").click()
    expect(page.get_by_text("The task is back in the list.")).to_be_visible()


def test_a_note_mentions_a_colleague_who_finds_it(
    officer: Any, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    mine = Task.objects.get(owner=officer)
    colleague = make.member("officer", mine.organisation, name="Colin O’Brien")
    page = open_page(officer, javascript=False)
    page.goto(f"/tasks/{mine.pk}/")
    page.get_by_role("link", name="Add a note to this task").click()
    page.get_by_label("Note", exact=True).fill("Please look at the string.")
    page.get_by_label("Colin O’Brien").check()
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Please look at the string.")).to_be_visible()
    theirs = open_page(colleague)
    theirs.goto("/tasks/?view=team&mentioned=on")
    axe(theirs)
    theirs.get_by_role("link", name=re.compile("1 note")).click()
    expect(theirs.get_by_text("Mentions you")).to_be_visible()
    axe(theirs)


def test_shortcuts_are_off_until_wanted_and_can_be_turned_off(
    officer: Any, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = open_page(officer)
    page.goto("/tasks/?view=unclaimed")
    focused = "document.activeElement.closest('[data-tasks] > li')?.textContent ?? ''"
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""
    page.get_by_role("button", name="Turn keyboard shortcuts on").click()
    page.keyboard.press("j")
    assert "P-0001" in page.evaluate(focused)
    page.keyboard.press("j")
    assert "P-0002" in page.evaluate(focused)
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="P-0002")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_text("Search, filter and sort").click()
    page.get_by_label("Search").press("j")
    expect(page.get_by_label("Search")).to_have_value("j")
    page.get_by_role("button", name="Turn keyboard shortcuts off").click()
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""


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
        "/tasks/views/",
        "/tasks/views/save/?view=team&priority=2",
    ):
        page.goto(address)
        axe(page)
    page.goto("/tasks/?view=unclaimed")
    screenshot(page, "inbox")
    page.goto(f"/tasks/{taken.pk}/")
    axe(page)
    page.goto(f"/tasks/{mine.pk}/notes/")
    axe(page)
    page.goto(f"/tasks/{mine.pk}/")
    axe(page)
    page.get_by_role("button", name="Pack it").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    axe(page)
    other = open_page(manager)
    other.goto(f"/tasks/{taken.pk}/manage/")
    axe(other)
