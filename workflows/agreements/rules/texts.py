"""The one form in which a text is stored and hashed, and the rows made of it."""

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.agreements import measures
from workflows.agreements.models import AgreementVersion, Clause, Term
from workflows.agreements.states import Kind, Mode, Party, Scope

Content = dict[str, Any]

# What a text is written in unless it says otherwise (BCP 47).
LANGUAGE = "en"


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
    have sent, such as an id that is not a UUID. What was added to this form later is written only
    where it says something, so that a text from before has the hash it always had.
    """
    return {
        **_settings(content),
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
                **_left_out(section),
            }
            for section in content.get("sections") or []
        ],
    }


def _settings(content: Mapping[str, Any]) -> Content:
    settings: Content = {}
    language = _text(content.get("language"))
    if language and language != LANGUAGE:
        settings["language"] = language
    scope = str(content.get("scope") or Scope.STANDING.value)
    if scope != Scope.STANDING:
        settings["scope"] = scope
    for key in ("asks_safeguarding_lead", "places_while_reserved"):
        if content.get(key):
            settings[key] = True
    if sharing := _data_sharing(content.get("data_sharing") or {}):
        settings["data_sharing"] = sharing
    if shared := content.get("shared"):
        settings["shared"] = {
            "title": _text(shared["title"]),
            "agreement": _text(shared["agreement"]),
            "number": int(shared["number"]),
            "sha256": _text(shared["sha256"]),
        }
    return settings


def _data_sharing(given: Mapping[str, Any]) -> Content:
    said: Content = {
        key: text
        for key in ("purpose", "lawful_basis", "data", "retention")
        if (text := _text(given.get(key)))
    }
    for key in ("principles", "measures"):
        if lines := [text for line in given.get(key) or () if (text := _text(line))]:
            said[key] = lines
    return said


def _clause(clause: Mapping[str, Any]) -> Content:
    return {
        "clause_id": str(uuid.UUID(str(clause["clause_id"]))),
        "printed_number": _text(clause.get("printed_number")),
        "party": str(clause.get("party") or Party.ALL.value),
        "text": _text(clause["text"]),
        "legal_reference": _text(clause.get("legal_reference")),
        "terms": [_term(term) for term in clause.get("terms") or []],
        **_added_to_clause(clause),
    }


def _added_to_clause(clause: Mapping[str, Any]) -> Content:
    added: Content = {}
    if editions := list(
        dict.fromkeys(filter(None, map(_text, clause.get("legal_editions") or ())))
    ):
        added["legal_editions"] = editions
    if see := list(dict.fromkeys(str(uuid.UUID(str(other))) for other in clause.get("see") or ())):
        added["see"] = see
    if shared := clause.get("shared"):
        added["shared"] = {
            "text": _text(shared["text"]),
            "terms": [_term(term) for term in shared.get("terms") or []],
            "why": _text(shared.get("why")),
        }
    if clause.get("is_local"):
        added["is_local"] = True
    return added


def _left_out(section: Mapping[str, Any]) -> Content:
    left = [
        {
            "printed_number": _text(clause.get("printed_number")),
            "party": str(clause.get("party") or Party.ALL.value),
            "text": _text(clause["text"]),
            "why": _text(clause.get("why")),
        }
        for clause in section.get("left_out") or ()
    ]
    return {"left_out": left} if left else {}


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


def terms_of(content: Content) -> dict[str, str]:
    """Give the measures of normalised content with their values."""
    return {
        term["measure"]: term["value"]
        for _, clause in clauses_of(content)
        for term in clause["terms"]
    }
