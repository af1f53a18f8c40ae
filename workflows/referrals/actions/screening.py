"""What the partnership does: send to the panel, bring back, set how the panel works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.cases import actions as cases
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.actions.advising import record_screening
from workflows.referrals.actions.moving import PANEL_AUDIENCES, PANEL_SHARE, announce, begin, finish
from workflows.referrals.actions.transferring import require_no_transfer
from workflows.referrals.models import (
    PanelConsideration,
    PanelSeat,
    PanelSettings,
    Referral,
)
from workflows.referrals.states import ScreeningOutcome

if TYPE_CHECKING:
    from permissions.models import Organisation, User
    from workflows.criteria.states import Advice


def send_to_panel(
    *,
    referral: Referral,
    by: User,
    finding: Advice | str | None = None,
    reasons: str = "",
    seen: int | None = None,
) -> PanelConsideration:
    """Open the panel's consideration, and the case to each of its members until the decision.

    What the officer found goes with it, as `record_screening` keeps it. Raises NotPermitted, or
    NotAllowed where the panel has too few members or no chair, or as `record_screening`.
    """
    with audit.acting(by), transaction.atomic():
        begin("send_to_panel", referral, by, "screen_referral", referral.case.partnership)
        require_no_transfer(referral)
        record_screening(
            referral, ScreeningOutcome.TO_PANEL, by, finding=finding, reasons=reasons, seen=seen
        )
        return open_panel("send_to_panel", referral, by)


def return_to_panel(*, referral: Referral, by: User) -> PanelConsideration:
    """Bring a deferred referral back to the panel, for a new vote. Raises as `send_to_panel`."""
    return open_panel("return_to_panel", referral, by)


def open_panel(
    action: str,
    referral: Referral,
    by: User,
    *,
    codename: str = "screen_referral",
    organisation: Organisation | None = None,
) -> PanelConsideration:
    """Open the panel's consideration for whoever holds the permission in the organisation.

    For this slice's other actions; the organisation is the partnership where none is given.
    """
    with audit.acting(by), transaction.atomic():
        case = referral.case
        partnership = case.partnership
        begin(action, referral, by, codename, organisation or partnership)
        quorum = queries.panel_settings(partnership).quorum
        members = list(queries.panel_members(referral))
        chairs = queries.panel_chairs(referral).count()
        if reason := rules.why_cannot_open_panel(
            members=len(members), chairs=chairs, quorum=quorum
        ):
            raise NotAllowed(reason)
        if referral.screened_at is None:
            referral.screened_at = timezone.now()
            referral.screened_by = by
        consideration = PanelConsideration.objects.create(referral=referral, quorum=quorum)
        finish(action, referral, by)
        for member in members:
            PanelSeat.objects.create(consideration=consideration, member=member)
            cases.share_for_task(
                case=case, user=member, audiences=PANEL_AUDIENCES, reason=PANEL_SHARE
            )
        announce(
            "referral_sent_to_panel",
            referral,
            by,
            partnership,
            f"{partnership} sent the referral to its panel",
        )
    return consideration


def change_panel_settings(
    *, partnership: Organisation, by: User | None, **values: Any
) -> PanelSettings:
    """Change how a partnership's panel works; considerations already open keep their quorum.

    Raises NotPermitted, or NotAllowed for a number that makes no sense.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require_here_or_above(by, "change_panel_settings", partnership)
        if any(isinstance(value, int) and value < 1 for value in values.values()):
            raise NotAllowed("Enter a number of 1 or more.")
        settings, _ = PanelSettings.objects.update_or_create(
            partnership=partnership, defaults=values
        )
    return settings
