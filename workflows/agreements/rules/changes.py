"""What may have happened between two texts, as comparing them says it."""

from dataclasses import dataclass
from typing import Literal

from workflows.agreements.rules.wording import Words


@dataclass(frozen=True)
class NumberChange:
    """A measure whose number came, went or changed; `before` and `after` are numbers with units."""

    measure: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class FactChange:
    """Something other than the words of a clause that reads differently now."""

    label: str
    words: Words


@dataclass(frozen=True)
class ClauseChange:
    """One clause in both texts; `words` is its text with what came and went marked.

    `moved_from` is the heading of the section it stood in, set when the clause was moved. A clause
    that is in one of the texts only has no other change.
    """

    clause_id: str
    printed_number: str
    party_label: str
    words: Words
    presence: Literal["both", "added", "removed"] = "both"
    moved_from: str | None = None
    party_before: str | None = None
    numbers: tuple[NumberChange, ...] = ()
    terms: tuple[str, ...] = ()
    details: tuple[FactChange, ...] = ()

    @property
    def is_reworded(self) -> bool:
        """Whether words of a clause that is in both texts changed."""
        return self.presence == "both" and any(piece.kind != "same" for piece in self.words)

    @property
    def is_changed(self) -> bool:
        """Whether the clause, in both texts, reads differently; a move alone does not count."""
        return self.is_reworded or bool(self.party_before or self.numbers or self.details)

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing at all happened to it."""
        return self.presence == "both" and not self.is_changed and self.moved_from is None


@dataclass(frozen=True)
class SectionChange:
    """A section of the new text, or one that went; removed clauses stand where they stood."""

    heading: Words
    intro: Words
    clauses: tuple[ClauseChange, ...]
    presence: Literal["both", "added", "removed"] = "both"
    is_moved: bool = False
    details: tuple[FactChange, ...] = ()

    @property
    def title(self) -> str:
        """The heading as it reads now, or as it read when the section went."""
        return "".join(
            piece.text
            for piece in self.heading
            if self.presence == "removed" or piece.kind != "removed"
        )

    @property
    def changed(self) -> tuple[ClauseChange, ...]:
        """The clauses that something happened to."""
        return tuple(clause for clause in self.clauses if not clause.is_unchanged)

    @property
    def unchanged_count(self) -> int:
        """How many clauses nothing happened to."""
        return len(self.clauses) - len(self.changed)

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing happened to the section or to any clause in it."""
        marked = any(piece.kind != "same" for piece in (*self.heading, *self.intro))
        return self.presence == "both" and not self.is_moved and not marked and not self.changed


@dataclass(frozen=True)
class Comparison:
    """All that happened from one text to another."""

    facts: tuple[FactChange, ...]
    numbers: tuple[NumberChange, ...]
    sections: tuple[SectionChange, ...]

    @property
    def clauses(self) -> tuple[ClauseChange, ...]:
        """Every clause of both texts, in the order of reading."""
        return tuple(clause for section in self.sections for clause in section.clauses)

    @property
    def added(self) -> tuple[ClauseChange, ...]:
        """The clauses that came."""
        return tuple(clause for clause in self.clauses if clause.presence == "added")

    @property
    def removed(self) -> tuple[ClauseChange, ...]:
        """The clauses that went."""
        return tuple(clause for clause in self.clauses if clause.presence == "removed")

    @property
    def moved(self) -> tuple[ClauseChange, ...]:
        """The clauses that stand elsewhere now."""
        return tuple(clause for clause in self.clauses if clause.moved_from is not None)

    @property
    def changed(self) -> tuple[ClauseChange, ...]:
        """The clauses of both texts that read differently."""
        return tuple(clause for clause in self.clauses if clause.is_changed)

    @property
    def unchanged(self) -> tuple[ClauseChange, ...]:
        """The clauses that nothing happened to."""
        return tuple(clause for clause in self.clauses if clause.is_unchanged)

    @property
    def changed_sections(self) -> tuple[SectionChange, ...]:
        """The sections in which something happened."""
        return tuple(section for section in self.sections if not section.is_unchanged)

    @property
    def is_empty(self) -> bool:
        """Whether the two texts read the same."""
        return not (self.facts or self.changed_sections)
