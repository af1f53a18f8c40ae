"""The only writers of allocations, offers and placements.

Each locks the allocation first, so that two people who act on one case take turns: of two officers
who allocate it at once, one makes the offer and the other is told.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from permissions import audit
from permissions.checks import require, require_here_or_above
from permissions.models import Organisation, User
from workflows.agreements import actions as agreements
from workflows.agreements import queries as agreement_queries
from workflows.cases import actions as cases
from workflows.cases.models import Case
from workflows.cases.states import Audience, ParticipationKind, Stage
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.providers import queries as providers

from . import queries, rules
from .models import Allocation, Offer, Placement, Timings
from .states import (
    ALLOCATION_TRANSITIONS,
    OFFER_TRANSITIONS,
    TRANSITIONS,
    AllocationStatus,
    OfferStatus,
    PlacementStatus,
)


def open_allocation(*, case: Case, by: User | None) -> Allocation:
    """Begin the search for a provider; a search that is open goes on.

    Called when the chair has accepted the referral, by the hand-over.
    """
    with audit.acting(by), transaction.atomic():
        cases.lock(case)
        found = queries.open_allocation(case)
        if found is not None:
            return found
        allocation = Allocation.objects.create(case=case, opened_at=timezone.now())
        events.announce(
            "allocation_opened",
            subject=case,
            by=by,
            organisation=case.partnership,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary="The search for a provider began.",
            data={"allocation": allocation.pk},
            allocation=allocation,
        )
        return allocation


def make_offer(
    *,
    allocation: Allocation,
    provider: Organisation,
    hours_per_week: Decimal,
    starts_date: date,
    ends_date: date | None = None,
    message: str = "",
    by: User,
) -> Offer:
    """Offer the case to a provider on these terms; from now on the provider takes part in it.

    Raises NotPermitted (`allocate_case` in the partnership), and NotAllowed where a rule refuses.
    """
    with audit.acting(by), transaction.atomic():
        allocation = _locked(allocation)
        case = allocation.case
        require(by, "allocate_case", case.partnership)
        agreement = agreement_queries.agreement_for(case.partnership)
        limit = queries.hours_limit(case.partnership, provider, case)
        if reason := rules.why_cannot_make_offer(
            allocation.status,
            provider=provider.name,
            is_listed=providers.is_listed(provider, case.partnership),
            agreement=agreement.title if agreement else None,
            hours=hours_per_week,
            hours_at_most=limit.value if limit else None,
            clause=queries.place_of(limit) if limit else "",
            starts_date=starts_date,
            ends_date=ends_date,
            today=timezone.localdate(),
        ):
            raise NotAllowed(reason)
        offer = Offer.objects.create(
            allocation=allocation,
            provider=provider,
            hours_per_week=hours_per_week,
            starts_date=starts_date,
            ends_date=ends_date,
            message=message.strip(),
            made_at=timezone.now(),
            made_by=by,
        )
        _set_allocation(allocation, "make_offer")
        cases.join(case=case, organisation=provider, kind=ParticipationKind.PROVIDER, by=by)
        cases.move(case=case, stage=Stage.OFFERED, by=by)
        events.announce(
            "offer_made",
            subject=case,
            by=by,
            organisation=case.partnership,
            # Not everyone in the case: the next provider must not learn who was asked before it.
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary=f"The place was offered to {provider.name}: "
            f"{rules.plain(hours_per_week)} hours a week from {starts_date:%-d %B %Y}.",
            data={"offer": offer.pk, "provider": provider.pk},
            offer=offer,
        )
        return offer


def accept_offer(*, offer: Offer, by: User, sha256: str | None = None) -> Placement:
    """Take the place for the provider: the placement is agreed, and starts when an officer says.

    Where that accepts the agreement too, `sha256` is the hash of the version that was shown.
    Raises NotPermitted (`answer_offer` in the provider), and NotAllowed for an answered offer,
    where no agreement is in force to place the pupil under or when it was published anew.
    """
    with audit.acting(by), transaction.atomic():
        allocation, offer = _locked_offer(offer)
        case = allocation.case
        require(by, "answer_offer", offer.provider)
        if reason := rules.why_cannot_answer(offer.status):
            raise NotAllowed(reason)
        agreement = agreement_queries.agreement_for(case.partnership)
        if agreement is None:
            raise NotAllowed(
                "The partnership has withdrawn its service level agreement. "
                "Ask the partnership's officer what happens next."
            )
        now = timezone.now()
        offer.status = OFFER_TRANSITIONS["accept_offer"][1]
        offer.answered_at, offer.answered_by = now, by
        offer.save()
        placement = Placement.objects.create(
            case=case,
            provider=offer.provider,
            agreement=agreement,
            offer=offer,
            starts_date=offer.starts_date,
            ends_date=offer.ends_date,
            hours_per_week=offer.hours_per_week,
            agreed_at=now,
        )
        _set_allocation(allocation, "accept_offer")
        agreements.accept_by_acting(
            agreement=agreement,
            organisation=offer.provider,
            case=case,
            act="offer",
            sha256=sha256,
            by=by,
        )
        events.announce(
            "offer_accepted",
            subject=case,
            by=by,
            organisation=offer.provider,
            summary=f"{offer.provider.name} accepted the place.",
            data={"offer": offer.pk, "placement": placement.pk},
            offer=offer,
            placement=placement,
        )
        return placement


def decline_offer(*, offer: Offer, reasons: str, by: User) -> None:
    """Decline the place for the provider, which leaves the case; the officer allocates again.

    Raises NotPermitted (`answer_offer` in the provider), NotAllowed for an answered offer.
    """
    with audit.acting(by), transaction.atomic():
        allocation, offer = _locked_offer(offer)
        case = allocation.case
        require(by, "answer_offer", offer.provider)
        if reason := rules.why_cannot_answer(offer.status):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter why the place is declined, so that the officer can plan.")
        offer.status = OFFER_TRANSITIONS["decline_offer"][1]
        offer.reasons = reasons.strip()
        offer.answered_at, offer.answered_by = timezone.now(), by
        offer.save()
        _set_allocation(allocation, "decline_offer")
        _return_to_search(case, offer.provider, by)
        events.announce(
            "offer_declined",
            subject=case,
            by=by,
            organisation=offer.provider,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary=f"{offer.provider.name} declined the place.",
            data={"offer": offer.pk},
            offer=offer,
        )


def withdraw_offer(*, offer: Offer, reasons: str, by: User) -> None:
    """Take an offer back before its placement starts, so that the case can be offered elsewhere.

    Raises NotPermitted (`allocate_case` in the partnership), NotAllowed once the placement runs.
    """
    with audit.acting(by), transaction.atomic():
        allocation, offer = _locked_offer(offer)
        case = allocation.case
        require(by, "allocate_case", case.partnership)
        placement = Placement.objects.select_for_update().filter(offer=offer).first()
        if reason := rules.why_cannot_withdraw_offer(
            offer.status, placement.status if placement else None
        ):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter why the offer is withdrawn.")
        now = timezone.now()
        offer.status = OFFER_TRANSITIONS["withdraw_offer"][1]
        offer.reasons = reasons.strip()
        offer.withdrawn_at, offer.withdrawn_by = now, by
        offer.save()
        if placement is not None:
            placement.status = TRANSITIONS["withdraw_offer"][1]
            placement.ended_at, placement.ended_by = now, by
            placement.save()
        _set_allocation(allocation, "withdraw_offer")
        _return_to_search(case, offer.provider, by)
        events.announce(
            "offer_withdrawn",
            subject=case,
            by=by,
            organisation=case.partnership,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary=f"The offer to {offer.provider.name} was withdrawn.",
            data={"offer": offer.pk},
            offer=offer,
            allocation=allocation,
        )


def ask_to_accept(*, placement: Placement, by: User | None = None) -> None:
    """Ask the placement's provider, and the partnership where it signs too, to accept the agreement.

    Nobody is asked who is bound by the version in force, or who accepts by acting. Asking locks the agreement, as accepting does: an acceptance that is being written at this
    moment is either seen here, or finds the placement waiting. Raises NotAllowed when nothing is
    in force.
    """
    with audit.acting(by), transaction.atomic():
        agreements.ask_to_accept(
            agreement=placement.agreement,
            organisation=placement.provider,
            case=placement.case,
            by=None,
        )
        if queries.agreement_says(placement) is not None:
            cases.move(case=placement.case, stage=Stage.AWAITING_ACCEPTANCE, by=by)


def start_placement(
    *, placement: Placement, starts_date: date | None = None, by: User
) -> Placement:
    """Start a placement, on the agreed date unless another one is given, never before it was agreed.

    Raises NotPermitted (`start_placement` in the partnership), and NotAllowed while the parties
    are not bound by the version of the agreement in force and no days of grace are left on that date,
    or while the provider or the home school has reserved a clause.
    """
    with audit.acting(by), transaction.atomic():
        _locked(placement.offer.allocation)
        placement = _locked_placement(placement)
        case = placement.case
        require(by, "start_placement", case.partnership)
        agreed_date = timezone.localdate(placement.agreed_at)
        chosen = starts_date or max(placement.starts_date, agreed_date)
        if reason := rules.why_cannot_start(
            placement.status, agreement_says=queries.agreement_says(placement, chosen)
        ):
            raise NotAllowed(reason)
        if reason := rules.why_not_start_date(
            chosen, agreed_date=agreed_date, ends_date=placement.ends_date
        ):
            raise NotAllowed(reason)
        placement.status = TRANSITIONS["start_placement"][1]
        placement.starts_date = chosen
        placement.started_at, placement.started_by = timezone.now(), by
        placement.save()
        cases.move(case=case, stage=Stage.PLACED, by=by)
        events.announce(
            "placement_started",
            subject=case,
            by=by,
            organisation=case.partnership,
            summary=f"The placement at {placement.provider.name} started on "
            f"{placement.starts_date:%-d %B %Y}.",
            data={"placement": placement.pk},
            placement=placement,
        )
        return placement


def end_placement(*, placement: Placement, ended_date: date, by: User) -> Placement:
    """End a running placement; the provider leaves the case, the school and partnership stay.

    Raises NotPermitted (`end_placement` in the partnership), NotAllowed where a rule refuses.
    """
    with audit.acting(by), transaction.atomic():
        allocation = _locked(placement.offer.allocation)
        placement = _locked_placement(placement)
        case = placement.case
        require(by, "end_placement", case.partnership)
        if reason := rules.why_cannot_end(
            placement.status, starts_date=placement.starts_date, ended_date=ended_date
        ):
            raise NotAllowed(reason)
        now = timezone.now()
        placement.status = TRANSITIONS["end_placement"][1]
        placement.ends_date = ended_date
        placement.ended_at, placement.ended_by = now, by
        placement.save()
        _set_allocation(allocation, "end_placement")
        events.announce(
            "placement_ended",
            subject=case,
            by=by,
            organisation=case.partnership,
            summary=f"The placement at {placement.provider.name} ended on {ended_date:%-d %B %Y}.",
            data={"placement": placement.pk},
            placement=placement,
        )
        cases.leave(
            case=case,
            organisation=placement.provider,
            kind=ParticipationKind.PROVIDER,
            by=by,
        )
        return placement


def stop(*, allocation: Allocation, reason: str, by: User) -> None:
    """End the search for a provider and whatever has come of it, because the case has stopped.

    An offer that stands is withdrawn, a placement ends today, and the provider leaves the case. Called
    by a hand-over, when parents have withdrawn their permission: the action before it asked whether
    the person may. One that has ended already stays as it is.
    """
    with audit.acting(by), transaction.atomic():
        allocation = _locked(allocation)
        if allocation.status == AllocationStatus.ENDED:
            return
        case = allocation.case
        now = timezone.now()
        placements = Placement.objects.open().select_for_update(of=("self",))
        placement = placements.filter(offer__allocation=allocation).first()
        has_started = placement is not None and placement.status == PlacementStatus.STARTED
        standing = (OfferStatus.MADE, OfferStatus.ACCEPTED)
        for offer in allocation.offers.filter(status__in=standing):
            if not has_started:
                offer.status = OFFER_TRANSITIONS["withdraw_offer"][1]
                offer.reasons = reason
                offer.withdrawn_at, offer.withdrawn_by = now, by
                offer.save()
            cases.leave(
                case=case, organisation=offer.provider, kind=ParticipationKind.PROVIDER, by=by
            )
        if placement is not None:
            placement.status = PlacementStatus.ENDED
            if has_started:
                placement.ends_date = max(timezone.localdate(), placement.starts_date)
            placement.ended_at, placement.ended_by = now, by
            placement.save()
        _set_allocation(allocation, "stop")
        if placement is not None and has_started:
            events.announce(
                "placement_ended",
                subject=case,
                by=by,
                organisation=case.partnership,
                summary=f"The placement at {placement.provider.name} ended: {reason}",
                data={"placement": placement.pk},
                placement=placement,
            )


def change_timings(*, partnership: Organisation, by: User | None, **values: int) -> Timings:
    """Change a partnership's own numbers; what is scheduled already keeps its dates.

    An administrator of the partnership or of its local authority may. Raises NotPermitted, or
    NotAllowed for a number that makes no sense.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            require_here_or_above(by, "change_timings", partnership)
        if any(value < (name != "review_opens_before") for name, value in values.items()):
            raise NotAllowed("Enter a number of 1 or more.")
        row, _ = Timings.objects.update_or_create(partnership=partnership, defaults=values)
        return row


def _return_to_search(case: Case, provider: Organisation, by: User) -> None:
    cases.leave(case=case, organisation=provider, kind=ParticipationKind.PROVIDER, by=by)
    cases.move(case=case, stage=Stage.ACCEPTED, by=by)


def _set_allocation(allocation: Allocation, action: str) -> None:
    allocation.status = ALLOCATION_TRANSITIONS[action][1]
    if allocation.status == AllocationStatus.ENDED:
        allocation.ended_at = timezone.now()
    allocation.save()


def _locked(allocation: Allocation) -> Allocation:
    return (
        Allocation.objects.select_for_update(of=("self",))
        .select_related("case__partnership", "case__pupil")
        .get(pk=allocation.pk)
    )


def _locked_offer(offer: Offer) -> tuple[Allocation, Offer]:
    allocation = _locked(offer.allocation)
    return allocation, Offer.objects.select_related("provider").get(pk=offer.pk)


def _locked_placement(placement: Placement) -> Placement:
    return (
        Placement.objects.select_for_update(of=("self",))
        .select_related("case__partnership", "case__pupil", "provider", "agreement")
        .get(pk=placement.pk)
    )
