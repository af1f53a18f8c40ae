"""A published text in a real browser: contents that follow the reader, one party's duties, on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_inbox import NARROW, fits
from tests.factories import pages as make
from tests.factories.cases import Area
from workflows.agreements import queries

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "This is promised and is kept, whatever else is to be done on the same day. "


@pytest.fixture
def page_of_clauses() -> Any:
    """A published text of six sections, long enough to scroll."""
    sections = [
        block
        for number in range(6)
        for block in make.section(
            f"Part {number + 1} of the promises",
            *(
                make.clause(
                    number * 10 + clause + 1,
                    SENTENCE * 3,
                    party="provider" if clause % 2 else "school",
                )
                for clause in range(6)
            ),
            intro="What this part is about.",
        )
    ]
    return make.publish(make.make_page(Area().partnership, sections=sections))


def test_the_contents_follow_the_reader(
    page_of_clauses: Any,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    page = open_page()
    page.goto(page_of_clauses.url)
    axe(page)
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.locator("[aria-current]")).to_have_count(0)
    contents.get_by_role("link", name="Part 4").focus()
    page.keyboard.press("Enter")
    expect(contents.locator("[aria-current=true]")).to_have_text("Part 4 of the promises")
    expect(contents).to_be_in_viewport()
    screenshot(page, "text")
    page.mouse.wheel(0, 20_000)
    expect(contents.locator("[aria-current=true]")).to_have_text("Part 6 of the promises")
    axe(page)


def test_it_is_read_narrow_and_without_javascript(
    page_of_clauses: Any,
    open_page: Callable[..., Page],
    screenshot: Callable[[Page, str], None],
) -> None:
    page = open_page(width=NARROW, javascript=False)
    page.goto(page_of_clauses.url)
    assert fits(page)
    page.get_by_role("link", name=re.compile(r"^School \(18\)")).click()
    expect(page.get_by_text("18 of 36 clauses")).to_be_visible()
    folded = page.locator("details").first
    expect(folded.locator("li").first).to_be_hidden()
    screenshot(page, "text-of-one-party")
    folded.locator("summary").click()
    expect(folded.locator("li").first).to_be_visible()
    assert fits(page)
    # A clause's own address leads back to it, unfolded.
    page.get_by_role("link", name=re.compile(r"^Clause 2 of")).first.click()
    page.wait_for_url(re.compile("#clause-"))
    expect(page.locator(":target")).to_be_visible()


def test_paper_carries_the_version_and_loses_nothing(
    page_of_clauses: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{page_of_clauses.url}?party=school")
    version = queries.version_in_force(page_of_clauses.agreement())
    assert version is not None
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    words = [re.sub(r"\s+", "", sheet.extract_text()) for sheet in paper.pages]
    assert len(words) > 2
    assert all(version.sha256 in sheet for sheet in words)
    for clause in version.clauses.all():
        assert f"Clauseid{clause.clause_id}" in "".join(words)
    assert "Signin" not in "".join(words)
    assert "Contents" not in "".join(words)
