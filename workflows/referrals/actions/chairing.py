"""That somebody can decide what the panel considers, whoever leaves and whoever has a conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.cases.models import CaseShare
from workflows.cases.states import Audience
from workflows.referrals import queries
from workflows.referrals.actions.deciding import open_to_chairs
from workflows.referrals.actions.moving import PANEL_SHARE, announce, lock
from workflows.referrals.models import PanelConsideration

if TYPE_CHECKING:
    from django.db.models import QuerySet


def keep_chaired() -> int:
    """Open considerations to chairs appointed since, and tell where none is left; for the sweep.

    Returns how many considerations were without a chair for the first time. What it looks at grows
    with the panels and with what is amiss, not with the referrals before them.
    """
    lacking = 0
    open_ones = PanelConsideration.objects.filter(closed_at__isnull=True)
    places = Organisation.objects.filter(
        pk__in=open_ones.values("referral__case__partnership")
    ).order_by("pk")
    for partnership in places:
        here = open_ones.filter(referral__case__partnership=partnership).select_related(
            "referral__case__partnership"
        )
        chairs = list(permissions.people_with("decide_referral", partnership).order_by("pk"))
        unchaired = here.filter(chair_missed_at__isnull=True)
        for chair in chairs:
            unchaired = unchaired.filter(referral__case__exclusions__user=chair)
            for consideration in _closed_to(here, chair.pk):
                open_to_chairs(referral=consideration.referral)
        lacking += sum(_miss_chair(consideration) for consideration in unchaired)
        # There is one again: should that one leave too, it is told again.
        here.filter(chair_missed_at__isnull=False).filter(
            referral__case__shares__in=CaseShare.objects.open().filter(
                user__in=chairs, reason=PANEL_SHARE
            )
        ).update(chair_missed_at=None)
    return lacking


def _closed_to(here: QuerySet[PanelConsideration], chair: int) -> QuerySet[PanelConsideration]:
    """Keep what a chair without a conflict of interest has not been shown."""
    shown = CaseShare.objects.open().filter(user=chair, reason=PANEL_SHARE).values("case")
    return here.exclude(referral__case__in=shown).exclude(referral__case__exclusions__user=chair)


def _miss_chair(consideration: PanelConsideration) -> bool:
    """Tell the administrators once that nobody can decide; return whether that is so."""
    with transaction.atomic():
        referral = consideration.referral
        lock(referral)
        consideration.refresh_from_db(fields=["closed_at", "chair_missed_at"])
        if (
            consideration.closed_at is not None
            or consideration.chair_missed_at is not None
            or queries.panel_chairs(referral).exists()
        ):
            return False
        consideration.chair_missed_at = timezone.now()
        consideration.save(update_fields=["chair_missed_at"])
        announce(
            "panel_lacks_chair",
            referral,
            None,
            referral.case.partnership,
            "The panel has no chair who can decide this referral",
            audience=Audience.COMMISSIONER,
        )
    return True
