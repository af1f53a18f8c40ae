"""A text prepared for a reader: sections and clauses as a page shows them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.agreements import measures
from workflows.agreements.rules.comparing import Words
from workflows.agreements.rules.legal import Citation, LegalRegister
from workflows.agreements.rules.texts import LANGUAGE, Content, clauses_of
from workflows.agreements.states import Kind, Mode, Party


@dataclass(frozen=True)
class OtherClause:
    """Another clause of the same text, named by where it stands now."""

    clause_id: str
    printed_number: str
    heading: str

    @property
    def anchor(self) -> str:
        """The id of the clause on the page."""
        return f"clause-{self.clause_id}"

    @property
    def label(self) -> str:
        """As in “clause 3.2, Registers”."""
        clause = f"clause {self.printed_number}" if self.printed_number else "a clause"
        return f"{clause}, {self.heading}" if self.heading else clause


@dataclass(frozen=True)
class SharedWording:
    """What the shared text says where a partnership varied it, and why it did."""

    text: str
    terms: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class LeftOut:
    """A clause of the shared text that a partnership has left out, and why."""

    printed_number: str
    party_label: str
    text: str
    why: str


@dataclass(frozen=True)
class ReadableVariation:
    """What was agreed with the reader's organisation instead of a clause's words, or its numbers.

    `words` are the agreed words, marked where they differ from the published ones.
    """

    text: str
    words: Words
    is_reworded: bool
    terms: tuple[str, ...]
    since: datetime.date


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
    law: tuple[Citation, ...] = ()
    see: tuple[OtherClause, ...] = ()
    shared: SharedWording | None = None
    is_local: bool = False
    # What holds for the reader's organisation, set by `varied`.
    variation: ReadableVariation | None = None
    is_reserved: bool = False

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
    superseded: tuple[Citation, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Readable:
    """A whole text as a page shows it; `ours` are the clauses of the reader's own party."""

    title: str
    kind_label: str
    mode_label: str
    intro: str
    approval: dict[str, Any]
    sections: tuple[ReadableSection, ...]
    language: str = LANGUAGE
    data_sharing: dict[str, Any] | None = None
    shared: dict[str, Any] | None = None

    @property
    def ours(self) -> tuple[ReadableClause, ...]:
        """The clauses of the reader's own party, in order."""
        return tuple(
            clause for section in self.sections for clause in section.clauses if clause.is_ours
        )


def readable(
    content: Content, party: str | None = None, register: LegalRegister | None = None
) -> Readable:
    """Prepare normalised content for reading; clauses of `party` and of all parties are ours.

    With the register of law, what a clause cites is named, and flagged where it is superseded.
    """
    ours = set() if party is None else {party, str(Party.ALL)}
    law = register or LegalRegister()
    others = {
        clause["clause_id"]: OtherClause(clause["clause_id"], clause["printed_number"], heading)
        for heading, clause in clauses_of(content)
    }
    sections = tuple(
        ReadableSection(
            anchor=f"section-{number}",
            heading=section["heading"],
            intro=section["intro"],
            clauses=tuple(
                _readable_clause(clause, clause["party"] in ours, law, others)
                for clause in section["clauses"]
            ),
            superseded=law.superseded_in(section["intro"]),
            left_out=tuple(
                LeftOut(
                    clause["printed_number"],
                    _party_label(clause["party"]),
                    clause["text"],
                    clause["why"],
                )
                for clause in section.get("left_out") or ()
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
        language=content.get("language") or LANGUAGE,
        data_sharing=content.get("data_sharing"),
        shared=content.get("shared"),
    )


def _party_label(party: str) -> str:
    return str(Party(party).label) if party in Party.values else party


def _terms_in_words(terms: list[Content]) -> tuple[str, ...]:
    return tuple(
        measures.sentence(term["measure"], Decimal(term["value"]), term["unit"]) for term in terms
    )


def _readable_clause(
    clause: Content, is_ours: bool, law: LegalRegister, others: dict[str, OtherClause]
) -> ReadableClause:
    shared = clause.get("shared")
    return ReadableClause(
        clause_id=clause["clause_id"],
        printed_number=clause["printed_number"],
        party=clause["party"],
        party_label=_party_label(clause["party"]),
        text=clause["text"],
        legal_reference=clause["legal_reference"],
        terms=_terms_in_words(clause["terms"]),
        is_ours=is_ours,
        law=law.citations(clause),
        see=tuple(others[other] for other in clause.get("see") or () if other in others),
        shared=None
        if shared is None
        else SharedWording(
            shared["text"], _terms_in_words(shared.get("terms") or []), shared.get("why") or ""
        ),
        is_local=bool(clause.get("is_local")),
    )
