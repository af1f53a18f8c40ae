"""Reads of reviews of decisions: whose business, until when, and whether one can be asked for."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from permissions import queries as permissions
from permissions.models import User
from workflows.calendar import queries as calendar
from workflows.cases.models import CaseShare
from workflows.referrals import rules
from workflows.referrals.models import Decision, DecisionReview, Referral
from workflows.referrals.queries.letters import last_day_to_ask, working_days
from workflows.referrals.queries.panels import panel_chairs
from workflows.referrals.states import REVIEW_SHARE, ReviewStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import Organisation


def review_office(referral: Referral) -> Organisation:
    """Name who reviews decisions on a referral: the local authority above the partnership."""
    partnership = referral.case.partnership
    return partnership.local_authority or partnership


def impartial_officers(decision: Decision) -> list[User]:
    """List the officers who may review a decision and took no part in it, by key."""
    office = review_office(decision.referral)
    return _impartial(permissions.people_with("review_decision", office), decision)


def impartial_chairs(decision: Decision) -> list[User]:
    """List the panel's chairs who took no part in a decision and have no conflict, by key."""
    return _impartial(panel_chairs(decision.referral), decision)


def _impartial(people: QuerySet[User], decision: Decision) -> list[User]:
    kept_out = decision.referral.case.exclusions.values("user")
    people = people.exclude(pk__in=kept_out).order_by("pk")
    return [person for person in people if not took_part(person, decision)]


def reviewing_chairs(review: DecisionReview) -> QuerySet[User]:
    """List the chairs to whom a review was given because the authority had nobody for it."""
    shares = CaseShare.objects.filter(
        case=review.referral.case_id, reason=REVIEW_SHARE, started_at__gte=review.asked_at
    )
    return User.objects.filter(pk__in=shares.values("user")).order_by("pk")


def reviewed_by_chairs(review: DecisionReview) -> bool:
    """Tell whether the panel's chairs review a decision instead of the authority's officers."""
    return reviewing_chairs(review).exists()


def open_review(referral: Referral) -> DecisionReview | None:
    """Find the review that has not been decided."""
    return referral.decision_reviews.filter(status=ReviewStatus.ASKED).first()


def latest_review(decision: Decision) -> DecisionReview | None:
    """Find the review of a decision that was asked for last."""
    return decision.reviews.order_by("-asked_at", "-pk").first()


def took_part(user: User, decision: Decision) -> bool:
    """Tell whether a person voted on a decision, recorded it, or screened the referral for it."""
    return (
        user.pk in (decision.decided_by_id, decision.referral.screened_by_id)
        or decision.consideration.votes.filter(member=user).exists()
    )


def review_due_at(review: DecisionReview) -> datetime.datetime:
    """Answer until when a review is due: so many working days from when it was asked for."""
    referral = review.referral
    begun = timezone.localdate(review.asked_at)
    days = working_days(referral, "review_decision_within")
    return calendar.at_end_of_day(calendar.add_working_days(begun, days, review_office(referral)))


def why_cannot_ask_review(referral: Referral, today: datetime.date) -> str | None:
    """Explain why no review of a referral's latest decision can be asked for."""
    decision = referral.decision
    return rules.why_cannot_ask_review(
        status=referral.status,
        outcome=decision.outcome if decision else None,
        is_asked=decision is not None
        and decision.reviews.exclude(status=ReviewStatus.WITHDRAWN).exists(),
        last_day=last_day_to_ask(decision) if decision else None,
        today=today,
    )
