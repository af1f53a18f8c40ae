"""A text prepared for a reader: sections and clauses as a page shows them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.agreements import measures
from workflows.agreements.rules.texts import Content
from workflows.agreements.states import Kind, Mode, Party


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
