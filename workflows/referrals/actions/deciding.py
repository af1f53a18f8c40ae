"""What the panel does: vote, declare a conflict, decide; and the letter that tells the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from permissions import audit, checks
from workflows.cases import actions as cases
from workflows.cases.states import Audience
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.actions.moving import (
    PANEL_AUDIENCES,
    PANEL_SHARE,
    announce,
    close_consideration,
    finish,
    lock,
)
from workflows.referrals.models import (
    ConflictOfInterest,
    Decision,
    PanelConsideration,
    Referral,
    Vote,
)
from workflows.referrals.states import (
    TRANSITIONS,
    Choice,
    Outcome,
    Status,
)

if TYPE_CHECKING:
    from permissions.models import User


def cast_vote(*, referral: Referral, choice: Choice | str, reasons: str, by: User) -> Vote:
    """Cast a panel member's vote, once. Raises NotPermitted, or NotAllowed with the reason."""
    with audit.acting(by), transaction.atomic():
        partnership = referral.case.partnership
        lock(referral)
        checks.require(by, "vote_on_referral", partnership)
        consideration = queries.open_consideration(referral)
        if reason := _why_cannot_vote(referral, consideration, by):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter the reasons for your vote.")
        assert consideration is not None
        vote = Vote.objects.create(
            consideration=consideration, member=by, choice=Choice(choice), reasons=reasons.strip()
        )
        announce(
            "vote_cast",
            referral,
            by,
            partnership,
            "A panel member voted",
            audience=Audience.PANEL,
        )
    return vote


def declare_conflict(*, referral: Referral, reason: str, by: User) -> ConflictOfInterest:
    """Declare a conflict of interest: the case is hidden from the member from now on.

    Raises NotPermitted, or NotAllowed for somebody who has voted or is not on this panel.
    """
    with audit.acting(by), transaction.atomic():
        case = referral.case
        lock(referral)
        checks.require(by, "vote_on_referral", case.partnership)
        consideration = queries.open_consideration(referral)
        if refusal := _why_cannot_vote(referral, consideration, by):
            raise NotAllowed(refusal)
        if not reason.strip():
            raise NotAllowed("Enter what your conflict of interest is.")
        assert consideration is not None
        conflict = ConflictOfInterest.objects.create(
            consideration=consideration, member=by, reason=reason.strip()
        )
        cases.exclude(case=case, user=by, reason="Conflict of interest", by=by)
        announce(
            "conflict_declared",
            referral,
            by,
            case.partnership,
            "A panel member declared a conflict of interest",
            audience=Audience.PANEL,
        )
    return conflict


def _why_cannot_vote(
    referral: Referral, consideration: PanelConsideration | None, member: User
) -> str | None:
    if consideration is None:
        return rules.why_cannot("cast_vote", referral.status)
    return rules.why_cannot_vote(
        status=referral.status,
        seated=consideration.seats.filter(member=member).exists(),
        conflicted=referral.case.exclusions.filter(user=member).exists(),
        voted=consideration.votes.filter(member=member).exists(),
    )


def open_to_chairs(*, referral: Referral) -> None:
    """Open the case to the chairs there are now: one appointed since has not been shared it."""
    with transaction.atomic():
        lock(referral)
        for chair in queries.panel_chairs(referral):
            cases.share_for_task(
                case=referral.case, user=chair, audiences=PANEL_AUDIENCES, reason=PANEL_SHARE
            )


def decide(
    *,
    referral: Referral,
    outcome: Outcome | str,
    reasons: str,
    by: User,
    conditions: str = "",
) -> Decision:
    """Record the chair's decision for the panel, and end the members' access to the case.

    Raises NotPermitted, or NotAllowed before the quorum of votes is in, for a chair with a conflict of
    interest, or without reasons.
    """
    outcome = Outcome(outcome)
    with audit.acting(by), transaction.atomic():
        case = referral.case
        partnership = case.partnership
        lock(referral)
        checks.require(by, "decide_referral", partnership)
        if reason := rules.why_cannot(outcome.value, referral.status):
            raise NotAllowed(reason)
        consideration = queries.open_consideration(referral)
        assert consideration is not None
        standing = queries.standing(consideration)
        if reason := rules.why_cannot_decide(
            status=referral.status,
            outcome=outcome,
            conflicted=case.exclusions.filter(user=by).exists(),
            votes=standing.votes,
            quorum=standing.quorum,
            waiting=standing.waiting,
        ):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter the reasons for the decision.")
        decision = Decision.objects.create(
            referral=referral,
            consideration=consideration,
            outcome=outcome,
            reasons=reasons.strip(),
            conditions=conditions.strip(),
            decided_by=by,
        )
        close_consideration(referral)
        finish(outcome.value, referral, by)
        announce(
            f"referral_{TRANSITIONS[outcome.value][1].value}",
            referral,
            by,
            partnership,
            f"The panel’s decision: {Status(referral.status).label.lower()}",
            audience=(
                Audience.PARTIES if outcome == Outcome.ACCEPT else Audience.SCHOOL_AND_COMMISSIONER
            ),
            decision=decision,
        )
    return decision
