"""Clauses in the editor: their ids, and the bounds of their terms."""

import uuid
from importlib import import_module
from itertools import chain
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from pages import blocks
from pages.models import AgreementPage
from tests.factories.pages import clause, section, term


def stream(*sections: list[dict[str, Any]]) -> Any:
    return AgreementPage._meta.get_field("sections").to_python(list(chain(*sections)))


def ids(value: Any) -> list[str]:
    return [str(bound.id) for bound in blocks.clauses_of(value)]


def saved_and_read(value: Any) -> Any:
    return stream(value.get_prep_value())


@given(st.permutations(range(1, 8)))
def test_ids_stay_with_their_clauses_when_these_move(order: list[int]) -> None:
    value = saved_and_read(stream(section("One", *(clause(number) for number in order))))
    blocks.renew_repeated_ids(value)
    assert ids(value) == [str(uuid.UUID(int=number)) for number in order]


def test_ids_stay_when_clauses_are_edited() -> None:
    value = stream(section("One", clause(1), clause(2)))
    for bound in blocks.clauses_of(value):
        bound.value["text"] = "Something else."
        bound.value["printed_number"] = ""
    assert ids(saved_and_read(value)) == ids(value)


def test_a_copy_gets_an_id_of_its_own() -> None:
    value = stream(section("One", clause(1), clause(1)), section("Two", clause(1), clause(2)))
    blocks.renew_repeated_ids(value)
    assert ids(value)[0] == str(uuid.UUID(int=1))
    assert ids(value)[3] == str(uuid.UUID(int=2))
    assert len(set(ids(value))) == 4
    assert ids(saved_and_read(value)) == ids(value)


def test_an_id_that_is_no_uuid_is_replaced() -> None:
    wrong = {**clause(1), "id": "one"}
    value = stream(section("One", wrong))
    blocks.renew_repeated_ids(value)
    assert uuid.UUID(ids(value)[0])


@pytest.mark.parametrize(
    ("measure", "value", "says"),
    [
        ("review_every", "300", "between 1 and 26 weeks"),
        ("review_every", "0", "between 1 and 26 weeks"),
        ("review_every", "2.5", "whole number of weeks"),
        ("register_within", "1000", "between 5 and 240 minutes"),
    ],
)
def test_a_term_out_of_bounds_is_refused(measure: str, value: str, says: str) -> None:
    block = blocks.TermBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"measure": measure, "value": value}))
    assert says in str(refused.value.block_errors["value"])


def test_a_term_within_bounds_is_kept() -> None:
    value = stream(section("One", clause(1, terms=[term("review_every", 12)])))
    assert blocks.terms_of(value) == [("review_every", 12)]
    assert blocks.ClauseBlock().clean(value[1].value)


def test_a_clause_belongs_to_the_heading_above_it() -> None:
    flat = stream([clause(9)], section("One", clause(1), clause(2)), section("Two"))
    grouped = [
        (part.heading, [child.id for child in part.clauses]) for part in blocks.sections_of(flat)
    ]
    assert grouped == [
        ("", [str(uuid.UUID(int=9))]),
        ("One", [str(uuid.UUID(int=1)), str(uuid.UUID(int=2))]),
        ("Two", []),
    ]


def test_a_clause_that_moves_to_another_section_keeps_its_id() -> None:
    first, one, second, two = stream(section("One", clause(1)), section("Two", clause(2)))
    moved = saved_and_read(stream([child.get_prep_value() for child in (first, second, one, two)]))
    assert [part.heading for part in blocks.sections_of(moved)] == ["One", "Two"]
    assert [child.id for child in blocks.sections_of(moved)[1].clauses] == [one.id, two.id]


def test_clauses_inside_their_sections_come_after_them_instead() -> None:
    flatten = import_module("pages.migrations.0003_flat").Flatten()
    heading, *clauses = section("One", clause(1), clause(2))
    items = [{**item, "type": "item"} for item in clauses]
    nested = {**heading, "value": {**heading["value"], "clauses": items}}
    assert flatten.apply([nested]) == [heading, *clauses]
