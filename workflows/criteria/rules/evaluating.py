"""What a table advises for what is known of a referral, and why: pure, with the day given.

Facts come as a mapping of key to value: choices as strings, several choices as a list, yes and no as
true and false, numbers as numbers, dates as ISO strings. A fact that is missing, `None` or empty meets
no condition except "is not answered": what is not known never speaks for or against a child.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.criteria.rules.content import Condition, Table
from workflows.criteria.rules.facts import Catalogue, Fact
from workflows.criteria.states import NO, WITH_DATE, YES, Advice, Kind, Operator


@dataclass(frozen=True)
class Advised:
    """The advice, the rule that gave it (`number` None: no rule did), and which conditions held."""

    outcome: Advice
    explanation: str
    number: int | None
    held: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Name the rule in a few words."""
        return f"Rule {self.number}" if self.number else "No rule fits"


def evaluate(table: Table, facts: Mapping[str, Any], today: datetime.date) -> Advised:
    """Answer what the first rule says whose conditions all hold, or else the last line."""
    for number, row in enumerate(table.rows, start=1):
        if row.conditions and all(holds(one, facts, today) for one in row.conditions):
            said = tuple(
                f"{describe(one, table.facts)} ({shown(one.fact, facts, table.facts)})"
                for one in row.conditions
            )
            return Advised(row.outcome, row.explanation, number, said)
    return Advised(table.otherwise.outcome, table.otherwise.explanation, None)


def is_known(value: Any) -> bool:
    """Tell whether a fact is known: false and 0 are, empty words and lists are not."""
    return value is not None and value != "" and value != []


def holds(condition: Condition, facts: Mapping[str, Any], today: datetime.date) -> bool:
    """Tell whether a condition holds; a fact of the wrong shape meets nothing."""
    value = facts.get(condition.fact)
    if condition.operator == Operator.IS_KNOWN:
        return is_known(value)
    if condition.operator == Operator.IS_UNKNOWN:
        return not is_known(value)
    if not is_known(value):
        return False
    try:
        return _compare(condition, value, today)
    except (TypeError, ValueError):
        return False


def _compare(condition: Condition, value: Any, today: datetime.date) -> bool:
    wanted = condition.value
    match condition.operator:
        case Operator.IS_ONE_OF:
            return str(value) in wanted
        case Operator.IS_NONE_OF:
            return str(value) not in wanted
        case Operator.INCLUDES_ANY:
            return not set(value).isdisjoint(wanted)
        case Operator.INCLUDES_NONE:
            return set(value).isdisjoint(wanted)
        case Operator.IS:
            return isinstance(value, bool) and value == (wanted == YES)
        case Operator.AT_LEAST:
            return bool(value >= wanted)
        case Operator.AT_MOST:
            return bool(value <= wanted)
        case Operator.ON_OR_BEFORE:
            return _date(value) <= _date(wanted)
        case Operator.ON_OR_AFTER:
            return _date(value) >= _date(wanted)
    days = (today - _date(value)).days
    return days >= wanted if condition.operator == Operator.DAYS_AGO_AT_LEAST else days <= wanted


def _date(value: Any) -> datetime.date:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


# With one value alone, "one of" reads badly.
_OF_ONE: dict[Operator, str] = {
    Operator.IS_ONE_OF: "is",
    Operator.IS_NONE_OF: "is not",
    Operator.INCLUDES_ANY: "includes",
    Operator.INCLUDES_NONE: "does not include",
}


def describe(condition: Condition, facts: Catalogue) -> str:
    """Write a condition as people read it."""
    fact = facts.get(condition.fact) or Fact(condition.fact, condition.fact, Kind.CHOICE)
    words = condition.operator.label
    value = condition.value
    if value is None:
        return f"{fact.label} {words}"
    if isinstance(value, list):
        names = " or ".join(fact.named(one) for one in value)
        if len(value) == 1:
            words = _OF_ONE[condition.operator]
        return f"{fact.label} {words} {names}"
    if condition.operator in WITH_DATE:
        return f"{fact.label} {words} {_day(_date(value))}"
    if condition.operator in {Operator.DAYS_AGO_AT_LEAST, Operator.DAYS_AGO_AT_MOST}:
        least = condition.operator == Operator.DAYS_AGO_AT_LEAST
        return f"{fact.label} is at {'least' if least else 'most'} {value} days ago"
    return f"{fact.label} {words} {fact.named(str(value)).lower() if fact.choices else value}"


def shown(key: str, facts: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Write what is known of a fact as people read it."""
    value = facts.get(key)
    fact = catalogue.get(key)
    if not is_known(value) or fact is None:
        return "not answered"
    if isinstance(value, bool):
        return fact.named(YES if value else NO).lower()
    if isinstance(value, list):
        return ", ".join(fact.named(str(one)) for one in value)
    if fact.kind == Kind.DATE:
        return _day(_date(value))
    return fact.named(str(value))


def _day(date: datetime.date) -> str:
    return f"{date.day} {date:%B %Y}"
