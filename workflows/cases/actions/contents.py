"""What is put into a case: documents and notes, each for an audience."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from permissions import audit
from permissions.exceptions import NotPermitted
from workflows.cases import queries, rules
from workflows.cases.actions.journey import lock
from workflows.cases.models import Case, Document, Note
from workflows.cases.states import (
    DOCUMENT_AUDIENCES,
    Audience,
    DocumentKind,
    Stage,
)
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from django.core.files import File

    from permissions.models import Organisation, User


def file_size_limit() -> int:
    """Answer the largest file taken, in bytes: a setting."""
    limit: int = settings.DOCUMENT_SIZE_LIMIT
    return limit


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
) -> Document:
    """Put a file into a case for an audience; the audience follows the kind unless given.

    The type is told from the content. Raises NotPermitted, or NotAllowed for a file of another type,
    one too large, or a case that has ended (Accord's own letters still go in).
    """
    kind = DocumentKind(kind)
    chosen = Audience(audience) if audience else DOCUMENT_AUDIENCES[kind]
    content = file if isinstance(file, bytes) else _content(file)
    content_type = rules.content_type_of(content)
    if reason := rules.why_not_file(
        size=len(content), content_type=content_type, limit=file_size_limit()
    ):
        raise NotAllowed(reason)
    with audit.acting(by), transaction.atomic():
        lock(case)
        organisation = _organisation_writing(case=case, audience=chosen, by=by)
        document = Document(
            case=case,
            kind=kind,
            title=title,
            audience=chosen,
            size=len(content),
            content_type=content_type or "",
            sha256=hashlib.sha256(content).hexdigest(),
            author=author,
            document_date=document_date,
            uploaded_by=by,
        )
        document.file.save("document", ContentFile(content), save=False)
        document.save()
        events.announce(
            "document_added",
            subject=case,
            by=by,
            organisation=organisation,
            audience=chosen,
            summary=f"{kind.label} added",
            data={"document": document.pk},
        )
    return document


def _content(file: File[bytes]) -> bytes:
    # One byte more than the limit is enough to refuse it, so a huge file is never read whole.
    file.seek(0)
    return file.read(file_size_limit() + 1)


def remove_document(*, document: Document, by: User | None) -> None:
    """Take a file out of a case that is still a draft, where nobody else has seen it.

    Raises NotPermitted, or NotAllowed once the case has left the school.
    """
    case = document.case
    with audit.acting(by), transaction.atomic():
        lock(case)
        _organisation_writing(case=case, audience=Audience(document.audience), by=by)
        if case.stage != Stage.DRAFT:
            raise NotAllowed(
                "This document is part of the case now and cannot be removed. Add a corrected "
                "document beside it."
            )
        stored = document.file
        document.delete()
        transaction.on_commit(lambda: stored.delete(save=False))


def add_note(*, case: Case, audience: Audience | str, text: str, by: User) -> Note:
    """Write a note into a case for an audience that the writer belongs to.

    Raises NotPermitted, or NotAllowed for an empty note or a case that has ended.
    """
    if not text.strip():
        raise NotAllowed("Enter a note")
    with audit.acting(by), transaction.atomic():
        lock(case)
        chosen = Audience(audience)
        organisation = _organisation_writing(case=case, audience=chosen, by=by)
        note = Note.objects.create(case=case, audience=chosen, text=text.strip(), written_by=by)
        events.announce(
            "note_added",
            subject=case,
            by=by,
            organisation=organisation,
            audience=chosen,
            summary="Note added",
            data={"note": note.pk},
        )
    return note


def _organisation_writing(
    *, case: Case, audience: Audience, by: User | None
) -> Organisation | None:
    """Ask whether a person may write to an audience of a case, and for which organisation."""
    if by is None:
        return None
    organisation = queries.acting_organisation(by, "add_to_case", case)
    if organisation is None or audience not in queries.audiences_of(by, case):
        raise NotPermitted("You cannot add to this case. Ask the partnership's officer.")
    if reason := rules.why_cannot_write(case):
        raise NotAllowed(reason)
    return organisation
