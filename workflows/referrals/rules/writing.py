"""Rules of the school's side: what a status allows, what is complete, what may leave the school."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.cases.states import FINAL_STAGES
from workflows.questionnaires import rules as questions
from workflows.referrals.states import (
    ALLOWED_IN,
    BY_REVIEW,
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
    "withdraw_permission": "stopped",
    "reconsider": "considered again",
    "stop_in_review": "stopped",
    "write": "changed",
    "propose_transfer": "transferred to another partnership",
    "record_permission": "changed",
    "cast_vote": "voted on",
    "change_vote": "voted on",
    "declare_conflict": "given up because of a conflict",
}


def possible_from(action: str) -> frozenset[Status]:
    """Answer the statuses in which an action is possible."""
    moves = {**TRANSITIONS, **BY_REVIEW}
    return moves[action][0] if action in moves else ALLOWED_IN[action]


def why_cannot(action: str, status: str) -> str | None:
    """Explain why a referral's status does not let an action happen."""
    if status in possible_from(action):
        return None
    label = Status(status).label.lower()
    return (
        f"This referral cannot be {_ACTION_WORDS[action]}: it is “{label}” now. Open the case to "
        "see what has happened and what is next."
    )


@dataclass(frozen=True)
class Page:
    """One page of a referral's form: a part that all have, or a section of its questions."""

    title: str
    is_complete: bool
    part: Part | None = None
    # From 1, in the order of the questionnaire; 0 for a part.
    section: int = 0

    @property
    def name(self) -> str:
        """How the page's address ends."""
        return self.part.value if self.part else f"questions/{self.section}"


def is_complete(part: Part, referral: Referral, *, has_medical_evidence: bool) -> bool:
    """Tell whether a part of the referral holds all that the partnership needs."""
    if part == Part.PUPIL:
        return True
    if part == Part.PERMISSION:
        return referral.permission_recorded_at is not None
    if part == Part.EVIDENCE:
        return has_medical_evidence or bool(referral.no_medical_evidence_reason.strip())
    needed = (name for name in PART_FIELDS[part] if name not in OPTIONAL_FIELDS)
    return all(str(getattr(referral, name)).strip() for name in needed)


def pages(
    referral: Referral,
    *,
    content: questions.Content,
    answers: Mapping[str, Any],
    has_medical_evidence: bool,
) -> list[Page]:
    """List the pages of a referral's form, in their order.

    A section none of whose questions is asked, given the answers so far, has no page.
    """
    asked = {question.key for question in questions.shown(content, answers)}
    missing = {question.key for question in questions.missing(content, answers)}
    sections = [
        Page(
            section.title,
            not any(question.key in missing for question in section.questions),
            section=number,
        )
        for number, section in enumerate(content.sections, start=1)
        if any(question.key in asked for question in section.questions)
    ]
    parts = [
        Page(
            part.label,
            is_complete(part, referral, has_medical_evidence=has_medical_evidence),
            part=part,
        )
        for part in Part
    ]
    return [*parts[:-1], *sections, parts[-1]]


def why_cannot_submit(referral: Referral, form: list[Page]) -> str | None:
    """Explain why a referral cannot leave the school, given the `pages` of its form.

    Without recorded parental permission nothing does (source documents 000 and 001).
    """
    if refusal := why_cannot("submit", referral.status):
        return refusal
    missing = [page for page in form if not page.is_complete]
    if any(page.part == Part.PERMISSION for page in missing):
        return (
            "Record the parent or carer’s permission first: nothing about the pupil may leave the "
            "school before it."
        )
    if missing:
        names = ", ".join(f"“{page.title}”" for page in missing)
        return f"Complete these sections before you submit: {names}."
    return None


def why_not_permission_date(given: datetime.date, today: datetime.date) -> str | None:
    """Explain why a date cannot be the day on which permission was given."""
    if given > today:
        return "The date permission was given must be today or in the past"
    return None


def why_cannot_withdraw_permission(
    referral: Referral,
    *,
    stage: str,
    is_in_review: bool,
    date: datetime.date,
    today: datetime.date,
) -> str | None:
    """Explain why permission cannot be withdrawn: none was given, the case has ended, a wrong date.

    A declined referral whose decision is being reviewed has not ended: it may open again.
    """
    action = "stop_in_review" if is_in_review else "withdraw_permission"
    if refusal := why_cannot(action, referral.status):
        return refusal
    if stage in FINAL_STAGES and not is_in_review:
        return "This case has ended, so there is nothing left to stop."
    if referral.permission_recorded_at is None or referral.permission_date is None:
        return (
            "No permission has been recorded, so there is none to withdraw. Withdraw the referral "
            "instead."
        )
    if date > today:
        return "The date permission was withdrawn must be today or in the past"
    if date < referral.permission_date:
        return "The date permission was withdrawn must not be before the date it was given"
    return None
