"""Which law a text cites, and whether that edition still holds. Works on a register handed in."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from workflows.agreements.rules.texts import Content

# Characters after a title in which its edition is looked for: “… (September 2018)”, “… Act 1998”.
REACH: Final = 40


@dataclass(frozen=True)
class Edition:
    """One edition of a law or guidance, as the register has it."""

    code: str
    title: str
    edition: str
    names: tuple[str, ...] = ()
    address: str = ""
    superseded_date: datetime.date | None = None
    replaced_by: str = ""

    @property
    def label(self) -> str:
        """How it is cited."""
        return f"{self.title} ({self.edition})" if self.edition else self.title

    @property
    def year(self) -> str:
        """The last year that its name has, if any."""
        years = re.findall(r"\b(?:19|20)\d{2}\b", self.edition)
        return years[-1] if years else ""


@dataclass(frozen=True)
class Citation:
    """That a text cites an edition: chosen from the register, or recognised in its words."""

    edition: Edition
    is_superseded: bool
    is_recognised: bool

    @property
    def label(self) -> str:
        """How it is cited."""
        return self.edition.label

    @property
    def warning(self) -> str:
        """What a reader must know about it; nothing while it holds."""
        if not self.is_superseded or self.edition.superseded_date is None:
            return ""
        date = self.edition.superseded_date
        said = f"No longer in force since {date.day} {date:%B %Y}"
        return (
            f"{said}. Replaced by {self.edition.replaced_by}."
            if self.edition.replaced_by
            else f"{said}."
        )


@dataclass(frozen=True)
class LegalRegister:
    """Every edition that is known, on a day."""

    editions: tuple[Edition, ...] = ()
    today: datetime.date = datetime.date.min
    _by_code: dict[str, Edition] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, list[Edition]] = field(init=False, repr=False, compare=False)
    _names: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the editions by code and by every name they go by."""
        by_name: dict[str, list[Edition]] = {}
        for edition in self.editions:
            for name in (edition.title, *edition.names):
                by_name.setdefault(_plain(name), []).append(edition)
        # The longest first, so that a name within another one is not met before it.
        names = sorted(by_name, key=len, reverse=True)
        pattern = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names) or r"(?!)"
        object.__setattr__(self, "_by_code", {one.code: one for one in self.editions})
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_names", re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"))

    @property
    def codes(self) -> set[str]:
        """Every code that a clause may cite."""
        return set(self._by_code)

    def cites(self, code: str) -> Citation:
        """Give the citation of an edition by its code; an unknown one is named by the code."""
        edition = self._by_code.get(code) or Edition(code, code, "")
        return self._citation(edition, is_recognised=False)

    def recognised_in(self, text: str) -> tuple[Citation, ...]:
        """Give the editions that a text names in its words, each once, in order."""
        found: dict[str, Citation] = {}
        words = _plain(text)
        matches = list(self._names.finditer(words))
        for number, match in enumerate(matches):
            following = matches[number + 1].start() if number + 1 < len(matches) else len(words)
            after = words[match.end() : min(following, match.end() + REACH)]
            after = re.split(r"[;.]", after, maxsplit=1)[0]
            before = words[: match.start()]
            for edition in self._by_name[re.sub(r"\s+", " ", match.group())]:
                if _names_edition(edition, before, after):
                    citation = self._citation(edition, is_recognised=True)
                    found.setdefault(edition.code, citation)
        return tuple(found.values())

    def citations(self, clause: Content) -> tuple[Citation, ...]:
        """Give what a clause cites: the editions chosen, then superseded ones in its words."""
        chosen = tuple(self.cites(code) for code in clause.get("legal_editions") or ())
        codes = {citation.edition.code for citation in chosen}
        words = "\n".join((clause.get("legal_reference") or "", clause.get("text") or ""))
        return chosen + tuple(
            citation
            for citation in self.recognised_in(words)
            if citation.is_superseded and citation.edition.code not in codes
        )

    def superseded_in(self, text: str) -> tuple[Citation, ...]:
        """Give the superseded editions that a text names in its words."""
        return tuple(one for one in self.recognised_in(text) if one.is_superseded)

    def _citation(self, edition: Edition, *, is_recognised: bool) -> Citation:
        ended = edition.superseded_date
        return Citation(edition, ended is not None and ended <= self.today, is_recognised)


def _plain(text: str) -> str:
    return re.sub(r"[\u2018\u2019]", "'", text.casefold()).replace("\u2013", "-")


def _names_edition(edition: Edition, before: str, after: str) -> bool:
    if not edition.year:
        return _plain(edition.edition) in after
    years = re.findall(r"\b(?:19|20)\d{2}\b", after)
    if years:
        return bool(years[0] == edition.year)
    # “the 1998 Data Protection Act”
    return bool(re.search(rf"\b{edition.year}\W*$", before))


def superseded(
    clauses: Iterable[tuple[str, Content]], register: LegalRegister
) -> list[tuple[str, Content, Citation]]:
    """Give every superseded citation of a text's clauses with its clause and section heading."""
    return [
        (heading, clause, citation)
        for heading, clause in clauses
        for citation in register.citations(clause)
        if citation.is_superseded
    ]
