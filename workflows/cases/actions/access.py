"""Who is let into a case by name, and who is kept out.

`share_for_task` and `end_shares` are called by other slices' actions, which have asked whether the
person may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit
from workflows.cases import rules
from workflows.cases.actions.journey import lock, require_in_sight
from workflows.cases.models import Case, CaseShare, Exclusion
from workflows.cases.states import (
    Audience,
)
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from permissions.models import User


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
            require_in_sight("share_case", case, by)
        return _share(case=case, user=user, audiences=audiences, reason=reason)


def share_for_task(
    *,
    case: Case,
    user: User,
    audiences: Iterable[Audience | str],
    reason: str,
    also_ended: bool = False,
) -> CaseShare:
    """Show a case to a person because a task asks for it; the calling action asked who may.

    `also_ended` is for a task about how the case ended.
    """
    with transaction.atomic():
        lock(case)
        return _share(
            case=case, user=user, audiences=audiences, reason=reason, also_ended=also_ended
        )


def _share(
    *,
    case: Case,
    user: User,
    audiences: Iterable[Audience | str],
    reason: str,
    also_ended: bool = False,
) -> CaseShare:
    if not also_ended and (refusal := rules.why_cannot_write(case)):
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
            require_in_sight("share_case", case, by)
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
