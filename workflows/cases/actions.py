"""The only writers of cases: open, move, close, let in, keep out, and what is put into a case.

`move`, `join`, `leave`, `share_for_task` and `end_shares` are called by other slices' actions, which
have asked whether the person may; actions that stand for a person's own wish ask here.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

from . import queries, rules
from .models import Case, CaseShare, Document, Exclusion, Note, Participation, Pupil
from .states import (
    DOCUMENT_AUDIENCES,
    FINAL_STAGES,
    Audience,
    DocumentKind,
    Outcome,
    ParticipationKind,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files import File

    from permissions.models import Organisation, User

PUPIL_FIELDS = (
    "first_name",
    "last_name",
    "date_of_birth",
    "upn",
    "uln",
    "year_group",
    "sen_status",
    "primary_need",
    "looked_after",
)
_OUTCOMES: dict[Stage, Outcome] = {
    Stage.DECLINED: Outcome.DECLINED,
    Stage.WITHDRAWN: Outcome.WITHDRAWN,
}


def file_size_limit() -> int:
    """Answer the largest file taken, in bytes: a setting, 20 MB unless changed."""
    return getattr(settings, "DOCUMENT_SIZE_LIMIT", 20 * 1024 * 1024)


def lock(case: Case) -> None:
    """Hold a case's row until the transaction ends, and bring the object up to date."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())


def register_pupil(*, school: Organisation, by: User | None, **details: Any) -> Pupil:
    """Write down a pupil of a school; `details` are the `PUPIL_FIELDS`.

    Raises NotPermitted, or NotAllowed with the first thing that is wrong.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "open_case", school)
        pupil = Pupil(school=school, **_known(details))
        _check(pupil)
        pupil.save()
    return pupil


def change_pupil(*, pupil: Pupil, by: User | None, **details: Any) -> Pupil:
    """Correct what is written about a pupil; fields not named stay. Raises as `register_pupil`."""
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "open_case", pupil.school)
        pupil.refresh_from_db(from_queryset=Pupil.objects.select_for_update())
        for name, value in _known(details).items():
            setattr(pupil, name, value)
        _check(pupil)
        pupil.save()
    return pupil


def _known(details: dict[str, Any]) -> dict[str, Any]:
    unknown = set(details) - set(PUPIL_FIELDS)
    if unknown:
        raise TypeError(f"Not a detail of a pupil: {sorted(unknown)}")
    tidy = dict(details)
    for name in ("upn", "uln"):
        if name in tidy:
            tidy[name] = rules.normal_identifier(tidy[name])
    return tidy


def _check(pupil: Pupil) -> None:
    born = pupil.date_of_birth
    if reason := rules.why_not_date_of_birth(born, timezone.localdate()):
        raise NotAllowed(reason)
    try:
        pupil.full_clean()
    except ValidationError as error:
        raise NotAllowed(" ".join(error.messages)) from error


def open_case(*, pupil: Pupil, partnership: Organisation, by: User | None) -> Case:
    """Open a case as a draft that only the home school takes part in.

    Partnership and local authority join when the referral is submitted. Raises NotPermitted, or
    NotAllowed where the school does not belong to the partnership.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "open_case", pupil.school)
        if pupil.school.parent_id != partnership.pk:
            raise NotAllowed(
                f"{pupil.school} does not belong to {partnership}. Choose the school's own "
                "partnership."
            )
        case = Case.objects.create(
            reference=_next_reference(timezone.localdate()), pupil=pupil, partnership=partnership
        )
        join(case=case, organisation=pupil.school, kind=ParticipationKind.HOME_SCHOOL, by=by)
        events.announce(
            "case_opened",
            subject=case,
            by=by,
            organisation=pupil.school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary="Case opened",
        )
    return case


