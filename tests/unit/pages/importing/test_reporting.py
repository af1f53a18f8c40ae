"""The report on an import."""

from __future__ import annotations

import json

import pytest

from pages.importing import report

from .reading_documents import NAMES, imported


@pytest.mark.parametrize("name", NAMES)
def test_the_report_accounts_for_every_line(name: str) -> None:
    numbers = report(imported(name)).as_dict()
    assert set(numbers) == {"sections", "clauses", "terms", "doubts", "lines", "lines_accounted"}
    assert numbers["lines"] == numbers["lines_accounted"]
    assert json.loads(json.dumps(numbers)) == numbers


def test_the_report_gives_each_term_and_doubt_with_its_line() -> None:
    numbers = report(imported("support.txt")).as_dict()
    assert {
        "measure": "register_within",
        "value": 20,
        "unit": "minutes",
        "words": "within 20 minutes",
        "line": 25,
    } in numbers["terms"]
    assert numbers["clauses"] == {"commissioner": 5, "provider": 9, "all": 1}
    assert {doubt["line"] for doubt in numbers["doubts"]} == {40, 42, 47}


def test_the_report_reads_as_text() -> None:
    text = report(imported("support.txt")).as_text()
    assert "Clauses: 5 commissioner, 9 provider, 1 all" in text
    assert "line 25: register_within = 20 minutes (“within 20 minutes”)" in text
    assert "Lines read: 78, accounted for: 78" in text
    assert "Signed by: commissioner; provider; safeguarding lead with policy received" in text
