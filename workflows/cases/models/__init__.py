"""The data of cases: the case and who may see it, and what is put into it."""

from workflows.cases.models.case import (
    Case,
    CaseQuerySet,
    CaseShare,
    Exclusion,
    NarrowedQuerySet,
    OpenQuerySet,
    Participation,
    Pupil,
    let_in,
    narrow,
)
from workflows.cases.models.contents import (
    ContactEntry,
    Document,
    FamilyWords,
    Note,
    RefusedFile,
    _stored_name,
)
from workflows.cases.models.links import CaseLink

__all__ = [
    "Case",
    "CaseLink",
    "CaseQuerySet",
    "CaseShare",
    "ContactEntry",
    "Document",
    "Exclusion",
    "FamilyWords",
    "NarrowedQuerySet",
    "Note",
    "OpenQuerySet",
    "Participation",
    "Pupil",
    "RefusedFile",
    # Named by the first migration.
    "_stored_name",
    "let_in",
    "narrow",
]
