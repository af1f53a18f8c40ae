"""What an imported document is turned into: plain frozen records, with no database behind them.

Only shapes belong here. The importer's other modules fill them; whoever makes a page reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .blocks import Block

# What can become of a source line, the strongest first: where one line holds two things
# (a whole HTML page on one line, say), the account names the strongest.
FATES = (
    "clause",
    "clause continued",
    "title",
    "heading",
    "intro",
    "signature",
    "doubt",
    "furniture",
    "markup",
    "blank",
)

PARTIES = ("provider", "school", "commissioner", "family", "all")


@dataclass(frozen=True)
class Source:
    """A document as read: its kind (text, markdown, html, docx or pdf) and its lines.

    Line 1 is `lines[0]`. A line of a Word file is a paragraph or a part of one between two line
    breaks; a line of a PDF is a printed line. Both kinds come already cut into `blocks`, with what
    their reader was not sure about.
    """

    name: str
    kind: str
    lines: tuple[str, ...]
    encoding: str = "utf-8"
    blocks: tuple[Block, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def numbered(self) -> list[tuple[int, str]]:
        """Return each line with its number, from 1."""
        return list(enumerate(self.lines, start=1))


@dataclass(frozen=True)
class Doubt:
    """Something the importer was not sure about, for an editor to settle."""

    line_from: int
    line_to: int
    text: str
    why: str


@dataclass(frozen=True)
class ProposedTerm:
    """A measurable number found in a clause; `words` are the clause's own words for it."""

    measure: str
    value: int
    unit: str
    words: str


@dataclass(frozen=True)
class ImportedClause:
    """One duty of one party, with the number printed beside it and where it stood."""

    party: str
    text: str
    printed_number: str
    line_from: int
    line_to: int
    terms: tuple[ProposedTerm, ...] = ()
    legal_references: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportedSection:
    """A heading and what stands under it; `lead` is the wording that introduces its duties."""

    heading: str
    level: int
    intro: tuple[str, ...] = ()
    clauses: tuple[ImportedClause, ...] = ()
    party: str = ""
    lead: str = ""
    printed_number: str = ""
    line: int = 0
    legal_references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Furniture:
    """What belongs to the paper and not to the agreement.

    `kind` is running head, page number, rule, placeholder, signature or acceptance.
    """

    kind: str
    line_from: int
    line_to: int
    text: str


@dataclass(frozen=True)
class ImportedAgreement:
    """A whole document, recognised; `account` says of every source line what became of it."""

    title: str
    issued: str
    sections: tuple[ImportedSection, ...]
    furniture: tuple[Furniture, ...]
    signatures: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    account: Mapping[int, str] = field(default_factory=dict)
    lines: int = 0
    parties: Mapping[str, str] = field(default_factory=dict)

    @property
    def clauses(self) -> tuple[ImportedClause, ...]:
        """Return the clauses of all sections, in the order of the document."""
        return tuple(clause for section in self.sections for clause in section.clauses)
