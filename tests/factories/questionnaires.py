"""Questions of a partnership, changed and published through the real actions."""

from __future__ import annotations

from typing import Any

from permissions.models import Organisation, User
from workflows.questionnaires import actions, queries, rules
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.questionnaires.states import Kind


def publish_more(
    partnership: Organisation, *questions: rules.Question, by: User
) -> QuestionnaireVersion:
    """A new version in use, which asks these questions too, in a section of their own."""
    actions.begin_draft(partnership=partnership, by=by)
    section = actions.add_section(partnership=partnership, title="Travel", hint="", by=by)
    for question in questions:
        actions.add_question(partnership=partnership, section=section, question=question, by=by)
    draft = queries.draft_of(partnership)
    assert draft is not None
    return actions.publish(partnership=partnership, revision=draft.revision, by=by)


def question(label: str, kind: Kind = Kind.SHORT_TEXT, **details: Any) -> rules.Question:
    """A question whose key will be made of its words."""
    return rules.Question("new", label, kind, **details)
