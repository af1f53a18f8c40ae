"""The criteria by which the partnerships of the demonstration screen, and a draft of other ones.

In use everywhere is one table; the administrator of the first partnership is about to change it.
"""

from __future__ import annotations

from dataclasses import replace

from permissions.models import Organisation, User
from permissions.roles import Role
from portal.demonstration.area import Area
from workflows.criteria import actions
from workflows.criteria.rules import Condition, Row, Table
from workflows.criteria.states import Advice, Operator

IN_USE = Table(
    (
        Row(
            "rule-1",
            Advice.LOOK_CLOSER,
            "A looked-after child’s place is agreed with the virtual school head first.",
            (Condition("looked_after", Operator.IS, "yes"),),
        ),
        Row(
            "rule-2",
            Advice.MEETS,
            "Medical advice of the last three months is there, so the panel can decide.",
            (
                Condition("has_medical_evidence", Operator.IS, "yes"),
                Condition("medical_evidence_age_days", Operator.AT_MOST, 90),
            ),
        ),
        Row(
            "rule-3",
            Advice.DOES_NOT_MEET,
            "Nobody with medical training has said why the pupil cannot come to school.",
            (Condition("has_medical_evidence", Operator.IS, "no"),),
        ),
    ),
    Row("otherwise", Advice.LOOK_CLOSER, "The medical advice has no date, or is an old one."),
)
DRAFT_RULE = Row(
    "rule-4",
    Advice.LOOK_CLOSER,
    "In the years of the examinations the exam board’s dates come first.",
    (Condition("year_group", Operator.IS_ONE_OF, ["10", "11"]),),
)


def tell(area: Area) -> None:
    """Publish the table in every partnership, and begin a draft in the first."""
    for partnership in area.partnerships:
        by = _administrator(area, partnership)
        draft = actions.begin_draft(partnership=partnership, by=by)
        actions.change(draft=draft, revision=draft.revision, by=by, how=lambda _: IN_USE)
        actions.publish(draft=draft, revision=draft.revision, by=by)
    first = area.partnerships[0]
    by = _administrator(area, first)
    draft = actions.begin_draft(partnership=first, by=by)
    actions.change(
        draft=draft,
        revision=draft.revision,
        by=by,
        how=lambda table: replace(table, rows=(DRAFT_RULE, *table.rows)),
    )


def _administrator(area: Area, partnership: Organisation) -> User:
    return area.person(partnership, Role.ADMINISTRATOR)
