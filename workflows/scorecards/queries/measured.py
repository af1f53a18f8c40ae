"""Where each measure's promises are found: one table, one function for each measure.

A measure that is not in `MEASURED` has no process to count yet, and its clause says so. A function
reads the promises of all agreements in hand in one or two queries. Whoever adds a process adds its
line here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from permissions.roles import OrganisationKind
from workflows.agreements import measures
from workflows.agreements.models import AcceptanceRequest
from workflows.agreements.states import RequestStatus
from workflows.calendar import rules as days
from workflows.placements.models import Offer, Placement
from workflows.referrals import queries as referrals
from workflows.referrals import rules as referral_rules
from workflows.referrals.models import ClockPause, DecisionReview, PanelConsideration, Referral
from workflows.reviews.models import Review
from workflows.reviews.states import ReviewStatus
from workflows.scorecards import rules
from workflows.scorecards.queries.books import Book

#: A clock that began longer ago than this was due before the weeks that count.
LONGEST = datetime.timedelta(weeks=26)
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """What the functions count in: agreements with their numbers, the days, and today."""

    books: dict[int, Book]
    # Which agreement each partnership works by now: the one that sets its referrals' dates.
    worked_by: dict[int, int]
    calendar: days.SchoolCalendar
    today: datetime.date

    @property
    def since(self) -> datetime.date:
        """The first day that counts."""
        return rules.first_day(self.today)

    @property
    def earliest(self) -> datetime.datetime:
        """The earliest moment at which a clock that still matters can have begun."""
        return days.at_end_of_day(self.since) - LONGEST

    def working_days(
        self,
        measure: str,
        agreement_id: int,
        organisation_id: int,
        begun: datetime.datetime,
        case_id: int,
        pauses: Iterable[ClockPause] = (),
    ) -> tuple[datetime.date, rules.Number] | None:
        """Give the last day of a clock, and its number; None where the agreement gave none.

        The number is the one that the step's own deadline had: that of what the organisation had
        accepted for the case, while it bound. Days on which the clock stood still do not count.
        """
        number = self.books[agreement_id].number_before_placement(
            measure, organisation_id, begun, case_id, self.calendar
        )
        if number is None:
            return None
        day = referral_rules.due_date(
            timezone.localdate(begun),
            int(number.value),
            calendar=self.calendar,
            pauses=referrals.pauses_in_days(pauses),
            today=self.today,
        )
        return day, number


@dataclass(frozen=True)
class Found:
    """One promise with what it is about. `case` is None where no pupil is concerned."""

    measure: str
    agreement_id: int
    # The party whose number counted: the school of a referral, otherwise the provider.
    party_id: int
    school_id: int | None
    case_id: int | None
    what: str
    number: str
    promise: rules.Promise


@dataclass(frozen=True)
class Measured:
    """How a measure is counted, and for which kinds of organisation there is anything to count."""

    find: Callable[[Scope], Iterable[Found]]
    one: str
    many: str
    explanation: str
    kinds: frozenset[OrganisationKind]
    # Whether it holds all the time, and so counts once a week instead of by a day.
    is_standing: bool = False


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return None if moment is None else timezone.localdate(moment)


def _words(number: rules.Number) -> str:
    return measures.in_words(number.value, number.unit)


def screenings(scope: Scope) -> Iterator[Found]:
    """Find how long each referral was with the officer, without the days it waited for the school.

    A partnership that took a referral over is measured from the day on which it did.
    """
    found = (
        Referral.objects.filter(
            case__partnership__in=list(scope.worked_by), submitted_at__gte=scope.earliest
        )
        .select_related("case__pupil")
        .prefetch_related("pauses", "transfers")
        .order_by("pk")
    )
    for referral in found:
        case = referral.case
        agreement_id = scope.worked_by[case.partnership_id]
        begun = referrals.begun_at(referral, "screen_within")
        assert begun is not None  # the filter asks for what was submitted
        clock = scope.working_days(
            "screen_within",
            agreement_id,
            case.pupil.school_id,
            begun,
            case.pk,
            referral.pauses.all(),
        )
        if clock is None:
            continue
        yield Found(
            "screen_within",
            agreement_id,
            case.pupil.school_id,
            case.pupil.school_id,
            case.pk,
            "Referral",
            _words(clock[1]),
            rules.Promise(clock[0], _day(referral.screened_at), _day(case.closed_at)),
        )


def decisions(scope: Scope) -> Iterator[Found]:
    """Find each time that a panel had a referral before it."""
    considerations = (
        PanelConsideration.objects.filter(
            referral__case__partnership__in=list(scope.worked_by), opened_at__gte=scope.earliest
        )
        .select_related("referral__case__pupil", "decision")
        .prefetch_related("referral__pauses")
        .order_by("pk")
    )
    for consideration in considerations:
        case = consideration.referral.case
        school_id = case.pupil.school_id
        agreement_id = scope.worked_by[case.partnership_id]
        clock = scope.working_days(
            "decide_within",
            agreement_id,
            school_id,
            consideration.opened_at,
            case.pk,
            consideration.referral.pauses.all(),
        )
        if clock is None:
            continue
        decided = getattr(consideration, "decision", None)
        yield Found(
            "decide_within",
            agreement_id,
            school_id,
            school_id,
            case.pk,
            "Panel",
            _words(clock[1]),
            rules.Promise(
                clock[0],
                _day(decided.decided_at) if decided else None,
                _day(consideration.closed_at),
            ),
        )


def decision_reviews(scope: Scope) -> Iterator[Found]:
    """Find the reviews of decisions that schools have asked for."""
    found = (
        DecisionReview.objects.filter(
            referral__case__partnership__in=list(scope.worked_by), asked_at__gte=scope.earliest
        )
        .select_related("referral__case__pupil")
        .order_by("pk")
    )
    for review in found:
        case = review.referral.case
        school_id = case.pupil.school_id
        agreement_id = scope.worked_by[case.partnership_id]
        clock = scope.working_days(
            "review_decision_within", agreement_id, school_id, review.asked_at, case.pk
        )
        if clock is None:
            continue
        yield Found(
            "review_decision_within",
            agreement_id,
            school_id,
            school_id,
            case.pk,
            "Review of the decision",
            _words(clock[1]),
            rules.Promise(clock[0], _day(review.decided_at), _day(review.withdrawn_at)),
        )


def answers(scope: Scope) -> Iterator[Found]:
    """Find the offers that providers had to answer."""
    offers = (
        Offer.objects.filter(
            allocation__case__partnership__in=list(scope.worked_by), made_at__gte=scope.earliest
        )
        .select_related("allocation__case__pupil", "provider")
        .order_by("pk")
    )
    for offer in offers:
        case = offer.allocation.case
        agreement_id = scope.worked_by[case.partnership_id]
        clock = scope.working_days(
            "answer_offer_within", agreement_id, offer.provider_id, offer.made_at, case.pk
        )
        if clock is None:
            continue
        yield Found(
            "answer_offer_within",
            agreement_id,
            offer.provider_id,
            case.pupil.school_id,
            case.pk,
            f"Offer to {offer.provider.name}",
            _words(clock[1]),
            rules.Promise(clock[0], _day(offer.answered_at), _day(offer.withdrawn_at)),
        )


def hours(scope: Scope) -> Iterator[Found]:
    """Find, for each week of each placement, whether its agreed hours were within the limit."""
    placements = (
        Placement.objects.filter(
            Q(ends_date=None) | Q(ends_date__gte=scope.since),
            agreement__in=list(scope.books),
            started_at__isnull=False,
            starts_date__lte=scope.today,
        )
        .select_related("case__pupil", "provider")
        .order_by("pk")
    )
    for placement in placements:
        book = scope.books[placement.agreement_id]
        for monday in rules.mondays(scope.today):
            sunday = monday + datetime.timedelta(days=6)
            if placement.starts_date > sunday or (
                placement.ends_date is not None and placement.ends_date < monday
            ):
                continue
            counted = max(monday, placement.starts_date)
            number = book.number(
                "weekly_hours_at_most",
                placement.provider_id,
                days.at_end_of_day(counted),
                placement.case_id,
            )
            if number is None or counted > scope.today:
                continue
            is_within = placement.hours_per_week <= number.value
            agreed = measures.in_words(placement.hours_per_week, "hours")
            yield Found(
                "weekly_hours_at_most",
                placement.agreement_id,
                placement.provider_id,
                placement.case.pupil.school_id,
                placement.case_id,
                f"{agreed} at {placement.provider.name}",
                _words(number),
                # Settled on the day it counts on, one way or the other.
                rules.Promise(counted, counted if is_within else counted + ONE_DAY),
            )


def reviews(scope: Scope) -> Iterator[Found]:
    """Find the reviews whose date an agreement's clause set."""
    found = (
        Review.objects.filter(
            placement__agreement__in=list(scope.books),
            clause__isnull=False,
            due_date__gte=scope.since,
        )
        .select_related("placement__case__pupil", "placement__provider")
        .order_by("pk")
    )
    for review in found:
        placement = review.placement
        # A review goes when its placement ends.
        stopped = placement.ends_date if review.status == ReviewStatus.CANCELLED else None
        yield Found(
            "review_every",
            placement.agreement_id,
            placement.provider_id,
            placement.case.pupil.school_id,
            placement.case_id,
            f"Review {review.number} at {placement.provider.name}",
            f"{review.weeks} week{'' if review.weeks == 1 else 's'}",
            rules.Promise(review.due_date, review.held_date, stopped),
        )


