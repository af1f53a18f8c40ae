"""Reads of allocations, offers and placements, and the dates and limits they go by.

Numbers come from the agreement's terms; where it says nothing, from the partnership's timings.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from permissions import queries as permissions
from permissions.roles import OrganisationKind
from workflows.agreements import queries as agreements
from workflows.agreements.states import Mode
from workflows.calendar import queries as calendar

from .models import Allocation, Offer, Placement, Timings
from .states import OfferStatus, PlacementStatus

if TYPE_CHECKING:
    from decimal import Decimal

    from permissions.models import Organisation, User
    from workflows.agreements.models import Agreement, AgreementVersion
    from workflows.agreements.queries import TermInForce
    from workflows.cases.models import Case


def timings(partnership: Organisation) -> Timings:
    """Give a partnership's own numbers, or the defaults where it has set none."""
    row = Timings.objects.filter(partnership=partnership).first()
    return row or Timings(partnership=partnership)


def partnerships_whose_timings(user: User) -> QuerySet[Organisation]:
    """List the partnerships whose timings a person may change: their own, or their authority's."""
    held = permissions.organisations_where(user, "change_timings")
    return permissions.with_those_beneath(held).filter(kind=OrganisationKind.PARTNERSHIP)


def hours_limit(
    partnership: Organisation, provider: Organisation | None = None, case: Case | None = None
) -> TermInForce | None:
    """Give the hours a week that the partnership's agreement allows at most, if it says.

    Of a provider: as they are agreed with it (for a case, where the agreement is accepted by case).
    """
    if provider is not None:
        return agreements.term_for(partnership, provider, "weekly_hours_at_most", case=case)
    return agreements.published_term(partnership, "weekly_hours_at_most")


def place_of(term: TermInForce) -> str:
    """Say where a term stands, as in “clause 3 of version 2”."""
    number = term.clause.printed_number or str(term.clause.position)
    return f"clause {number} of version {term.version.number}"


def allocate_due(case: Case) -> datetime:
    """Give the moment by which an accepted case is to be offered to a provider."""
    return _working_days_from_now(timings(case.partnership).allocate_within, case.partnership)


def answer_due(offer: Offer) -> datetime:
    """Give the moment by which an offer made now is to be answered: the agreement's term first."""
    case = offer.allocation.case
    partnership = case.partnership
    term = agreements.term_for(partnership, offer.provider, "answer_offer_within", case=case)
    days = int(term.value) if term else timings(partnership).answer_offer_within
    return _working_days_from_now(days, partnership)


def start_due(placement: Placement) -> datetime:
    """Give the moment by which an agreed placement is to be started: its own date, or soon."""
    partnership = placement.case.partnership
    soon = _working_days_from_now(timings(partnership).start_within, partnership)
    return max(soon, calendar.at_end_of_day(placement.starts_date))


def _working_days_from_now(days: int, partnership: Organisation) -> datetime:
    last = calendar.add_working_days(timezone.localdate(), days, partnership)
    return calendar.at_end_of_day(last)


def open_allocation(case: Case) -> Allocation | None:
    """Give the case's allocation that is not over."""
    return Allocation.objects.open().filter(case=case).first()


def latest_offer(allocation: Allocation) -> Offer | None:
    """Give the offer made last."""
    return allocation.offers.select_related("provider").order_by("-made_at", "-pk").first()


def offer_to_answer(allocation: Allocation) -> Offer | None:
    """Give the offer that waits for its provider's answer."""
    return allocation.offers.select_related("provider").filter(status=OfferStatus.MADE).first()


def implied_version(partnership: Organisation) -> AgreementVersion | None:
    """Give the version that a provider accepts by taking a place, where it is accepted so."""
    agreement = agreements.agreement_for(partnership)
    if agreement is None or agreement.mode != Mode.IMPLIED:
        return None
    return agreements.version_in_force(agreement)


def agreed_placement(allocation: Allocation) -> Placement | None:
    """Give the placement that the allocation has led to and that is not over."""
    return (
        Placement.objects.open()
        .select_related("provider", "agreement", "case__partnership", "case__pupil")
        .filter(offer__allocation=allocation)
        .first()
    )


def agreement_says(placement: Placement, starts_date: date | None = None) -> str | None:
    """Say what the agreement still asks of the parties before the placement may start, if anything.

    Judged by the day on which it is to start, the planned one unless another is given.
    """
    return agreements.why_no_new_placement(
        placement.agreement,
        placement.provider,
        case=placement.case,
        today=max(starts_date or placement.starts_date, timezone.localdate()),
    )


def numbers_obeyed(agreement: Agreement) -> tuple[int, dict[str, dict[Decimal, int]]]:
    """Count an agreement's running placements, and for each measure how many go by which number.

    A constant number of queries. A placement whose provider has accepted no number for its case is
    not counted under the measure.
    """
    running = Counter(
        Placement.objects.filter(agreement=agreement, status=PlacementStatus.STARTED).values_list(
            "provider_id", "case_id"
        )
    )
    obeyed: dict[str, dict[Decimal, int]] = {}
    for reach, numbers in agreements.numbers_of(agreement, running).items():
        for measure, value in numbers.items():
            counts = obeyed.setdefault(measure, {})
            counts[value] = counts.get(value, 0) + running[reach]
    return running.total(), obeyed


def waiting_for_acceptance(agreement: Agreement, party: Organisation) -> list[Placement]:
    """Give the agreed placements of a party under an agreement that nothing keeps from starting now.

    The partnership is a party to all of them, a provider to its own.
    """
    agreed = Placement.objects.select_related(
        "offer__allocation", "agreement__partnership", "provider", "case__pupil__school"
    ).filter(agreement=agreement, status=PlacementStatus.AGREED)
    if party != agreement.partnership:
        agreed = agreed.filter(provider=party)
    return [placement for placement in agreed if agreement_says(placement) is None]


def running_under(agreement: Agreement, provider: Organisation) -> QuerySet[Placement]:
    """List a provider's running placements under an agreement."""
    return Placement.objects.select_related("case__partnership", "agreement", "provider").filter(
        agreement=agreement, provider=provider, status=PlacementStatus.STARTED
    )


def placement_list(user: User, *, status: str = "") -> QuerySet[Placement]:
    """List the placements a person may see, running ones first, with what a row shows."""
    placements = Placement.objects.visible_to(user).select_related(
        "case__pupil__school", "case__partnership", "provider"
    )
    if status in PlacementStatus.values:
        placements = placements.filter(status=status)
    return placements.order_by("case__pupil__last_name", "case__pupil__first_name", "-pk")


def offer_list(user: User, case: Case) -> QuerySet[Offer]:
    """List a case's offers as far as a person may know them, newest first."""
    return (
        Offer.objects.visible_to(user)
        .filter(allocation__case=case)
        .select_related("provider", "placement")
        .order_by("-made_at", "-pk")
    )


def people_who_answer(provider: Organisation) -> QuerySet[User]:
    """Give the people who answer offers for a provider."""
    return permissions.people_with("answer_offer", provider)


def people_who_allocate(partnership: Organisation) -> QuerySet[User]:
    """Give the people who allocate cases for a partnership."""
    return permissions.people_with("allocate_case", partnership)
