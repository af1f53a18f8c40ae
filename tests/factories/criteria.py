"""Decision tables of a partnership, published or in draft, made by the real actions."""

from __future__ import annotations

from typing import Any

from workflows.criteria import actions
from workflows.criteria.models import DecisionTableVersion
from workflows.criteria.rules import Condition, Row, Table
from workflows.criteria.states import Advice, Operator


def table_of(*given: Any, otherwise: str = "look_closer") -> Table:
    """A table of rules, each an outcome with conditions of fact, operator and value."""
    rows = tuple(
        Row(
            f"rule-{number}",
            Advice(outcome),
            f"Because of rule {number}",
            tuple(
                Condition(fact, Operator(operator), value) for fact, operator, value in conditions
            ),
        )
        for number, (outcome, *conditions) in enumerate(given, start=1)
    )
    return Table(rows, Row("otherwise", Advice(otherwise), "Nothing fits"))


YEAR_TEN = ("meets", ("year_group", "is_one_of", ["10", "11"]))
YOUNGER = ("does_not_meet", ("year_group", "is_one_of", ["1", "2", "3", "4", "5", "6"]))


def make_draft(partnership: Any, by: Any, table: Table | None = None) -> DecisionTableVersion:
    """A draft; without a table one that advises for years 10 and 11, and against 1 to 6."""
    draft = actions.begin_draft(partnership=partnership, by=by)
    wanted = table or table_of(YEAR_TEN, YOUNGER)
    actions.change(draft=draft, revision=draft.revision, by=by, how=lambda _: wanted)
    return draft


def publish(partnership: Any, by: Any, table: Table | None = None) -> DecisionTableVersion:
    """A table in use."""
    draft = make_draft(partnership, by, table)
    return actions.publish(draft=draft, revision=draft.revision, by=by)


__all__ = ["YEAR_TEN", "YOUNGER", "make_draft", "publish", "table_of"]
