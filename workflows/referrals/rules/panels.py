"""Rules of the panel: when it can open, who can vote, what a chair can decide."""

from __future__ import annotations

import datetime

from workflows.referrals.rules.writing import why_cannot
from workflows.referrals.states import (
    Outcome,
)

VOTING_OVER = "Voting on this referral has ended. The chair decides with the votes that are in."


def why_cannot_open_panel(*, members: int, chairs: int, quorum: int) -> str | None:
    """Explain why a panel of so many people without a conflict cannot consider a referral."""
    if chairs == 0:
        return (
            "The panel has no chair who can decide this referral. Ask the partnership’s "
            "administrator to add one."
        )
    if members < quorum:
        return (
            f"The panel has {members} of the {quorum} members it needs to decide. Ask the "
            "partnership’s administrator to add members."
        )
    return None


def why_cannot_take_part(*, status: str, seated: bool, conflicted: bool) -> str | None:
    """Explain why a person has no part in the consideration that is open."""
    if refusal := why_cannot("cast_vote", status):
        return refusal
    if conflicted:
        return "You have declared a conflict of interest, so you cannot vote on this referral."
    if not seated:
        return (
            "You have no seat on the panel for this referral. The members who were on the panel "
            "when it was sent there, or their substitutes, vote on it."
        )
    return None


def why_cannot_vote(
    *, status: str, seated: bool, conflicted: bool, voted: bool, is_over: bool = False
) -> str | None:
    """Explain why a person cannot cast a first vote in the consideration that is open.

    `is_over`: voting has ended before the chair's decision.
    """
    if refusal := why_cannot_take_part(status=status, seated=seated, conflicted=conflicted):
        return refusal
    if voted:
        return (
            "You have already voted on this referral. Open the case to change your vote, which you "
            "can do until the chair records the decision."
        )
    return VOTING_OVER if is_over else None


def why_cannot_change_vote(
    *,
    status: str,
    seated: bool,
    conflicted: bool,
    is_over: bool,
    number: int,
    replaces: int,
    is_same: bool,
) -> str | None:
    """Explain why a person cannot put a new vote in the place of the vote number `replaces`.

    `number` is that of the vote which counts now, 0 where there is none; `is_same`: the new one says
    exactly what that one says.
    """
    if refusal := why_cannot_take_part(status=status, seated=seated, conflicted=conflicted):
        return refusal
    if not number:
        return "You have not voted on this referral yet. Your vote is among your tasks."
    if is_over:
        return VOTING_OVER
    if number != replaces:
        return (
            "You have changed your vote since you opened this page. Look at it again before you "
            "change it once more."
        )
    return (
        "This is what you have voted already. Change the vote or its reasons." if is_same else None
    )


def why_cannot_defer(*, until: datetime.date | None, what: str, today: datetime.date) -> str | None:
    """Explain why a referral cannot be deferred so: nobody would know when it comes back."""
    if until is None and not what.strip():
        return "Enter until when the referral is deferred, or what the panel waits for."
    if until is not None and until <= today:
        return "The date until which the referral is deferred must be in the future."
    return None


def can_chair_begin(*, votes: int, quorum: int, waiting: int) -> bool:
    """Tell whether the chair can decide: quorum reached, or nobody left who could vote."""
    return votes >= quorum or waiting == 0


def why_cannot_decide(
    *, status: str, outcome: Outcome, conflicted: bool, votes: int, quorum: int, waiting: int
) -> str | None:
    """Explain why the chair cannot decide for an outcome.

    `waiting` counts the members who can still vote. When conflicts of interest have put the quorum
    out of reach, the chair can only defer.
    """
    if refusal := why_cannot(outcome.value, status):
        return refusal
    if conflicted:
        return (
            "You have declared a conflict of interest, so another chair must decide this referral."
        )
    if votes >= quorum:
        return None
    if waiting:
        return (
            f"{votes} of the {quorum} votes needed are in. Wait for more votes before you decide."
        )
    if outcome != Outcome.DEFER:
        return (
            f"Only {votes} of the {quorum} votes needed could be cast, because of conflicts of "
            "interest. You can defer the referral to a later meeting."
        )
    return None
