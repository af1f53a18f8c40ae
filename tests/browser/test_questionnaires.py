"""An administrator changes the referral form in a real browser, and the next referral obeys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.referrals import fill, make_referral
from workflows.referrals import actions, queries

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_published_question_is_asked_in_the_next_referral(
    javascript: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    area = Area()
    begun_before = make_referral(area)
    judged: set[str] = set()

    def seen(page: Page, name: str, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        if javascript and name not in judged:
            judged.add(name)
            axe(page)
            screenshot(page, f"questionnaires-{name}")
            page.set_viewport_size({"width": NARROW, "height": 900})
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), f"{page.url} must be scrolled sideways"

    def press(page: Page, name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    def follow(page: Page, name: Any) -> None:
        # Some of them look like buttons.
        page.locator("a", has_text=name).first.click()

    # The administrator: a section, a question, and one that depends on it.
    desk = open_page(area.person(Role.ADMINISTRATOR), width=NARROW, javascript=javascript)
    desk.goto("/dashboard/")
    follow(desk, "Change the questions of the referral form")
    seen(desk, "versions", "Questions of the referral form")
    press(desk, "Begin a draft of the next version")
    seen(desk, "draft", "Draft of version 2")
    follow(desk, "Add a section")
    press(desk, "Save the section")
    expect(desk.get_by_role("alert")).to_contain_text("Enter the title of the section")
    desk.fill('[name="title"]', "How the pupil travels")
    press(desk, "Save the section")
    for label, kind in (
        ("Can the pupil travel alone?", "yes_no"),
        ("Who comes along?", "short_text"),
    ):
        follow(desk, re.compile("^Add a question to “How the pupil"))
        seen(desk, "question", "Add a question")
        desk.fill('[name="label"]', label)
        desk.check(f'[name="kind"][value="{kind}"]')
        if kind == "short_text":
            desk.check('[name="shown_if"][value="can_the_pupil_travel_alone:no"]')
        press(desk, "Save the question")
    # By the keyboard alone: the dependent question up and down again.
    button = desk.get_by_role("button", name=re.compile("^Move up.*Who comes along"))
    button.focus()
    button.press("Enter")
    expect(desk.get_by_text("Mend this before you publish")).to_be_visible()
    button = desk.get_by_role("button", name=re.compile("^Move down.*Who comes along"))
    button.focus()
    button.press("Enter")
    expect(desk.get_by_text("Mend this before you publish")).to_have_count(0)
    seen(desk, "draft-changed", "Draft of version 2")
    follow(desk, "See it as a school does")
    follow(desk, "How the pupil travels")
    seen(desk, "preview", "How the pupil travels")
    follow(desk, "Leave the preview")
    follow(desk, "See what changes and publish")
    expect(desk.get_by_text("New question, needs an answer", exact=False).first).to_be_visible()
    seen(desk, "publish", "Publish version 2")
    press(desk, "Publish")
    seen(desk, "published", "Questions of the referral form")

    # The referral that was begun before is asked what it was asked.
    school = open_page(area.person(Role.REFERRER), width=NARROW, javascript=javascript)
    school.goto(begun_before.get_absolute_url())
    expect(school.get_by_text("How the pupil travels")).to_have_count(0)

    # The next one is asked the new questions, and cannot be submitted without them.
    referral = make_referral(area, complete=False)
    fill(referral, by=area.person(Role.REFERRER))
    # Nobody has been asked it yet.
    actions.write_answers(
        referral=referral, answers={"who_comes_along": None}, by=area.person(Role.REFERRER)
    )
    school.goto(referral.get_absolute_url())
    expect(school.get_by_text("Cannot start yet")).to_be_visible()
    follow(school, "How the pupil travels")
    seen(school, "page", "How the pupil travels")
    expect(school.get_by_label("Who comes along?")).to_have_count(0)
    press(school, "Save and continue")
    expect(school.get_by_role("alert")).to_contain_text("Can the pupil travel alone?")
    school.check('[name="can_the_pupil_travel_alone"][value="no"]')
    press(school, "Save and continue")
    expect(school.get_by_text("Your answer leads to one more question")).to_be_visible()
    seen(school, "page-with-more", "How the pupil travels")
    press(school, "Save and continue")
    expect(school.get_by_role("alert")).to_contain_text("Who comes along?")
    school.get_by_label("Who comes along?").fill("A parent, on Saturdays’ bus")
    press(school, "Save and continue")
    school.goto(reverse("referrals:check", args=[referral.case.reference]))
    seen(school, "check", "Check your answers before you submit the referral")
    expect(school.get_by_text("A parent, on Saturdays’ bus")).to_be_visible()
    press(school, "Submit the referral")
    expect(school.get_by_role("heading", level=1)).to_be_visible()
    referral.refresh_from_db()
    assert referral.status == "submitted"
    assert queries.answers(referral)["can_the_pupil_travel_alone"] is False
