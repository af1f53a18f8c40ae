"""Documents of a case: several at once, until when they are valid, virus scan, preview."""

import datetime
import io
import socketserver
import threading

import pypdfium2
import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories import files
from tests.factories.cases import Area, make_case
from tests.factories.referrals import make_referral
from workflows.cases import actions, jobs, queries
from workflows.cases.models import Document, RefusedFile
from workflows.cases.states import Audience, Scan, Stage
from workflows.engine import previews, scanner
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event

pytestmark = pytest.mark.django_db

EICAR = b"%PDF-1.7\nX5O!P%@AP-made-up-for-the-test"


@pytest.fixture
def area():
    return Area()


class _Daemon(socketserver.StreamRequestHandler):
    """Answers like ClamAV's daemon."""

    def handle(self):
        command = self.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        if self.server.says:
            self.wfile.write(self.server.says)
        elif b"made-up-for-the-test" in content:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def daemon(request, settings, tmp_path):
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Daemon)
        settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        path = tmp_path / "clamd.ctl"
        server = socketserver.ThreadingUnixStreamServer(str(path), _Daemon)
        settings.CLAMD = f"unix://{path}"
    server.says = b""
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def upload(client, case, *contents, **answers):
    return client.post(
        reverse("cases:add_document", args=[case.reference]),
        {
            "kind": "other",
            "title": "O’Hara’s letter",
            "file": [SimpleUploadedFile("letter.pdf", content) for content in contents],
            "audience": "usual",
            **answers,
        },
    )


def put(area, case=None, content=files.PDF, **details):
    case = case or make_case(area, Stage.PLACED)
    return actions.add_document(
        case=case,
        **{"kind": "other", "title": "Plan", "file": content, **details},
        by=area.person(Role.REFERRER),
    )


# --- What is said of a document -----------------------------------------------------------------


def test_several_files_go_in_together_or_not_at_all(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.TUTOR))
    response = upload(client, case, files.PDF, files.PROGRAM, files.PNG)
    assert "number 2 of 3, must be a PDF" in response.content.decode()
    assert not Document.objects.exists()
    assert upload(client, case, *[files.PDF] * 11).status_code == 200
    assert not Document.objects.exists()
    response = upload(client, case, files.PDF, files.PNG, author="Dr O’Shea")
    assert response.status_code == 302
    assert [(one.title, one.author) for one in Document.objects.order_by("pk")] == [
        ("O’Hara’s letter (1 of 2)", "Dr O’Shea"),
        ("O’Hara’s letter (2 of 2)", "Dr O’Shea"),
    ]
    assert Event.objects.filter(kind="document_added").count() == 2
    assert "2 documents are in the case" in client.get(response.url).content.decode()


