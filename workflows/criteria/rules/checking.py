"""What keeps a table from being published, and what its author should look at again.

Overlaps are found exactly: each fact's possible values are cut into pieces at every value that a
condition names, a rule is then a box of pieces, and boxes are taken from each other. A date counted
in days and the same date on the calendar are taken as two facts, and of several choices only those that
a condition names are told apart, so that a rule which can never be reached may go unseen, but none is
called unreachable that is not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.criteria.rules.content import Condition, Row, Table
from workflows.criteria.rules.evaluating import describe
from workflows.criteria.rules.facts import Catalogue, Fact
from workflows.criteria.states import (
    MAX_CONDITIONS,
    MAX_EXPLANATION,
    MAX_ROWS,
    OPERATORS,
    WITH_LIST,
    WITHOUT_VALUE,
    Kind,
    Operator,
)

# A box: for each aspect that a rule restricts, the pieces it leaves. What is not there is free.
Box = dict[str, frozenset[Any]]

#: Beyond so many boxes the search for unreachable rules gives up, and says nothing.
MOST_BOXES = 5000
#: Choices of one question named in conditions, up to which their combinations are told apart.
MOST_NAMED = 8

MISSING = "missing"


@dataclass(frozen=True)
class Problem:
    """One thing to mend or to look at; `key` is the rule's, empty for the whole table."""

    text: str
    key: str = ""


def problems(table: Table, catalogue: Catalogue) -> list[Problem]:
    """List what has to be mended before a table is published, in its order."""
    return [*_of_the_whole(table), *_of_rows(table, catalogue)]


def _of_the_whole(table: Table) -> Iterator[Problem]:
    if not table.rows:
        yield Problem("Add at least one rule.")
    if len(table.rows) > MAX_ROWS:
        yield Problem(f"Have at most {MAX_ROWS} rules.")
    if not table.otherwise.explanation.strip():
        yield Problem("Explain the advice where no rule fits.", table.otherwise.key)


def _of_rows(table: Table, catalogue: Catalogue) -> Iterator[Problem]:
    for number, row in enumerate(table.rows, start=1):
        for text in _wrong(row, catalogue, table.facts):
            yield Problem(f"Rule {number}: {text}", row.key)


def _wrong(row: Row, catalogue: Catalogue, known: Catalogue) -> Iterator[str]:
    if not row.conditions:
        yield "add a condition. A rule without one would fit every referral."
    if len(row.conditions) > MAX_CONDITIONS:
        yield f"have at most {MAX_CONDITIONS} conditions."
    if not row.explanation.strip():
        yield "explain the advice."
    if len(row.explanation) > MAX_EXPLANATION:
        yield f"the explanation must be {MAX_EXPLANATION} characters or fewer."
    for condition in row.conditions:
        fact = catalogue.get(condition.fact)
        if fact is None:
            yield (
                f"“{describe(condition, known)}” asks about something that the referral form does "
                "not ask any more. Remove the condition."
            )
        elif reason := why_not_condition(condition, fact):
            yield f"“{describe(condition, catalogue)}”: {reason}"


def why_not_condition(condition: Condition, fact: Fact) -> str | None:
    """Explain why a condition makes no sense for a fact."""
    value = condition.value
    if condition.operator not in OPERATORS[fact.kind]:
        return f"“{fact.label}” cannot be compared in this way."
    if condition.operator in WITHOUT_VALUE:
        return None
    if condition.operator in WITH_LIST:
        known = {choice for choice, _ in fact.choices}
        if not value:
            return "select at least one answer."
        gone = [one for one in value if one not in known]
        return f"“{gone[0]}” is no answer any more. Select the answers again." if gone else None
    if value is None or value == "":
        return "enter a value to compare with."
    return None


def remarks(table: Table, catalogue: Catalogue) -> list[Problem]:
    """List what a table's author should look at again: rules that never count, and overlaps."""
    return [*_of_reach(table, catalogue), *_of_overlaps(table, catalogue)]


def _of_reach(table: Table, catalogue: Catalogue) -> Iterator[Problem]:
    pieces = _Pieces(table, catalogue)
    before: list[tuple[int, Box]] = []
    for number, row in enumerate(table.rows, start=1):
        box = pieces.box(row)
        if box is None:
            yield Problem(
                f"Rule {number} can never fit: its conditions contradict each other.", row.key
            )
            continue
        catching = [(earlier, other) for earlier, other in before if _meet(box, other)]
        if row.conditions and _all_taken([box], (other for _, other in catching), pieces):
            names = _listed([str(earlier) for earlier, _ in catching])
            rules = "rule" if len(catching) == 1 else "rules"
            yield Problem(
                f"Rule {number} is never reached: whatever fits it fits {rules} {names} first.",
                row.key,
            )
        before.append((number, box))
    if table.rows and _all_taken([{}], (box for _, box in before), pieces):
        yield Problem(
            "The last line is never reached: one of the rules fits whatever is answered.",
            table.otherwise.key,
        )


def _of_overlaps(table: Table, catalogue: Catalogue) -> Iterator[Problem]:
    pieces = _Pieces(table, catalogue)
    rows = [(number, row, pieces.box(row)) for number, row in enumerate(table.rows, start=1)]
    for (one, first, left), (two, second, right) in itertools.combinations(rows, 2):
        if left is None or right is None or first.outcome == second.outcome:
            continue
        if first.conditions and second.conditions and _meet(left, right):
            yield Problem(
                f"Rules {one} and {two} can both fit the same referral, and say different things. "
                f"Rule {one} counts, because it comes first.",
                second.key,
            )


def _meet(left: Box, right: Box) -> bool:
    return all(left[name] & right[name] for name in left.keys() & right.keys())


