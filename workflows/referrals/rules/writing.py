"""Rules of the school's side: what a status allows, what is complete, what may leave the school."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from workflows.referrals.states import (
    ALLOWED_IN,
    OPTIONAL_FIELDS,
    PART_FIELDS,
    TRANSITIONS,
    Part,
    Status,
)

if TYPE_CHECKING:
    from workflows.referrals.models import Referral


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
    "change_vote": "voted on",
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
