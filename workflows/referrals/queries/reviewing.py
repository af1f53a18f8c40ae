"""Reads of reviews of decisions: whose business, until when, and whether one can be asked for."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from workflows.calendar import queries as calendar
from workflows.referrals import rules
from workflows.referrals.models import Decision, DecisionReview, Referral
from workflows.referrals.queries.letters import last_day_to_ask, working_days
from workflows.referrals.states import ReviewStatus

if TYPE_CHECKING:
    from permissions.models import Organisation, User


def review_office(referral: Referral) -> Organisation:
    """Name who reviews decisions on a referral: the local authority above the partnership."""
    partnership = referral.case.partnership
    return partnership.local_authority or partnership


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
