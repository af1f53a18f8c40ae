"""Reviewing what is published, and recording who approved a policy."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from permissions.checks import require
from permissions.models import User
from workflows.agreements import grants, queries, rules
from workflows.agreements.actions.locking import locked_soon
from workflows.agreements.actions.publishing import withdraw
from workflows.agreements.models import Agreement, PolicyAct, ReviewRecord, TextReview
from workflows.agreements.states import (
    TEXT_REVIEW_TRANSITIONS,
    Kind,
    ReviewOutcome,
    TextReviewStatus,
)
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed


def schedule_text_review(
    *, agreement: Agreement, by: User | None, due_date: datetime.date | None = None
) -> TextReview | None:
    """Set the coming review to the date the text says, or to another; gives it, or None without one.

    The one that was to come is replaced. Called when a version is published and after a review.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        end_text_review(agreement=agreement, status=TextReviewStatus.REPLACED, by=by)
        wanted = due_date or queries.review_date(agreement)
        if wanted is None:
            return None
        review = TextReview.objects.create(agreement=agreement, due_date=wanted)
        events.announce(
            "text_review_scheduled",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=f"The next review of “{agreement.title}” is due on {_day(wanted)}.",
            data={"agreement": agreement.pk, "review": review.pk},
            review=review,
        )
        return review


def end_text_review(*, agreement: Agreement, status: TextReviewStatus, by: User | None) -> None:
    """End the review that is to come or under way, if there is one, with its task."""
    for review in agreement.text_reviews.select_for_update().filter(
        status__in=TextReviewStatus.open()
    ):
        _end(review, status)
        events.announce(
            "text_review_ended",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=f"The review of “{agreement.title}” ended: {status.label.lower()}.",
            data={"agreement": agreement.pk, "review": review.pk},
            review=review,
            reason=f"{status.label}.",
        )


def review_now(*, agreement: Agreement, by: User) -> TextReview | None:
    """Bring the review forward to today. Raises NotPermitted, NotAllowed."""
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        require(by, "review_agreement", agreement.partnership)
        if queries.version_in_force(agreement) is None:
            raise NotAllowed("This agreement is not in force. There is nothing to review.")
        coming = queries.open_text_review(agreement)
        if coming is not None and coming.status != TextReviewStatus.SCHEDULED:
            return coming
        return schedule_text_review(agreement=agreement, by=by, due_date=timezone.localdate())


