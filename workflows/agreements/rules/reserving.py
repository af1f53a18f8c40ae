"""Whether a clause may be reserved, a variation proposed or agreed, and what is agreed then."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from workflows.agreements import measures
from workflows.agreements.rules.texts import Content, fingerprint
from workflows.agreements.states import RESERVATION_ALLOWED_IN, RESERVATION_TRANSITIONS

# The sentence by which an organisation agrees to a variation. Kept word for word with it.
AGREED: Final = (
    "On behalf of {organisation} I agree that for it {clause} of “{title}” reads as proposed, "
    "from now on and in later versions, as long as the clause is part of the agreement."
)

_ENDED: Final = "This reservation has been ended. Read on its page how."
_NOT_NOW: Final[dict[str, str]] = {
    "propose_variation": (
        "A variation is already proposed. Wait until the organisation has answered it."
    ),
    "refuse_reservation": (
        "A variation is already proposed. Wait until the organisation has answered it."
    ),
    "agree_variation": "There is no proposal to agree to. Wait for the partnership’s answer.",
    "turn_down_variation": "There is no proposal to turn down. Wait for the partnership’s answer.",
}


def agreed_wording(*, organisation: str, title: str, clause: str) -> str:
    """Write out the sentence by which an organisation agrees; `clause` is its name in a sentence."""
    return AGREED.format(organisation=organisation, title=title, clause=clause)


def why_cannot_reserve(
    *,
    is_party: bool,
    is_in_force: bool,
    is_clause: bool,
    first_pupil_date: datetime.date | None,
    is_new_to_them: bool,
    is_reserved: bool,
    reason: str,
) -> str | None:
    """Explain why an organisation cannot reserve a clause, or return None when it can.

    Reservations come before the first pupil. After that, only a clause may be reserved that is new
    or reads differently in a version which the organisation has not accepted (`is_new_to_them`).
    """
    if not is_in_force:
        return "This agreement is not in force. There is nothing to reserve."
    if not is_party:
        return (
            "Your organisation is not a party to this agreement. "
            "Ask the partnership to add it first."
        )
    if not is_clause:
        return "This clause is not part of the agreement any more. Read the text again."
    if is_reserved:
        return (
            "Your organisation has already reserved this clause. "
            "Open that reservation to say more about it."
        )
    if first_pupil_date is not None and not is_new_to_them:
        return (
            "Clauses are reserved before the first pupil, and your organisation’s first pupil came "
            f"on {first_pupil_date.day} {first_pupil_date:%B %Y}. Ask a question about the clause "
            "instead."
        )
    return None if reason.strip() else "Say why your organisation cannot accept the clause."


def why_not_while_reserved(organisation: str, count: int) -> str | None:
    """Explain why no placement starts while clauses are reserved, or return None when none is."""
    if not count:
        return None
    clauses = "a clause" if count == 1 else f"{count} clauses"
    return (
        f"{organisation} has reserved {clauses} of the agreement. "
        "Answer what is reserved. Start the placement when it is settled."
    )


def why_not_now(action: str, status: str) -> str | None:
    """Explain why something cannot be done to a reservation in a status, or return None."""
    possible = (
        RESERVATION_TRANSITIONS[action][0]
        if action in RESERVATION_TRANSITIONS
        else RESERVATION_ALLOWED_IN[action]
    )
    if status in possible:
        return None
    is_ended = not any(status in sources for sources, _ in RESERVATION_TRANSITIONS.values())
    return _ENDED if is_ended else _NOT_NOW[action]


def varied_terms(clause: Content, values: Mapping[str, Decimal]) -> list[Content]:
    """Give the numbers of a variation that differ from the clause's own, in its order."""
    return [
        {**term, "value": measures.plain(values[term["measure"]])}
        for term in clause["terms"]
        if term["measure"] in values and values[term["measure"]] != Decimal(term["value"])
    ]


def why_cannot_propose(
    *, clause: Content | None, text: str, values: Mapping[str, Decimal]
) -> str | None:
    """Explain why words and numbers are no variation of a clause, or return None when they are.

    `clause` is the clause in the version in force, None when it is not there any more; `values`
    are the proposed numbers by measure.
    """
    if clause is None:
        return "This clause is not part of the agreement any more, so it cannot be varied."
    if not text.strip():
        return "Enter the words that the clause is to have for this organisation."
    own = {term["measure"] for term in clause["terms"]}
    for code, value in values.items():
        if code not in own:
            return "A variation may change the numbers of its own clause only."
        if reason := measures.why_not(code, value):
            return reason
    if text.strip() == clause["text"] and not varied_terms(clause, values):
        return "The proposal reads as the clause does. Change its words or its numbers."
    return None


def why_cannot_question(*, is_party: bool, is_there: bool, text: str) -> str | None:
    """Explain why nothing can be asked about an agreement or a clause, or return None."""
    if not is_there:
        return "This text is not in force any more. Read the agreement again."
    if not is_party:
        return (
            "Your organisation is not a party to this agreement. "
            "Ask the partnership to add it first."
        )
    return None if text.strip() else "Enter your question or what you want to say."


def why_cannot_answer(*, answer: str, is_answered: bool) -> str | None:
    """Explain why a question cannot be answered, or return None when it can."""
    if is_answered:
        return "This question has been answered already."
    return None if answer.strip() else "Enter the answer."


def variation_content(
    *,
    agreement: str,
    organisation: str,
    clause_id: uuid.UUID,
    reservation: int,
    text: str,
    terms: Iterable[Content],
    wording: str,
    in_force_at: datetime.datetime,
) -> Content:
    """Bring an agreed variation into the one form that is hashed.

    The reservation's number makes two variations with the same words two hashes.
    """
    return {
        "agreement": agreement,
        "organisation": organisation,
        "clause_id": str(clause_id),
        "reservation": reservation,
        "text": text,
        "terms": list(terms),
        "wording": wording,
        "in_force_at": in_force_at.astimezone(datetime.UTC).isoformat(),
    }


def variation_hash(content: Content) -> str:
    """Give the SHA-256 of a variation's content."""
    return fingerprint(content)


def clause_named(content: Content, clause_id: uuid.UUID | str) -> Content | None:
    """Give the clause of normalised content with an id, or None."""
    for section in content["sections"]:
        for clause in section["clauses"]:
            if clause["clause_id"] == str(clause_id):
                found: Content = clause
                return found
    return None


def clause_label(content: Content, clause_id: uuid.UUID | str) -> str:
    """Name a clause as people do, as in “clause 3.2 (Registers)”."""
    for section in content["sections"]:
        for clause in section["clauses"]:
            if clause["clause_id"] == str(clause_id):
                number = clause["printed_number"]
                name = f"clause {number}" if number else "a clause"
                return f"{name} ({section['heading']})" if section["heading"] else name
    return "a clause that is no longer there"
