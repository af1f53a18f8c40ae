"""Reads of reviews, and the dates they go by: the agreement's term first, then the timings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements import queries as agreements
from workflows.calendar import queries as calendar
from workflows.cases import queries as cases
from workflows.engine import feeds
from workflows.placements import queries as placements

from . import rules
from .models import Action, Review
from .states import ReviewStatus

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.agreements.models import Clause
    from workflows.cases.models import Case
    from workflows.placements.models import Placement


@dataclass(frozen=True)
class Schedule:
    """When a review is due, when its task appears, and the number and clause that say so."""

    due_date: date
    opens_date: date
    weeks: int
    clause: Clause | None


def next_schedule(placement: Placement, after: date) -> Schedule:
    """Work out the next review of a placement, counted in weeks from a day.

    The number of weeks is the term of the version that this placement's provider has accepted.
    """
    own = placements.timings(placement.case.partnership)
    term = agreements.term_in_force(placement, "review_every")
    weeks = int(term.value) if term else own.review_every
    due_date = calendar.add_weeks(after, weeks)
    return Schedule(
        due_date=due_date,
        opens_date=rules.opens_date(due_date, own.review_opens_before),
        weeks=weeks,
        clause=term.clause if term else None,
    )


def opens_at(review: Review) -> datetime:
    """Give the moment at which the task to hold a review appears: the first of its opening day."""
    return timezone.make_aware(datetime.combine(review.opens_date, time.min))


def due_at(review: Review) -> datetime:
    """Give the moment by which a review is to be held and recorded."""
    return calendar.at_end_of_day(review.due_date)


def reason_for_date(review: Review) -> str:
    """Say in words why a review is due when it is."""
    weeks = f"{review.weeks} week" if review.weeks == 1 else f"{review.weeks} weeks"
    if review.clause is None:
        return f"Every {weeks}, by the partnership's own timing: the agreement says nothing."
    number = review.clause.printed_number or str(review.clause.position)
    return (
        f"Every {weeks}, by clause {number} of version {review.clause.version.number} "
        "of the agreement, which the provider accepted."
    )


def last_held_date(placement: Placement) -> date:
    """Give the day of the placement's latest review; before the first, the day it started."""
    held = (
        placement.reviews.filter(status=ReviewStatus.HELD)
        .order_by("-number")
        .values_list("held_date", flat=True)
        .first()
    )
    return held or placement.starts_date


def open_reviews(placement: Placement) -> QuerySet[Review]:
    """List the placement's reviews that are still to be held: one at most."""
    return Review.objects.open().filter(placement=placement)


def reviews_of(user: User, case: Case) -> QuerySet[Review]:
    """List a case's reviews as far as a person may see them, newest first, with their actions."""
    return (
        Review.objects.visible_to(user)
        .filter(placement__case=case)
        .select_related("placement__provider", "clause__version", "recorded_by")
        .prefetch_related("actions__owner")
        .order_by("-due_date", "-pk")
    )


def review_list(user: User, *, status: str = "") -> QuerySet[Review]:
    """List the reviews a person may see, those to be held first by date, with what a row shows."""
    reviews = Review.objects.visible_to(user).select_related(
        "placement__case__pupil__school", "placement__case__partnership", "placement__provider"
    )
    if status in ReviewStatus.values:
        reviews = reviews.filter(status=status)
    else:
        reviews = reviews.open()
    return reviews.order_by("due_date", "pk")


def participants(review: Review) -> QuerySet[Organisation]:
    """List the organisations that an action can be given to: those that take part in the case."""
    taking_part = cases.participants(review.placement.case)
    return Organisation.objects.filter(pk__in=taking_part.values("organisation")).order_by("name")


def organisations_acting(user: User) -> QuerySet[Organisation]:
    """List the organisations for which a person may mark actions as done."""
    return permissions.organisations_where(user, "complete_review_action")


def open_actions(case: Case) -> QuerySet[Action]:
    """List what the case's reviews agreed and nobody has marked as done."""
    return Action.objects.filter(review__placement__case=case, done_at__isnull=True)


def dates(user: User) -> list[feeds.Entry]:
    """Give the days on which the reviews that somebody sees are due; one query."""
    first, last = feeds.window()
    coming = (
        Review.objects.visible_to(user)
        .open()
        .filter(due_date__gte=first.date(), due_date__lte=last.date())
        .select_related("placement__case")
        .order_by("due_date", "pk")[: feeds.MOST]
    )
    return [
        feeds.Entry(
            f"review-{review.pk}",
            review.due_date,
            None,
            f"Review due, {review.placement.case.reference}",
            review.get_absolute_url(),
        )
        for review in coming
    ]
