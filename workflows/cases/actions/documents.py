"""Documents of a case: added, scanned, refused, removed, and told of before they expire."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from permissions import audit
from workflows.cases import queries, rules
from workflows.cases.actions.contents import organisation_writing
from workflows.cases.actions.journey import lock
from workflows.cases.models import Case, Document, RefusedFile
from workflows.cases.states import (
    DOCUMENT_AUDIENCES,
    Audience,
    DocumentKind,
    Scan,
    Stage,
)
from workflows.engine import events, jobs, scanner
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from django.core.files import File

    from permissions.models import Organisation, User


def file_size_limit() -> int:
    """Answer the largest file taken, in bytes: a setting."""
    limit: int = settings.DOCUMENT_SIZE_LIMIT
    return limit


@dataclass(frozen=True)
class _Checked:
    """A file's content, what it is, and what the scanner said."""

    content: bytes
    content_type: str
    scan: Scan


def add_document(
    *,
    case: Case,
    kind: DocumentKind | str,
    title: str,
    file: File[bytes] | bytes,
    by: User | None,
    audience: Audience | str | None = None,
    author: str = "",
    document_date: datetime.date | None = None,
    valid_until: datetime.date | None = None,
) -> Document:
    """Put one file into a case. Takes and raises what `add_documents` does."""
    return add_documents(
        case=case,
        kind=kind,
        title=title,
        files=[file],
        by=by,
        audience=audience,
        author=author,
        document_date=document_date,
        valid_until=valid_until,
    )[0]


def add_documents(
    *,
    case: Case,
    kind: DocumentKind | str,
    title: str,
    files: Sequence[File[bytes] | bytes],
    by: User | None,
    audience: Audience | str | None = None,
    author: str = "",
    document_date: datetime.date | None = None,
    valid_until: datetime.date | None = None,
) -> list[Document]:
    """Put files of one kind into a case for an audience, all of them or none.

    The audience follows the kind unless one is given that the kind allows; of several files each title
    says which one it is. The type is told from the content. A file with a virus is refused, and that
    it came is recorded; while the scanner does not answer a file is kept closed. Accord's own letters
    (`by` is None) are not scanned. Raises NotPermitted, or NotAllowed for a file of another type, one
    too large, or a case that has ended (Accord's own letters still go in).
    """
    kind = DocumentKind(kind)
    chosen = Audience(audience) if audience else DOCUMENT_AUDIENCES[kind]
    if reason := rules.why_not_audience(kind, chosen):
        raise NotAllowed(reason)
    if reason := rules.why_not_valid_until(document_date, valid_until):
        raise NotAllowed(reason)
    # Before anything is locked: the scanner may take its time.
    organisation_writing(case=case, audience=chosen, by=by)
    checked = [
        _check(file, case=case, kind=kind, title=title, audience=chosen, by=by) for file in files
    ]
    with audit.acting(by), transaction.atomic():
        lock(case)
        organisation = organisation_writing(case=case, audience=chosen, by=by)
        added = []
        for number, one in enumerate(checked, start=1):
            document = Document(
                case=case,
                kind=kind,
                title=_numbered(title, number, len(checked)),
                audience=chosen,
                size=len(one.content),
                content_type=one.content_type,
                sha256=hashlib.sha256(one.content).hexdigest(),
                author=author,
                document_date=document_date,
                valid_until=valid_until,
                scan=one.scan,
                scanned_at=timezone.now() if one.scan == Scan.CLEAN else None,
                uploaded_by=by,
            )
            document.file.save("document", ContentFile(one.content), save=False)
            document.save()
            _tell_added(document, by, organisation)
            added.append(document)
        if any(one.scan == Scan.WAITING for one in checked):
            from workflows.cases.jobs import scan_waiting_now

            jobs.queue(scan_waiting_now)
    return added


def _numbered(title: str, number: int, count: int) -> str:
    if count == 1:
        return title
    ending = f" ({number} of {count})"
    return title[: 200 - len(ending)] + ending


def _tell_added(document: Document, by: User | None, organisation: Organisation | None) -> None:
    events.announce(
        "document_added",
        subject=document.case,
        by=by,
        organisation=organisation,
        audience=Audience(document.audience),
        summary=f"{DocumentKind(document.kind).label} added",
        data={"document": document.pk},
    )


