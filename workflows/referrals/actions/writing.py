"""What the school does: write the referral, submit it, withdraw."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.agreements import actions as agreements
from workflows.agreements import queries as agreement_queries
from workflows.cases import actions as cases
from workflows.cases.models import Document, Pupil
from workflows.cases.states import Audience, DocumentKind, ParticipationKind
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.questionnaires import queries as questionnaires
from workflows.questionnaires import rules as questions
from workflows.referrals import queries, rules
from workflows.referrals.actions.moving import announce, begin, close_consideration, finish
from workflows.referrals.models import (
    Answer,
    Referral,
)
from workflows.referrals.states import (
    PART_FIELDS,
    PermissionMethod,
)

if TYPE_CHECKING:
    from django.core.files import File

    from permissions.models import Organisation, User

_WRITABLE_FIELDS = frozenset(name for names in PART_FIELDS.values() for name in names)


def start(
    *,
    school: Organisation,
    by: User | None,
    pupil: Pupil | None = None,
    another_because: str = "",
    **details: Any,
) -> Referral:
    """Begin a referral as a draft: the pupil, a case that only the school sees, and the form.

    `details` describe a new pupil, or correct what is written about the one given. Raises
    NotPermitted, or NotAllowed with what is wrong about the details, or where the child has an open
    case and `another_because` does not say why there is to be another.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "refer_pupil", school)
        if school.parent is None:
            raise NotAllowed("Only a school of a partnership can refer a pupil.")
        if pupil is None:
            pupil = cases.register_pupil(school=school, by=by, **details)
        elif pupil.school_id != school.pk:
            raise NotPermitted("This pupil is on the roll of another school.")
        else:
            # What was left empty this time is not wiped from what is already known.
            said = {name: value for name, value in details.items() if value != ""}
            pupil = cases.change_pupil(pupil=pupil, by=by, **said)
        case = cases.open_case(
            pupil=pupil, partnership=school.parent, by=by, another_because=another_because
        )
        return Referral.objects.create(
            case=case,
            started_by=by,
            questionnaire_version=questionnaires.version_for(school.parent),
        )


def write(*, referral: Referral, by: User | None, **values: str) -> None:
    """Save what the school has typed on a page of contacts or about evidence, complete or not.

    Raises NotPermitted, or NotAllowed once the referral is with somebody else.
    """
    unknown = set(values) - _WRITABLE_FIELDS
    if unknown:
        raise TypeError(f"Not on a page of the referral: {sorted(unknown)}")
    with audit.acting(by), transaction.atomic():
        begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
        for name, value in values.items():
            setattr(referral, name, value)
        referral.save(update_fields=sorted(values))


def write_answers(*, referral: Referral, answers: Mapping[str, Any], by: User | None) -> None:
    """Save answers by their questions' keys, complete or not; None and empty words take one away.

    Raises NotPermitted, or NotAllowed once the referral is with somebody else or for what is no
    answer to its question. The questions are those of the referral's own version.
    """
    with audit.acting(by), transaction.atomic():
        begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
        asked = queries.content_of(referral).by_key
        unknown = set(answers) - set(asked)
        if unknown:
            raise TypeError(f"Not a question of this referral: {sorted(unknown)}")
        there = {row.key: row for row in referral.answers.all()}
        for key, given in answers.items():
            question = asked[key]
            try:
                value = questions.clean(question, given)
            except ValueError as wrong:
                raise NotAllowed(str(wrong)) from wrong
            row = there.get(key)
            if value is None:
                if row is not None:
                    row.delete()
            elif row is None:
                Answer.objects.create(
                    referral=referral,
                    case=referral.case,
                    key=key,
                    value=value,
                    audience=question.audience,
                )
            elif row.value != value:
                row.value = value
                row.save(update_fields=["value"])


