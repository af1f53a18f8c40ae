"""What people arrange about their tasks, in a real browser: cover, calendar, e-mail, late tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import parcel
from workflows.engine import tasks
from workflows.engine.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


def fill_date(within: Any, day: Any) -> None:
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        within.get_by_label(label).fill(str(value))


def test_a_colleague_is_asked_to_cover_and_does_a_task_without_javascript(
    partnership: Any, open_page: Callable[..., Page]
) -> None:
    absent = make.member("officer", partnership, name="Olive O’Officer")
    covering = make.member("officer", partnership, name="Colin Colleague")
    subject = parcel(partnership, headline="A box")
    ParcelFlow.begin(subject)
    task = tasks.find(subject, ParcelFlow, "pack")
    tasks.claim(task, absent)

    # Olive is away from today on.
    page = open_page(absent, width=NARROW, javascript=False)
    page.goto("/tasks/")
    page.get_by_role("link", name="Cover while somebody is away").click()
    page.get_by_role("link", name="Arrange cover in Harrow Vale Partnership").click()
    page.get_by_label("Who covers?").select_option(label="Colin Colleague")
    today = timezone.localdate()
    for name in ("First day away", "Last day away"):
        fill_date(page.get_by_role("group", name=name), today)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("may do every kind of task that")).to_be_visible()
    page.get_by_role("button", name="Arrange the cover").click()
    expect(page.get_by_text("Colin Colleague covers for Olive O’Officer.")).to_be_visible()

    # Colin finds her task in a tab of its own and does it.
    page = open_page(covering, width=NARROW, javascript=False)
    page.goto("/tasks/")
    page.get_by_role("link", name="Covering for colleagues (1)").click()
    page.get_by_role("link", name=re.compile("^Pack the parcel")).first.click()
    expect(page.get_by_text("You do this for Olive O’Officer, who is away")).to_be_visible()
    page.get_by_label("What is in it?").fill("Books")
    fill_date(page, today)
    page.get_by_role("radio", name="No").check()
    page.get_by_role("button", name="Pack it").click()
    page.get_by_role("button", name="Confirm and send").click()
    expect(page.get_by_text("The parcel is packed.")).to_be_visible()
    page.goto("/tasks/?view=done")
    expect(page.get_by_text("for Olive O’Officer")).to_be_visible()
    assert Task.objects.get(pk=task.pk).owner == covering

    # Olive sees what was done for her, and ends the cover.
    page = open_page(absent, javascript=False)
    page.goto("/tasks/cover/")
    page.get_by_role("link", name="Colin Colleague for Olive O’Officer").click()
    expect(page.get_by_text(f"Pack the parcel, {task.reference}, on")).to_be_visible()
    page.get_by_role("button", name="End the cover now").click()
    expect(page.get_by_text("The cover is ended.")).to_be_visible()


def test_the_pages_are_accessible(
    partnership: Any, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    administrator = make.member("administrator", partnership, name="Ada Administrator")
    make.member("officer", partnership, name="Colin Colleague")
    for width in (1280, NARROW):
        page = open_page(administrator, width=width)
        page.goto(f"/tasks/cover/add/{partnership.slug}/")
        page.get_by_role("button", name="Continue").click()
        axe(page)
        for address in ("cover/", "mail/", "calendar/", "escalation/"):
            page.goto(f"/tasks/{address}")
            axe(page)
    page.get_by_role("link", name="Harrow Vale Partnership").click()
    axe(page)
    page.get_by_role("button", name="Add a rule").click()
    axe(page)
    page.get_by_label("Which tasks?").select_option(label="Pack the parcel")
    page.get_by_label("How many working days late?").fill("2")
    page.get_by_role("radio", name="Officer, who can give them to somebody else").check()
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("2 working days late · shown to: Officer")).to_be_visible()
    axe(page)

    page.goto("/tasks/calendar/")
    page.get_by_role("button", name="Make my private address").click()
    axe(page)
    address = page.locator("main code").inner_text()
    assert page.request.get("/tasks/calendar/" + address.split("/")[-1]).ok
    page.reload()
    expect(page.locator("main code")).to_have_count(0)
