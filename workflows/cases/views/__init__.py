"""The pages of cases: lists, one case, its documents, its contact log."""

from workflows.cases.views.contact import AddContact, ContactLog, CorrectContact, contact_section
from workflows.cases.views.documents import (
    AddDocument,
    PreviewDocument,
    ReadDocument,
    said_of,
)
from workflows.cases.views.links import EndLink, LinkCase, links_section
from workflows.cases.views.pages import (
    STAGE_COLOURS,
    AddNote,
    AddToCase,
    CaseDetail,
    CaseList,
    CaseMap,
    CaseView,
    SignedIn,
)

__all__ = [
    "STAGE_COLOURS",
    "AddContact",
    "AddDocument",
    "AddNote",
    "AddToCase",
    "CaseDetail",
    "CaseList",
    "CaseMap",
    "CaseView",
    "ContactLog",
    "CorrectContact",
    "EndLink",
    "LinkCase",
    "PreviewDocument",
    "ReadDocument",
    "SignedIn",
    "contact_section",
    "links_section",
    "said_of",
]
