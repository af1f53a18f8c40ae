"""An administrator changes the criteria in a real browser, tries and publishes them; the next referral obeys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.browser.jobs import do_jobs
from tests.factories.cases import Area
from tests.factories.criteria import YEAR_TEN, publish, table_of
from tests.factories.referrals import make_referral
from workflows.cases import actions as cases
from workflows.engine import tasks
from workflows.referrals import queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320


def fits(page: Page) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_table_is_changed_tried_and_published_and_the_next_referral_obeys(
    javascript: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    area = Area()
    area.panel()
    administrator = area.person(Role.ADMINISTRATOR)
    publish(area.partnership, administrator, table_of(YEAR_TEN))
    past = make_referral(area, Status.AT_PANEL, year_group=4)
    make_referral(area, Status.AT_PANEL, year_group=10)
    cases.share_for_task(
        case=past.case, user=administrator, audiences=["parties"], reason="For the trial"
    )
    waiting = make_referral(area, Status.SUBMITTED, year_group=4)

    def seen(page: Page, name: str, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        if javascript:
            axe(page)
            screenshot(page, f"criteria-{name}")
            page.set_viewport_size({"width": NARROW, "height": 900})
        assert fits(page), f"{page.url} must be scrolled sideways"

    def press(page: Page, role: str, name: str) -> None:
        """Press a link or a button by keyboard."""
        page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]  # a role
        page.keyboard.press("Enter")

    page = open_page(administrator, width=NARROW, javascript=javascript)
    page.goto("/criteria/")
    seen(page, "in-use", "Criteria for screening")
    press(page, "button", "Change the criteria")
    seen(page, "draft", "Draft of criteria, version 2")

    # A rule against the youngest, with what is missing said on the way.
    press(page, "button", "Add a rule")
    press(page, "button", "Save")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    seen(page, "rule-problem", "Add a rule")
    page.get_by_label("Does not meet the criteria").check()
    page.get_by_label("Explanation").fill("The children’s centre teaches years 1 to 6.")
    press(page, "button", "Save")
    seen(page, "choose-fact", "Add a condition")
    page.get_by_label("What is the condition about?").select_option(label="Year group")
    press(page, "button", "Continue")
    page.get_by_label("Is one of", exact=True).check()
    for year in (3, 4, 5):
        page.get_by_label(f"Year {year}", exact=True).check()
    seen(page, "condition", "Add a condition")
    press(page, "button", "Add the condition")
    expect(page.get_by_text("Year group is one of Year 3 or Year 4 or Year 5")).to_be_visible()
    seen(page, "rule", "Rule 2")
    page.get_by_role("link", name="Draft", exact=True).click()
    press(page, "button", "Move up rule 2")
    expect(page.get_by_role("heading", name="Rule 1: does not meet the criteria")).to_be_visible()
    seen(page, "draft-changed", "Draft of criteria, version 2")

    # Tried on what was screened before.
    press(page, "link", "Try it on past referrals")
    press(page, "button", "Try the draft")
    expect(page.get_by_text("The trial begins in a moment.")).to_be_visible()
    do_jobs()
    press(page, "link", "See how far it is")
    expect(page.get_by_role("link", name=past.case.reference)).to_be_visible()
    expect(page.get_by_text("something else than the table in use of 1")).to_be_visible()
    seen(page, "trial", "Try the draft on past referrals")

    # Nothing counts before it is published.
    officer = open_page(area.person(Role.OFFICER), width=NARROW, javascript=javascript)
    task = tasks.find(waiting, ReferralFlow, "screen").get_absolute_url()
    officer.goto(task)
    expect(officer.get_by_text("The criteria advise: look closer")).to_be_visible()
    press(page, "link", "Publish the draft")
    expect(page.get_by_text("Rule 1 is new.")).to_be_visible()
    seen(page, "publish", "Publish the criteria")
    press(page, "button", "Publish version 2")
    expect(page.get_by_text("The criteria are published.")).to_be_visible()
    seen(page, "published", "Criteria for screening")

    # The referral that waits, and every next one, is advised by the new table.
    officer.reload()
    expect(officer.get_by_text("The criteria advise: does not meet the criteria")).to_be_visible()
    expect(officer.get_by_text("The children’s centre teaches years 1 to 6.")).to_be_visible()
    seen(officer, "screen", "Screen the referral")
    officer.get_by_label("Send the referral to the panel").check()
    officer.get_by_label("Meets the criteria", exact=True).check()
    press(officer, "button", "Continue")
    expect(officer.get_by_role("heading", name="There is a problem")).to_be_visible()
    officer.get_by_label("Reasons for what you find").fill("The centre is closed until June.")
    press(officer, "button", "Continue")
    seen(officer, "screen-check", "Check your answers")
    press(officer, "button", "Confirm and send")
    expect(officer.get_by_text("The referral is on its way.")).to_be_visible()
    officer.goto(waiting.case.get_absolute_url())
    expect(officer.get_by_text("Otherwise than advised")).to_be_visible()
    kept = queries.latest_screening(waiting)
    assert kept is not None
    assert kept.version is not None
    assert (kept.version.number, kept.advice, kept.finding) == (2, "does_not_meet", "meets")