def _next_reference(today: datetime.date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_reference')")
        (number,) = cursor.fetchone()
    return f"AC-{today.year}-{number:04d}"


def move(*, case: Case, stage: Stage | str, by: User | None) -> None:
    """Take a case to a stage; a case already there stays as it is.

    Called by other slices' actions, which have asked for the permission and announce the event. Going
    to declined or withdrawn also ends the case. Raises NotAllowed where the table has no such move.
    """
    stage = Stage(stage)
    with audit.acting(by), transaction.atomic():
        lock(case)
        if case.stage == stage:
            return
        if reason := rules.why_cannot_move(case, stage):
            raise NotAllowed(reason)
        if stage in FINAL_STAGES and stage not in _OUTCOMES:
            raise NotAllowed("A case is closed with an outcome. Use “Close the case”.")
        _set(case, stage, _OUTCOMES.get(stage))


def close(*, case: Case, outcome: Outcome | str, by: User | None) -> None:
    """End a case with an outcome. Raises NotPermitted (`close_case` in the partnership), NotAllowed."""
    outcome = Outcome(outcome)
    with audit.acting(by), transaction.atomic():
        lock(case)
        if by is not None:
            checks.require(by, "close_case", case.partnership)
        if reason := rules.why_cannot_move(case, Stage.CLOSED):
            raise NotAllowed(reason)
        _set(case, Stage.CLOSED, outcome)
        events.announce(
            "case_closed",
            subject=case,
            by=by,
            organisation=case.partnership,
            audience=Audience.PARTIES,
            summary=f"Case closed: {outcome.label.lower()}",
        )


def _set(case: Case, stage: Stage, outcome: Outcome | None) -> None:
    case.stage = stage
    if stage in FINAL_STAGES:
        case.closed_at = timezone.now()
        case.outcome = outcome or ""
        for share_row in case.shares.open():
            share_row.ended_at = case.closed_at
            share_row.save(update_fields=["ended_at"])
    case.save(update_fields=["stage", "closed_at", "outcome"])


def join(
    *, case: Case, organisation: Organisation, kind: ParticipationKind | str, by: User | None
) -> Participation:
    """Begin an organisation's part in a case; one that it has already goes on.

    Called by other slices' actions, which have asked for the permission.
    """
    part, _ = Participation.objects.get_or_create(
        case=case, organisation=organisation, kind=ParticipationKind(kind), ended_at=None
    )
    return part


def leave(
    *, case: Case, organisation: Organisation, kind: ParticipationKind | str, by: User | None
) -> None:
    """End an organisation's part in a case, and with it the access of its people.

    Called by other slices' actions, which have asked for the permission.
    """
    with audit.acting(by), transaction.atomic():
        parts = case.participations.open().select_for_update()
        for part in parts.filter(organisation=organisation, kind=ParticipationKind(kind)):
            part.ended_at = timezone.now()
            part.save(update_fields=["ended_at"])


def share(
    *,
    case: Case,
    user: User,
    audiences: Iterable[Audience | str],
    reason: str,
    by: User | None,
) -> CaseShare:
    """Show a case to a person for the audiences named, until the share is ended.

    Asking again for the same reason widens the share. Raises NotPermitted (`share_case` in the
    partnership) and NotAllowed for a person who is kept out or a case that has ended.
    """
    with audit.acting(by), transaction.atomic():
        lock(case)
        if by is not None:
            checks.require(by, "share_case", case.partnership)
        return _share(case=case, user=user, audiences=audiences, reason=reason)


def share_for_task(
    *, case: Case, user: User, audiences: Iterable[Audience | str], reason: str
) -> CaseShare:
    """Show a case to a person because a task asks for it; the calling action asked who may."""
    with transaction.atomic():
        lock(case)
        return _share(case=case, user=user, audiences=audiences, reason=reason)


def _share(
    *, case: Case, user: User, audiences: Iterable[Audience | str], reason: str
) -> CaseShare:
    if refusal := rules.why_cannot_write(case):
        raise NotAllowed(refusal)
    if case.exclusions.filter(user=user).exists():
        raise NotAllowed(
            "This person is kept out of the case because of a conflict of interest. Choose "
            "somebody else."
        )
    share_row, _ = CaseShare.objects.get_or_create(
        case=case, user=user, reason=reason, ended_at=None, defaults={"audiences": []}
    )
    share_row.audiences = sorted({*share_row.audiences, *(Audience(name) for name in audiences)})
    share_row.save(update_fields=["audiences"])
    return share_row


def end_shares(*, case: Case, reason: str, user: User | None = None, by: User | None) -> None:
    """End the shares of a case that were made for a reason, of one person or of everybody."""
    with audit.acting(by), transaction.atomic():
        shares = case.shares.open().select_for_update().filter(reason=reason)
        for share_row in shares.filter(user=user) if user else shares:
            share_row.ended_at = timezone.now()
            share_row.save(update_fields=["ended_at"])


def exclude(*, case: Case, user: User, reason: str, by: User | None) -> Exclusion:
    """Keep a person out of a case, whatever else the person holds, and end the person's shares.

    People may keep themselves out; keeping out somebody else needs `share_case` in the partnership.
    Raises NotPermitted.
    """
    with audit.acting(by), transaction.atomic():
        lock(case)
        if by is not None and by != user:
            checks.require(by, "share_case", case.partnership)
        exclusion, _ = Exclusion.objects.get_or_create(
            case=case, user=user, defaults={"reason": reason}
        )
        for share_row in case.shares.open().filter(user=user):
            share_row.ended_at = timezone.now()
            share_row.save(update_fields=["ended_at"])
        events.announce(
            "person_kept_out",
            subject=case,
            by=by,
            organisation=case.partnership,
            audience=Audience.PANEL,
            summary="A person was kept out of the case",
            data={"user": user.pk},
            user=user,
            reason=reason,
        )
    return exclusion


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
