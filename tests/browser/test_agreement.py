"""Reading, accepting and keeping the receipt, in a real browser: narrow, by keyboard, without script."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.browser.jobs import do_jobs
from tests.factories import member
from tests.factories.agreements import TERMS, accept, clause_id, make_agreement, publish, text
from tests.factories.cases import Area
from workflows.agreements import actions, rules
from workflows.agreements.models import Acceptance, ReadingPosition

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320
LEAD = rules.SafeguardingLead("Bo Reed", "01632 960002", datetime.date(2026, 1, 5), True)


def fits(page: Page) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach a button or link with the keyboard alone and press it."""
    target = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # one of the two
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_provider_reads_accepts_and_keeps_the_receipt(
    javascript: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership, asks_safeguarding_lead=True)
    accept(agreement, area.provider, lead=LEAD)
    changed = text(terms={**TERMS, "review_every": "6"}, asks_safeguarding_lead=True)
    publish(agreement, changed, change_note="Reviews are held more often.")
    signatory = member(Role.SIGNATORY, area.provider)
    page = open_page(signatory, width=NARROW, javascript=javascript)

    def seen(name: str, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        if javascript:
            axe(page)
            screenshot(page, f"agreement-{name}")
            page.set_viewport_size({"width": NARROW, "height": 900})
        assert fits(page), f"{page.url} must be scrolled sideways"

    # All agreements we are party to, with the state of each; from there to the task.
    page.goto("/agreements/")
    seen("mine", "Agreements")
    expect(page.get_by_text("new placements may still start")).to_be_visible()
    press(page, "Read and accept Tuition agreement", "link")
    if page.get_by_role("button", name="Claim").count():
        press(page, "Claim")
    seen("accept", "Tuition agreement")
    expect(page.get_by_text("Reviews are held more often.").first).to_be_visible()
    expect(page.get_by_role("heading", name="What changed since version 1")).to_be_visible()

    # The place is kept by a button, and by itself where there is a script.
    press(page, "Keep my place here")
    expect(
        page.get_by_role("link", name="Go on where you stopped: clause 3, Duties")
    ).to_be_visible()
    assert page.url.endswith(f"#clause-{clause_id(3)}")
    if javascript:
        task = page.url.partition("#")[0]
        page.get_by_role("heading", name="Accept the agreement").scroll_into_view_if_needed()
        page.goto("/agreements/")
        # The message is sent as the page goes, and nobody waits for its answer.
        for _ in range(50):
            if str(ReadingPosition.objects.get().clause_id) != clause_id(3):
                break
            time.sleep(0.1)
        page.goto(task)
        expect(page.get_by_role("link", name="Go on where you stopped")).to_contain_text("Numbers")
        assert ReadingPosition.objects.count() == 1

    # Each clause can be reserved or asked about from here.
    assert page.get_by_role("link", name="Reserve clause 1").count()

    # What is missing is said, and nothing that was typed is lost.
    page.get_by_label("Position in the organisation").fill("Head of service")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    seen("accept-refused", "Tuition agreement")
    expect(page.get_by_label("Position in the organisation")).to_have_value("Head of service")
    page.get_by_role("textbox", name="Authority to accept").fill("Director of the company")
    page.get_by_label("Name of your safeguarding lead").fill("Bo Reed")
    page.get_by_label("How to reach your safeguarding lead").fill("01632 960002")
    for part, number in (("Day", "5"), ("Month", "1"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(number)
    for label in ("We have received a copy", "On behalf of"):
        box = page.get_by_label(label)
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
    press(page, "Continue")
    seen("check", "Check your answers")
    press(page, "Accept the agreement")
    expect(page.get_by_text("You have accepted the agreement.")).to_be_visible()
    acceptance = Acceptance.objects.get(organisation=area.provider, version__number=2)
    assert (acceptance.authority, acceptance.lead_name) == ("Director of the company", "Bo Reed")

    # The receipt holds the whole text; anybody can check its file.
    do_jobs()
    press(page, "Read it as it holds for", "link")
    seen("ours", "Tuition agreement")
    with page.expect_download() as download:
        press(page, "Download the receipt (PDF) of version 2", "link")
    kept = tmp_path / "receipt.pdf"
    download.value.save_as(kept)
    words = " ".join(
        " ".join(one.extract_text().split())
        for one in pypdf.PdfReader(BytesIO(kept.read_bytes())).pages
    )
    assert "Do what is agreed, as the provider." in words
    assert "A review is held every 6 weeks" in words
    press(page, "Check the receipt of version 2", "link")
    seen("receipt-checked", "This is a true receipt")


def test_the_editor_sees_who_accepted_what_and_the_officer_signs(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    publish(agreement, text(wording="More duties"))
    actions.ask_to_accept(agreement=agreement, organisation=area.school, by=None)
    editor = open_page(member(Role.EDITOR, area.partnership), width=NARROW)
    editor.goto(f"/agreements/{agreement.pk}/acceptances/")
    axe(editor)
    screenshot(editor, "acceptances")
    editor.set_viewport_size({"width": NARROW, "height": 900})
    assert fits(editor)
    editor.get_by_label("State").select_option("grace")
    press(editor, "Show")
    expect(editor.get_by_text("2 parties")).to_be_visible()
    with editor.expect_download() as download:
        press(editor, "Excel", "link")
    assert download.value.suggested_filename.endswith(".xlsx")
    press(editor, "Every acceptance ever given", "link")
    expect(editor.get_by_text("2 acceptances, newest first")).to_be_visible()
    axe(editor)
    screenshot(editor, "every-acceptance")

    officer = open_page(member(Role.OFFICER, area.partnership))
    officer.goto("/agreements/")
    press(officer, "Read and accept Tuition agreement", "link")
    if officer.get_by_role("button", name="Claim").count():
        press(officer, "Claim")
    expect(officer.get_by_text("Both sides sign this agreement.")).to_be_visible()
    axe(officer)
    screenshot(officer, "sign-for-the-partnership")
