"""Pure decisions about agreements: what a publishable text is, its hash, and who may accept it when.

No database and no clock of its own. Each `why_cannot_...` gives a sentence that says what to do, or
None when nothing stands in the way.
"""

from workflows.agreements.rules.comparing import (
    ClauseChange,
    Comparison,
    FactChange,
    NumberChange,
    Piece,
    SectionChange,
    compare,
    words,
)
from workflows.agreements.rules.decisions import (
    STATEMENT,
    is_material,
    problems_in_terms,
    statement,
    why_cannot_accept,
    why_cannot_ask,
    why_cannot_publish,
)
from workflows.agreements.rules.reading import (
    Readable,
    ReadableClause,
    ReadableSection,
    readable,
)
from workflows.agreements.rules.texts import (
    Content,
    canonical,
    clause_rows,
    clauses_of,
    fingerprint,
    is_same,
    normalised,
    term_rows,
    terms_of,
)

__all__ = [
    "STATEMENT",
    "ClauseChange",
    "Comparison",
    "Content",
    "FactChange",
    "NumberChange",
    "Piece",
    "Readable",
    "ReadableClause",
    "ReadableSection",
    "SectionChange",
    "canonical",
    "clause_rows",
    "clauses_of",
    "compare",
    "fingerprint",
    "is_material",
    "is_same",
    "normalised",
    "problems_in_terms",
    "readable",
    "statement",
    "term_rows",
    "terms_of",
    "why_cannot_accept",
    "why_cannot_ask",
    "why_cannot_publish",
    "words",
]
