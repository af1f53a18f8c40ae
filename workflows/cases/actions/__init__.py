"""The only writers of cases: open, move, close, let in, keep out, and what is put into a case."""

from workflows.cases.actions.access import end_shares, exclude, share, share_for_task
from workflows.cases.actions.contents import add_note, log_contact
from workflows.cases.actions.documents import (
    add_document,
    add_documents,
    file_size_limit,
    remove_document,
    scan_document,
    tell_expiring,
)
from workflows.cases.actions.journey import close, join, leave, lock, move, open_case, transfer
from workflows.cases.actions.links import end_link, link_cases
from workflows.cases.actions.pupils import PUPIL_FIELDS, change_pupil, register_pupil

__all__ = [
    "PUPIL_FIELDS",
    "add_document",
    "add_documents",
    "add_note",
    "change_pupil",
    "close",
    "end_link",
    "end_shares",
    "exclude",
    "file_size_limit",
    "join",
    "leave",
    "link_cases",
    "lock",
    "log_contact",
    "move",
    "open_case",
    "register_pupil",
    "remove_document",
    "scan_document",
    "share",
    "share_for_task",
    "tell_expiring",
    "transfer",
]