def acceptances(scope: Scope) -> Iterator[Found]:
    """Find the requests to accept a version that came with a day of grace."""
    requests = (
        AcceptanceRequest.objects.filter(
            agreement__in=list(scope.books), due_date__isnull=False, due_date__gte=scope.since
        )
        .select_related("version", "organisation")
        .defer("version__snapshot")
        .order_by("pk")
    )
    for request in requests:
        assert request.due_date is not None  # the filter asks for it
        ended = _day(request.ended_at)
        is_accepted = request.status == RequestStatus.ACCEPTED
        number = scope.books[request.agreement_id].grace_of(request.version.number)
        yield Found(
            "acceptance_grace",
            request.agreement_id,
            request.organisation_id,
            None,
            None,
            f"{request.organisation.name}, version {request.version.number}",
            _words(number) if number else "",
            rules.Promise(
                request.due_date, ended if is_accepted else None, None if is_accepted else ended
            ),
        )


_SCHOOL = OrganisationKind.SCHOOL
_PROVIDER = OrganisationKind.PROVIDER
_ABOVE = frozenset({OrganisationKind.PARTNERSHIP, OrganisationKind.LOCAL_AUTHORITY})
_EVERY_KIND = frozenset(OrganisationKind)

MEASURED: Final[dict[str, Measured]] = {
    "screen_within": Measured(
        screenings,
        "screening",
        "screenings",
        "Counted from the day a referral came in, or was taken over from another partnership, to "
        "the day it went on to the panel. Days on which the school had a question to answer do not "
        "count.",
        _ABOVE | {_SCHOOL},
    ),
    "decide_within": Measured(
        decisions,
        "panel",
        "panels",
        "Counted from the day a referral came to the panel to the day of the chair’s decision.",
        _ABOVE | {_SCHOOL},
    ),
    "review_decision_within": Measured(
        decision_reviews,
        "review of a decision",
        "reviews of decisions",
        "Counted from the day a review was asked for to the day it was decided. A request taken "
        "back before it was due is left out.",
        _ABOVE | {_SCHOOL},
    ),
    "answer_offer_within": Measured(
        answers,
        "offer",
        "offers",
        "Counted from the day an offer was made to the day the provider accepted or declined it. "
        "An offer taken back before that day is left out.",
        _EVERY_KIND,
    ),
    "weekly_hours_at_most": Measured(
        hours,
        "week of a placement",
        "weeks of placements",
        "Each week of each placement counts once, by the hours that were agreed for it. Hours "
        "taught come with the registers, which are not part of Accord yet.",
        _EVERY_KIND,
        is_standing=True,
    ),
    "review_every": Measured(
        reviews,
        "review",
        "reviews",
        "Each review counts by the day it was due and the day it was held.",
        _EVERY_KIND,
    ),
    "acceptance_grace": Measured(
        acceptances,
        "request",
        "requests",
        "Counted from the day a party was asked to accept a version to the day it accepted.",
        _EVERY_KIND,
    ),
}
