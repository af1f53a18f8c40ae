"""What a decision table is made of, and how it is written down as JSON.

Rows are rules in their order: the first whose conditions all hold gives the advice. Where none does,
the advice is that of `otherwise`. What each fact was called when the table was made is kept with it,
so that an old table can be read when the questions have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.criteria.rules.facts import Catalogue, Fact
from workflows.criteria.states import Advice, Kind, Operator


@dataclass(frozen=True)
class Condition:
    """One comparison of a fact; `value` is a list, "yes" or "no", a number or an ISO date, or None."""

    fact: str
    operator: Operator
    value: Any = None


@dataclass(frozen=True)
class Row:
    """One rule. `key` stays when rules are moved."""

    key: str
    outcome: Advice
    explanation: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Table:
    """Everything a version says."""

    rows: tuple[Row, ...] = ()
    otherwise: Row = Row("otherwise", Advice.LOOK_CLOSER, "")
    facts: Catalogue = field(default_factory=dict)

    def row(self, key: str) -> Row | None:
        """Find a rule by its key, the last one (`otherwise`) included."""
        return next((row for row in (*self.rows, self.otherwise) if row.key == key), None)

    def with_row(self, row: Row) -> Table:
        """Put a rule in place of the one with its key, or add it as the last."""
        if row.key == self.otherwise.key:
            return replace(self, otherwise=replace(row, conditions=()))
        if self.row(row.key) is None:
            return replace(self, rows=(*self.rows, row))
        return replace(self, rows=tuple(row if one.key == row.key else one for one in self.rows))

    def without_row(self, key: str) -> Table:
        """Leave a rule out."""
        return replace(self, rows=tuple(row for row in self.rows if row.key != key))

    def moved(self, key: str, by: int) -> Table:
        """Move a rule up (-1) or down (1); at the edge it stays."""
        rows = list(self.rows)
        at = next((number for number, row in enumerate(rows) if row.key == key), None)
        if at is None or not 0 <= at + by < len(rows):
            return self
        rows.insert(at + by, rows.pop(at))
        return replace(self, rows=tuple(rows))

    def new_key(self) -> str:
        """Give a key that no rule of the table has."""
        used = {row.key for row in self.rows}
        return next(
            key for key in (f"rule-{n}" for n in range(1, len(used) + 2)) if key not in used
        )

    @property
    def fact_keys(self) -> frozenset[str]:
        """The facts that any rule asks about."""
        return frozenset(condition.fact for row in self.rows for condition in row.conditions)

    def knowing(self, catalogue: Catalogue) -> Table:
        """Keep what the facts it asks about are called now; one that is gone keeps its old name."""
        facts = {
            key: found
            for key in sorted(self.fact_keys)
            if (found := catalogue.get(key) or self.facts.get(key)) is not None
        }
        return replace(self, facts=facts)


def read(written: Mapping[str, Any]) -> Table:
    """Make a table of its JSON. Raises KeyError or ValueError where it was never written by us."""
    return Table(
        rows=tuple(_row(one) for one in written.get("rows", ())),
        otherwise=_row({"key": "otherwise", **written["otherwise"]}),
        facts={
            key: Fact(
                key,
                one["label"],
                Kind(one["kind"]),
                tuple((value, label) for value, label in one.get("choices", ())),
                bool(one.get("whole", False)),
                bool(one.get("always", False)),
            )
            for key, one in written.get("facts", {}).items()
        },
    )


def _row(written: Mapping[str, Any]) -> Row:
    return Row(
        key=written["key"],
        outcome=Advice(written["outcome"]),
        explanation=written["explanation"],
        conditions=tuple(
            Condition(one["fact"], Operator(one["operator"]), one.get("value"))
            for one in written.get("conditions", ())
        ),
    )


def write(table: Table) -> dict[str, Any]:
    """Write a table as JSON; `read` makes the same table of it."""
    return {
        "rows": [_written(row) for row in table.rows],
        "otherwise": _written(table.otherwise),
        "facts": {
            key: {
                "label": fact.label,
                "kind": fact.kind.value,
                "choices": [list(pair) for pair in fact.choices],
                "whole": fact.whole,
                "always": fact.always,
            }
            for key, fact in table.facts.items()
        },
    }


def _written(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "outcome": row.outcome.value,
        "explanation": row.explanation,
        "conditions": [
            {"fact": one.fact, "operator": one.operator.value, "value": one.value}
            for one in row.conditions
        ],
    }


def fingerprint(written: Mapping[str, Any]) -> str:
    """Answer the SHA-256 of a content, the same whatever the order of its JSON's names."""
    canonical = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
