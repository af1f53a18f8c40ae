"""The life of a published policy in a real browser: reviewed, approved, withdrawn, and still found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.browser.test_inbox import NARROW, fits
from tests.factories import pages as make
from tests.factories.cases import Area
from workflows.agreements import queries
from workflows.agreements.models import PolicyAct, ReviewRecord
from workflows.engine import timers

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "The county’s policy on children’s health needs replaces it."


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_policy_is_approved_reviewed_and_withdrawn(
    javascript: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    area = Area()
    policy = make.make_policy(area.partnership, review_date=timezone.localdate())
    published = make.publish(policy)
    agreement = published.agreement()
    assert agreement is not None
    timers.sweep()
    administrator = area.person(Role.ADMINISTRATOR)
    page = open_page(administrator, width=NARROW, javascript=javascript)

    def seen(name: str, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        if javascript:
            axe(page)
            screenshot(page, f"life-{name}")
            page.set_viewport_size({"width": NARROW, "height": 900})
        assert fits(page), f"{page.url} must be scrolled sideways"

    def press(name: str, role: str = "button") -> None:
        target = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # one of the two
        target.focus()
        expect(target).to_be_focused()
        page.keyboard.press("Enter")

    # From the list of agreements to what has been done with the policy.
    page.goto("/agreements/")
    seen("agreements", "Agreements")
    press("Health needs policy", "link")
    press("Reviews and approval", "link")
    seen("nothing-yet", "Health needs policy: reviews and approval")
    expect(page.get_by_text("Nothing is recorded yet.")).to_be_visible()

    # The head's review, then the board's approval, of exactly this text.
    press("Record a review or an approval", "link")
    seen("approval", "Review and approval of “Health needs policy”")
    press("Record it")
    seen("approval-refused", "Review and approval of “Health needs policy”")
    expect(page.get_by_role("alert")).to_contain_text("Select what was done")
    for label, name, role in (
        ("Review by the head", "Ivy Stone", "Head teacher"),
        ("Approval by the full governing board", "Omar O’Neill", "Chair of governors"),
    ):
        page.get_by_role("radio", name=label).check()
        page.get_by_role("textbox", name="Name", exact=True).fill(name)
        page.get_by_role("textbox", name="Role").fill(role)
        press("Record it")
        expect(page.get_by_text("Recorded.")).to_be_visible()
    seen("approved", "Review and approval of “Health needs policy”")
    expect(page.get_by_text("Omar O’Neill, Chair of governors")).to_be_visible()
    assert PolicyAct.objects.filter(agreement=agreement).count() == 2

    # The review is due today: it needs changes, and the task says so until it is changed.
    page.goto(f"/agreements/{agreement.pk}/life/")
    seen("due", "Health needs policy: reviews and approval")
    expect(page.get_by_text("Of the text published last.")).to_have_count(2)
    press("Review a published text")
    if page.get_by_role("button", name="Claim").count():
        press("Claim")
    seen("review", "Review a published text")
    page.get_by_role("radio", name="It needs changes").check()
    page.get_by_role("textbox", name="Their position").fill("Head of inclusion")
    press("Record the review")
    expect(page.get_by_role("alert")).to_contain_text("Enter what needs to change")
    seen("review-refused", "Review a published text")
    page.get_by_role("textbox", name="Note").fill("Name the new medical officer.")
    press("Record the review")
    expect(page.get_by_text("The review is recorded.")).to_be_visible()
    seen("needs-changes", "Health needs policy: reviews and approval")
    expect(page.get_by_text("Name the new medical officer.")).to_be_visible()
    assert ReviewRecord.objects.get().next_date is None

    # Withdrawn after all: not without a reason, and everybody reads it.
    press("Withdraw it", "link")
    seen("withdraw", "Withdraw “Health needs policy”")
    expect(page.get_by_text("placement")).to_have_count(0)
    press("Withdraw it")
    expect(page.get_by_role("alert")).to_contain_text("Enter why it is withdrawn")
    page.get_by_role("textbox", name="Why is it withdrawn?").fill(WHY)
    press("Withdraw it")
    expect(page.get_by_text("“Health needs policy” is withdrawn.")).to_be_visible()
    seen("withdrawn", "Health needs policy: reviews and approval")
    agreement.refresh_from_db()
    assert queries.version_in_force(agreement) is None

    page = open_page(width=NARROW, javascript=javascript)
    answer = page.goto(published.url)
    assert answer is not None
    assert answer.status == 410
    seen("public", "“Health needs policy” was withdrawn")
    expect(page.get_by_text(WHY)).to_be_visible()
    press("Read the last version", "link")
    expect(page.get_by_role("heading", name="Health needs policy", level=1)).to_be_visible()
