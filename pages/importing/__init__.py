"""Turn an existing document into a draft agreement: sections, clauses, proposed terms, doubts.

`read` takes the file, `recognise` says what each line is, `report` says what was found. Plain
Python: nothing here knows of the database, of pages or of the web.
"""

from .reading import LARGEST_FILE, CannotRead, check, read, too_large
from .recognising import recognise
from .records import (
    Doubt,
    Furniture,
    ImportedAgreement,
    ImportedClause,
    ImportedSection,
    ProposedTerm,
    Source,
)
from .reporting import Report, report

__all__ = [
    "LARGEST_FILE",
    "CannotRead",
    "Doubt",
    "Furniture",
    "ImportedAgreement",
    "ImportedClause",
    "ImportedSection",
    "ProposedTerm",
    "Report",
    "Source",
    "check",
    "read",
    "recognise",
    "report",
    "too_large",
]