def _check(
    file: File[bytes] | bytes,
    *,
    case: Case,
    kind: DocumentKind,
    title: str,
    audience: Audience,
    by: User | None,
) -> _Checked:
    content = file if isinstance(file, bytes) else _content(file)
    content_type = rules.content_type_of(content)
    if reason := rules.why_not_file(
        size=len(content), content_type=content_type, limit=file_size_limit()
    ):
        raise NotAllowed(reason)
    assert content_type is not None  # a file of no known type is refused above
    if by is None or not scanner.is_configured():
        return _Checked(content, content_type, Scan.NOT_SCANNED)
    try:
        found = scanner.find_virus(content)
    except scanner.Unreachable:
        return _Checked(content, content_type, Scan.WAITING)
    if found is not None:
        _refuse(
            case=case,
            kind=kind,
            title=title,
            audience=audience,
            content=content,
            found=found,
            by=by,
        )
        raise NotAllowed(
            "A virus was found in the selected file, so none of it was kept. Have the computer that "
            "it comes from checked, and ask the author for the document once more."
        )
    return _Checked(content, content_type, Scan.CLEAN)


def _content(file: File[bytes]) -> bytes:
    # One byte more than the limit is enough to refuse it, so a huge file is never read whole.
    file.seek(0)
    return file.read(file_size_limit() + 1)


def _refuse(
    *,
    case: Case,
    kind: DocumentKind,
    title: str,
    audience: Audience,
    content: bytes,
    found: str,
    by: User | None,
) -> None:
    """Record that a file with a virus was sent; the file itself is not kept."""
    with audit.acting(by), transaction.atomic():
        refused = RefusedFile.objects.create(
            case=case,
            kind=kind,
            title=title,
            audience=audience,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            found=found[:200],
            sent_by=by,
        )
        events.announce(
            "file_refused",
            subject=case,
            by=by,
            organisation=None,
            audience=audience,
            summary=f"{kind.label} refused: a virus was found in the file",
            data={"refused": refused.pk, "sent_by": by.pk if by is not None else None},
        )


def scan_document(*, document: Document) -> bool:
    """Scan a document that is kept closed; answer whether the scanner answered.

    One with a virus is taken out of the case: that it was there stays recorded, and whoever sent it
    is told. Called by a job, which may run again at any time.
    """
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document.pk)
        if document.scan != Scan.WAITING:
            return True
        with document.file.open("rb") as stored:
            content = stored.read()
        try:
            found = scanner.find_virus(content) if scanner.is_configured() else None
        except scanner.Unreachable:
            return False
        if found is None:
            clean = scanner.is_configured()
            document.scan = Scan.CLEAN if clean else Scan.NOT_SCANNED
            document.scanned_at = timezone.now() if clean else None
            document.save(update_fields=["scan", "scanned_at"])
            return True
        _refuse(
            case=document.case,
            kind=DocumentKind(document.kind),
            title=document.title,
            audience=Audience(document.audience),
            content=content,
            found=found,
            by=document.uploaded_by,
        )
        kept = document.file
        document.delete()
        transaction.on_commit(lambda: kept.delete(save=False))
    return True


def tell_expiring(*, document: Document, today: datetime.date) -> bool:
    """Tell the school, once, that evidence is about to expire; answer whether it was told.

    Nothing is said of a document that a later one of its kind replaces, nor of a case that has ended.
    """
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document.pk)
        if not queries.is_expiring(document, today):
            return False
        document.expiry_told_at = timezone.now()
        document.save(update_fields=["expiry_told_at"])
        last = document.valid_until
        assert last is not None  # it is expiring
        events.announce(
            "evidence_expiring",
            subject=document.case,
            by=None,
            organisation=document.case.pupil.school,
            audience=Audience(document.audience),
            summary=f"{DocumentKind(document.kind).label} is valid until {last.day} {last:%B %Y}",
            data={"document": document.pk},
        )
    return True


def remove_document(*, document: Document, by: User | None) -> None:
    """Take a file out of a case that is still a draft, where nobody else has seen it.

    Raises NotPermitted, or NotAllowed once the case has left the school.
    """
    case = document.case
    with audit.acting(by), transaction.atomic():
        lock(case)
        organisation_writing(case=case, audience=Audience(document.audience), by=by)
        if case.stage != Stage.DRAFT:
            raise NotAllowed(
                "This document is part of the case now and cannot be removed. Add a corrected "
                "document beside it."
            )
        stored = document.file
        document.delete()
        transaction.on_commit(lambda: stored.delete(save=False))
