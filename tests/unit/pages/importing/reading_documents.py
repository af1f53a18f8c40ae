"""Reading the untidy documents beside this file, for the tests of the importer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pages.importing import ImportedAgreement, ImportedClause, ImportedSection, read, recognise

DOCUMENTS = Path(__file__).parent / "documents"
NAMES = sorted(path.name for path in DOCUMENTS.iterdir())


def imported(name: str) -> ImportedAgreement:
    """Return one of the documents, recognised."""
    return recognise(read((DOCUMENTS / name).read_bytes(), name))


def imported_text(text: str, name: str = "agreement.txt") -> ImportedAgreement:
    """Return a text, recognised."""
    return recognise(read(text.encode(), name))


def counts(agreement: ImportedAgreement) -> dict[str, int]:
    """Return how many clauses each party has."""
    return dict(Counter(clause.party for clause in agreement.clauses))


def clause(agreement: ImportedAgreement, words: str) -> ImportedClause:
    """Return the one clause that holds these words."""
    found = [each for each in agreement.clauses if words in each.text]
    assert len(found) == 1, [each.text for each in agreement.clauses]
    return found[0]


def section(agreement: ImportedAgreement, heading: str) -> ImportedSection:
    """Return the one section with this heading."""
    found = [each for each in agreement.sections if each.heading == heading]
    assert len(found) == 1, [each.heading for each in agreement.sections]
    return found[0]
