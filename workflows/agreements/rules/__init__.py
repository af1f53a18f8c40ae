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
    broken_references,
    clause_name,
    is_material,
    problems_in_terms,
    statement,
    why_cannot_accept,
    why_cannot_ask,
    why_cannot_publish,
)
from workflows.agreements.rules.legal import (
    Citation,
    Edition,
    LegalRegister,
    superseded,
)
from workflows.agreements.rules.reading import (
    LeftOut,
    OtherClause,
    Readable,
    ReadableClause,
    ReadableSection,
    SharedWording,
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
    "Citation",
    "ClauseChange",
    "Comparison",
    "Content",
    "Edition",
    "FactChange",
    "LeftOut",
    "LegalRegister",
    "NumberChange",
    "OtherClause",
    "Piece",
    "Readable",
    "ReadableClause",
    "ReadableSection",
    "SectionChange",
    "SharedWording",
    "broken_references",
    "canonical",
    "clause_name",
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
    "superseded",
    "term_rows",
    "terms_of",
    "why_cannot_accept",
    "why_cannot_ask",
    "why_cannot_publish",
    "words",
]