def test_medical_evidence_is_never_for_everyone(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    response = upload(client, case, files.PDF, kind="medical_evidence", audience="parties")
    assert "Medical evidence can be for" in response.content.decode()
    with pytest.raises(NotAllowed, match="Medical evidence can be for"):
        put(area, case, kind="medical_evidence", audience="parties")
    upload(client, case, files.PDF, kind="medical_evidence")
    assert Document.objects.get().audience == Audience.MEDICAL


def test_nobody_hides_a_document_from_themself(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    response = client.get(reverse("cases:add_document", args=[case.reference])).content.decode()
    assert "People who may see safeguarding records" not in response
    assert upload(client, case, files.PDF, audience="safeguarding").status_code == 200
    assert not Document.objects.exists()


def test_valid_until_is_after_the_date_of_the_document(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    dates = {"document_date": "2026-03-02", "valid_until": "2026-03-01"}
    response = upload(client, case, files.PDF, **dates)
    assert "must be after the date of the document" in response.content.decode()
    upload(client, case, files.PDF, document_date="2026-03-02", valid_until="2026-03-03")
    document = Document.objects.get()
    assert document.valid_until == datetime.date(2026, 3, 3)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "valid until 3 March 2026" in page
    with time_machine.travel("2026-03-04T12:00:00+00:00"):
        assert document.is_expired()
    with time_machine.travel("2026-03-03T23:30:00+00:00"):
        assert not document.is_expired()
    document.valid_until = datetime.date(2026, 3, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save()


# --- Virus scan ---------------------------------------------------------------------------------


def test_without_a_scanner_the_page_says_so(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    page = client.get(reverse("cases:add_document", args=[case.reference])).content.decode()
    assert "does not scan them for viruses" in page
    upload(client, case, files.PDF)
    assert Document.objects.get().scan == Scan.NOT_SCANNED
    assert "Not scanned for viruses" in client.get(case.get_absolute_url()).content.decode()


def test_a_clean_file_goes_in_and_one_with_a_virus_is_recorded_and_not_kept(
    client, area, daemon, settings
):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    page = client.get(reverse("cases:add_document", args=[case.reference])).content.decode()
    assert "Each is scanned for viruses" in page
    # Larger than one piece of the stream.
    assert upload(client, case, files.PDF + b" " * 200_000).status_code == 302
    document = Document.objects.get()
    assert document.scan == Scan.CLEAN
    assert document.scanned_at
    response = upload(client, case, files.PDF, EICAR)
    assert "A virus was found" in response.content.decode()
    assert Document.objects.count() == 1
    refused = RefusedFile.objects.get()
    assert refused.found == "Eicar-Test-Signature"
    assert refused.sent_by == area.person(Role.REFERRER)
    assert Event.objects.filter(kind="file_refused").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        refused.delete()


def test_a_virus_in_a_referrals_evidence_is_recorded_too(client, area, daemon):
    referral = make_referral(area, complete=False)
    client.force_login(area.person(Role.REFERRER))
    response = client.post(
        reverse("referrals:add_evidence", args=[referral.case.reference]),
        {
            "kind": "medical_evidence",
            "title": "Letter",
            "audience": "usual",
            "file": SimpleUploadedFile("x.pdf", EICAR),
        },
    )
    assert "A virus was found" in response.content.decode()
    assert RefusedFile.objects.get().case == referral.case


@pytest.mark.parametrize("way", ["tcp://127.0.0.1:1", "unix:///nowhere", "nonsense"])
def test_while_the_scanner_does_not_answer_a_file_is_kept_closed(client, area, settings, way):
    settings.CLAMD = way
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    response = upload(client, case, files.PDF)
    assert response.status_code == 302
    document = Document.objects.get()
    assert document.scan == Scan.WAITING
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Waiting for the virus scan" in page
    assert document.get_absolute_url() not in page
    assert client.get(document.get_absolute_url()).status_code == 409
    preview = reverse("cases:preview", args=[case.reference, document.pk])
    assert client.get(preview).status_code == 409
    assert not Document.objects.readable().exists()
    jobs.scan_waiting(0)
    document.refresh_from_db()
    assert document.scan == Scan.WAITING


def test_what_waited_is_scanned_when_the_scanner_answers(
    client, area, daemon, django_capture_on_commit_callbacks
):
    daemon.says = b"INSTREAM size limit exceeded. ERROR\0"
    case = make_case(area, Stage.PLACED)
    clean = put(area, case)
    infected = put(area, case, EICAR)
    assert {clean.scan, infected.scan} == {Scan.WAITING}
    stored = infected.file
    daemon.says = b""
    with django_capture_on_commit_callbacks(execute=True):
        jobs.scan_waiting(0)
    clean.refresh_from_db()
    assert clean.scan == Scan.CLEAN
    assert not Document.objects.filter(pk=infected.pk).exists()
    assert not stored.storage.exists(stored.name)
    assert RefusedFile.objects.get().sha256 == infected.sha256
    client.force_login(area.person(Role.REFERRER))
    # Reading to the end closes the file.
    assert b"".join(client.get(clean.get_absolute_url()).streaming_content) == files.PDF


def test_accords_own_letters_are_not_scanned(area, settings):
    settings.CLAMD = "tcp://127.0.0.1:1"
    case = make_case(area, Stage.PLACED)
    letter = actions.add_document(case=case, kind="letter", title="x", file=files.PDF, by=None)
    assert letter.is_readable


def test_the_scanner_says_what_it_cannot(settings):
    settings.CLAMD = ""
    assert not scanner.is_configured()
    settings.CLAMD = "http://127.0.0.1"
    with pytest.raises(scanner.Unreachable):
        scanner.find_virus(b"x")


# --- Preview ------------------------------------------------------------------------------------


def a_pdf(pages):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 300)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def a_photograph():
    picture = Image.new("RGB", (2000, 1000), "green")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "SECRET-PLACE"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_the_pages_of_a_pdf_are_drawn_one_by_one(client, area):
    document = put(area, content=a_pdf(12))
    url = reverse("cases:preview", args=[document.case.reference, document.pk])
    client.force_login(area.person(Role.REFERRER))
    shown = client.get(url).content.decode()
    assert "Page 1 of 12" in shown
    assert "data:image/png;base64," in shown
    assert "?page=2" in shown
    last = client.get(url, {"page": "10"}).content.decode()
    assert "Only the first 10 pages" in last
    assert "?page=11" not in last
    assert "Page 10 of 12" in client.get(url, {"page": "99"}).content.decode()
    assert "Page 1 of 12" in client.get(url, {"page": "x"}).content.decode()
    assert ReadRecord.objects.filter(purpose="document preview").count() == 4


def test_an_image_is_drawn_anew_and_upright():
    drawn = previews.draw(a_photograph(), "image/jpeg")
    assert b"SECRET-PLACE" not in drawn.png
    with Image.open(io.BytesIO(drawn.png)) as picture:
        assert picture.height > picture.width
        assert picture.width <= previews.WIDTH
        assert not picture.getexif()


@pytest.mark.parametrize("content", [files.PDF, files.PNG, b"", b"%PDF-1.7 nonsense"])
def test_what_cannot_be_drawn_is_said(content):
    for kind in ("application/pdf", "image/png"):
        with pytest.raises(previews.NoPreview):
            previews.draw(content, kind)


def test_a_damaged_file_has_a_page_that_says_so(client, area):
    document = put(area)
    client.force_login(area.person(Role.REFERRER))
    shown = client.get(reverse("cases:preview", args=[document.case.reference, document.pk]))
    assert "cannot draw this file" in shown.content.decode()


def test_a_preview_is_for_the_audience_alone(client, area):
    case = make_case(area, Stage.PLACED)
    document = put(area, case, a_pdf(1), kind="medical_evidence")
    word = put(area, case, files.docx())
    url = reverse("cases:preview", args=[case.reference, document.pk])
    client.force_login(area.person(Role.SIGNATORY))
    assert client.get(url).status_code == 404
    client.force_login(Area().person(Role.OFFICER))
    assert client.get(url).status_code == 404
    client.force_login(area.person(Role.TUTOR))
    assert client.get(url).status_code == 200
    assert client.get(reverse("cases:preview", args=[case.reference, word.pk])).status_code == 404


# --- What is about to expire --------------------------------------------------------------------


def test_the_school_is_told_once_before_evidence_expires(
    area, settings, django_capture_on_commit_callbacks
):
    case = make_case(area, Stage.PLACED)
    today = timezone.localdate()

    def until(days, where=case, **details):
        return put(area, where, valid_until=today + datetime.timedelta(days=days), **details)

    near = until(settings.EVIDENCE_EXPIRY_NOTICE, kind="medical_evidence")
    until(settings.EVIDENCE_EXPIRY_NOTICE + 1)
    until(-1)
    until(3, make_case(area, Stage.DRAFT), kind="risk_assessment")
    until(3, kind="ehc_plan")
    until(400, kind="ehc_plan")  # the new one
    closed = make_case(area, Stage.PLACED)
    until(3, closed, kind="school_report")
    actions.close(case=closed, outcome="ended", by=None)
    for _ in range(2):
        jobs.tell_expiring(0)
    told = Event.objects.filter(kind="evidence_expiring").order_by("pk")
    assert {event.data["document"] for event in told} == {
        near.pk,
        Document.objects.get(kind="risk_assessment").pk,
    }
    event = told.get(data__document=near.pk)
    assert event.audience == Audience.MEDICAL
    assert "Medical evidence is valid until" in event.summary
    assert not queries.expiring(today).filter(pk=near.pk).exists()


def test_the_message_names_nobody(area):
    from workflows.engine import mail as messages

    area.person(Role.HEAD)
    area.person(Role.TUTOR)
    document = put(area, valid_until=timezone.localdate())
    jobs.tell_expiring(0)
    event = Event.objects.get(kind="evidence_expiring")
    for number, user in messages.addressees(event.pk):
        messages.send(event.pk, number, user)
    assert {message.to[0] for message in mail.outbox} == {
        area.person(Role.HEAD).email,
        area.person(Role.REFERRER).email,
    }
    for message in mail.outbox:
        assert document.case.pupil.last_name not in message.subject + message.body
