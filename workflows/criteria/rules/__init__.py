"""Rules of criteria: pure functions on a table and on what is known of a referral. No database."""

from workflows.criteria.rules.checking import Problem, changes, problems, remarks, why_not_condition
from workflows.criteria.rules.content import (
    Condition,
    Row,
    Table,
    fingerprint,
    read,
    write,
)
from workflows.criteria.rules.evaluating import Advised, describe, evaluate, shown
from workflows.criteria.rules.facts import BUILT_IN, Catalogue, Fact, catalogue, key_stage

__all__ = [
    "BUILT_IN",
    "Advised",
    "Catalogue",
    "Condition",
    "Fact",
    "Problem",
    "Row",
    "Table",
    "catalogue",
    "changes",
    "describe",
    "evaluate",
    "fingerprint",
    "key_stage",
    "problems",
    "read",
    "remarks",
    "shown",
    "why_not_condition",
    "write",
]