def _all_taken(boxes: list[Box], taken: Iterable[Box], pieces: _Pieces) -> bool:
    """Tell whether nothing of some boxes is left when others are taken from them."""
    left = boxes
    for other in taken:
        left = [rest for box in left for rest in _without(box, other, pieces)]
        if not left:
            return True
        if len(left) > MOST_BOXES:
            return False
    return False


def _without(box: Box, other: Box, pieces: _Pieces) -> Iterator[Box]:
    """Cut a box out of another: what is left, as boxes that do not meet."""
    if not _meet(box, other):
        yield box
        return
    kept: Box = dict(box)
    for name, taken in other.items():
        here = kept.get(name, pieces.all_of[name])
        if rest := here - taken:
            yield {**kept, name: rest}
        kept[name] = here & taken


class _Pieces:
    """The pieces into which a table's conditions cut what may be answered."""

    def __init__(self, table: Table, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        named: dict[str, list[Condition]] = {}
        for row in table.rows:
            for condition in row.conditions:
                for aspect in self._aspects(condition):
                    named.setdefault(aspect, []).append(condition)
        self.all_of: dict[str, frozenset[Any]] = {
            aspect: frozenset(self._cut(aspect, conditions)) for aspect, conditions in named.items()
        }

    def box(self, row: Row) -> Box | None:
        """Return what a rule leaves of each aspect; None where nothing is left of one."""
        box: Box = {}
        for condition in row.conditions:
            for aspect in self._aspects(condition):
                fitting = frozenset(
                    piece for piece in self.all_of[aspect] if _fits(condition, piece)
                )
                box[aspect] = box.get(aspect, self.all_of[aspect]) & fitting
        return None if any(not pieces for pieces in box.values()) else box

    def _aspects(self, condition: Condition) -> tuple[str, ...]:
        fact = self.catalogue.get(condition.fact)
        if fact is None or fact.kind != Kind.DATE:
            return (condition.fact,)
        ago, day = f"{condition.fact} days ago", f"{condition.fact} on the calendar"
        if condition.operator in WITHOUT_VALUE:
            return (ago, day)
        counted = condition.operator in {Operator.DAYS_AGO_AT_LEAST, Operator.DAYS_AGO_AT_MOST}
        return (ago,) if counted else (day,)

    def _cut(self, aspect: str, conditions: list[Condition]) -> Iterator[Any]:
        fact = self.catalogue.get(conditions[0].fact)
        if fact is None or not fact.always:
            yield MISSING
        values = [condition.value for condition in conditions if condition.value is not None]
        if fact is not None and fact.kind in {Kind.CHOICE, Kind.YES_NO}:
            yield from (choice for choice, _ in fact.choices)
        elif fact is not None and fact.kind == Kind.SEVERAL:
            yield from _combinations(sorted({one for value in values for one in value}))
        elif all(isinstance(value, (int, float, str)) for value in values):
            whole = aspect.endswith("days ago") or (fact is not None and fact.whole)
            yield from _intervals(sorted(set(values)), whole=whole)


def _combinations(named: list[str]) -> Iterator[frozenset[str]]:
    """Yield which of the named choices are chosen together; of many, one at a time."""
    sizes = range(len(named) + 1) if len(named) <= MOST_NAMED else (0, 1, len(named))
    for size in sizes:
        for chosen in itertools.combinations(named, size):
            yield frozenset(chosen)


def _intervals(edges: list[Any], *, whole: bool) -> Iterator[tuple[Any, Any]]:
    """Yield the values named and the gaps between them, each as from and to, None without end.

    A gap is written with its two open ends, a value as itself twice.
    """
    yield (None, edges[0]) if edges else (None, None)
    for left, right in itertools.zip_longest(edges, edges[1:]):
        yield (left, left)
        if right is None or not (whole and right - left == 1):
            yield (left, right)


def _fits(condition: Condition, piece: Any) -> bool:
    operator, value = condition.operator, condition.value
    if operator in WITHOUT_VALUE:
        return (piece == MISSING) == (operator == Operator.IS_UNKNOWN)
    if piece == MISSING:
        return False
    match operator:
        case Operator.IS_ONE_OF:
            return piece in value
        case Operator.IS_NONE_OF:
            return piece not in value
        case Operator.INCLUDES_ANY:
            return not piece.isdisjoint(value)
        case Operator.INCLUDES_NONE:
            return bool(piece.isdisjoint(value))
        case Operator.IS:
            return bool(piece == value)
    low, high = piece
    if operator in {Operator.AT_LEAST, Operator.DAYS_AGO_AT_LEAST, Operator.ON_OR_AFTER}:
        return low is not None and low >= value
    return high is not None and high <= value


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def changes(before: Table | None, after: Table) -> list[str]:
    """Say what publishing a table changes, a line for each rule."""
    if before is None:
        return [f"{len(after.rows)} rules, where there were no criteria before."]
    old: Mapping[str, tuple[int, Row]] = {
        row.key: (number, row) for number, row in enumerate(before.rows, start=1)
    }
    lines = []
    for number, row in enumerate(after.rows, start=1):
        was = old.get(row.key)
        if was is None:
            lines.append(f"Rule {number} is new.")
        elif was[1] != row:
            lines.append(f"Rule {number} is changed.")
        elif was[0] != number:
            lines.append(f"Rule {number} was rule {was[0]}.")
    kept = {row.key for row in after.rows}
    lines += [
        f"What was rule {number} is removed." for key, (number, _) in old.items() if key not in kept
    ]
    if before.otherwise != after.otherwise:
        lines.append("The advice where no rule fits is changed.")
    return lines
