"""What the panel does: vote, change a vote, declare a conflict, decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

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
    Condition,
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
    import datetime

    from permissions.models import User


def cast_vote(*, referral: Referral, choice: Choice | str, reasons: str, by: User) -> Vote:
    """Cast a panel member's first vote. Raises NotPermitted, or NotAllowed with the reason."""
    with audit.acting(by), transaction.atomic():
        consideration = _begin(referral, by)
        if reason := rules.why_cannot_vote(
            **_part_of(referral, consideration, by),
            voted=bool(queries.own_votes(consideration, by)),
            is_over=consideration.votes_closed_at is not None,
        ):
            raise NotAllowed(reason)
        was_enough = queries.standing(consideration).is_enough
        vote = _vote(consideration, choice, reasons, by, number=1)
        _tell_panel("vote_cast", referral, by, "A panel member voted")
        _tell_chairs(referral, consideration, was_enough)
    return vote


def change_vote(
    *, referral: Referral, choice: Choice | str, reasons: str, replaces: int, by: User
) -> Vote:
    """Put a new vote in the place of the member's vote number `replaces`, which is kept.

    Possible until the chair decides, also for a member whose vote has been followed by a decision
    task. Raises NotPermitted, or NotAllowed with the reason.
    """
    with audit.acting(by), transaction.atomic():
        consideration = _begin(referral, by)
        latest = next(iter(queries.own_votes(consideration, by)), None)
        if reason := rules.why_cannot_change_vote(
            **_part_of(referral, consideration, by),
            is_over=consideration.votes_closed_at is not None,
            number=latest.number if latest else 0,
            replaces=replaces,
            is_same=latest is not None
            and (latest.choice, latest.reasons) == (choice, reasons.strip()),
        ):
            raise NotAllowed(reason)
        assert latest is not None
        vote = _vote(consideration, choice, reasons, by, number=latest.number + 1)
        _tell_panel("vote_changed", referral, by, "A panel member changed their vote")
    return vote


def declare_conflict(*, referral: Referral, reason: str, by: User) -> ConflictOfInterest:
    """Declare a conflict of interest: the case is hidden from the member from now on.

    A vote that the member has cast counts no longer. Raises NotPermitted, or NotAllowed for somebody
    without a seat on this panel.
    """
    with audit.acting(by), transaction.atomic():
        case = referral.case
        consideration = _begin(referral, by)
        if refusal := rules.why_cannot_take_part(**_part_of(referral, consideration, by)):
            raise NotAllowed(refusal)
        if not reason.strip():
            raise NotAllowed("Enter what your conflict of interest is.")
        was_enough = queries.standing(consideration).is_enough
        conflict = ConflictOfInterest.objects.create(
            consideration=consideration, member=by, reason=reason.strip()
        )
        cases.exclude(case=case, user=by, reason="Conflict of interest", by=by)
        _tell_panel(
            "conflict_declared", referral, by, "A panel member declared a conflict of interest"
        )
        _tell_chairs(referral, consideration, was_enough)
    return conflict


def _begin(referral: Referral, by: User) -> PanelConsideration:
    lock(referral)
    checks.require(by, "vote_on_referral", referral.case.partnership)
    if reason := rules.why_cannot("cast_vote", referral.status):
        raise NotAllowed(reason)
    consideration = queries.open_consideration(referral)
    assert consideration is not None  # the status says that one is open
    return consideration


def _part_of(referral: Referral, consideration: PanelConsideration, member: User) -> Any:
    return {
        "status": referral.status,
        "seated": queries.has_seat(consideration, member),
        "conflicted": referral.case.exclusions.filter(user=member).exists(),
    }


def _vote(
    consideration: PanelConsideration, choice: Choice | str, reasons: str, by: User, *, number: int
) -> Vote:
    if not reasons.strip():
        raise NotAllowed("Enter the reasons for your vote.")
    return Vote.objects.create(
        consideration=consideration,
        member=by,
        number=number,
        choice=Choice(choice),
        reasons=reasons.strip(),
    )


def _tell_panel(kind: str, referral: Referral, by: User | None, summary: str) -> None:
    announce(kind, referral, by, referral.case.partnership, summary, audience=Audience.PANEL)


def _tell_chairs(referral: Referral, consideration: PanelConsideration, was_enough: bool) -> None:
    """Say once that the chair can decide: when it has become so."""
    if not was_enough and queries.standing(consideration).is_enough:
        _tell_panel("votes_are_in", referral, None, "Enough votes are in for the chair to decide")


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
    conditions: Sequence[str] = (),
    deferred_until: datetime.date | None = None,
    deferred_for: str = "",
) -> Decision:
    """Record the chair's decision for the panel, and end the members' access to the case.

    `conditions` belong to an acceptance; a deferral needs a date or what the panel waits for. Raises
    NotPermitted, or NotAllowed before the quorum of votes is in, for a chair with a conflict of
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
        if outcome == Outcome.DEFER and (
            reason := rules.why_cannot_defer(
                until=deferred_until, what=deferred_for, today=timezone.localdate()
            )
        ):
            raise NotAllowed(reason)
        deferred = outcome == Outcome.DEFER
        decision = Decision.objects.create(
            referral=referral,
            consideration=consideration,
            outcome=outcome,
            reasons=reasons.strip(),
            deferred_until=deferred_until if deferred else None,
            deferred_for=deferred_for.strip() if deferred else "",
            decided_by=by,
        )
        kept = [text.strip() for text in conditions if text.strip()]
        if outcome != Outcome.ACCEPT and kept:
            raise NotAllowed("Only an acceptance has conditions. Put them among the reasons.")
        Condition.objects.bulk_create(
            Condition(decision=decision, number=number, text=text)
            for number, text in enumerate(kept, start=1)
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
