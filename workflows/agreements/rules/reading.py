"""A text prepared for a reader: sections and clauses as a page shows them."""

import datetime
import itertools
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.agreements import measures
from workflows.agreements.models import AgreementVersion
from workflows.agreements.rules.legal import Citation, LegalRegister
from workflows.agreements.rules.texts import LANGUAGE, Content, clauses_of
from workflows.agreements.rules.wording import Words
from workflows.agreements.states import Kind, Mode, Party


def anchor_of(clause_id: object) -> str:
    """Give the id that a clause has on every page that shows it."""
    return f"clause-{clause_id}"


@dataclass(frozen=True)
class OtherClause:
    """Another clause of the same text, named by where it stands now."""

    clause_id: str
    printed_number: str
    heading: str

    @property
    def anchor(self) -> str:
        """The id of the clause on the page."""
        return anchor_of(self.clause_id)

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
        return anchor_of(self.clause_id)


@dataclass(frozen=True)
class Run:
    """Clauses that follow each other and are all shown, or all folded away."""

    is_shown: bool
    clauses: tuple[ReadableClause, ...]


@dataclass(frozen=True)
class ReadableSection:
    """A section as a page shows it; `runs` are its clauses in order, those of others folded."""

    anchor: str
    heading: str
    intro: str
    clauses: tuple[ReadableClause, ...]
    superseded: tuple[Citation, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    runs: tuple[Run, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether none of its clauses comes from the shared text."""
        return bool(self.clauses) and all(clause.is_local for clause in self.clauses)


@dataclass(frozen=True)
class Duties:
    """A party that has duties of its own in a text, and how many."""

    party: str
    label: str
    count: int


@dataclass(frozen=True)
class Readable:
    """A whole text as a page shows it; `ours` are the clauses of the reader's own party.

    `narrowed_to` is the party whose duties alone are shown in full; empty when all are.
    """

    title: str
    kind_label: str
    mode_label: str
    intro: str
    approval: dict[str, Any]
    sections: tuple[ReadableSection, ...]
    language: str = LANGUAGE
    data_sharing: dict[str, Any] | None = None
    shared: dict[str, Any] | None = None
    parties: tuple[Duties, ...] = ()
    narrowed_to: str = ""

    @property
    def is_varied(self) -> bool:
        """Whether something else than the published words holds for the reader's organisation."""
        return any(
            clause.variation is not None or clause.is_reserved
            for section in self.sections
            for clause in section.clauses
        )

    @property
    def language_code(self) -> str:
        """The language without its region, as a typesetter wants it."""
        return self.language.partition("-")[0]

    @property
    def other_language(self) -> str:
        """The language where it is not that of the pages around the text; empty where it is."""
        return "" if self.language_code == "en" else self.language

    @property
    def clause_count(self) -> int:
        """How many clauses the whole text has."""
        return sum(len(section.clauses) for section in self.sections)

    @property
    def narrowed_label(self) -> str:
        """Whose duties alone are shown in full, in words; empty when all are."""
        return str(Party(self.narrowed_to).label) if self.narrowed_to else ""

    @property
    def ours(self) -> tuple[ReadableClause, ...]:
        """The clauses of the reader's own party, in order."""
        return tuple(
            clause for section in self.sections for clause in section.clauses if clause.is_ours
        )


def readable(
    content: Content,
    party: str | None = None,
    register: LegalRegister | None = None,
    *,
    narrow: bool = False,
) -> Readable:
    """Prepare normalised content for reading; clauses of `party` and of all parties are ours.

    With `narrow`, only ours are shown in full and the others folded away.
    With the register of law, what a clause cites is named, and flagged where it is superseded.
    """
    ours = set() if party is None else {party, str(Party.ALL)}
    narrowed_to = party if narrow and party is not None else ""
    law = register or LegalRegister()
    others = {
        clause["clause_id"]: OtherClause(clause["clause_id"], clause["printed_number"], heading)
        for heading, clause in clauses_of(content)
    }
    sections = tuple(
        _readable_section(
            section,
            number,
            bool(narrowed_to),
            tuple(
                _readable_clause(clause, clause["party"] in ours, law, others)
                for clause in section["clauses"]
            ),
            law,
        )
        for number, section in enumerate(content["sections"], start=1)
    )
    counts = Counter(clause.party for section in sections for clause in section.clauses)
    approval = {
        key: datetime.date.fromisoformat(value) if key.endswith("_date") else value
        for key, value in content["approval"].items()
    }
    return Readable(
        title=content["title"],
        kind_label=str(Kind(content["kind"]).label),
        # Nobody accepts a policy: it holds for whoever is under it.
        mode_label="" if content["kind"] == Kind.POLICY else str(Mode(content["mode"]).label),
        intro=content["intro"],
        approval=approval,
        sections=sections,
        language=content.get("language") or LANGUAGE,
        data_sharing=content.get("data_sharing"),
        shared=content.get("shared"),
        parties=tuple(
            Duties(one.value, str(one.label), counts[one.value])
            for one in Party
            if one != Party.ALL and counts[one.value]
        ),
        narrowed_to=narrowed_to,
    )


def _readable_section(
    section: Content,
    number: int,
    narrowed: bool,
    clauses: tuple[ReadableClause, ...],
    law: LegalRegister,
) -> ReadableSection:
    runs = itertools.groupby(clauses, key=lambda clause: clause.is_ours or not narrowed)
    return ReadableSection(
        anchor=f"section-{number}",
        heading=section["heading"],
        intro=section["intro"],
        clauses=clauses,
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
        runs=tuple(Run(is_shown, tuple(run)) for is_shown, run in runs),
    )


def linked_data(
    document: Readable, version: AgreementVersion, *, publisher: str, address: str, pdf: str
) -> dict[str, Any]:
    """Describe a published text for machines, in the words of schema.org."""
    return {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": document.title,
        "url": address,
        "inLanguage": document.language,
        "version": version.number,
        "dateCreated": version.issued_date.isoformat(),
        "datePublished": version.published_at.isoformat(),
        "identifier": f"sha256:{version.sha256}",
        "publisher": {"@type": "Organization", "name": publisher},
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": pdf,
        },
        "hasPart": [
            {"@type": "CreativeWork", "name": section.heading, "url": f"{address}#{section.anchor}"}
            for section in document.sections
        ],
    }


def party_shown(given: str, own: str) -> str:
    """Choose whose duties a page shows in full: as asked for in its address, else the reader's own.

    Empty for the whole text, which is what the address says as “all”.
    """
    if given == Party.ALL:
        return ""
    return given if given in Party.values else own


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
