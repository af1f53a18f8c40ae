"""Two texts side by side, without a database."""

import copy
import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflows.agreements import rules


def clause(number: int, text: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "clause_id": str(uuid.UUID(int=number)),
        "printed_number": str(number),
        "party": "provider",
        "text": text or f"Do the thing numbered {number} every day.",
        "terms": [],
        **changes,
    }


def text(*sections: tuple[str, list[dict[str, Any]]], **changes: Any) -> dict[str, Any]:
    return rules.normalised(
        {
            "title": "Tuition agreement",
            "issued_date": "2026-09-01",
            "sections": [{"heading": heading, "clauses": clauses} for heading, clauses in sections],
            **changes,
        }
    )


def numbers(clauses: Any) -> list[str]:
    return [change.printed_number for change in clauses]


def said(words: Any) -> str:
    marks = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return "".join(marks[piece.kind].format(piece.text) for piece in words)


def test_the_same_text_has_no_changes() -> None:
    one = text(("Teaching", [clause(1), clause(2)]))
    assert rules.compare(one, copy.deepcopy(one)).is_empty


def test_clauses_that_came_and_went_are_told_apart() -> None:
    before = text(("Teaching", [clause(1), clause(2), clause(3)]))
    after = text(("Teaching", [clause(1), clause(3), clause(4)]))
    comparison = rules.compare(before, after)
    assert numbers(comparison.removed) == ["2"]
    assert numbers(comparison.added) == ["4"]
    assert numbers(comparison.unchanged) == ["1", "3"]
    # What went stands where it stood.
    assert numbers(comparison.sections[0].clauses) == ["1", "2", "3", "4"]


def test_only_the_clause_that_was_moved_counts_as_moved() -> None:
    before = text(("Teaching", [clause(1), clause(2), clause(3), clause(4)]))
    after = text(("Teaching", [clause(2), clause(3), clause(4), clause(1)]))
    comparison = rules.compare(before, after)
    assert numbers(comparison.moved) == ["1"]
    assert not comparison.changed


def test_a_clause_moved_to_another_section_says_where_it_stood() -> None:
    before = text(("Teaching", [clause(1), clause(2)]), ("Money", [clause(3)]))
    after = text(("Teaching", [clause(1)]), ("Money", [clause(2), clause(3)]))
    (moved,) = rules.compare(before, after).moved
    assert (moved.printed_number, moved.moved_from) == ("2", "Teaching")


def test_a_renamed_section_moves_no_clause() -> None:
    before = text(("Teaching", [clause(1), clause(2)]), ("Money", [clause(3)]))
    after = text(("Teaching the pupil", [clause(1), clause(2)]), ("Money", [clause(3)]))
    comparison = rules.compare(before, after)
    assert not comparison.moved
    (section,) = comparison.changed_sections
    assert said(section.heading) == "Teaching+ the pupil+"


def test_a_section_moved_as_a_whole_moves_no_clause() -> None:
    teaching, money = ("Teaching", [clause(1), clause(2)]), ("Money", [clause(3)])
    comparison = rules.compare(text(teaching, money), text(money, teaching))
    assert not comparison.moved
    assert [section.title for section in comparison.changed_sections if section.is_moved]


def test_a_section_that_went_is_shown_with_its_clauses() -> None:
    before = text(("Teaching", [clause(1)]), ("Money", [clause(2)]), ("Visits", [clause(3)]))
    after = text(("Teaching", [clause(1)]), ("Visits", [clause(3)]))
    comparison = rules.compare(before, after)
    assert [section.title for section in comparison.sections] == ["Teaching", "Money", "Visits"]
    assert numbers(comparison.removed) == ["2"]


def test_changed_words_are_marked_word_by_word() -> None:
    before = text(("Teaching", [clause(1, "Send the register within 30 minutes of the start.")]))
    after = text(("Teaching", [clause(1, "Send the register within 15 minutes of the start.")]))
    (changed,) = rules.compare(before, after).changed
    assert said(changed.words) == "Send the register within -30-+15+ minutes of the start."


