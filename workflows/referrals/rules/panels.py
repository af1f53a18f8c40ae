"""Rules of the panel: when it can open, who can vote, what a chair can decide."""

from __future__ import annotations

from workflows.referrals.rules.writing import why_cannot
from workflows.referrals.states import (
    Outcome,
)


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


def why_cannot_vote(*, status: str, seated: bool, conflicted: bool, voted: bool) -> str | None:
    """Explain why a person cannot vote in the consideration that is open."""
    if refusal := why_cannot("cast_vote", status):
        return refusal
    if conflicted:
        return "You have declared a conflict of interest, so you cannot vote on this referral."
    if voted:
        return "You have already voted on this referral. A vote cannot be changed."
    if not seated:
        return (
            "You were not on the panel when this referral was sent to it. The members who were "
            "will vote on it."
        )
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
