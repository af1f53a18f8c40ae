"""Pure decisions about agreements: what a publishable text is, its hash, and who may accept it when.

No database and no clock of its own. Each `why_cannot_...` gives a sentence that says what to do, or
None when nothing stands in the way.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.agreements import measures
from workflows.agreements.models import AgreementVersion, Clause, Term
from workflows.agreements.states import Kind, Mode, Party

Content = dict[str, Any]

# The sentence a signatory agrees to. Kept word for word with each acceptance.
STATEMENT = (
    "On behalf of {organisation} I accept “{title}”, version {number}, issued on {issued}. "
    "I have read the whole text and I have the authority to accept it."
)


def statement(*, organisation: str, title: str, number: int, issued_date: datetime.date) -> str:
    """Write out the sentence that a signatory agrees to."""
    issued = f"{issued_date.day} {issued_date:%B %Y}"
    return STATEMENT.format(organisation=organisation, title=title, number=number, issued=issued)


def canonical(content: Content) -> str:
    """Write content as canonical JSON: sorted keys, no spaces, no number but whole ones."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(content: Content) -> str:
    """Give the SHA-256 of the canonical JSON as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def is_same(before: Content | None, after: Content) -> bool:
    """Say whether two contents are the same to the letter."""
    return before is not None and canonical(before) == canonical(after)


def normalised(content: Mapping[str, Any]) -> Content:
    """Bring content into the one form that is stored and hashed.

    Dates and numbers become text, white space at the ends goes, absent optional parts become
    empty. Clauses keep their order and their ids. Raise ValueError for text that no form could
    have sent, such as an id that is not a UUID.
    """
    return {
        "title": _text(content["title"]),
        "kind": str(content.get("kind") or Kind.SLA.value),
        "mode": str(content.get("mode") or Mode.SIGNATURE.value),
        "intro": _text(content.get("intro")),
        "issued_date": _date(content["issued_date"]),
        "review_date": _date(content.get("review_date")),
        "approval": {
            key: _text(value) for key, value in (content.get("approval") or {}).items() if value
        },
        "sections": [
            {
                "heading": _text(section.get("heading")),
                "intro": _text(section.get("intro")),
                "clauses": [_clause(clause) for clause in section.get("clauses") or []],
            }
            for section in content.get("sections") or []
        ],
    }


def _clause(clause: Mapping[str, Any]) -> Content:
    return {
        "clause_id": str(uuid.UUID(str(clause["clause_id"]))),
        "printed_number": _text(clause.get("printed_number")),
        "party": str(clause.get("party") or Party.ALL.value),
        "text": _text(clause["text"]),
        "legal_reference": _text(clause.get("legal_reference")),
        "terms": [_term(term) for term in clause.get("terms") or []],
    }


def _term(term: Mapping[str, Any]) -> Content:
    try:
        value = Decimal(str(term["value"]))
    except InvalidOperation as error:
        raise ValueError("A term needs a number.") from error
    code = str(term["measure"])
    measure = measures.REGISTER.get(code)
    unit = measure.unit if measure else ""
    return {"measure": code, "value": measures.plain(value), "unit": unit}


def _text(value: object) -> str:
    # PostgreSQL's JSON refuses the null character.
    return str(value or "").replace("\x00", "").strip()


def _date(value: object) -> str | None:
    if not value:
        return None
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def clauses_of(content: Content) -> Iterable[tuple[str, Content]]:
    """Give every clause of normalised content in order, each with its section's heading."""
    for section in content["sections"]:
        for clause in section["clauses"]:
            yield section["heading"], clause


def clause_rows(version: AgreementVersion, content: Content) -> list[Clause]:
    """Build the unsaved clauses of a version from normalised content, in order from 1."""
    return [
        Clause(
            version=version,
            clause_id=clause["clause_id"],
            printed_number=clause["printed_number"],
            section=heading,
            party=clause["party"],
            text=clause["text"],
            position=position,
            legal_reference=clause["legal_reference"],
        )
        for position, (heading, clause) in enumerate(clauses_of(content), start=1)
    ]


def term_rows(version: AgreementVersion, clauses: list[Clause], content: Content) -> list[Term]:
    """Build the unsaved terms of a version's saved clauses."""
    return [
        Term(
            version=version,
            clause=row,
            measure=term["measure"],
            value=Decimal(term["value"]),
            unit=term["unit"],
        )
        for row, (_, clause) in zip(clauses, clauses_of(content), strict=True)
        for term in clause["terms"]
    ]


@dataclass(frozen=True)
class ReadableClause:
    """A clause as a page shows it."""

    clause_id: str
    printed_number: str
    party: str
    party_label: str
    text: str
    legal_reference: str
    terms: tuple[str, ...]
    is_ours: bool

    @property
    def anchor(self) -> str:
        """The id of the clause on the page."""
        return f"clause-{self.clause_id}"


@dataclass(frozen=True)
class ReadableSection:
    """A section as a page shows it."""

    anchor: str
    heading: str
    intro: str
    clauses: tuple[ReadableClause, ...]


@dataclass(frozen=True)
class Readable:
    """A whole text as a page shows it; `ours` are the clauses of the reader's own party."""

    title: str
    kind_label: str
    mode_label: str
    intro: str
    approval: dict[str, Any]
    sections: tuple[ReadableSection, ...]

    @property
    def ours(self) -> tuple[ReadableClause, ...]:
        """The clauses of the reader's own party, in order."""
        return tuple(
            clause for section in self.sections for clause in section.clauses if clause.is_ours
        )


def readable(content: Content, party: str | None = None) -> Readable:
    """Prepare normalised content for reading; clauses of `party` and of all parties are ours."""
    ours = set() if party is None else {party, str(Party.ALL)}
    sections = tuple(
        ReadableSection(
            anchor=f"section-{number}",
            heading=section["heading"],
            intro=section["intro"],
            clauses=tuple(
                _readable_clause(clause, clause["party"] in ours) for clause in section["clauses"]
            ),
        )
        for number, section in enumerate(content["sections"], start=1)
    )
    approval = {
        key: datetime.date.fromisoformat(value) if key.endswith("_date") else value
        for key, value in content["approval"].items()
    }
    return Readable(
        title=content["title"],
        kind_label=str(Kind(content["kind"]).label),
        mode_label=str(Mode(content["mode"]).label),
        intro=content["intro"],
        approval=approval,
        sections=sections,
    )


def _readable_clause(clause: Content, is_ours: bool) -> ReadableClause:
    party = clause["party"]
    return ReadableClause(
        clause_id=clause["clause_id"],
        printed_number=clause["printed_number"],
        party=party,
        party_label=str(Party(party).label) if party in Party.values else party,
        text=clause["text"],
        legal_reference=clause["legal_reference"],
        terms=tuple(
            measures.sentence(term["measure"], Decimal(term["value"]), term["unit"])
            for term in clause["terms"]
        ),
        is_ours=is_ours,
    )


def terms_of(content: Content) -> dict[str, str]:
    """Give the measures of normalised content with their values."""
    return {
        term["measure"]: term["value"]
        for _, clause in clauses_of(content)
        for term in clause["terms"]
    }


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
    problems = problems_in_terms(
        (term["measure"], Decimal(term["value"])) for clause in clauses for term in clause["terms"]
    )
    return problems[0] if problems else None


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
