"""How school and family are told: by letters in the case, made with the partnership's own texts."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from workflows.cases import actions as cases
from workflows.cases.states import Audience, DocumentKind
from workflows.engine import events
from workflows.letters import actions as letters
from workflows.letters import queries as letter_queries
from workflows.letters.states import Addressee, Kind
from workflows.referrals import queries
from workflows.referrals.actions.moving import lock
from workflows.referrals.models import Decision, DecisionReview, Letter, Referral
from workflows.referrals.states import Outcome, ReviewStatus


def make_letter(*, decision: Decision) -> Letter:
    """Write the letters that tell a decision into the case; gives the school's. Once only.

    Called by a background job, which may run again after a failure.
    """
    with transaction.atomic():
        referral = decision.referral
        lock(referral)
        found = decision.letters.filter(review=None, addressee=Addressee.SCHOOL).first()
        if found is not None:
            return found
        letter = _write(
            referral,
            queries.KIND_OF_OUTCOME[Outcome(decision.outcome)],
            title=f"Decision letter: {decision.result.lower()}",
            date=timezone.localdate(decision.decided_at),
            decision=decision,
        )
        _announce("letter_sent", letter, "Decision letter sent to the school")
    return letter


def make_review_letter(*, review: DecisionReview) -> Letter:
    """Write the letters that tell the outcome of a review into the case. Once only, as above."""
    with transaction.atomic():
        referral = review.referral
        lock(referral)
        found = review.letters.filter(addressee=Addressee.SCHOOL).first()
        if found is not None:
            return found
        assert review.decided_at is not None  # the job is queued by whoever decided
        letter = _write(
            referral,
            queries.KIND_OF_REVIEW[ReviewStatus(review.status)],
            title=f"Review letter: {review.get_status_display().lower()}",
            date=timezone.localdate(review.decided_at),
            decision=review.decision,
            review=review,
        )
        _announce("review_letter_sent", letter, "Letter about the review sent to the school")
    return letter


def make_permission_letter(*, referral: Referral) -> Letter:
    """Write the letters that confirm a withdrawn permission into the case. Once only, as above."""
    with transaction.atomic():
        lock(referral)
        kind = Kind.PERMISSION_WITHDRAWN
        found = referral.letters.filter(kind=kind, addressee=Addressee.SCHOOL).first()
        if found is not None:
            return found
        letter = _write(
            referral,
            kind,
            title="Letter: parental permission withdrawn",
            date=timezone.localdate(),
        )
        _announce("permission_letter_sent", letter, "Letter about the permission sent")
    return letter


def _write(
    referral: Referral,
    kind: Kind,
    *,
    title: str,
    date: datetime.date,
    decision: Decision | None = None,
    review: DecisionReview | None = None,
) -> Letter:
    """Write the school's letter and, where the partnership does, the family's; gives the school's."""
    case = referral.case
    values = queries.values_of(referral, decision=decision, review=review)
    settings = letter_queries.letter_settings(case.partnership)
    # Before the letter is there: from then on, this day is the one that the letter says.
    until = queries.last_day_to_ask(decision) if decision and review is None else None
    made = []
    for addressee in Addressee:
        if addressee == Addressee.FAMILY and not settings.writes_to_family:
            continue
        version = letters.version_for(case.partnership, kind, addressee)
        is_family = addressee == Addressee.FAMILY
        to = f"Parent or carer of {case.pupil.full_name}" if is_family else case.pupil.school.name
        document = cases.add_document(
            case=case,
            kind=DocumentKind.LETTER,
            title=f"{title} (for the family)" if is_family else title,
            file=letters.make_pdf(version.heading, version.body, {**values, "addressee line": to}),
            by=None,
            author=case.partnership.name,
            document_date=date,
        )
        made.append(
            Letter.objects.create(
                referral=referral,
                kind=kind,
                addressee=addressee,
                decision=decision,
                review=review,
                version=version,
                document=document,
                ask_review_by_date=until,
            )
        )
    return made[0]


def _announce(kind: str, letter: Letter, summary: str) -> None:
    case = letter.referral.case
    events.announce(
        kind,
        subject=case,
        by=None,
        organisation=case.partnership,
        audience=Audience.SCHOOL_AND_COMMISSIONER,
        summary=summary,
        data={"referral": letter.referral_id, "document": letter.document_id},
        referral=letter.referral,
    )
