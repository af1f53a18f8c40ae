"""What every action of a referral has in common: lock, ask, change the status, say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from permissions import checks
from permissions.exceptions import NotPermitted
from workflows.cases import actions as cases
from workflows.cases.models import Case
from workflows.cases.states import Audience, Outcome, Stage
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import rules
from workflows.referrals.models import (
    ClockPause,
    Referral,
)
from workflows.referrals.states import (
    BY_REVIEW,
    PAUSED_IN,
    TRANSITIONS,
    Status,
)

if TYPE_CHECKING:
    from permissions.models import Organisation, User


# The reason kept with a panel member's share of a case; the share ends with the decision.
PANEL_SHARE = "Panel considers the referral"
PANEL_AUDIENCES = (Audience.PARTIES, Audience.MEDICAL, Audience.PANEL)

_CASE_STAGE: dict[Status, Stage] = {
    Status.SUBMITTED: Stage.REFERRED,
    Status.QUESTIONED: Stage.QUESTIONED,
    Status.AT_PANEL: Stage.AT_PANEL,
    Status.ACCEPTED: Stage.ACCEPTED,
    Status.DECLINED: Stage.DECLINED,
    Status.DEFERRED: Stage.DEFERRED,
    Status.WITHDRAWN: Stage.WITHDRAWN,
}


def lock(referral: Referral) -> None:
    """Hold the row until the transaction ends, and bring the object and its case up to date."""
    referral.refresh_from_db(from_queryset=Referral.objects.select_for_update())


def begin(
    action: str,
    referral: Referral,
    by: User | None,
    codename: str,
    organisation: Organisation,
) -> None:
    """Lock, ask the permission, then the status. Raises NotPermitted, NotAllowed."""
    lock(referral)
    if by is not None:
        checks.require(by, codename, organisation)
        if not Case.objects.visible_to(by).filter(pk=referral.case_id).exists():
            raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")
    if reason := rules.why_cannot(action, referral.status):
        raise NotAllowed(reason)


def finish(
    action: str, referral: Referral, by: User | None, *, outcome: Outcome | None = None
) -> None:
    """Write the status that an action leads to, take the case along, and stop or start the clocks."""
    referral.status = {**TRANSITIONS, **BY_REVIEW}[action][1]
    referral.save()
    _pause_or_resume(referral)
    cases.move(
        case=referral.case, stage=_CASE_STAGE[Status(referral.status)], by=by, outcome=outcome
    )


def _pause_or_resume(referral: Referral) -> None:
    """Let the clocks stand still in the statuses that say so, and go on in every other."""
    reason = PAUSED_IN.get(Status(referral.status))
    if reason is None:
        referral.pauses.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    elif not referral.pauses.filter(ended_at__isnull=True).exists():
        ClockPause.objects.create(referral=referral, reason=reason)


def announce(
    kind: str,
    referral: Referral,
    by: User | None,
    organisation: Organisation,
    summary: str,
    *,
    audience: Audience = Audience.SCHOOL_AND_COMMISSIONER,
    **context: Any,
) -> None:
    """Record an event of the referral in its case's timeline, for school and commissioner."""
    events.announce(
        kind,
        subject=referral.case,
        by=by,
        organisation=organisation,
        audience=audience,
        summary=summary,
        data={"referral": referral.pk},
        referral=referral,
        **context,
    )


def close_consideration(referral: Referral) -> None:
    """End the panel's consideration, if one is open, and its members' access to the case."""
    referral.considerations.filter(closed_at__isnull=True).update(closed_at=timezone.now())
    cases.end_shares(case=referral.case, reason=PANEL_SHARE, by=None)
