"""Rules of questionnaires: pure functions on a version's content and on answers. No database."""

from workflows.questionnaires.rules.answering import (
    as_choices,
    clean,
    display,
    is_given,
    missing,
    shown,
)
from workflows.questionnaires.rules.checking import Problem, problems
from workflows.questionnaires.rules.content import (
    Choice,
    Content,
    Question,
    Section,
    ShownIf,
    fingerprint,
    read,
    write,
)
from workflows.questionnaires.rules.standard import STANDARD

__all__ = [
    "STANDARD",
    "Choice",
    "Content",
    "Problem",
    "Question",
    "Section",
    "ShownIf",
    "as_choices",
    "clean",
    "display",
    "fingerprint",
    "is_given",
    "missing",
    "problems",
    "read",
    "shown",
    "write",
]
