"""What a letter about a referral says: the values of its fields, for real letters and previews."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

from workflows.agreements import measures
from workflows.agreements import queries as agreements
from workflows.calendar import queries as calendar
from workflows.cases.models import Case, Document
from workflows.letters.states import Kind
from workflows.referrals.models import Decision, DecisionReview, Letter, Referral
from workflows.referrals.queries.panels import panel_settings
from workflows.referrals.states import REVIEWABLE, Outcome, ReviewStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import Organisation, User

KIND_OF_OUTCOME: dict[Outcome, Kind] = {
    Outcome.ACCEPT: Kind.DECISION_ACCEPTED,
    Outcome.DECLINE: Kind.DECISION_DECLINED,
    Outcome.DEFER: Kind.DECISION_DEFERRED,
}
KIND_OF_REVIEW: dict[ReviewStatus, Kind] = {
    ReviewStatus.UPHELD: Kind.REVIEW_UPHELD,
    ReviewStatus.RETURNED: Kind.REVIEW_RETURNED,
}
# Every letter that this slice can fill in.
LETTERS = (*KIND_OF_OUTCOME.values(), *KIND_OF_REVIEW.values(), Kind.PERMISSION_WITHDRAWN)


def _day(day: datetime.date | None) -> str:
    return "" if day is None else date_format(day, "j F Y")


def _moment(moment: datetime.datetime | None) -> str:
    return "" if moment is None else _day(timezone.localdate(moment))


def last_day_to_ask(decision: Decision) -> datetime.date | None:
    """Give the last day for asking for a review; None for a decision that has none.

    What the letter to the school said holds. Before it is made, so many working days from the
    decision as the agreement says, else the panel's settings.
    """
    if decision.outcome not in REVIEWABLE:
        return None
    told = decision.letters.filter(ask_review_by_date__isnull=False).first()
    if told is not None:
        return told.ask_review_by_date
    days = working_days(decision.referral, "ask_review_within")
    partnership = decision.referral.case.partnership
    return calendar.add_working_days(
        timezone.localdate(decision.decided_at), days, partnership.local_authority or partnership
    )


def working_days(referral: Referral, measure: str) -> int:
    """Give how many days the agreement, or else the panel's settings, leave for a review's step."""
    partnership = referral.case.partnership
    if measure in measures.REGISTER:
        case = referral.case
        term = agreements.term_for(partnership, case.pupil.school, measure, case=case)
        if term is not None:
            return int(term.value)
    settings = panel_settings(partnership)
    return {
        "ask_review_within": settings.ask_review_working_days,
        "review_decision_within": settings.review_working_days,
    }[measure]


def values_of(
    referral: Referral,
    *,
    decision: Decision | None = None,
    review: DecisionReview | None = None,
) -> dict[str, str]:
    """Give the values of every field of a letter about a referral; those of no use stay empty."""
    case = referral.case
    pupil, partnership = case.pupil, case.partnership
    authority = partnership.local_authority
    values = {
        "pupil first name": pupil.first_name,
        "pupil full name": pupil.full_name,
        "pupil date of birth": _day(pupil.date_of_birth),
        "pupil year group": str(pupil.year_group),
        "case reference": case.reference,
        "school name": pupil.school.name,
        "partnership name": partnership.name,
        "partnership email": partnership.email,
        "authority name": authority.name if authority else "",
        "date of letter": _day(timezone.localdate()),
    }
    if decision is not None:
        conditions = [f"- {condition.text}" for condition in decision.conditions.all()]
        until = [_day(decision.deferred_until), decision.deferred_for]
        values |= {
            "decision date": _moment(decision.decided_at),
            "reasons": decision.reasons,
            "conditions": "\n".join(conditions),
            "chair name": decision.decided_by.get_full_name(),
            "ask for a review by": _day(last_day_to_ask(decision)),
            "deferred until": ", or when this has come: ".join(filter(None, until)),
        }
    if review is not None:
        values |= {
            "review asked on": _moment(review.asked_at),
            "reviewed on": _moment(review.decided_at),
            "reviewer name": review.decided_by.get_full_name() if review.decided_by else "",
            "reasons of the review": review.outcome_reasons,
        }
    withdrawal = getattr(referral, "permission_withdrawal", None)
    if withdrawal is not None:
        values |= {
            "withdrawn on": _day(withdrawal.withdrawn_date),
            "withdrawn by": withdrawal.withdrawn_by,
        }
    return values


def cases_with_letter(user: User, partnership: Organisation, kind: Kind) -> QuerySet[Case]:
    """List a partnership's cases that a person may see and of which a letter can tell, newest first."""
    cases = Case.objects.visible_to(user).filter(partnership=partnership)
    if kind == Kind.PERMISSION_WITHDRAWN:
        cases = cases.filter(referral__permission_withdrawal__isnull=False)
    elif kind in KIND_OF_REVIEW.values():
        status = next(status for status, one in KIND_OF_REVIEW.items() if one == kind)
        reviewed = DecisionReview.objects.filter(status=status).values("referral__case")
        cases = cases.filter(pk__in=reviewed)
    else:
        outcome = next(outcome for outcome, one in KIND_OF_OUTCOME.items() if one == kind)
        decided = Decision.objects.filter(outcome=outcome).values("referral__case")
        cases = cases.filter(pk__in=decided)
    return cases.order_by("-opened_at", "-pk")


def values_for_case(case: Case, kind: Kind) -> dict[str, str]:
    """Give the values with which a letter of a kind would be made for a case."""
    referral = Referral.objects.select_related(
        "case__pupil__school", "case__partnership__parent"
    ).get(case=case)
    decisions = referral.decisions.select_related("decided_by").order_by("-decided_at", "-pk")
    if kind == Kind.PERMISSION_WITHDRAWN:
        return values_of(referral)
    if kind in KIND_OF_REVIEW.values():
        status = next(status for status, one in KIND_OF_REVIEW.items() if one == kind)
        review = referral.decision_reviews.filter(status=status).order_by("-decided_at").first()
        return values_of(referral, decision=review.decision if review else None, review=review)
    outcome = next(outcome for outcome, one in KIND_OF_OUTCOME.items() if one == kind)
    return values_of(referral, decision=decisions.filter(outcome=outcome).first())


def letter_document(document_id: int, reader: User) -> Document | None:
    """Find the document of a letter, if a person may read it."""
    return (
        Document.objects.visible_to(reader)
        .filter(pk=document_id, pk__in=Letter.objects.values("document"))
        .select_related("case__partnership")
        .first()
    )
