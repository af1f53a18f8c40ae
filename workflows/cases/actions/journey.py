"""A case on its way: opened, moved, closed, joined and left.

`move`, `join` and `leave` are called by other slices' actions, which have asked whether the person may.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.cases import queries, rules
from workflows.cases.models import Case, Participation, Pupil
from workflows.cases.states import (
    FINAL_STAGES,
    Audience,
    Outcome,
    ParticipationKind,
    Stage,
)
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import Organisation, User


_OUTCOMES: dict[Stage, Outcome] = {
    Stage.DECLINED: Outcome.DECLINED,
    Stage.WITHDRAWN: Outcome.WITHDRAWN,
}


def lock(case: Case) -> None:
    """Hold a case's row until the transaction ends, and bring the object up to date."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())


def require_in_sight(codename: str, case: Case, by: User) -> None:
    """Raise NotPermitted unless the partnership lets the person, and the case is visible to them."""
    checks.require(by, codename, case.partnership)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")


def open_case(
    *, pupil: Pupil, partnership: Organisation, by: User | None, another_because: str = ""
) -> Case:
    """Open a case as a draft that only the home school takes part in.

    Partnership and local authority join when the referral is submitted. `another_because` says why,
    where the child has an open case already. Raises NotPermitted, or NotAllowed where the school does
    not belong to the partnership or that reason is missing.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "open_case", pupil.school)
        if pupil.school.parent_id != partnership.pk:
            raise NotAllowed(
                f"{pupil.school} does not belong to {partnership}. Choose the school's own "
                "partnership."
            )
        # Held, so that of two people who open a case for one pupil the second is told of the first's.
        pupil.refresh_from_db(from_queryset=Pupil.objects.select_for_update())
        because = another_because.strip()
        open_here = len(queries.pupils_with_open_case([pupil.pk]))
        open_elsewhere = queries.open_cases_elsewhere(pupil.upn, pupil.school)
        if reason := rules.why_cannot_open_another(
            open_here=open_here, open_elsewhere=open_elsewhere, because=because
        ):
            raise NotAllowed(reason)
        is_another = bool(open_here or open_elsewhere)
        case = Case.objects.create(
            reference=_next_reference(timezone.localdate()),
            pupil=pupil,
            partnership=partnership,
            another_because=because if is_another else "",
        )
        join(case=case, organisation=pupil.school, kind=ParticipationKind.HOME_SCHOOL, by=by)
        events.announce(
            "case_opened",
            subject=case,
            by=by,
            organisation=pupil.school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary=f"Another case opened for the pupil: {because}"[:500]
            if is_another
            else "Case opened",
        )
    return case


def _next_reference(today: datetime.date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_reference')")
        (number,) = cursor.fetchone()
    return f"AC-{today.year}-{number:04d}"


def move(
    *, case: Case, stage: Stage | str, by: User | None, outcome: Outcome | None = None
) -> None:
    """Take a case to a stage; a case already there stays as it is.

    `outcome` says how a case ended where the stage alone does not.

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
        _set(case, stage, outcome or _OUTCOMES.get(stage))


def close(*, case: Case, outcome: Outcome | str, by: User | None) -> None:
    """End a case with an outcome. Raises NotPermitted (`close_case` in the partnership), NotAllowed."""
    outcome = Outcome(outcome)
    with audit.acting(by), transaction.atomic():
        lock(case)
        if by is not None:
            require_in_sight("close_case", case, by)
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
    else:
        case.closed_at, case.outcome = None, ""
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


def transfer(*, case: Case, partnership: Organisation, by: User | None) -> None:
    """Hand a case to another partnership of the same local authority; what happened stays.

    Called by other slices' actions, which have asked for the permission. Raises NotAllowed for a
    partnership of another local authority.
    """
    with audit.acting(by), transaction.atomic():
        lock(case)
        before = case.partnership
        if before.local_authority != partnership.local_authority:
            raise NotAllowed("Choose a partnership of the same local authority.")
        leave(case=case, organisation=before, kind=ParticipationKind.COMMISSIONER, by=by)
        case.partnership = partnership
        case.save(update_fields=["partnership"])
        join(case=case, organisation=partnership, kind=ParticipationKind.COMMISSIONER, by=by)


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
