"""How a letter's text is checked and filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.letters import defaults, rules
from workflows.letters.rules import Block, Shape
from workflows.letters.states import FIELDS, Addressee, Kind

EVERY = [(kind, addressee) for kind in Kind for addressee in Addressee]


@pytest.mark.parametrize(("kind", "addressee"), EVERY)
def test_our_own_texts_are_right_and_in_the_form_they_are_kept_in(
    kind: Kind, addressee: Addressee
) -> None:
    heading, body = defaults.TEXTS[kind, addressee]
    assert rules.why_not_heading(kind, heading) is None
    assert rules.why_not_body(kind, body) is None
    assert rules.tidy(body) == body
    # With nothing known, what is left makes no empty promise of a section.
    bare = rules.letter(body, {})
    assert all(block.text.strip() for block in bare)


@pytest.mark.parametrize(("kind", "addressee"), EVERY)
def test_our_letters_to_the_family_write_of_the_pupil_by_first_name(
    kind: Kind, addressee: Addressee
) -> None:
    _, body = defaults.TEXTS[kind, addressee]
    assert ("pupil first name" in rules.named(body)) == (addressee == Addressee.FAMILY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Dear {pupl first name}",
            "{pupl first name} is not a field of this letter. Did you mean {pupil first name}?",
        ),
        (
            "One\n\nTwo {zzzz}",
            "Line 3: {zzzz} is not a field of this letter. Choose a field from the list.",
        ),
        (
            "One {pupil first name",
            "a curly bracket has no partner on its line. Write a field as {pupil first name}",
        ),
        (
            "{ {pupil first name} }",
            "a curly bracket has no partner on its line. Write a field as {pupil first name}",
        ),
        # What another letter has is no field of this one.
        (
            "{ask for a review by}",
            "{ask for a review by} is not a field of this letter. Choose a field from the list.",
        ),
    ],
)
def test_a_wrong_field_is_named_with_the_nearest_one(text: str, reason: str) -> None:
    assert rules.why_not_fields(Kind.DECISION_ACCEPTED, text) == reason


def test_a_field_is_known_whatever_its_spaces_and_capitals() -> None:
    text = "{ Pupil  first name } and {conditions}"
    assert rules.why_not_body(Kind.DECISION_ACCEPTED, text) is None
    assert rules.fill(text, {"pupil first name": "Robin"}) == "Robin and "


def test_a_letter_must_have_what_its_reader_needs() -> None:
    text = "The referral of {pupil full name} is declined.\n\n{reasons}"
    assert rules.why_not_body(Kind.DECISION_DECLINED, text) == (
        "The letter must contain {ask for a review by}"
    )
    assert rules.why_not_body(Kind.DECISION_DECLINED, "{reasons} {ask for a review by}") == (
        "The letter must contain {pupil first name} or {pupil full name}"
    )
    assert rules.why_not_body(Kind.DECISION_DECLINED, " \n ") == "Enter the text of the letter"


def test_what_is_empty_is_left_out_with_its_heading() -> None:
    body = "# Reasons\n\n{reasons}\n\n# Conditions\n\n{conditions}\n\n# End\n\n- Write to {chair name}\n- {conditions}"
    assert rules.letter(body, {"reasons": "Because.", "conditions": " "}) == [
        Block(Shape.HEADING, ("Reasons",)),
        Block(Shape.PARAGRAPH, ("Because.",)),
    ]


def test_a_value_brings_its_own_paragraphs_and_lists_but_no_heading() -> None:
    found = rules.letter(
        "{reasons}", {"reasons": "# One\n\nTwo\n- three\n- four\n\nfive {chair name}"}
    )
    assert found == [
        Block(Shape.PARAGRAPH, ("# One",)),
        Block(Shape.PARAGRAPH, ("Two",)),
        Block(Shape.LIST, ("three", "four")),
        Block(Shape.PARAGRAPH, ("five {chair name}",)),
    ]


def test_changes_are_told_line_by_line() -> None:
    found = rules.changes("One\n\nTwo\n\nThree", "One\n\n2\n\nThree\n\nFour")
    assert [(line.sign, line.text) for line in found] == [
        (" ", "One"),
        ("-", "Two"),
        ("+", "2"),
        (" ", "Three"),
        ("+", "Four"),
    ]


@given(st.text(max_size=300))
def test_any_text_is_answered_and_tidying_twice_changes_nothing(text: str) -> None:
    once = rules.tidy(text)
    assert rules.tidy(once) == once
    rules.why_not_body(Kind.DECISION_DECLINED, once)
    for block in rules.letter(once, {}):
        assert block.lines


@given(
    st.dictionaries(
        st.sampled_from([field.name for field in FIELDS[Kind.REVIEW_UPHELD]]), st.text(max_size=50)
    )
)
def test_what_people_wrote_is_never_read_as_a_field(values: dict[str, str]) -> None:
    assert rules.fill("{reviewer name}", values) == values.get("reviewer name", "")
