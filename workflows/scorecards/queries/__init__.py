"""Reads of scorecards: whose a person may see, what is counted, and what is behind a number."""

from workflows.scorecards.queries.books import Book, books_of
from workflows.scorecards.queries.cards import (
    Behind,
    Counted,
    Line,
    Part,
    Reading,
    Row,
    behind,
    by_party,
    lines,
    read,
    rows,
)
from workflows.scorecards.queries.measured import MEASURED, Measured
from workflows.scorecards.queries.subjects import Subject, agreements_worked_by, subject, subjects

__all__ = [
    "MEASURED",
    "Behind",
    "Book",
    "Counted",
    "Line",
    "Measured",
    "Part",
    "Reading",
    "Row",
    "Subject",
    "agreements_worked_by",
    "behind",
    "books_of",
    "by_party",
    "lines",
    "read",
    "rows",
    "subject",
    "subjects",
]