def write_pupil(*, referral: Referral, by: User | None, **details: Any) -> None:
    """Correct what is written about the pupil while the referral is with the school."""
    with audit.acting(by), transaction.atomic():
        begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
        cases.change_pupil(pupil=referral.case.pupil, by=by, **details)


def record_permission(
    *,
    referral: Referral,
    given_by: str,
    how: PermissionMethod | str,
    date: datetime.date,
    covers: str,
    by: User,
) -> None:
    """Record that a parent or carer permits the referral: who, how, when and for what.

    Raises NotPermitted, or NotAllowed for a date to come or a referral that is with somebody else.
    """
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        begin("record_permission", referral, by, "refer_pupil", school)
        if reason := rules.why_not_permission_date(date, timezone.localdate()):
            raise NotAllowed(reason)
        if not given_by.strip() or not covers.strip():
            raise NotAllowed("Enter who gave permission and what it covers.")
        referral.permission_given_by = given_by.strip()
        referral.permission_how = PermissionMethod(how)
        referral.permission_date = date
        referral.permission_covers = covers.strip()
        referral.permission_recorded_at = timezone.now()
        referral.permission_recorded_by = by
        referral.save()
        events.announce(
            "permission_recorded",
            subject=referral.case,
            by=by,
            organisation=school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary="Parental permission recorded",
        )


def add_evidence(
    *,
    referral: Referral,
    kind: DocumentKind | str,
    title: str,
    by: User | None,
    files: Sequence[File[bytes] | bytes],
    audience: Audience | str | None = None,
    author: str = "",
    document_date: datetime.date | None = None,
    valid_until: datetime.date | None = None,
) -> list[Document]:
    """Put files into the case while the referral is with the school. Raises as `add_documents`."""
    # Asked for itself, so that what a refusal leaves behind (a virus found) is not undone with it.
    with transaction.atomic():
        begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
    return cases.add_documents(
        case=referral.case,
        kind=kind,
        title=title,
        files=files,
        by=by,
        audience=audience,
        author=author,
        document_date=document_date,
        valid_until=valid_until,
    )


def submit(*, referral: Referral, by: User, sha256: str | None = None) -> None:
    """Send the referral to the partnership, which takes part in the case from now on.

    Where the agreement says so, that is the school's acceptance of it too (sources 001 and 004):
    `sha256` is the hash of the version that the school was shown.

    Raises NotPermitted, or NotAllowed without parental permission, with a page incomplete, or when it
    has been submitted before, or when that agreement was published anew.
    """
    with audit.acting(by), transaction.atomic():
        case = referral.case
        school = case.pupil.school
        begin("submit", referral, by, "refer_pupil", school)
        if reason := rules.why_cannot_submit(referral, queries.pages(referral)):
            raise NotAllowed(reason)
        referral.submitted_at = timezone.now()
        referral.submitted_by = by
        finish("submit", referral, by)
        partnership = case.partnership
        cases.join(case=case, organisation=partnership, kind=ParticipationKind.COMMISSIONER, by=by)
        if partnership.local_authority is not None:
            cases.join(
                case=case,
                organisation=partnership.local_authority,
                kind=ParticipationKind.LOCAL_AUTHORITY,
                by=by,
            )
        agreement = agreement_queries.agreement_for(partnership)
        if agreement is not None:
            agreements.accept_by_acting(
                agreement=agreement,
                organisation=school,
                case=case,
                act="referral",
                sha256=sha256,
                by=by,
            )
        announce("referral_submitted", referral, by, school, f"{school} referred the pupil")


def withdraw(*, referral: Referral, reason: str, by: User) -> None:
    """Take the referral back, with a reason; the case ends. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        begin("withdraw", referral, by, "refer_pupil", school)
        if not reason.strip():
            raise NotAllowed("Enter why the referral is withdrawn.")
        close_consideration(referral)
        finish("withdraw", referral, by)
        announce(
            "referral_withdrawn",
            referral,
            by,
            school,
            f"{school} withdrew the referral: {reason.strip()}"[:500],
        )
