"""When a text is reviewed next, what its reviews came to, and who approved a policy."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from workflows.agreements import rules
from workflows.agreements.models import (
    Agreement,
    AgreementVersion,
    PolicyAct,
    ReviewRecord,
    Term,
    TextReview,
)
from workflows.agreements.queries.versions import version_in_force
from workflows.agreements.states import ReviewOutcome, TextReviewStatus
from workflows.calendar import queries as calendar


def review_date(agreement: Agreement) -> datetime.date | None:
    """Give when the text in force is to be reviewed; None for none, and for one nobody dated."""
    version = version_in_force(agreement)
    if version is None:
        return None
    reviewed = last_review(version)
    approved = version.snapshot["content"]["approval"].get("approved_date")
    return rules.review_date(
        decided_date=None if reviewed is None else reviewed.next_date,
        written_date=version.review_date,
        since=datetime.date.fromisoformat(approved) if approved else version.issued_date,
        every_years=_every_years(version),
    )


def next_review_date(version: AgreementVersion, today: datetime.date) -> datetime.date | None:
    """Propose when a version that is reviewed today is reviewed next; None where nothing says."""
    last = last_review(version)
    return rules.next_review(
        today=today,
        every_years=_every_years(version),
        last=None
        if last is None or last.next_date is None
        else (last.reviewed_date, last.next_date),
        written=(version.issued_date, version.review_date),
    )


def _every_years(version: AgreementVersion) -> int | None:
    every = Term.objects.filter(version=version, measure="policy_review_every").first()
    return None if every is None else int(every.value)


def last_review(version: AgreementVersion) -> ReviewRecord | None:
    """Give the last review that found a version still right."""
    return (
        version.review_records.filter(outcome=ReviewOutcome.UNCHANGED)
        .order_by("-reviewed_date", "-pk")
        .first()
    )


def open_text_review(agreement: Agreement) -> TextReview | None:
    """Give the review that is to come or under way; an agreement has at most one."""
    return agreement.text_reviews.filter(status__in=TextReviewStatus.open()).first()


def opens_at(review: TextReview) -> datetime.datetime:
    """Give the moment at which the task to review a text appears."""
    day = review.due_date - datetime.timedelta(days=review.agreement.review_notice_days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def due_at(review: TextReview) -> datetime.datetime:
    """Give the moment by which a text is to be reviewed."""
    return calendar.at_end_of_day(review.due_date)


def review_records(agreement: Agreement) -> QuerySet[ReviewRecord]:
    """Give what every review of an agreement came to, newest first."""
    return (
        agreement.review_records.select_related("version", "by")
        .defer("version__snapshot")
        .order_by("-at", "-pk")
    )


def policy_acts(agreement: Agreement) -> QuerySet[PolicyAct]:
    """Give every review and approval of a policy, newest first."""
    return agreement.policy_acts.select_related("by").order_by("-act_date", "-pk")
