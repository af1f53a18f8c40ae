"""Who sits on a panel for one referral, while it is open: seats given, ended, and the end of voting.

Whose seat it should be is decided elsewhere (substitutes are named for meetings and days); what
follows for the tasks stands in the hand-overs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import checks
from workflows.cases import actions as cases
from workflows.cases.states import Audience
from workflows.referrals import queries
from workflows.referrals.actions.moving import PANEL_AUDIENCES, PANEL_SHARE, announce, lock
from workflows.referrals.models import PanelConsideration, PanelSeat
from workflows.referrals.states import SeatEnd

if TYPE_CHECKING:
    from permissions.models import User


def hold(consideration: PanelConsideration) -> bool:
    """Lock the referral and the consideration; tell whether members may still vote in it."""
    lock(consideration.referral)
    consideration.refresh_from_db(fields=["closed_at", "votes_closed_at"])
    return consideration.closed_at is None and consideration.votes_closed_at is None


def give_seat(
    *, consideration: PanelConsideration, member: User, in_place_of: User | None = None
) -> PanelSeat | None:
    """Let a person vote in a consideration that is open; nobody without the role or kept out of it.

    Returns the seat, or None where the person cannot have one.
    """
    with transaction.atomic():
        case = consideration.referral.case
        if (
            not hold(consideration)
            or not checks.may(member, "vote_on_referral", case.partnership)
            or case.exclusions.filter(user=member).exists()
            or queries.has_seat(consideration, member)
        ):
            return None
        seat = PanelSeat.objects.create(
            consideration=consideration, member=member, in_place_of=in_place_of
        )
        cases.share_for_task(case=case, user=member, audiences=PANEL_AUDIENCES, reason=PANEL_SHARE)
        announce(
            "panel_seat_given",
            consideration.referral,
            None,
            case.partnership,
            f"{member.get_full_name()} joined the panel for this referral",
            audience=Audience.PANEL,
            member=member,
        )
    return seat


def end_seat(*, seat: PanelSeat, because: SeatEnd) -> bool:
    """End a seat whose holder has not voted, with the access to the case; tell whether it ended.

    A vote that was cast stays, and with it the seat.
    """
    with transaction.atomic():
        consideration = seat.consideration
        case = consideration.referral.case
        if not hold(consideration) or queries.own_votes(consideration, seat.member):
            return False
        seat.ended_at = timezone.now()
        seat.ended_because = because
        seat.save(update_fields=["ended_at", "ended_because"])
        # A chair without a seat still decides.
        if not queries.panel_chairs(consideration.referral).filter(pk=seat.member_id).exists():
            cases.end_shares(case=case, reason=PANEL_SHARE, user=seat.member, by=None)
        announce(
            "panel_seat_ended",
            consideration.referral,
            None,
            case.partnership,
            f"{seat.member.get_full_name()} left the panel for this referral: "
            f"{SeatEnd(because).label.lower()}",
            audience=Audience.PANEL,
            member=seat.member,
        )
    return True


def close_voting(*, consideration: PanelConsideration) -> bool:
    """End the voting before the chair decides; tell whether it was still open."""
    with transaction.atomic():
        if not hold(consideration):
            return False
        consideration.votes_closed_at = timezone.now()
        consideration.save(update_fields=["votes_closed_at"])
        referral = consideration.referral
        announce(
            "voting_closed",
            referral,
            None,
            referral.case.partnership,
            "Voting on the referral has ended",
            audience=Audience.PANEL,
        )
    return True
