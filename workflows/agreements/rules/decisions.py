"""Whether a text may be published, who may be asked, and who may accept when."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from workflows.agreements import measures
from workflows.agreements.rules.texts import Content, clauses_of, terms_of
from workflows.agreements.states import Party

# The sentence a signatory agrees to. Kept word for word with each acceptance.
STATEMENT = (
    "On behalf of {organisation} I accept “{title}”, version {number}, issued on {issued}. "
    "I have read the whole text and I have the authority to accept it."
)


def statement(*, organisation: str, title: str, number: int, issued_date: datetime.date) -> str:
    """Write out the sentence that a signatory agrees to."""
    issued = f"{issued_date.day} {issued_date:%B %Y}"
    return STATEMENT.format(organisation=organisation, title=title, number=number, issued=issued)


def problems_in_terms(terms: Iterable[tuple[str, Decimal]]) -> list[str]:
    """List what is wrong with the terms of one text: unknown, out of bounds, or said twice."""
    problems: list[str] = []
    seen: set[str] = set()
    for code, value in terms:
        if reason := measures.why_not(code, value):
            problems.append(reason)
        elif code in seen:
            label = measures.REGISTER[code].label
            problems.append(
                f"“{label}” is on more than one clause. Keep the number on one of them."
            )
        seen.add(code)
    return problems


def why_cannot_publish(content: Content) -> str | None:
    """Explain why normalised content may not become a version, or return None when it may."""
    clauses = [clause for _, clause in clauses_of(content)]
    if not content["title"]:
        return "Give the agreement a title before you publish it."
    if not content["issued_date"]:
        return "Give the date of issue before you publish."
    if content["review_date"] and content["review_date"] < content["issued_date"]:
        return "The review date must be after the date of issue."
    if not clauses:
        return "Add at least one clause before you publish."
    if any(not clause["text"] for clause in clauses):
        return "Every clause needs its text. Write it, or remove the clause."
    if any(clause["party"] not in Party.values for clause in clauses):
        return "Choose whose duty each clause is before you publish."
    if len({clause["clause_id"] for clause in clauses}) != len(clauses):
        return "Two clauses have the same id. Remove one of them and write it again."
    if gone := broken_references(content):
        return gone[0]
    problems = problems_in_terms(
        (term["measure"], Decimal(term["value"])) for clause in clauses for term in clause["terms"]
    )
    return problems[0] if problems else None


def broken_references(content: Content, before: Content | None = None) -> list[str]:
    """List the references of clauses to clauses that the text does not have (any more).

    `before` is the text as it was, from which a clause that is gone is named.
    """
    present = {clause["clause_id"] for _, clause in clauses_of(content)}
    known = {} if before is None else {c["clause_id"]: (h, c) for h, c in clauses_of(before)}
    return [
        (
            f"{clause_name(heading, clause)} refers to "
            + (
                f"{clause_name(*known[other])}, which you have removed. Put that clause back, or "
                "take the reference away."
                if other in known
                else "a clause that is not in this text. Choose another one, or take the "
                "reference away."
            )
        )
        for heading, clause in clauses_of(content)
        for other in clause.get("see") or ()
        if other not in present
    ]


def clause_name(heading: str, clause: Content) -> str:
    """Name a clause for its editor, as in “3.2 Registers: Send the register soon …”."""
    place = " ".join(part for part in (clause["printed_number"], heading) if part) or "Clause"
    words = clause["text"].split()
    first = " ".join(words[:7]) + (" …" if len(words) > 7 else "")
    return f"“{place}: {first}”"


def is_material(*, before: Content | None, after: Content, ticked: bool) -> bool:
    """Say whether a new text binds nobody until it is accepted again.

    The editor says so by ticking; a first version always is; and so is a change of any number that
    sets a deadline, whatever was ticked, because processes obey the version an organisation
    accepted.
    """
    return before is None or ticked or terms_of(before) != terms_of(after)


def why_cannot_ask(*, version_number: int | None) -> str | None:
    """Explain why nobody can be asked to accept an agreement, or return None."""
    if version_number is None:
        return "This agreement is not published. Publish it before you ask anybody to accept it."
    return None


def why_cannot_accept(
    *,
    version_number: int,
    last_material_number: int | None,
    is_party: bool,
    accepted_by: str | None,
    name: str,
    position: str,
    confirmed: bool,
) -> str | None:
    """Explain why an organisation cannot accept a version, or return None when it can.

    `last_material_number` is None when the agreement has been withdrawn. `accepted_by` is the name
    on an acceptance of this version that is there already.
    """
    if last_material_number is None:
        return "This agreement has been withdrawn. There is nothing to accept any more."
    if not is_party:
        return (
            "Your organisation is not a party to this agreement. "
            "Ask the partnership to add it first."
        )
    if accepted_by is not None:
        return f"{accepted_by} has already accepted this version for your organisation."
    if version_number < last_material_number:
        return (
            f"Version {last_material_number} has replaced the version that you read. "
            "Go back to your tasks, read the new version and accept that one."
        )
    if not name.strip():
        return "Enter your full name."
    if not position.strip():
        return "Enter your position in the organisation."
    if not confirmed:
        return "Tick the box to say that you accept the agreement."
    return None
