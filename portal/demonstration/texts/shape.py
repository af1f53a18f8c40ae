"""How the texts of the demonstration are written down: sections of clauses, as plain data."""

from dataclasses import dataclass, field

TermText = tuple[str, str, str]
"""A measure's code, its value as a decimal string, and its unit."""


@dataclass(frozen=True)
class ClauseText:
    """One duty: the number printed beside it, who owes it, its words, its terms, its law."""

    printed_number: str
    party: str
    text: str
    terms: tuple[TermText, ...] = ()
    legal_reference: str = ""


@dataclass(frozen=True)
class SectionText:
    """A headed group of clauses with an optional introduction."""

    heading: str
    clauses: tuple[ClauseText, ...]
    intro: str = ""


@dataclass(frozen=True)
class AgreementText:
    """One agreement as an editor would type it."""

    title: str
    introduction: str
    sections: tuple[SectionText, ...] = field(default_factory=tuple)


SAFEGUARDING_LAW = "Keeping children safe in education (2025)"
HEALTH_LAW = (
    "Arranging education for children who cannot attend school because of health needs (2023)"
)
