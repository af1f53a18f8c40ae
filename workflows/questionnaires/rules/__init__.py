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
from workflows.questionnaires.rules.comparing import Change, changes, condition
from workflows.questionnaires.rules.content import (
    Choice,
    Content,
    Question,
    Section,
    ShownIf,
    fingerprint,
    fingerprint_of,
    read,
    renamed,
    write,
)
from workflows.questionnaires.rules.editing import (
    add_question,
    add_section,
    change_question,
    change_section,
    choices_of,
    move_question,
    move_section,
    new_key,
    remove_question,
    remove_section,
    section_with,
)
from workflows.questionnaires.rules.standard import STANDARD

__all__ = [
    "STANDARD",
    "Change",
    "Choice",
    "Content",
    "Problem",
    "Question",
    "Section",
    "ShownIf",
    "add_question",
    "add_section",
    "as_choices",
    "change_question",
    "change_section",
    "changes",
    "choices_of",
    "clean",
    "condition",
    "display",
    "fingerprint",
    "fingerprint_of",
    "is_given",
    "missing",
    "move_question",
    "move_section",
    "new_key",
    "problems",
    "read",
    "remove_question",
    "remove_section",
    "renamed",
    "section_with",
    "shown",
    "write",
]