def set_review_notice(*, agreement: Agreement, days: int, by: User) -> None:
    """Set how many days before the review of a text its task appears; moves one that is to come.

    Raises NotPermitted.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        require(by, "review_agreement", agreement.partnership)
        if agreement.review_notice_days == days:
            return
        agreement.review_notice_days = days
        agreement.save()
        coming = queries.open_text_review(agreement)
        if coming is not None and coming.status == TextReviewStatus.SCHEDULED:
            schedule_text_review(agreement=agreement, by=by, due_date=coming.due_date)


def open_text_review(*, review: TextReview) -> None:
    """Make a review due: its task appears and the editors are told."""
    with transaction.atomic():
        review = _locked(review, "open_text_review")
        review.status = TextReviewStatus.DUE
        review.save()
        agreement = review.agreement
        events.announce(
            "text_review_due",
            subject=agreement,
            by=None,
            organisation=agreement.partnership,
            summary=f"“{agreement.title}” is to be reviewed by {_day(review.due_date)}.",
            data={
                "agreement": agreement.pk,
                "review": review.pk,
                "partnership": agreement.partnership_id,
            },
        )


def review_unchanged(
    *,
    review: TextReview,
    name: str,
    position: str,
    reviewed_date: datetime.date,
    next_date: datetime.date,
    note: str,
    by: User,
) -> ReviewRecord:
    """Record that a text was reviewed and stays as it is: no new version, a new review date.

    Raises NotPermitted, and NotAllowed when it is not in force or a date makes no sense.
    """
    with transaction.atomic():
        review = _locked(review, "review_unchanged", by)
        agreement = review.agreement
        record = _record(
            review, ReviewOutcome.UNCHANGED, name, position, reviewed_date, next_date, note, by
        )
        _end(review, TextReviewStatus.UNCHANGED)
        events.announce(
            "text_reviewed",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=(
                f"“{agreement.title}” was reviewed on {_day(reviewed_date)} and stays as it is."
            ),
            data={"agreement": agreement.pk, "record": record.pk},
            agreement=agreement,
        )
        return record


def review_needs_changes(
    *,
    review: TextReview,
    name: str,
    position: str,
    reviewed_date: datetime.date,
    note: str,
    by: User,
) -> ReviewRecord:
    """Record that a text needs changes; its task stays until a new version is published.

    Raises NotPermitted, and NotAllowed when it is not in force or nothing says what to change.
    """
    with transaction.atomic():
        review = _locked(review, "review_needs_changes", by)
        if not note.strip():
            raise NotAllowed("Say what needs to change, for whoever changes it.")
        record = _record(
            review, ReviewOutcome.CHANGES_NEEDED, name, position, reviewed_date, None, note, by
        )
        review.status = TextReviewStatus.CHANGING
        review.save()
        events.announce(
            "text_needs_changes",
            subject=review.agreement,
            by=by,
            organisation=review.agreement.partnership,
            summary=f"A review found that “{review.agreement.title}” needs changes.",
            data={"agreement": review.agreement_id, "record": record.pk},
        )
        return record


def withdraw_reviewed(*, review: TextReview, reason: str, by: User) -> None:
    """Withdraw an agreement that its review found no longer wanted. Raises NotPermitted, NotAllowed."""
    with transaction.atomic():
        review = _locked(review, "withdraw_reviewed", by)
        _end(review, TextReviewStatus.WITHDRAWN)
        withdraw(agreement=review.agreement, by=by, reason=reason)


def record_policy_act(
    *,
    agreement: Agreement,
    kind: str,
    name: str,
    role: str,
    act_date: datetime.date,
    text_sha256: str,
    by: User,
) -> PolicyAct:
    """Record the head's review or the board's approval of the text with a hash (rules.text_hash).

    Raises NotPermitted, and NotAllowed for what is no policy or for a date in the future.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        require(by, "review_agreement", agreement.partnership)
        if reason := rules.why_cannot_record_act(
            is_policy=agreement.kind == Kind.POLICY,
            act_date=act_date,
            today=timezone.localdate(),
        ):
            raise NotAllowed(reason)
        act = PolicyAct.objects.create(
            agreement=agreement,
            kind=kind,
            name=name.strip(),
            role=role.strip(),
            act_date=act_date,
            text_sha256=text_sha256,
            by=by,
        )
        events.announce(
            "policy_act_recorded",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=f"{act.get_kind_display()} of “{agreement.title}” was recorded.",
            data={"agreement": agreement.pk, "act": act.pk},
        )
        return act


def _locked(review: TextReview, action: str, by: User | None = None) -> TextReview:
    # The agreement first, as whoever publishes or withdraws: they end the open review after it.
    locked_soon(review.agreement)
    review = (
        TextReview.objects.select_for_update(of=("self",))
        .select_related("agreement__partnership")
        .get(pk=review.pk)
    )
    if by is not None:
        require(by, grants.TEXT_REVIEW_PERMISSIONS[action], review.agreement.partnership)
    sources, _target = TEXT_REVIEW_TRANSITIONS[action]
    if review.status not in sources:
        raise NotAllowed(
            "This review has ended or has not begun. Go back to your tasks and look again."
        )
    return review


def _record(
    review: TextReview,
    outcome: ReviewOutcome,
    name: str,
    position: str,
    reviewed_date: datetime.date,
    next_date: datetime.date | None,
    note: str,
    by: User,
) -> ReviewRecord:
    agreement = review.agreement
    version = queries.version_in_force(agreement)
    if reason := rules.why_cannot_review(
        is_in_force=version is not None,
        reviewed_date=reviewed_date,
        next_date=next_date,
        today=timezone.localdate(),
    ):
        raise NotAllowed(reason)
    assert version is not None  # the rule has just refused that
    return ReviewRecord.objects.create(
        agreement=agreement,
        version=version,
        outcome=outcome,
        name=name.strip(),
        position=position.strip(),
        reviewed_date=reviewed_date,
        next_date=next_date,
        note=note.strip(),
        by=by,
    )


def _end(review: TextReview, status: TextReviewStatus) -> None:
    review.status = status
    review.ended_at = timezone.now()
    review.save()


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
