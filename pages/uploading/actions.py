"""Take in an uploaded document, and turn it into a draft: the second in the background.

Whoever uploads must be allowed to write beneath the partnership's page, when uploading and again
when the draft is made.
"""

from __future__ import annotations

import hashlib
import logging

from django.db import transaction
from django.utils import timezone

from pages import drafting, importing
from pages.models import PartnershipPage
from pages.uploading.models import DocumentImport, Stage
from permissions.models import Organisation, User
from workflows.engine import jobs
from workflows.engine.exceptions import NotAllowed

logger = logging.getLogger(__name__)

NO_RIGHT = "You cannot add pages here. Ask an administrator of the partnership for the editor role."
FAULT = (
    "Something went wrong while the document was read, and nothing was made of it. Try it again; "
    "if it happens again, save the document as plain text and import that file."
)


def may_import(*, page: PartnershipPage, by: User) -> bool:
    """Say whether a person may make drafts beneath a partnership's page."""
    return bool(page.permissions_for_user(by).can_add_subpage())


def receive(
    *, page: PartnershipPage, kind: str, title: str, name: str, data: bytes, by: User
) -> DocumentImport:
    """Keep an uploaded document and queue its reading.

    Raises NotAllowed for a person who may not write there, `importing.CannotRead` for a file that
    can be seen at once to be none that can be read.
    """
    from pages.jobs import import_document

    if not may_import(page=page, by=by):
        raise NotAllowed(NO_RIGHT)
    importing.check(data, name)
    with transaction.atomic():
        document = DocumentImport.objects.create(
            partnership=page.organisation,
            kind=kind,
            title=title.strip(),
            file_name=name[:255],
            content=data,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            uploaded_by=by,
        )
        jobs.queue(import_document, import_id=document.pk)
        return document


def carry_out(*, import_id: int) -> None:
    """Read a document and make its draft; safe to repeat. Each stage is seen while it lasts."""
    document = DocumentImport.objects.get(pk=import_id)
    if document.is_finished:
        return
    try:
        _reach(document, Stage.READING)
        source = importing.read(bytes(document.content or b""), document.file_name)
        _reach(document, Stage.RECOGNISING, lines=len(source.lines))
        imported = importing.recognise(source)
        _reach(document, Stage.DRAFTING)
        _draft(document, imported)
    except importing.CannotRead as refusal:
        _fail(document, str(refusal))
    except NotAllowed as refusal:
        _fail(document, refusal.reason)


def give_up(*, import_id: int) -> None:
    """Say on an import that it failed for a reason nobody foresaw."""
    document = DocumentImport.objects.get(pk=import_id)
    if not document.is_finished:
        _fail(document, FAULT)


def _reach(document: DocumentImport, stage: Stage, **changes: int) -> None:
    document.stage = stage
    for name, value in changes.items():
        setattr(document, name, value)
    document.save(update_fields=["stage", *changes])


def _draft(document: DocumentImport, imported: importing.ImportedAgreement) -> None:
    with transaction.atomic():
        # Locked, so that a job that runs twice makes one draft.
        row = DocumentImport.objects.select_for_update().get(pk=document.pk)
        if row.is_finished:
            return
        page = PartnershipPage.objects.get(organisation=row.partnership)
        if not may_import(page=page, by=row.uploaded_by):
            raise NotAllowed(NO_RIGHT)
        partnership: Organisation = row.partnership
        draft = drafting.draft_from(
            imported, partnership=partnership, kind=row.kind, title=row.title, by=row.uploaded_by
        )
        row.stage, row.content, row.finished_at = Stage.DONE, None, timezone.now()
        row.page_id, row.report = draft.pk, draft.import_report
        row.save()


def _fail(document: DocumentImport, problem: str) -> None:
    with transaction.atomic():
        row = DocumentImport.objects.select_for_update().get(pk=document.pk)
        if row.is_finished:
            return
        row.stage, row.content, row.finished_at = Stage.FAILED, None, timezone.now()
        row.problem = problem
        row.save()
