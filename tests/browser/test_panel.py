"""A panel's meeting and its decision in a real browser, by the roles that hold it.

Officer and chair are walked with the accessibility check on every page; one member votes without
JavaScript, another with the keyboard alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from permissions.roles import Role
from tests.browser.jobs import do_jobs
from tests.browser.test_case_journey import Visitor
from tests.factories.cases import Area
from tests.factories.panels import substitute
from tests.factories.referrals import make_referral
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def by_keyboard(page: Page, target: Locator, key: str) -> None:
    """Go to what is meant by the tabulator key alone, and press a key there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    expect(target).to_be_focused()
    page.keyboard.press(key)


def test_a_panel_meets_votes_and_decides(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    area = Area()
    officer = area.person(Role.OFFICER)
    chair, first, second = area.panel()
    substitute(area)
    referral = make_referral(area, Status.AT_PANEL)
    reference = referral.case.reference
    other = make_referral(area, Status.AT_PANEL).case.reference

    def visit(user: Any) -> Visitor:
        return Visitor(open_page(user), axe, screenshot)

    # The officer plans a meeting, makes the agenda and has the papers made.
    desk = visit(officer)
    desk.go("/panels/")
    desk.sees("No meeting is planned.")
    # Links that look like buttons are buttons to the reader.
    desk.press("Plan a meeting")
    desk.press("Plan the meeting", refused=True)
    desk.keep_picture("panel-plan-refused")
    desk.fill(
        kind="in_person",
        starts_date=timezone.localdate() + datetime.timedelta(days=7),
        starts_time="10:00",
        ends_time="12.30pm",
        place="County offices, room 2",
        chair=str(chair.pk),
    )
    desk.press("Plan the meeting")
    desk.sees("10:00 to 12:30")
    meeting = desk.page.url
    desk.follow("Change the agenda")
    desk.press("Add all 2")
    desk.keep_picture("panel-agenda")
    desk.go(meeting)
    desk.follow("Make and send the papers")
    desk.press("Make the papers for 3 members")
    do_jobs()
    desk.follow("Look again")
    desk.sees("Ready:")
    desk.keep_picture("panel-papers")

    # A member reads the papers and votes, without JavaScript; and changes the vote.
    plain = open_page(first, javascript=False)
    plain.goto(meeting)
    with plain.expect_download() as papers:
        plain.get_by_role("link", name="Your papers").click()
    assert papers.value.suggested_filename.endswith(".pdf")
    plain.goto("/panels/")
    plain.get_by_role("link", name=reference).click()
    plain.locator('[name="choice"][value="decline"]').check()
    plain.fill('[name="reasons"]', "The school’s support isn’t used up.")
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_role("button", name="Confirm and send").click()
    plain.goto("/panels/")
    expect(plain.locator("body")).to_contain_text("You have voted")
    plain.get_by_role("link", name=reference).click()
    screenshot(plain, "panel-change-vote")
    plain.locator('[name="choice"][value="accept"]').check()
    plain.fill('[name="reasons"]', "The consultant’s letter decides it.")
    plain.get_by_role("button", name="Change my vote").click()
    expect(plain.locator("body")).to_contain_text("Your vote is changed.")

    # Another member votes with the keyboard alone, and declares a conflict in the other case.
    keys = open_page(second)
    for one, key, said in (
        (reference, "Space", "You can change a vote"),
        (other, "ArrowUp", "conflict of interest is recorded"),
    ):
        keys.goto("/panels/")
        by_keyboard(keys, keys.get_by_role("link", name=one, exact=True), "Enter")
        by_keyboard(keys, keys.locator('[name="choice"]').first, key)
        keys.keyboard.press("Tab")
        keys.keyboard.type("I have read it.")
        by_keyboard(keys, keys.get_by_role("button", name="Continue"), "Enter")
        expect(keys.get_by_role("heading", level=1)).to_have_text("Check your answers")
        axe(keys)
        by_keyboard(keys, keys.get_by_role("button", name="Confirm and send"), "Enter")
        expect(keys.locator("body")).to_contain_text(said)
    keys.goto(meeting)
    expect(keys.locator("main")).not_to_contain_text(other)
    expect(keys.locator("main")).to_contain_text("1 item is not shown to you.")

    # The chair opens the meeting, records the decision with two conditions, minutes, and closes.
    chairs = visit(chair)
    chairs.go(meeting)
    chairs.press("Open the meeting")
    chairs.keep_picture("panel-meeting-open")
    chairs.open_task("Record the panel’s decision")
    chairs.fill(outcome="defer", reasons="We wait.")
    chairs.press("Continue", refused=True)
    chairs.keep_picture("panel-decide-refused")
    chairs.fill(
        outcome="accept",
        reasons="The criteria are met.",
        conditions="A risk assessment before the start\nThe named person’s number",
    )
    chairs.send()
    chairs.go(meeting)
    chairs.follow("Note who is there")
    chairs.keep_picture("panel-attendance")
    chairs.fill(**{f"person_{chair.pk}": "present", f"person_{first.pk}": "apologies"})
    chairs.press("Save the attendance")
    chairs.follow("Write the minutes of the meeting")
    chairs.fill(text="The panel read both cases.")
    chairs.keep_picture("panel-minutes")
    chairs.press("Save")
    chairs.press("Close the meeting")
    chairs.press("Close the meeting", refused=True)
    chairs.keep_picture("panel-close-refused")
    chairs.fill(carry_over=True)
    chairs.press("Close the meeting")
    chairs.keep_picture("panel-meeting-closed")
    desk.go(f"/cases/{reference}/")
    desk.sees("A risk assessment before the start")
    desk.go(meeting)
    assert plain.goto(f"{meeting}papers.pdf").status == 404

    # A member names a substitute for some days.
    visit_first = visit(first)
    visit_first.go("/panels/substitutes/")
    visit_first.fill(
        substitute=str(
            visit_first.page.locator('[name="substitute"] option').nth(1).get_attribute("value")
        ),
        member=str(first.pk),
        starts_date=timezone.localdate(),
        ends_date=timezone.localdate() + datetime.timedelta(days=2),
    )
    visit_first.press("Name the substitute")
    visit_first.sees("in place of")
    visit_first.keep_picture("panel-substitutes")
    visit_first.go("/panels/")
    visit_first.keep_picture("panel-list")
