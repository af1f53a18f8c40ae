"""The pages of cases as people meet them: list, case, documents, notes, spreadsheet."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories import files
from tests.factories.cases import Area, make_case, pupil_details
from tests.factories.referrals import make_referral
from workflows.cases import actions, queries, resources
from workflows.cases.models import Case, Document, Pupil
from workflows.cases.states import Audience, DocumentKind, Stage
from workflows.cases.views import pages
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


def get(client, person, url, **query):
    client.force_login(person)
    return client.get(url, query)


def test_nobody_signed_out_sees_a_page(client, area):
    case = make_case(area)
    for url in ("/cases/", case.get_absolute_url(), "/cases/export.csv"):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/sign-in/")


def test_the_list_is_filtered_searched_and_sorted(client, area):
    first = make_case(area, Stage.PLACED, first_name="Ada", last_name="O’Neil", upn="P207000016049")
    second = make_case(area, Stage.REFERRED, first_name="Bo", last_name="Young")
    stranger = make_case(Area(), Stage.PLACED, first_name="Ada", last_name="Elsewhere")
    officer = area.person(Role.OFFICER)

    def found(**query):
        client.force_login(officer)
        response = client.post("/cases/", query, follow=True)
        assert response.status_code == 200
        return [case.reference for case in response.context["page"].object_list]

    assert found() == [second.reference, first.reference]
    assert found(stage="placed") == [first.reference]
    assert found(stage="nonsense") == [second.reference, first.reference]
    assert found(organisation=area.provider.pk) == [first.reference]
    assert found(organisation="x") == [second.reference, first.reference]
    assert found(q="ada o’n") == found(q="O'NEIL ada") == [first.reference]
    assert found(q="p2070 00016049") == [first.reference]
    assert found(q=second.reference.lower()) == [second.reference]
    assert found(q="Elsewhere") == []
    assert found(q="a\x00b' OR 1=1 --") == []
    assert found(sort="pupil") == [first.reference, second.reference]
    assert found(page="99999") == [second.reference, first.reference]
    assert stranger.reference not in get(client, officer, "/cases/").content.decode()


@pytest.mark.parametrize("number", [60, 2000])
def test_the_list_takes_as_many_queries_at_60_as_at_2000_cases(client, area, number):
    pupil = make_case(area, Stage.REFERRED).pupil
    pupils = Pupil.objects.bulk_create(
        Pupil(school=area.school, **pupil_details()) for _ in range(number - 1)
    )
    cases = Case.objects.bulk_create(
        Case(
            reference=f"AC-2020-{index:05}",
            pupil=one,
            partnership=area.partnership,
            stage=Stage.REFERRED,
        )
        for index, one in enumerate(pupils)
    )
    from workflows.cases.models import Participation

    Participation.objects.bulk_create(
        Participation(case=case, organisation=organisation, kind=kind)
        for case in cases
        for organisation, kind in (
            (area.school, "home_school"),
            (area.partnership, "commissioner"),
            (area.local_authority, "local_authority"),
        )
    )
    client.force_login(area.person(Role.OFFICER))
    client.get("/cases/")
    address = client.post("/cases/", {"q": "Robin", "sort": "pupil", "page": 2}).url
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.context["page"].paginator.count == number
    assert response.context["page"].object_list
    assert len(captured) <= 12, [query["sql"][:120] for query in captured]
    assert len(captured) == 8, len(captured)
    assert pupil.pk


def test_a_list_of_very_many_organisations_takes_a_part_of_a_name_instead(
    client, area, monkeypatch
):
    first = make_case(area, Stage.PLACED)
    second = make_case(area, Stage.REFERRED)
    area.provider.name = "St Jude’s Workshop 100%"
    area.provider.save()
    officer = area.person(Role.OFFICER)
    page = get(client, officer, "/cases/").content.decode()
    assert 'name="organisation"' in page
    assert 'name="organisation_name"' not in page

    monkeypatch.setattr(queries, "OFFERED_AT_MOST", 2)
    with CaptureQueriesContext(connection) as captured:
        page = get(client, officer, "/cases/").content.decode()
    assert 'name="organisation"' not in page
    assert "Part of an organisation’s name" in page
    assert len([one for one in captured if 'FROM "permissions_organisation"' in one["sql"]]) == 1

    def found(**query):
        response = client.post("/cases/", query, follow=True)
        assert response.status_code == 200
        assert all(f'value="{word}"' in response.content.decode() for word in query.values())
        return [case.reference for case in response.context["page"].object_list]

    assert found(organisation_name="st jude") == [first.reference]
    assert found(organisation_name="0%") == [first.reference]
    client.get("/cases/", {"organisation_name": "a\x00b"})
    apostrophe = client.post("/cases/", {"organisation_name": " Jude's w "}, follow=True)
    assert [case.reference for case in apostrophe.context["page"].object_list] == [first.reference]
    assert found(organisation_name=area.school.name) == [second.reference, first.reference]
    assert found(organisation_name="Nobody’s") == []
    # What was chosen from a list before goes on working.
    chosen = get(client, officer, "/cases/", organisation=area.provider.pk)
    assert [case.reference for case in chosen.context["page"].object_list] == [first.reference]


def test_a_list_without_end_is_counted_so_far_and_says_so(client, area, monkeypatch):
    cases = [make_case(area, Stage.REFERRED) for _ in range(4)]
    officer = area.person(Role.OFFICER)
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    assert "4 cases" in get(client, officer, "/cases/").content.decode()
    monkeypatch.setattr(queries, "COUNTED_AT_MOST", 3)
    first = get(client, officer, "/cases/").content.decode()
    assert "More than 3 cases" in first
    assert "Part of an organisation’s name" in first
    assert "Further cases are not listed here" not in first
    last = get(client, officer, "/cases/", page="99")
    assert "Further cases are not listed here" in last.content.decode()
    assert [case.reference for case in last.context["page"].object_list] == [cases[1].reference]


def test_a_case_of_another_organisation_does_not_exist(client, area):
    case = make_case(area, Stage.PLACED)
    document = actions.add_document(
        case=case, kind=DocumentKind.OTHER, title="Plan", file=files.PDF, by=None
    )
    stranger = Area().person(Role.OFFICER)
    for url in (
        case.get_absolute_url(),
        document.get_absolute_url(),
        reverse("cases:add_document", args=[case.reference]),
        reverse("cases:add_note", args=[case.reference]),
    ):
        assert get(client, stranger, url).status_code == 404
    assert get(client, stranger, "/cases/AC-2026-999999/").status_code == 404


def test_the_page_shows_each_reader_their_part_and_logs_the_reading(client, area):
    referral = make_referral(area, "at_panel", first_name="Zadie")
    case = referral.case
    officer, referrer = area.person(Role.OFFICER), area.person(Role.REFERRER)
    chair = area.panel()[0]

    page = get(client, officer, case.get_absolute_url()).content.decode()
    assert "Vote on the referral" in page
    assert "3 people, panel member or panel chair" in page
    assert "0 votes are in" in page
    assert "Letter from the consultant" in page

    page = get(client, referrer, case.get_absolute_url()).content.decode()
    assert "0 votes" not in page
    assert "Letter from the consultant" in page

    page = get(client, chair, case.get_absolute_url()).content.decode()
    assert "/tasks/" in page
    assert "What the school’s staff wrote about needs" in page

    attendance = area.person(Role.ATTENDANCE_OFFICER)
    page = get(client, attendance, case.get_absolute_url()).content.decode()
    assert "Letter from the consultant" not in page
    assert "Add a note" not in page

    reads = ReadRecord.objects.filter(purpose="case page", object_id=case.pk)
    assert set(reads.values_list("user", flat=True)) == {
        officer.pk,
        referrer.pk,
        chair.pk,
        attendance.pk,
    }


# --- Documents ----------------------------------------------------------------------------------


def upload(client, case, content, *, name="letter.pdf", **answers):
    return client.post(
        reverse("cases:add_document", args=[case.reference]),
        {
            "kind": "other",
            "title": "O’Hara’s letter",
            "file": SimpleUploadedFile(name, content),
            "audience": "parties",
            **answers,
        },
    )


def test_a_document_is_stored_under_a_random_name_and_served_safely(client, area, settings):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.TUTOR))
    response = upload(client, case, files.PNG, name="../../evil.html")
    assert response.status_code == 302
    document = Document.objects.get()
    assert document.content_type == "image/png"
    assert "evil" not in document.file.name
    assert document.file.path.startswith(str(settings.MEDIA_ROOT))

    response = client.get(document.get_absolute_url())
    # Reading to the end closes the file.
    assert b"".join(response.streaming_content) == files.PNG
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert case.pupil.last_name not in response["Content-Disposition"]
    response = client.get(document.get_absolute_url(), {"view": "1"})
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content)
    assert ReadRecord.objects.filter(purpose="document", object_id=document.pk).count() == 2
    assert client.get(f"/media/{document.file.name}/").status_code == 404


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files.PROGRAM, "must be a PDF"),
        (files.PAGE, "must be a PDF"),
        (files.docx(with_macros=True), "must be a PDF"),
        (b"", "is empty"),
        (files.PDF + b" " * 2 * 1024 * 1024, "smaller than 2MB"),
    ],
)
def test_other_files_are_refused_on_the_form(client, area, settings, content, says):
    settings.DOCUMENT_SIZE_LIMIT = 2 * 1024 * 1024
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.TUTOR))
    response = upload(client, case, content)
    assert response.status_code == 200
    assert says in response.content.decode()
    assert "O’Hara’s letter" in response.content.decode()
    assert not Document.objects.exists()
    with pytest.raises(NotAllowed, match=says):
        actions.add_document(case=case, kind="other", title="x", file=content, by=None)


def test_a_reader_outside_the_audience_cannot_fetch_the_file(client, area):
    case = make_case(area, Stage.PLACED)
    document = actions.add_document(
        case=case, kind=DocumentKind.MEDICAL_EVIDENCE, title="Letter", file=files.PDF, by=None
    )
    assert document.audience == Audience.MEDICAL
    assert get(client, area.person(Role.SIGNATORY), document.get_absolute_url()).status_code == 404
    response = get(client, area.person(Role.TUTOR), document.get_absolute_url())
    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    other = make_case(area, Stage.PLACED)
    wrong = reverse("cases:document", args=[other.reference, document.pk])
    assert get(client, area.person(Role.TUTOR), wrong).status_code == 404


def test_who_may_not_write_is_told_so(client, area):
    case = make_case(area, Stage.PLACED)
    assert (
        get(
            client, area.person(Role.AUDITOR), reverse("cases:add_note", args=[case.reference])
        ).status_code
        == 403
    )
    closed = make_case(area, Stage.CLOSED)
    assert (
        get(
            client, area.person(Role.OFFICER), reverse("cases:add_note", args=[closed.reference])
        ).status_code
        == 409
    )


def test_a_note_is_for_its_audience(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.OFFICER))
    response = client.post(
        reverse("cases:add_note", args=[case.reference]),
        {"text": "Called <b>home</b>", "audience": "commissioner"},
        follow=True,
    )
    assert "Called &lt;b&gt;home&lt;/b&gt;" in response.content.decode()
    response = client.post(
        reverse("cases:add_note", args=[case.reference]), {"text": "x", "audience": "panel"}
    )
    assert response.status_code in (200, 302)
    page = get(client, area.person(Role.REFERRER), case.get_absolute_url()).content.decode()
    assert "Called" not in page


def test_what_is_searched_for_is_kept_out_of_every_address(client, area):
    case = make_case(area, Stage.PLACED, first_name="Ada", last_name="Quill")
    other = make_case(area, Stage.PLACED, first_name="Bo", last_name="Young")
    client.force_login(area.person(Role.OFFICER))

    def shown(address):
        response = client.get(address)
        return response, [one.reference for one in response.context["page"].object_list]

    quill = client.post("/cases/", {"q": "Quill", "stage": "placed", "sort": ""}).url
    young = client.post("/cases/", {"q": "Young"}).url
    assert quill.startswith("/cases/?stage=placed&search=")
    response, found = shown(quill)
    assert found == [case.reference]
    assert 'value="Quill"' in response.content.decode()
    assert not re.search(r'(href|action)="[^"]*Quill', response.content.decode())
    # Going back to the one search after the other, and to the page before both.
    assert shown(young)[1] == [other.reference]
    assert shown(quill)[1] == [case.reference]
    assert len(shown("/cases/")[1]) == 2
    assert len(shown("/cases/?q=Quill")[1]) == 2
    # The spreadsheet is of the same rows.
    export = client.get(quill.replace("/cases/", "/cases/export.csv")).content.decode()
    assert case.reference in export
    assert other.reference not in export
    # Another session knows nothing of it.
    client.force_login(area.person(Role.REFERRER))
    response, found = shown(quill)
    assert len(found) == 2
    assert "no longer kept" in response.content.decode()


# --- Spreadsheet --------------------------------------------------------------------------------


def test_the_spreadsheet_has_the_visible_cases_and_no_formula(client, area):
    case = make_case(area, Stage.PLACED, first_name="=cmd", last_name="+1")
    make_case(Area(), Stage.PLACED)
    response = get(client, area.person(Role.OFFICER), "/cases/export.csv")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Reference"] for row in rows] == [case.reference]
    assert rows[0]["First name"] == "'=cmd"
    assert rows[0]["Last name"] == "'+1"
    assert rows[0]["Stage"] == "Placed"
    assert ReadRecord.objects.filter(purpose="export", object_id=case.pk).count() == 1


@pytest.mark.parametrize("text", ["==1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_cells_that_spreadsheets_run_are_made_text(text):
    assert resources.harmless(text) == f"'{text}"


def test_the_spreadsheet_is_for_those_who_may_and_has_an_end(client, area, monkeypatch):
    make_case(area, Stage.PLACED)
    make_case(area, Stage.PLACED)
    assert get(client, area.person(Role.REFERRER), "/cases/export.csv").status_code == 403
    monkeypatch.setattr(resources, "MOST_ROWS", 1)
    assert get(client, area.person(Role.OFFICER), "/cases/export.csv").status_code == 409
