"""The report on an import, as people read it: codes put into words, doubts with their place.

The report itself is plain data that `drafting` makes and that stays with the page.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from workflows.agreements import measures
from workflows.agreements.states import Party

Report = dict[str, Any]


def readable(report: Report) -> Report:
    """Give a report with the names of parties and measures, and the doubts numbered."""
    doubts = [{**doubt, "number": at} for at, doubt in enumerate(report.get("doubts", []))]
    settled = sum(bool(doubt.get("settled")) for doubt in doubts)
    order = [*Party.values, *report["clauses"]]
    clauses = [
        {"party": _party(party), "count": report["clauses"][party]}
        for party in dict.fromkeys(order)
        if party in report["clauses"]
    ]
    return {
        **report,
        "clauses": clauses,
        "clause_count": sum(each["count"] for each in clauses),
        "terms": [{**term, "sentence": _sentence(term)} for term in report.get("terms", [])],
        "doubts": doubts,
        "settled": settled,
        "open": len(doubts) - settled,
        "all_accounted": report["lines"] == report["lines_accounted"],
    }


def _party(code: str) -> str:
    return str(Party(code).label) if code in Party.values else code


def _sentence(term: Report) -> str:
    return measures.sentence(term["measure"], Decimal(str(term["value"])), term["unit"])


def settle(report: Report, numbers: Collection[int]) -> Report:
    """Give the report with the doubts of these numbers settled, and no others."""
    doubts = [
        {**{key: value for key, value in doubt.items() if key != "settled"}}
        | ({"settled": True} if at in numbers else {})
        for at, doubt in enumerate(report.get("doubts", []))
    ]
    return {**report, "doubts": doubts}
