"""An administrator writes a letter; a school asks for a review of a decision; it is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.factories import member
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.engine import tasks
from workflows.referrals.flows import ReviewOfDecisionFlow
from workflows.referrals.states import ReviewStatus, Status

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320
LETTER = "decision-declined-school"
ADDED = "We’d be glad to talk: ask for O’Neil."


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def seen(
    axe: Callable[[Page], None], screenshot: Callable[[Page, str], None]
) -> Callable[[Page, str, str], None]:
    """Return a function that judges the page shown, which has this heading."""

    def judge(page: Page, name: str, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        axe(page)
        screenshot(page, f"letters-{name}")
        page.set_viewport_size({"width": NARROW, "height": 900})
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), f"{page.url} must be scrolled sideways"

    return judge


def test_an_administrator_writes_and_publishes_a_letter(
    open_page: Callable[..., Page], seen: Callable[[Page, str, str], None]
) -> None:
    area = Area()
    desk = open_page(area.person(Role.ADMINISTRATOR), width=NARROW)
    desk.goto(reverse("letters:list", args=[area.partnership.slug]))
    seen(desk, "list", "Letters")
    title = "Referral declined, to the school"
    desk.get_by_role("link", name=title).click()
    seen(desk, "letter", title)
    desk.locator("a", has_text="Change the text").click()
    box = desk.get_by_label("Text", exact=True)
    text = box.input_value()
    box.fill(f"{text}\n\n{ADDED} {{pupil frist name}}")
    press(desk, "Save the draft")

    # The nearest field is named, and what was typed is there still.
    expect(desk.get_by_role("alert")).to_contain_text("{pupil first name}")
    expect(box).to_have_value(f"{text}\n\n{ADDED} {{pupil frist name}}")
    seen(desk, "refused", "Change the text")
    box.fill(f"{text}\n\n{ADDED} {{pupil first name}}")
    press(desk, "Save the draft")
    seen(desk, "drafted", title)

    # A browser without a window has no viewer of PDFs: only what is answered is looked at.
    preview = desk.get_by_role("link", name="See it with invented facts").get_attribute("href")
    answer = desk.request.get(str(preview))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")

    desk.locator("a", has_text="Discard the draft").click()
    seen(desk, "discard", "Discard the draft")
    desk.go_back()
    desk.locator("a", has_text="See what changes and publish").click()
    expect(desk.get_by_text(ADDED)).to_be_visible()
    seen(desk, "publish", "Publish the draft")
    press(desk, "Publish this text")
    seen(desk, "published", title)
    # The first is Accord’s own.
    desk.get_by_role("link", name="Version 2").click()
    expect(desk.get_by_text(ADDED)).to_be_visible()
    seen(desk, "version", "Version 2")


def test_a_school_asks_for_a_review_and_the_decision_stays(
    open_page: Callable[..., Page], seen: Callable[[Page, str, str], None]
) -> None:
    area = Area()
    referral = make_referral(area, Status.DECLINED)
    officer = member(Role.OFFICER, area.local_authority)
    case = referral.case.get_absolute_url()

    school = open_page(area.person(Role.REFERRER), width=NARROW)
    school.goto(case)
    school.locator("a", has_text="Ask for a review").click()
    seen(school, "ask", "Ask for a review of the decision")
    press(school, "Ask for a review")
    expect(school.get_by_role("alert")).to_be_visible()
    seen(school, "ask-refused", "Ask for a review of the decision")
    school.get_by_label("Why should").fill("The consultant’s letter had not been read.")
    school.get_by_role("radio").first.check()
    press(school, "Ask for a review")
    expect(school.get_by_text("The review is asked for.")).to_be_visible()
    seen(school, "case-asked", referral.case.pupil.full_name)

    review = referral.decision_reviews.get()
    desk = open_page(officer, width=NARROW)
    desk.goto(tasks.find(review, ReviewOfDecisionFlow, "review_decision").get_absolute_url())
    seen(desk, "review", "Review the panel’s decision")
    desk.get_by_role("radio", name="The decision stays").check()
    desk.locator('[name="reasons"]').fill("It’s been read now, and changes nothing.")
    press(desk, "Continue")
    seen(desk, "review-check", "Check your answers")
    press(desk, "Finish the review")
    expect(desk.get_by_text("The review is finished.")).to_be_visible()
    review.refresh_from_db()
    assert review.status == ReviewStatus.UPHELD

    school.goto(case)
    expect(school.get_by_text("It’s been read now, and changes nothing.")).to_be_visible()
    seen(school, "case-upheld", referral.case.pupil.full_name)
