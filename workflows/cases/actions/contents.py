"""What people write into a case: notes and the log of contact with the family."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.cases import queries, rules
from workflows.cases.actions.journey import lock
from workflows.cases.models import Case, ContactEntry, Note
from workflows.cases.states import Audience, ContactMethod
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import Organisation, User


def add_note(*, case: Case, audience: Audience | str, text: str, by: User) -> Note:
    """Write a note into a case for an audience that the writer belongs to.

    Raises NotPermitted, or NotAllowed for an empty note or a case that has ended.
    """
    if not text.strip():
        raise NotAllowed("Enter a note")
    with audit.acting(by), transaction.atomic():
        lock(case)
        chosen = Audience(audience)
        organisation = organisation_writing(case=case, audience=chosen, by=by)
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


def log_contact(
    *,
    case: Case,
    contact_date: datetime.date,
    how: ContactMethod | str,
    with_whom: str,
    what: str,
    by: User,
    corrects: ContactEntry | None = None,
) -> ContactEntry:
    """Write down that the school was in touch with the family, or correct such an entry.

    The home school's own people write it (source 003). An entry is never changed: `corrects` names the
    one that this one stands in place of. Raises NotPermitted, or NotAllowed for a day to come, an
    entry already corrected, or a case that has ended.
    """
    with audit.acting(by), transaction.atomic():
        lock(case)
        school = case.pupil.school
        checks.require(by, "log_contact", school)
        if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
            raise NotPermitted("You cannot add to this case. Ask the partnership's officer.")
        if reason := rules.why_cannot_write(case):
            raise NotAllowed(reason)
        if reason := rules.why_not_contact(
            contact_date=contact_date,
            today=timezone.localdate(),
            is_corrected=corrects is not None
            and ContactEntry.objects.filter(corrects=corrects).exists(),
            is_of_case=corrects is None or corrects.case_id == case.pk,
        ):
            raise NotAllowed(reason)
        if not with_whom.strip() or not what.strip():
            raise NotAllowed("Enter with whom you were in touch and what was said.")
        entry = ContactEntry.objects.create(
            case=case,
            contact_date=contact_date,
            how=ContactMethod(how),
            with_whom=with_whom.strip(),
            what=what.strip(),
            corrects=corrects,
            written_by=by,
        )
        events.announce(
            "contact_logged",
            subject=case,
            by=by,
            organisation=school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary="Contact with the family corrected in the log"
            if corrects
            else "Contact with the family logged",
            data={"contact": entry.pk},
        )
    return entry


def organisation_writing(*, case: Case, audience: Audience, by: User | None) -> Organisation | None:
    """Ask whether a person may write to an audience of a case, and for which organisation."""
    if by is None:
        return None
    organisation = queries.acting_organisation(by, "add_to_case", case)
    if organisation is None or audience not in queries.audiences_of(by, case):
        raise NotPermitted("You cannot add to this case. Ask the partnership's officer.")
    if reason := rules.why_cannot_write(case):
        raise NotAllowed(reason)
    return organisation