def test_a_rewritten_sentence_is_shown_whole_before_and_after() -> None:
    words = rules.words("Pay each invoice in thirty days.", "Meet parents at the start of term.")
    assert [piece.kind for piece in words] == ["removed", "added"]


def test_a_sentence_added_leaves_the_short_one_before_it_unmarked() -> None:
    words = rules.words("Answer.", "Answer. Where that takes longer, say until when and why.")
    assert [piece.kind for piece in words] == ["same", "added"]


def test_a_changed_number_is_told_at_the_clause_and_for_the_whole_text() -> None:
    before = text(("Teaching", [clause(1, terms=[{"measure": "review_every", "value": "12"}])]))
    after = text(("Teaching", [clause(1, terms=[{"measure": "review_every", "value": "6"}])]))
    comparison = rules.compare(before, after)
    (number,) = comparison.numbers
    assert (number.before, number.after) == ("12 weeks", "6 weeks")
    assert comparison.changed[0].numbers == (number,)


def test_a_number_on_another_clause_now_did_not_change() -> None:
    term = [{"measure": "review_every", "value": "12"}]
    before = text(("Teaching", [clause(1, terms=term), clause(2)]))
    after = text(("Teaching", [clause(1), clause(2, terms=term)]))
    comparison = rules.compare(before, after)
    assert comparison.numbers == ()
    assert numbers(comparison.changed) == ["1", "2"]


def test_a_duty_given_to_another_party_is_a_change() -> None:
    before = text(("Teaching", [clause(1)]))
    after = text(("Teaching", [clause(1, party="school")]))
    (changed,) = rules.compare(before, after).changed
    assert (changed.party_before, changed.party_label) == ("Provider", "School")


def test_what_the_text_says_of_itself_is_compared_too() -> None:
    before = text(("Teaching", [clause(1)]))
    after = {**text(("Teaching", [clause(1)]), mode="implied"), "scope": "pupil"}
    labels = [fact.label for fact in rules.compare(before, after).facts]
    assert labels == ["How it is accepted", "What an acceptance is for"]


def test_a_long_clause_is_compared_soon_enough() -> None:
    long = "\n".join(f"Line {number} says what is done then." for number in range(3000))
    words = rules.words(long, long.replace("Line 1500 says", "Line 1500 tells"))
    assert {piece.kind for piece in words} == {"same", "added", "removed"}


@st.composite
def texts(draw: st.DrawFn) -> dict[str, Any]:
    order = draw(st.lists(st.integers(1, 6), unique=True, max_size=6))
    ends = sorted(draw(st.lists(st.integers(0, len(order)), max_size=2)))
    parts = [order[a:b] for a, b in zip([0, *ends], [*ends, len(order)], strict=True)]
    headings = draw(
        st.lists(st.sampled_from(["", "A", "B"]), min_size=len(parts), max_size=len(parts))
    )
    wording = st.sampled_from(["Do it.", "Do it every day.", "Leave it."])
    return text(
        *(
            (heading, [clause(number, draw(wording)) for number in part])
            for heading, part in zip(headings, parts, strict=True)
        )
    )


@given(texts(), texts())
def test_no_difference_is_ever_overlooked(before: dict[str, Any], after: dict[str, Any]) -> None:
    comparison = rules.compare(before, after)
    assert comparison.is_empty == rules.is_same(before, after)
    ids = [change.clause_id for change in comparison.clauses]
    there = {c["clause_id"] for content in (before, after) for _, c in rules.clauses_of(content)}
    assert len(ids) == len(there)
    assert set(ids) == there
    # The old words without the new ones are the old text, and the other way round.
    for change in comparison.clauses:
        if change.presence == "both":
            old = "".join(piece.text for piece in change.words if piece.kind != "added")
            new = "".join(piece.text for piece in change.words if piece.kind != "removed")
            texts_by_id = [
                {c["clause_id"]: c["text"] for _, c in rules.clauses_of(content)}
                for content in (before, after)
            ]
            assert [old, new] == [by_id[change.clause_id] for by_id in texts_by_id]
