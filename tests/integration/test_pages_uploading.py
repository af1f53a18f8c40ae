"""An editor uploads a document: who may, what is refused, how far it is, what is reported."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from pages import access, blocks, importing
from pages.models import AgreementPage, PolicyPage
from pages.uploading import actions
from pages.uploading.models import DocumentImport, Stage
from permissions import actions as permissions
from permissions.roles import ROLES_BY_KIND, Role
from tests.factories.cases import Area
from tests.factories.permissions import PartnershipFactory, member
from tests.unit.pages.importing.making_documents import docx, paragraph, pdf, stripped_of_text
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db

TEXT = b"""\
Lantern Teaching Agreement

The provider will:

1. Send the register within 20 minutes.
2. Hold a review every 10 to 12 weeks.
3. Answer letters within 2 days.

The school will:

1. Keep the pupil on roll.
"""


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def page(area: Area) -> Any:
    return access.make_partnership_page(partnership=area.partnership)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def file(data: bytes = TEXT, name: str = "lantern.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def upload(
    area: Area, page: Any, data: bytes = TEXT, name: str = "lantern.txt", **fields: str
) -> Any:
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    return client.post(
        reverse("pages_upload", args=[page.pk]),
        {"file": file(data, name), "kind": "sla", "title": "", **fields},
    )


def imported(
    area: Area, page: Any, data: bytes = TEXT, name: str = "lantern.txt", **fields: str
) -> DocumentImport:
    assert upload(area, page, data, name, **fields).status_code == 302
    document = DocumentImport.objects.latest("pk")
    actions.carry_out(import_id=document.pk)
    document.refresh_from_db()
    return document


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# Who may


def test_only_those_who_write_beneath_the_page_may_upload_or_look(area: Area, page: Any) -> None:
    document = imported(area, page)
    addresses = [
        reverse("pages_upload", args=[page.pk]),
        reverse("pages_import", args=[document.pk]),
        reverse("pages_import_state", args=[document.pk]),
    ]
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            organisation = area.organisations[kind]
            client = signed_in(area.person(role, organisation))
            may = organisation == area.partnership and role in access.PAGE_PERMISSIONS
            for address in addresses:
                # Wagtail sends those whom it keeps out back to its first page or to the sign-in.
                assert (client.get(address).status_code == 200) is may, (kind, role, address)


def test_another_partnerships_editor_is_kept_out(area: Area, page: Any) -> None:
    document = imported(area, page)
    other = PartnershipFactory(parent=area.local_authority)
    access.make_partnership_page(partnership=other)
    client = signed_in(member(Role.EDITOR, other))
    for address in (
        reverse("pages_upload", args=[page.pk]),
        reverse("pages_import", args=[document.pk]),
        reverse("pages_import_state", args=[document.pk]),
    ):
        assert client.get(address).status_code != 200
    before = DocumentImport.objects.count()
    client.post(reverse("pages_upload", args=[page.pk]), {"file": file(), "kind": "sla"})
    assert DocumentImport.objects.count() == before


def test_the_explorer_offers_it_to_an_editor(area: Area, page: Any) -> None:
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    shown = client.get(reverse("wagtailadmin_explore", args=[page.pk]))
    assert reverse("pages_upload", args=[page.pk]) in shown.content.decode()


def test_the_right_is_asked_again_when_the_draft_is_made(area: Area, page: Any) -> None:
    upload(area, page)
    document = DocumentImport.objects.get()
    editor = document.uploaded_by
    administrator = area.person(Role.ADMINISTRATOR, area.partnership)
    permissions.end_membership(membership=editor.memberships.get(), by=administrator)
    actions.carry_out(import_id=document.pk)
    document.refresh_from_db()
    assert (document.stage, document.problem) == (Stage.FAILED, actions.NO_RIGHT)
    assert not AgreementPage.objects.exists()


def test_receive_refuses_a_person_without_the_right(area: Area, page: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.receive(
            page=page, kind="sla", title="", name="a.txt", data=TEXT, by=area.person(Role.OFFICER)
        )


# What is refused at once, and what after a look inside


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.docx", "The selected file is empty"),
        (b"   ", "a.txt", "is empty. Choose the file"),
        (
            b"\xd0\xcf\x11\xe0old",
            "a.doc",
            "is an old Word document (.doc). Save it as a Word document",
        ),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "by a password"),
        (b"{\\rtf1 x}", "a.docx", "is a rich text (RTF) file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a.txt", "is not a document with text"),
        (b"%PDF-" + b"a" * importing.LARGEST_FILE, "a.pdf", "is larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_form(
    area: Area, page: Any, data: bytes, name: str, says: str
) -> None:
    response = upload(area, page, data, name)
    assert response.status_code == 200
    assert says in text_of(response)
    assert not DocumentImport.objects.exists()


def test_no_file_at_all_is_a_sentence(area: Area, page: Any) -> None:
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    response = client.post(reverse("pages_upload", args=[page.pk]), {"kind": "sla"})
    assert "Select a document." in text_of(response)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (stripped_of_text(), "scan.pdf", "has no text, only pictures of pages"),
        (b"%PDF-1.7 broken", "a.pdf", "it is damaged or not complete"),
        (docx(paragraph()), "empty.docx", "has no text"),
    ],
)
def test_what_only_a_look_inside_shows_is_said_on_the_page_of_the_import(
    area: Area, page: Any, data: bytes, name: str, says: str
) -> None:
    document = imported(area, page, data, name)
    assert document.stage == Stage.FAILED
    assert document.content is None
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    shown = text_of(client.get(reverse("pages_import", args=[document.pk])))
    assert says in shown
    assert "Choose another document" in shown
    assert not AgreementPage.objects.exists()


# How far it is


def test_the_reading_is_a_job_and_the_page_follows_it_without_a_script(
    area: Area, page: Any
) -> None:
    response = upload(area, page)
    document = DocumentImport.objects.get()
    assert response.url == reverse("pages_import", args=[document.pk])
    job = ProcrastinateJob.objects.get(task_name="pages.import_document")
    assert job.args == {"import_id": document.pk}
    client = signed_in(document.uploaded_by)
    waiting = text_of(client.get(response.url))
    assert '<meta http-equiv="refresh" content="5">' in waiting
    assert "http-equiv" not in text_of(client.get(f"{response.url}?follow=no"))
    assert "Waiting to be read: <strong>now</strong>" in waiting
    DocumentImport.objects.update(stage=Stage.RECOGNISING, lines=1204)
    going_on = text_of(client.get(response.url))
    assert "Reading the document: <strong>done</strong>" in going_on
    assert "1204 lines" in going_on
    state = client.get(reverse("pages_import_state", args=[document.pk])).json()
    assert state == {
        "stage": "recognising",
        "words": "Finding sections, clauses and numbers",
        "lines": 1204,
        "finished": False,
    }
    actions.carry_out(import_id=document.pk)
    assert "http-equiv" not in text_of(client.get(response.url))


def test_a_job_that_runs_twice_makes_one_draft(area: Area, page: Any) -> None:
    document = imported(area, page)
    actions.carry_out(import_id=document.pk)
    assert AgreementPage.objects.count() == 1


def test_a_fault_that_nobody_foresaw_is_said(
    area: Area, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages import jobs

    upload(area, page)
    document = DocumentImport.objects.get()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    class Context:
        class job:  # noqa: N801  (stands for the library's own)
            attempts = 0

    monkeypatch.setattr(actions.drafting, "draft_from", fail)
    with pytest.raises(RuntimeError):
        jobs.import_document.func(Context, import_id=document.pk)
    document.refresh_from_db()
    assert document.stage == Stage.DRAFTING  # it is tried again
    Context.job.attempts = 2
    with pytest.raises(RuntimeError):
        jobs.import_document.func(Context, import_id=document.pk)
    document.refresh_from_db()
    assert (document.stage, document.problem) == (Stage.FAILED, actions.FAULT)


# What is reported


def test_the_report_says_what_was_found_and_leads_to_the_draft(area: Area, page: Any) -> None:
    document = imported(area, page)
    draft = AgreementPage.objects.get()
    assert draft.owner == document.uploaded_by
    assert not draft.live
    client = signed_in(document.uploaded_by)
    shown = text_of(client.get(reverse("pages_import", args=[document.pk])))
    assert "11 lines of the document were read and every one is accounted for" in shown
    assert "<td>Clauses: Provider</td> <td>3</td>" in shown
    assert "The register is sent within 20 minutes" in shown
    assert "“within 20 minutes”" in shown
    assert "Provider, clause 2" in shown
    assert "A range (10 to 12); the higher number is proposed" in shown
    assert reverse("wagtailadmin_pages:edit", args=[draft.pk]) in shown
    assert "lantern.txt" in text_of(client.get(reverse("pages_upload", args=[page.pk])))


def test_kind_and_title_can_be_said(area: Area, page: Any) -> None:
    imported(area, page, kind="policy", title=" Our policy ")
    assert PolicyPage.objects.get().title == "Our policy"


@pytest.mark.parametrize(
    ("data", "name", "lines"),
    [
        (docx(paragraph("Fern Agreement"), paragraph("The provider will teach.")), "fern.docx", 2),
        (pdf("= Fern Agreement\n\nThe provider will teach."), "fern.pdf", 2),
        (b"<h1>Fern Agreement</h1>\n<p>The provider will teach.</p>", "fern.html", 2),
        (b"# Fern Agreement\n\nThe provider will teach.\n", "fern.md", 3),
    ],
)
def test_each_kind_of_document_becomes_a_draft(
    area: Area, page: Any, data: bytes, name: str, lines: int
) -> None:
    document = imported(area, page, data, name)
    assert document.stage == Stage.DONE
    assert document.report["lines"] == document.report["lines_accounted"] == lines
    draft = AgreementPage.objects.get()
    assert draft.title == "Fern Agreement"
    assert [clause.value["text"] for clause in blocks.clauses_of(draft.sections)] == [
        "The provider will teach."
    ]


def test_a_deleted_draft_leaves_the_report(area: Area, page: Any) -> None:
    document = imported(area, page)
    AgreementPage.objects.get().delete()
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    shown = text_of(client.get(reverse("pages_import", args=[document.pk])))
    assert "has been deleted since" in shown


def test_doubts_are_ticked_off_in_the_editor(area: Area, page: Any) -> None:
    from tests.integration.test_pages_access import form_data

    document = imported(area, page)
    draft = AgreementPage.objects.get()
    doubts = draft.import_report["doubts"]
    assert len(doubts) == 3  # of the two numbers, and the date of issue
    client = signed_in(document.uploaded_by)
    address = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert "3 of 3 open" in text_of(client.get(address))
    data = {
        **form_data(title=draft.title, slug=draft.slug),
        "has_doubts": "on",
        "settled_doubts": ["1"],
    }
    client.post(address, data)
    latest = AgreementPage.objects.get().get_latest_revision_as_object()
    assert [bool(doubt.get("settled")) for doubt in latest.import_report["doubts"]] == [
        False,
        True,
        False,
    ]
    shown = text_of(client.get(address))
    assert "2 of 3 open" in shown
    # A form without the list leaves it as it is.
    client.post(address, form_data(title=draft.title, slug=draft.slug))
    latest = AgreementPage.objects.get().get_latest_revision_as_object()
    assert latest.import_report["doubts"][1]["settled"] is True


def test_a_date_with_an_ordinal_is_read_and_a_missing_one_is_a_doubt(area: Area, page: Any) -> None:
    imported(area, page, b"Fern Agreement\n\nIssued 3rd March 2025\n\nThe provider will teach.\n")
    draft = AgreementPage.objects.get()
    assert draft.issued_date == datetime.date(2025, 3, 3)
    assert not draft.import_report["doubts"]


# What the database keeps


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": Stage.FAILED},
        {"stage": Stage.DONE},
        {"content": None},
        {"problem": "x"},
        {"report": {}},
    ],
)
def test_the_database_refuses_an_import_that_contradicts_itself(
    area: Area, page: Any, changes: dict[str, Any]
) -> None:
    upload(area, page)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentImport.objects.update(**changes)


def test_who_imported_cannot_be_deleted(area: Area, page: Any) -> None:
    document = imported(area, page)
    with pytest.raises(ProtectedError):
        document.uploaded_by.delete()


def test_the_list_of_earlier_imports_costs_the_same_for_one_and_for_ten(
    area: Area, page: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    imported(area, page)
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    address = reverse("pages_upload", args=[page.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as once:
        client.get(address)
    for _ in range(4):
        imported(area, page)
    with CaptureQueriesContext(connection) as again:
        client.get(address)
    assert len(again) == len(once)
