"""The review of a decision: the school asks, somebody who took no part in it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.cases import actions as cases
from workflows.cases.models import Case
from workflows.cases.states import Audience
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.actions.moving import PANEL_AUDIENCES, announce, lock
from workflows.referrals.actions.screening import open_panel
from workflows.referrals.models import DecisionReview, Referral
from workflows.referrals.states import REVIEW_SHARE, REVIEW_TRANSITIONS, AskedFor, ReviewStatus

if TYPE_CHECKING:
    from permissions.models import Organisation, User


def ask_for_review(
    *, referral: Referral, reasons: str, by: User, asked_for: AskedFor | str = AskedFor.SCHOOL
) -> DecisionReview:
    """Ask for a review of the latest decision, for the school or for the family.

    It goes to the authority's officers who took no part in the decision; where there is none, to such
    chairs of the panel; and where there is none either, the administrators are told. Raises
    NotPermitted, or NotAllowed for a decision that is not reviewed, one whose review has been asked
    for, or after the last day.
    """
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        lock(referral)
        _require_in_sight("refer_pupil", referral, school, by)
        if reason := queries.why_cannot_ask_review(referral, timezone.localdate()):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter why the decision should be reviewed.")
        decision = referral.decision
        assert decision is not None  # the rule has seen it
        review = DecisionReview.objects.create(
            referral=referral,
            decision=decision,
            asked_for=AskedFor(asked_for),
            reasons=reasons.strip(),
            asked_by=by,
        )
        has_reviewer = _find_reviewer(review)
        announce(
            "decision_review_asked",
            referral,
            by,
            school,
            f"{school} asked for a review of the panel’s decision",
            review=review,
        )
        if not has_reviewer:
            announce(
                "review_lacks_reviewer",
                referral,
                None,
                referral.case.partnership,
                "Nobody who took no part in the decision can review it",
                audience=Audience.COMMISSIONER,
            )
    return review


def _find_reviewer(review: DecisionReview) -> bool:
    """Open the case to the panel's chairs where the authority has nobody; tell whether anybody can."""
    if queries.impartial_officers(review.decision):
        return True
    chairs = queries.impartial_chairs(review.decision)
    for chair in chairs:
        cases.share_for_task(
            case=review.referral.case,
            user=chair,
            audiences=PANEL_AUDIENCES,
            reason=REVIEW_SHARE,
            also_ended=True,
        )
    return bool(chairs)


def withdraw_review(*, review: DecisionReview, by: User) -> None:
    """Take the request back, before it is decided. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        referral = review.referral
        school = referral.case.pupil.school
        _begin(review)
        _require_in_sight("refer_pupil", referral, school, by)
        _refuse(rules.why_cannot_review("withdraw_review", review.status))
        end_review(review, by)


def end_review(review: DecisionReview, by: User) -> None:
    """End a review that is not decided; for this slice's actions, which hold the referral."""
    referral = review.referral
    school = referral.case.pupil.school
    review.status = REVIEW_TRANSITIONS["withdraw_review"][1]
    review.withdrawn_by, review.withdrawn_at = by, timezone.now()
    review.save()
    _end_shares(review)
    announce(
        "decision_review_withdrawn",
        referral,
        by,
        school,
        f"{school} no longer asks for a review of the panel’s decision",
        review=review,
    )


def decide_review(
    *, review: DecisionReview, outcome: ReviewStatus | str, reasons: str, by: User
) -> None:
    """Decide that the decision stays, or that the panel decides again: then the case is open again.

    Raises NotPermitted, or NotAllowed for somebody who took part in the decision, without reasons,
    or where the panel has too few members to decide again.
    """
    outcome = ReviewStatus(outcome)
    action = "return_decision" if outcome == ReviewStatus.RETURNED else "uphold_decision"
    with audit.acting(by), transaction.atomic():
        referral = review.referral
        _begin(review)
        codename, office = _whose(review, by)
        _require_in_sight(codename, referral, office, by)
        took_part = queries.took_part(by, review.decision)
        _refuse(rules.why_cannot_review(action, review.status, took_part=took_part))
        if not reasons.strip():
            raise NotAllowed("Enter the reasons for your decision.")
        review.status = REVIEW_TRANSITIONS[action][1]
        review.outcome_reasons = reasons.strip()
        review.decided_by, review.decided_at = by, timezone.now()
        review.save()
        if outcome == ReviewStatus.RETURNED:
            open_panel("reconsider", referral, by, codename=codename, organisation=office)
        _end_shares(review)
        kind = "decision_returned" if outcome == ReviewStatus.RETURNED else "decision_upheld"
        announce(
            kind,
            referral,
            by,
            office,
            f"Review of the panel’s decision: {outcome.label.lower()}",
            review=review,
        )


def _whose(review: DecisionReview, by: User) -> tuple[str, Organisation]:
    """Say by which permission, held where, somebody reviews: as officer, or as the chair asked."""
    if queries.reviewing_chairs(review).filter(pk=by.pk).exists():
        return "decide_referral", review.referral.case.partnership
    return "review_decision", queries.review_office(review.referral)


def _end_shares(review: DecisionReview) -> None:
    cases.end_shares(case=review.referral.case, reason=REVIEW_SHARE, by=None)


def _begin(review: DecisionReview) -> None:
    # The referral first, as everywhere; then the review itself as it is now.
    lock(review.referral)
    review.refresh_from_db(fields=["status"])


def _refuse(reason: str | None) -> None:
    if reason:
        raise NotAllowed(reason)


def _require_in_sight(
    codename: str, referral: Referral, organisation: Organisation, by: User
) -> None:
    checks.require(by, codename, organisation)
    if not Case.objects.visible_to(by).filter(pk=referral.case_id).exists():
        raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")
