"""`manage.py import_agreement`: a draft page and a report, from documents of our own."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from pages import blocks, drafting
from pages.models import AgreementPage, DataSharingAgreementPage, PolicyPage, TextPage
from permissions.models import Organisation
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.pages import publish
from workflows.agreements.models import AgreementVersion

pytestmark = pytest.mark.django_db

DOCUMENT = """\
Lantern Teaching Agreement

Issued 4 March 2026

1. How we work

The provider will:

1. Send the register within 20 minutes of the start of each session.
2. Offer up to 6 hours of one-to-one teaching per week.
3. Send the register within 25 minutes where the session is online.

The school will:

2. Keep the pupil on roll.
3. Arrange a review every 10 weeks.

It is hoped that everybody gets on.

Signed: ______________
Date: ______________
"""


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "lantern.txt"
    path.write_text(DOCUMENT)
    return path


def run(document: Path, partnership: Organisation, *options: str) -> str:
    out = io.StringIO()
    call_command(
        "import_agreement", str(document), "--partnership", partnership.name, *options, stdout=out
    )
    return out.getvalue()


def the_page() -> TextPage:
    return AgreementPage.objects.get()


def test_it_makes_a_draft_beneath_the_partnerships_page(area: Area, document: Path) -> None:
    run(document, area.partnership)
    page = the_page()
    assert page.title == "Lantern Teaching Agreement"
    assert not page.live
    assert page.partnership == area.partnership
    assert not AgreementVersion.objects.exists()
    texts = [clause.value["text"] for clause in blocks.clauses_of(page.sections)]
    assert any("Keep the pupil on roll" in text for text in texts)
    parties = {clause.value["party"] for clause in blocks.clauses_of(page.sections)}
    assert {"provider", "school"} <= parties
    assert dict(blocks.terms_of(page.sections))["review_every"] == 10


def test_numbers_that_cannot_stand_are_doubts_and_not_lost(area: Area, document: Path) -> None:
    run(document, area.partnership)
    page = the_page()
    measures = [code for code, _ in blocks.terms_of(page.sections)]
    assert len(measures) == len(set(measures))
    whys = [doubt["why"] for doubt in page.import_report["doubts"]]
    assert any("term of an earlier clause" in why for why in whys)
    assert any(doubt["where"].endswith(", clause 3") for doubt in page.import_report["doubts"])


def test_every_doubt_names_its_line(area: Area, document: Path) -> None:
    run(document, area.partnership)
    report = the_page().import_report
    assert report["doubts"]
    assert all(doubt["line"] >= 1 and doubt["why"] for doubt in report["doubts"])
    assert report["lines"] == report["lines_accounted"] == len(DOCUMENT.splitlines())


def test_json_is_one_object_with_the_six_keys(area: Area, document: Path) -> None:
    report = json.loads(run(document, area.partnership, "--json"))
    assert set(report) == {"sections", "clauses", "terms", "doubts", "lines", "lines_accounted"}
    assert report["lines"] == report["lines_accounted"]
    assert sum(report["clauses"].values()) == len(list(blocks.clauses_of(the_page().sections)))


def test_kind_and_title_can_be_said(area: Area, document: Path) -> None:
    run(document, area.partnership, "--kind", "policy", "--title", "Our policy")
    assert PolicyPage.objects.get().title == "Our policy"
    run(document, area.partnership, "--kind", "data_sharing")
    assert DataSharingAgreementPage.objects.get().document_kind == "data_sharing"


def test_importing_twice_makes_two_drafts(area: Area, document: Path) -> None:
    run(document, area.partnership)
    run(document, area.partnership)
    assert AgreementPage.objects.values("slug").distinct().count() == 2


def test_the_draft_can_be_opened_saved_and_published(area: Area, document: Path) -> None:
    run(document, area.partnership)
    page = the_page()
    administrator = area.person(Role.ADMINISTRATOR, area.partnership)
    client = Client()
    client.force_login(administrator)
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert shown.status_code == 200
    assert "From the imported document" in shown.content.decode()
    page = publish(page, administrator)
    assert page.live
    assert AgreementVersion.objects.get().clauses.count() == len(
        list(blocks.clauses_of(page.sections))
    )


def test_an_unknown_partnership_lists_the_names(area: Area, document: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_agreement", str(document), "--partnership", "Nowhere")
    assert "There is no partnership “Nowhere”." in str(refused.value)
    assert area.partnership.name in str(refused.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "There is no file"), (b"", "empty"), (b"%PDF-1.7 \x00\x01", "damaged")],
)
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    area: Area, tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "document.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=says) as refused:
        run(path, area.partnership)
    assert str(refused.value).endswith(".")
    with pytest.raises(CommandError, match="is a folder"):
        run(tmp_path, area.partnership)
    assert not AgreementPage.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(
    area: Area, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(drafting.AgreementPage, "save_revision", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        run(document, area.partnership)
    assert not AgreementPage.objects.exists()
