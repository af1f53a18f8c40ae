"""Sections and clauses while they are being put together, and how they are finished.

Finishing splits an item of several duties, reads terms and legal references, and names sections.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .records import FATES, Doubt, ImportedClause, ImportedSection
from .references import references_in
from .sentences import Passage, is_instruction, lower_first
from .terms import propose


class Account:
    """What became of each source line; the stronger fate stays where a line has two."""

    def __init__(self) -> None:
        self.fates: dict[int, str] = {}

    def record(self, passage: Passage, fate: str, then: str = "") -> None:
        """Record the fate of a passage's first line, and of the others when it differs."""
        for at, (line, _) in enumerate(passage.pieces):
            self._put(line, then if at and then and line != passage.first else fate)

    def _put(self, line: int, fate: str) -> None:
        held = self.fates.get(line)
        if held is None or FATES.index(fate) < FATES.index(held):
            self.fates[line] = fate


@dataclass
class ClauseDraft:
    """A clause under construction; `items` are the list below it, `prefix` the words above it."""

    party: str
    passage: Passage
    number: str = ""
    prefix: Passage | None = None
    items: list[tuple[str, Passage]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the words so far, the list below included."""
        text = self.passage.text
        if self.prefix:
            text = f"{self.prefix.text.rstrip(' :')} {lower_first(text)}"
        listed = "; ".join(
            f"{number} {item.text}".strip().rstrip(";,") for number, item in self.items
        )
        return f"{text} {listed}".strip()

    @property
    def last(self) -> Passage:
        """Return the passage that was added last."""
        return self.items[-1][1] if self.items else self.passage

    def append(self, passage: Passage) -> None:
        """Add the rest of a sentence that was broken."""
        if self.items:
            number, item = self.items[-1]
            self.items[-1] = (number, item + passage)
        else:
            self.passage = self.passage + passage

    def finish(self) -> list[ImportedClause]:
        """Return the clause, or one clause for each duty where every sentence is an instruction."""
        parts = self.passage.sentences()
        split = len(parts) > 1 and all(is_instruction(part.text) for part in parts)
        if not split:
            return [self._clause(self, self.number)]
        drafts = [ClauseDraft(self.party, part, prefix=self.prefix) for part in parts]
        drafts[0].doubts = [*self.doubts, f"split: one item held {len(parts)} duties"]
        drafts[-1].items = self.items
        return [self._clause(draft, "" if at else self.number) for at, draft in enumerate(drafts)]

    @staticmethod
    def _clause(draft: ClauseDraft, number: str) -> ImportedClause:
        text = draft.text
        terms, doubts = propose(text, draft.party)
        lines = [line for line, _ in draft.passage.pieces]
        lines += [line for _, item in draft.items for line, _ in item.pieces]
        return ImportedClause(
            party=draft.party,
            text=text,
            printed_number=number,
            line_from=min(lines),
            line_to=max(lines),
            terms=terms,
            legal_references=references_in(text),
            doubts=(*draft.doubts, *doubts),
        )


@dataclass
class IntroDraft:
    """A paragraph or a list item that is not a duty."""

    passage: Passage
    number: str = ""

    @property
    def text(self) -> str:
        """Return the words, with the printed number where there is one."""
        return f"{self.number} {self.passage.text}".strip()

    @property
    def last(self) -> Passage:
        """Return the passage that was added last."""
        return self.passage

    def append(self, passage: Passage) -> None:
        """Add the rest of a sentence that was broken."""
        self.passage = self.passage + passage


@dataclass
class SectionDraft:
    """A section under construction.

    `role` is opening (before any heading), heading, lead (begun by a lead-in) or nested (a
    heading under a lead-in).
    """

    role: str
    name: str
    level: int
    line: int
    base: str = ""
    party: str = ""
    lead: str = ""
    number: str = ""
    intro: list[IntroDraft] = field(default_factory=list)
    clauses: list[ClauseDraft] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Say whether nothing stands under the heading."""
        return not self.intro and not self.clauses

    def finish(self, legal_too: tuple[str, ...] = ()) -> ImportedSection:
        """Return the section with its clauses finished and its heading put together."""
        clauses = tuple(clause for draft in self.clauses for clause in draft.finish())
        intro = tuple(draft.text for draft in self.intro)
        cited = [ref for text in (*intro, self.lead) for ref in references_in(text)]
        cited += [ref for clause in clauses for ref in clause.legal_references]
        return ImportedSection(
            heading=f"{self.base}: {self.name}" if self.base else self.name,
            level=self.level,
            intro=intro,
            clauses=clauses,
            party=self.party,
            lead=self.lead,
            printed_number=self.number,
            line=self.line,
            legal_references=tuple(dict.fromkeys((*legal_too, *cited))),
        )


def finish_sections(drafts: list[SectionDraft]) -> tuple[list[ImportedSection], list[Doubt]]:
    """Finish the sections; drop those whose name went into the next; doubt those left empty."""
    kept: list[SectionDraft] = []
    doubts = []
    for at, draft in enumerate(drafts):
        after = drafts[at + 1] if at + 1 < len(drafts) else None
        if draft.empty:
            if draft.role == "opening":
                continue
            if draft.role == "lead" and after and after.role == "nested":
                after.lead = after.lead or draft.lead
                continue
            named = after and after.role == "lead" and after.base == draft.name
            if draft.role == "heading" and after and named and not _nests(drafts, at + 1):
                after.number = f"{draft.number} {after.number}".strip()
                continue
            if draft.role == "lead" or not after or after.level <= draft.level and not named:
                why = "nothing stands under this heading"
                doubts.append(Doubt(draft.line, draft.line, draft.lead or draft.name, why))
        kept.append(draft)
    return [draft.finish() for draft in kept], doubts


def _nests(drafts: list[SectionDraft], at: int) -> bool:
    """Say whether the section at this place gives its name to headings under it."""
    return drafts[at].empty and at + 1 < len(drafts) and drafts[at + 1].role == "nested"
