"""Reserving a clause in a real browser: narrow, without JavaScript, by keyboard, and for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import accept, make_agreement, publish, text
from tests.factories.cases import Area
from workflows.engine import tasks

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320
REASON = "Two of our tutors teach in pupils’ homes all day."
WORDS = "Review the plan every six weeks, by telephone where that is easier."


def fits(page: Page) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_clause_is_reserved_varied_and_asked_about(
    javascript: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    publish(agreement, text(wording="Do all that is agreed", terms={"review_every": "10"}))
    signatory = member(Role.SIGNATORY, area.provider)
    officer = member(Role.OFFICER, area.partnership)

    def opened(user: Any) -> Page:
        return open_page(user, width=NARROW, javascript=javascript)

    def seen(page: Page, name: str, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        if javascript:
            axe(page)
            screenshot(page, f"reservations-{name}")
            page.set_viewport_size({"width": NARROW, "height": 900})
        assert fits(page), f"{page.url} must be scrolled sideways"

    # The provider's signatory is asked again, sees what changed, and accepts.
    page = opened(signatory)
    asked = agreement.acceptance_requests.get(organisation=area.provider, status="requested")
    page.goto(tasks.open_tasks(asked).get().get_absolute_url())
    expect(page.get_by_role("heading", name="What changed since version 1")).to_be_visible()
    seen(page, "accept", "Tuition agreement")
    accept(agreement, area.provider, by=signatory)

    # Reading the text as it holds, the signatory reserves a clause of it.
    page.goto(f"/agreements/{agreement.pk}/organisations/{area.provider.pk}/")
    seen(page, "ours", "Tuition agreement")
    link = page.get_by_role("link", name="Reserve clause 1: Keep to the number")
    link.focus()
    page.keyboard.press("Enter")
    seen(page, "reserve", "Reserve a clause")
    page.get_by_role("button", name="Reserve the clause").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Why can your organisation not accept").fill(REASON)
    page.get_by_label("What should the clause say instead?").fill("Review by telephone.")
    page.get_by_role("button", name="Reserve the clause").click()
    expect(page.get_by_text("The clause is reserved.")).to_be_visible()
    page.get_by_label("Say something about it").fill("We can talk on Monday.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We can talk on Monday.")).to_be_visible()
    seen(page, "reservation", "Reservation of clause 1")

    # The partnership's officer proposes other words and another number.
    answering = opened(officer)
    answering.goto(page.url)
    answering.get_by_role("button", name="Answer a reservation").click()
    seen(answering, "answer", "Answer a reservation")
    answering.get_by_label("Propose a variation for this organisation").check()
    answering.get_by_label("Words of the clause").fill(WORDS)
    answering.get_by_label("A review is held every (weeks)").fill("6")
    answering.get_by_role("button", name="Continue").click()
    expect(answering.get_by_text("Waiting for the organisation")).to_be_visible()

    # The signatory agrees; the text shows what holds from now on.
    page.reload()
    page.get_by_role("button", name="Answer a proposed variation").click()
    expect(page.get_by_text("A review is held every 6 weeks")).to_be_visible()
    seen(page, "consider", "Answer a proposed variation")
    page.get_by_label("Agree to the variation").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Varied", exact=True)).to_be_visible()
    seen(page, "varied", "Reservation of clause 1")
    page.goto(f"/agreements/{agreement.pk}/organisations/{area.provider.pk}/")
    expect(page.get_by_text(f"Agreed for {area.provider.name}", exact=True)).to_be_visible()
    seen(page, "ours-varied", "Tuition agreement")

    # Anybody in the party may ask.
    page.get_by_role("link", name="Ask about the agreement, or give feedback").click()
    seen(page, "ask", "Ask about the agreement")
    page.get_by_label("A question").check()
    page.get_by_label("Your question or feedback").fill("Does it hold in the holidays?")
    page.get_by_role("button", name="Send").click()
    answering.goto(page.url)
    answering.get_by_role("button", name="Answer it").click()
    answering.get_by_label("Your answer").fill("No, in term time only.")
    answering.get_by_role("button", name="Send the answer").click()
    page.reload()
    expect(page.get_by_text("No, in term time only.")).to_be_visible()
    seen(page, "question", "Question about")
    for address, heading in (
        ("reservations", "Reservations"),
        ("questions", "Questions and feedback"),
    ):
        page.goto(f"/agreements/{address}/")
        seen(page, f"list-of-{address}", heading)

    # What changed from version to version is public.
    anybody = opened(None)
    anybody.goto(f"/agreements/{agreement.pk}/compare/")
    expect(anybody.get_by_role("heading", name="From version 1 to version 2")).to_be_visible()
    seen(anybody, "compare", "Compare versions")
