"""Who sits in a member's place: name, cancel, and let the seats of open considerations follow."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from permissions import audit, checks
from permissions import queries as permissions
from permissions.models import Organisation
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.panels import queries, rules
from workflows.panels.models import PanelMeeting, Substitution
from workflows.referrals import actions as referrals
from workflows.referrals import queries as referral_queries
from workflows.referrals.models import PanelConsideration, PanelSeat, Referral
from workflows.referrals.states import SeatEnd

if TYPE_CHECKING:
    from permissions.models import User


def name_substitute(
    *,
    partnership: Organisation,
    member: User,
    substitute: User,
    by: User,
    meeting: PanelMeeting | None = None,
    starts_date: datetime.date | None = None,
    ends_date: datetime.date | None = None,
) -> Substitution:
    """Name who sits in a member's place at a meeting, or from a day to a day, both included.

    Members name their own; an administrator anybody's. Raises NotPermitted, NotAllowed.
    """
    with audit.acting(by), transaction.atomic():
        _require(by, partnership, member)
        if not checks.may(member, "sit_on_panel", partnership):
            raise NotAllowed(f"{member.get_full_name()} has no seat on this panel.")
        if reason := rules.why_not_substitute(
            may_vote=checks.may(substitute, "vote_on_referral", partnership),
            has_own_seat=checks.may(substitute, "sit_on_panel", partnership),
            is_self=member == substitute,
            name=substitute.get_full_name(),
        ):
            raise NotAllowed(reason)
        if meeting is not None and (
            not meeting.is_live or meeting.partnership_id != partnership.pk
        ):
            raise NotAllowed("This meeting is over. Choose another, or days.")
        if meeting is None:
            if starts_date is None or ends_date is None:
                raise NotAllowed("Choose a meeting, or enter from which day until which.")
            if ends_date < starts_date:
                raise NotAllowed("The last day must be the same as or after the first day.")
            if ends_date < timezone.localdate():
                raise NotAllowed("The last day must be today or in the future.")
        try:
            with transaction.atomic():
                substitution = Substitution.objects.create(
                    partnership=partnership,
                    member=member,
                    substitute=substitute,
                    meeting=meeting,
                    starts_date=None if meeting else starts_date,
                    ends_date=None if meeting else ends_date,
                    named_by=by,
                )
        except IntegrityError as clash:
            raise NotAllowed(
                f"{member.get_full_name()} has a substitute then already. Cancel that one first."
            ) from clash
        _announce("substitute_named", substitution, by, "A substitute was named on the panel")
        _seat_panel_again(partnership)
    return substitution


def cancel_substitute(*, substitution: Substitution, by: User) -> None:
    """Let the member sit again; a vote that the substitute has cast stays.

    Raises NotPermitted, NotAllowed.
    """
    with audit.acting(by), transaction.atomic():
        substitution.refresh_from_db(
            from_queryset=Substitution.objects.select_for_update(of=("self",))
        )
        _require(by, substitution.partnership, substitution.member)
        if substitution.cancelled_at is not None:
            raise NotAllowed("This substitute is cancelled already.")
        substitution.cancelled_at = timezone.now()
        substitution.save(update_fields=["cancelled_at"])
        _announce("substitute_cancelled", substitution, by, "A substitute was cancelled")
        _seat_panel_again(substitution.partnership)


def _require(by: User, partnership: Organisation, member: User) -> None:
    if by == member and checks.may(by, "name_substitute", partnership):
        return
    checks.require_here_or_above(by, "name_any_substitute", partnership)


def _announce(kind: str, substitution: Substitution, by: User, summary: str) -> None:
    events.announce(
        kind,
        subject=substitution,
        by=by,
        organisation=substitution.partnership,
        summary=summary,
        data={"member": substitution.member_id, "substitute": substitution.substitute_id},
    )


# --- Seats follow -------------------------------------------------------------------------------


def _seat_panel_again(partnership: Organisation) -> None:
    for referral in Referral.objects.filter(
        case__partnership=partnership, considerations__closed_at__isnull=True
    ).filter(considerations__isnull=False):
        seat_again(referral=referral)


def seat_everybody_again() -> int:
    """Let seats follow roles that ended, and substitutes who begin or end; returns how many are moved.

    For the sweep. What it looks at grows with the panels, not with the referrals before them.
    """
    open_ones = PanelConsideration.objects.filter(
        closed_at__isnull=True, votes_closed_at__isnull=True
    )
    places = Organisation.objects.filter(
        pk__in=open_ones.values("referral__case__partnership")
    ).order_by("pk")
    concerned: set[int] = set()
    for partnership in places:
        here = open_ones.filter(referral__case__partnership=partnership)
        away = Substitution.objects.filter(partnership=partnership, cancelled_at__isnull=True)
        today = timezone.localdate()
        members = away.filter(starts_date__lte=today, ends_date__gte=today).values("member")
        may_vote = permissions.people_with("vote_on_referral", partnership).values("pk")
        moved = PanelSeat.objects.filter(consideration__in=here, ended_at__isnull=True).filter(
            ~Q(member__in=may_vote) | Q(in_place_of__isnull=False) | Q(member__in=members)
        )
        concerned |= set(moved.values_list("consideration", flat=True))
    for consideration in (
        open_ones.filter(pk__in=concerned)
        .select_related("referral__case__partnership")
        .order_by("pk")
    ):
        seat_again(referral=consideration.referral)
    return len(concerned)


def seat_again(*, referral: Referral) -> None:
    """Let the seats of a referral's open consideration be those of whoever should sit there now.

    A seat whose holder has voted stays: the vote counts. A seat ends with the role, or passes to the
    member's substitute; when a substitute's time is over without a vote, the member sits again.
    """
    with transaction.atomic():
        consideration = referral_queries.open_consideration(referral)
        if consideration is None or not referrals.hold(consideration):
            return
        case = referral.case
        may_vote = set(
            permissions.people_with("vote_on_referral", case.partnership).values_list(
                "pk", flat=True
            )
        )
        away = queries.in_force(consideration, timezone.localdate())
        seats = list(
            consideration.seats.filter(ended_at__isnull=True).select_related(
                "member", "in_place_of", "consideration__referral__case__partnership"
            )
        )
        for seat in seats:
            _seat_again(consideration, seat, may_vote, away)


def _seat_again(
    consideration: PanelConsideration,
    seat: PanelSeat,
    may_vote: set[int],
    away: dict[int, User],
) -> None:
    substitute: User | None
    if seat.in_place_of is not None:
        substitute = away.get(seat.in_place_of.pk)
        may_stay = seat.member_id in may_vote
        if may_stay and substitute is not None and substitute.pk == seat.member_id:
            return
        because = SeatEnd.RETURNED if may_stay else SeatEnd.ROLE_ENDED
        own = _pass_on(seat, seat.in_place_of, because)
        if own is not None:
            # Another substitute may sit there in turn.
            _seat_again(consideration, own, may_vote, away)
        return
    if seat.member_id not in may_vote:
        referrals.end_seat(seat=seat, because=SeatEnd.ROLE_ENDED)
        return
    substitute = away.get(seat.member_id)
    if (
        substitute is not None
        and substitute.pk in may_vote
        and not consideration.conflicts.filter(member=seat.member_id).exists()
    ):
        _pass_on(seat, substitute, SeatEnd.SUBSTITUTED, in_place_of=seat.member)


def _pass_on(
    seat: PanelSeat, to: User, because: SeatEnd, in_place_of: User | None = None
) -> PanelSeat | None:
    """Give the seat to another, unless its holder has voted; None where nothing was given.

    The new seat comes first: between the two, the round must not find nobody left to wait for. A
    substitute's seat ends also where the member cannot sit again.
    """
    with transaction.atomic():
        if referral_queries.own_votes(seat.consideration, seat.member):
            return None
        given = referrals.give_seat(
            consideration=seat.consideration, member=to, in_place_of=in_place_of
        )
        if given is not None or because != SeatEnd.SUBSTITUTED:
            referrals.end_seat(seat=seat, because=because)
        return given
