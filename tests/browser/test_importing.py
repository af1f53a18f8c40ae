"""A document becomes a draft in a real browser: upload, progress, report, doubts beside clauses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages import access
from pages.models import AgreementPage
from permissions.roles import Role
from tests.browser.jobs import do_jobs
from tests.factories.cases import Area
from tests.unit.pages.importing.making_documents import docx, paragraph, table

pytestmark = pytest.mark.django_db(transaction=True)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document() -> bytes:
    return docx(
        paragraph("Harbour Lights Agreement", style="T"),
        paragraph("Issued 3 March 2026"),
        paragraph("The provider will:"),
        paragraph("Send the register within 25 minutes.", list_id=1),
        paragraph("Hold a review every 10 to 12 weeks.", list_id=1),
        table(("Who", "What"), ("School", "Answer letters within 2 days"), head=True),
        header="Harbour Lights, March 2026",
    )


@pytest.fixture
def area() -> Area:
    return Area()


def choose(page: Page, data: bytes, name: str, mime: str) -> None:
    page.get_by_label("Document").set_input_files({"name": name, "mimeType": mime, "buffer": data})
    page.get_by_role("button", name="Import", exact=True).click()


def test_an_editor_uploads_follows_reads_the_report_and_settles_a_doubt(
    area: Area,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    home = access.make_partnership_page(partnership=area.partnership)
    page = open_page(area.person(Role.EDITOR, area.partnership))
    page.goto(f"/editors/pages/{home.pk}/")
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Import a document").click()
    axe(page)
    screenshot(page, "import-upload")

    # A file that cannot be read is said at once, beside the field.
    choose(page, b"\xd0\xcf\x11\xe0old", "old.doc", "application/msword")
    expect(page.get_by_text("is an old Word document (.doc)")).to_be_visible()
    axe(page)
    screenshot(page, "import-refused")

    choose(page, document(), "harbour.docx", DOCX)
    expect(page.get_by_text("Waiting to be read: now")).to_be_visible()
    axe(page)
    screenshot(page, "import-progress")
    do_jobs()
    # The page follows by itself.
    expect(page.get_by_role("link", name="Open the draft")).to_be_visible()
    expect(page.get_by_text("every one is accounted for")).to_be_visible()
    expect(page.get_by_text("“within 25 minutes”")).to_be_visible()
    axe(page)
    screenshot(page, "import-report")

    page.get_by_role("link", name="Open the draft").click()
    note = page.locator(".accord-doubts").first
    expect(note).to_contain_text("A range (10 to 12)")
    screenshot(page, "import-draft")
    note.get_by_role("checkbox").first.check()
    listed = page.locator("[data-doubts] tr", has_text="A range (10 to 12)")
    expect(listed.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile("1 of 2 open"))).to_be_visible()
    draft = AgreementPage.objects.get().get_latest_revision_as_object()
    settled = [doubt for doubt in draft.import_report["doubts"] if doubt.get("settled")]
    assert [doubt["why"][:18] for doubt in settled] == ["a range (10 to 12)"]


def test_progress_and_report_need_no_script(area: Area, open_page: Callable[..., Page]) -> None:
    home = access.make_partnership_page(partnership=area.partnership)
    page: Any = open_page(area.person(Role.EDITOR, area.partnership), width=320, javascript=False)
    page.goto(f"/editors/pages/{home.pk}/import/")
    choose(page, document(), "harbour.docx", DOCX)
    expect(page.get_by_text("Waiting to be read: now")).to_be_visible()
    do_jobs()
    # The page asks again by itself, after five seconds.
    expect(page.get_by_role("link", name="Open the draft")).to_be_visible()
