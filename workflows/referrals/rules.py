"""Rules of referrals: pure functions without a database and without a clock of their own.

A `why_cannot_…` function answers `None` when the act is allowed, and otherwise the sentence that a
person reads: what is wrong and what to do.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from .states import ALLOWED_IN, OPTIONAL_FIELDS, PART_FIELDS, TRANSITIONS, Outcome, Part, Status

if TYPE_CHECKING:
    from .models import Referral

# What a person reads when the status refuses: the action in words, then what is true.
_ACTION_WORDS: dict[str, str] = {
    "submit": "submitted",
    "ask_question": "sent back with a question",
    "answer_question": "answered",
    "send_to_panel": "sent to the panel",
    "accept": "decided",
    "decline": "decided",
    "defer": "decided",
    "return_to_panel": "brought back to the panel",
    "withdraw": "withdrawn",
    "write": "changed",
    "record_permission": "changed",
    "cast_vote": "voted on",
    "declare_conflict": "given up because of a conflict",
}


def possible_from(action: str) -> frozenset[Status]:
    """Answer the statuses in which an action is possible."""
    return TRANSITIONS[action][0] if action in TRANSITIONS else ALLOWED_IN[action]


def why_cannot(action: str, status: str) -> str | None:
    """Explain why a referral's status does not let an action happen."""
    if status in possible_from(action):
        return None
    label = Status(status).label.lower()
    return (
        f"This referral cannot be {_ACTION_WORDS[action]}: it is “{label}” now. Open the case to "
        "see what has happened and what is next."
    )


def is_complete(part: Part, referral: Referral, *, has_medical_evidence: bool) -> bool:
    """Tell whether a page of the referral holds all that the partnership needs."""
    if part == Part.PUPIL:
        return True
    if part == Part.PERMISSION:
        return referral.permission_recorded_at is not None
    if part == Part.EVIDENCE:
        return has_medical_evidence or bool(referral.no_medical_evidence_reason.strip())
    needed = (name for name in PART_FIELDS[part] if name not in OPTIONAL_FIELDS)
    return all(str(getattr(referral, name)).strip() for name in needed)


def missing_parts(referral: Referral, *, has_medical_evidence: bool) -> list[Part]:
    """List the pages that are not complete yet, in their order."""
    return [
        part
        for part in Part
        if not is_complete(part, referral, has_medical_evidence=has_medical_evidence)
    ]


def why_cannot_submit(referral: Referral, *, has_medical_evidence: bool) -> str | None:
    """Explain why a referral cannot leave the school.

    Without recorded parental permission nothing does (source documents 000 and 001).
    """
    if refusal := why_cannot("submit", referral.status):
        return refusal
    missing = missing_parts(referral, has_medical_evidence=has_medical_evidence)
    if Part.PERMISSION in missing:
        return (
            "Record the parent or carer’s permission first: nothing about the pupil may leave the "
            "school before it."
        )
    if missing:
        names = ", ".join(f"“{part.label}”" for part in missing)
        return f"Complete these sections before you submit: {names}."
    return None


def why_not_permission_date(given: datetime.date, today: datetime.date) -> str | None:
    """Explain why a date cannot be the day on which permission was given."""
    if given > today:
        return "The date permission was given must be today or in the past"
    return None


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
