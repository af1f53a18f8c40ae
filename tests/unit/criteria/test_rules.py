"""What a decision table advises, and what is pointed out to whoever writes it."""

import datetime

import pytest

from workflows.criteria import rules
from workflows.criteria.rules import Condition, Fact, Row, Table
from workflows.criteria.states import Advice, Kind, Operator

TODAY = datetime.date(2026, 3, 29)  # the clocks change
CATALOGUE = {
    **rules.BUILT_IN,
    "days": Fact("days", "School days missed", Kind.NUMBER),
    "first_day": Fact("first_day", "First day missed", Kind.DATE),
    "needs": Fact("needs", "Needs", Kind.SEVERAL, (("calm", "Calm"), ("care", "Care"))),
    "tutor": Fact("tutor", "Tutor’s word", Kind.CHOICE, (("a", "A"), ("b", "B"), ("c", "C"))),
}


def condition(fact, operator, value=None):
    return Condition(fact, Operator(operator), value)


def table(*rows, otherwise=Advice.LOOK_CLOSER):
    made = Table(
        tuple(
            Row(f"rule-{number}", outcome, "Because", tuple(condition(*one) for one in conditions))
            for number, (outcome, *conditions) in enumerate(rows, start=1)
        ),
        Row("otherwise", otherwise, "Nothing fits"),
    )
    return made.knowing(CATALOGUE)


def holds(fact, operator, value, known):
    made = table((Advice.MEETS, (fact, operator, value)))
    return rules.evaluate(made, {fact: known}, TODAY).outcome == Advice.MEETS


@pytest.mark.parametrize(
    ("fact", "operator", "value", "known", "expected"),
    [
        ("year_group", "is_one_of", ["10", "11"], "10", True),
        ("year_group", "is_one_of", ["10", "11"], "9", False),
        ("tutor", "is_none_of", ["a"], "b", True),
        ("tutor", "is_none_of", ["a"], "", False),
        ("needs", "includes_any", ["calm"], ["calm", "care"], True),
        ("needs", "includes_any", ["calm"], ["care"], False),
        ("needs", "includes_none", ["calm"], ["care"], True),
        ("needs", "includes_none", ["calm"], [], False),
        ("looked_after", "is", "yes", True, True),
        ("looked_after", "is", "no", False, True),
        ("looked_after", "is", "no", True, False),
        ("days", "at_least", 15, 15, True),
        ("days", "at_least", 15, 14.5, False),
        ("days", "at_most", 0, 0, True),
        ("days", "at_most", 15, None, False),
        ("days", "at_least", 15, "many", False),
        ("first_day", "days_ago_at_least", 28, "2026-03-01", True),
        ("first_day", "days_ago_at_least", 29, "2026-03-01", False),
        ("first_day", "days_ago_at_most", 28, "2026-03-01", True),
        ("first_day", "on_or_before", "2026-03-01", "2026-03-01", True),
        ("first_day", "on_or_after", "2026-03-02", "2026-03-01", False),
        ("first_day", "on_or_after", "2026-03-02", "soon", False),
        ("days", "is_known", None, 0, True),
        ("days", "is_unknown", None, None, True),
        ("needs", "is_unknown", None, [], True),
    ],
)
def test_a_condition_holds(fact, operator, value, known, expected):
    assert holds(fact, operator, value, known) is expected


def test_the_first_rule_that_fits_counts_and_says_why():
    made = table(
        (Advice.DOES_NOT_MEET, ("has_medical_evidence", "is", "no")),
        (Advice.MEETS, ("year_group", "is_one_of", ["10", "11"]), ("days", "at_least", 15)),
        (Advice.LOOK_CLOSER, ("days", "at_least", 5)),
    )
    facts = {"has_medical_evidence": True, "year_group": "10", "days": 20}
    advised = rules.evaluate(made, facts, TODAY)
    assert (advised.outcome, advised.number) == (Advice.MEETS, 2)
    assert advised.held == (
        "Year group is one of Year 10 or Year 11 (Year 10)",
        "School days missed is at least 15 (20)",
    )
    assert rules.evaluate(made, {**facts, "days": 5}, TODAY).number == 3
    last = rules.evaluate(made, {"has_medical_evidence": True}, TODAY)
    assert (last.outcome, last.number, last.held) == (Advice.LOOK_CLOSER, None, ())


def test_a_rule_without_conditions_fits_nothing():
    assert rules.evaluate(table((Advice.MEETS,)), {}, TODAY).number is None


def test_a_table_is_the_same_after_writing_and_reading():
    made = table(
        (Advice.MEETS, ("year_group", "is_none_of", ["1"]), ("first_day", "is_known", None))
    )
    assert rules.read(rules.write(made)) == made
    assert rules.fingerprint(rules.write(made)) == rules.fingerprint(rules.write(made))


def test_rules_are_moved_replaced_and_removed():
    made = table((Advice.MEETS,), (Advice.LOOK_CLOSER,), (Advice.DOES_NOT_MEET,))
    assert [row.key for row in made.moved("rule-3", -1).rows] == ["rule-1", "rule-3", "rule-2"]
    assert made.moved("rule-1", -1) == made
    assert made.moved("rule-9", 1) == made
    assert made.without_row("rule-2").new_key() == "rule-2"
    assert made.new_key() == "rule-4"


# --- What is pointed out ------------------------------------------------------------------------


def problems(made):
    return [problem.text for problem in rules.problems(made, CATALOGUE)]


def remarks(made):
    return [remark.text for remark in rules.remarks(made, CATALOGUE)]


def test_what_must_be_mended_is_named():
    assert problems(Table()) == [
        "Add at least one rule.",
        "Explain the advice where no rule fits.",
    ]
    assert problems(table((Advice.MEETS,)))[0].startswith("Rule 1: add a condition.")
    gone = table((Advice.MEETS, ("gone", "is_known")))
    assert "does not ask any more" in problems(gone)[0]
    wrong = table((Advice.MEETS, ("tutor", "is_one_of", ["z"])))
    assert "“z” is no answer any more" in problems(wrong)[0]
    assert "select at least one" in problems(table((Advice.MEETS, ("tutor", "is_one_of", []))))[0]
    assert "cannot be compared" in problems(table((Advice.MEETS, ("tutor", "at_least", 3))))[0]
    assert problems(table((Advice.MEETS, ("days", "at_least", 0)))) == []


def test_a_rule_behind_a_wider_one_is_never_reached():
    made = table(
        (Advice.MEETS, ("days", "at_least", 10)),
        (Advice.DOES_NOT_MEET, ("days", "at_least", 15), ("looked_after", "is", "no")),
    )
    assert remarks(made)[0] == ("Rule 2 is never reached: whatever fits it fits rule 1 first.")


def test_two_rules_together_can_keep_a_third_from_being_reached():
    made = table(
        (Advice.MEETS, ("tutor", "is_one_of", ["a"])),
        (Advice.MEETS, ("tutor", "is_one_of", ["b"])),
        (Advice.MEETS, ("tutor", "is_one_of", ["a", "b"])),
    )
    assert remarks(made) == ["Rule 3 is never reached: whatever fits it fits rules 1 and 2 first."]
    split = table(
        (Advice.MEETS, ("age", "at_least", 11)),
        (Advice.MEETS, ("age", "at_most", 10)),
        (Advice.MEETS, ("looked_after", "is", "yes")),
    )
    assert "Rule 3 is never reached" in remarks(split)[0]
    assert "The last line is never reached" in remarks(split)[1]


def test_fractions_and_missing_answers_leave_gaps():
    made = table(
        (Advice.MEETS, ("days", "at_least", 11)),
        (Advice.MEETS, ("days", "at_most", 10)),
    )
    assert remarks(made) == []
    whole = table(
        (Advice.MEETS, ("days", "at_least", 10)),
        (Advice.MEETS, ("days", "at_most", 10)),
        (Advice.MEETS, ("days", "is_unknown")),
    )
    assert remarks(whole) == [
        "The last line is never reached: one of the rules fits whatever is answered."
    ]


def test_conditions_that_contradict_each_other_are_named():
    made = table((Advice.MEETS, ("days", "at_least", 10), ("days", "at_most", 5)))
    assert remarks(made) == ["Rule 1 can never fit: its conditions contradict each other."]
    dates = table(
        (
            Advice.MEETS,
            ("first_day", "days_ago_at_least", 10),
            ("first_day", "days_ago_at_most", 5),
        )
    )
    assert remarks(dates) == ["Rule 1 can never fit: its conditions contradict each other."]
    several = table(
        (Advice.MEETS, ("needs", "includes_any", ["calm"]), ("needs", "includes_none", ["calm"]))
    )
    assert remarks(several) == ["Rule 1 can never fit: its conditions contradict each other."]


def test_rules_that_overlap_and_say_different_things_are_pointed_out():
    made = table(
        (Advice.MEETS, ("days", "at_least", 15)),
        (Advice.DOES_NOT_MEET, ("looked_after", "is", "no")),
        (Advice.MEETS, ("tutor", "is_one_of", ["a"])),
    )
    assert [text[:15] for text in remarks(made)] == ["Rules 1 and 2 c", "Rules 2 and 3 c"]
    apart = table(
        (Advice.MEETS, ("days", "at_least", 15)),
        (Advice.DOES_NOT_MEET, ("days", "at_most", 14)),
    )
    assert remarks(apart) == []


def test_what_publishing_changes_is_said_rule_by_rule():
    before = table((Advice.MEETS, ("days", "at_least", 15)), (Advice.MEETS, ("age", "at_least", 5)))
    after = before.moved("rule-2", -1).with_row(Row("rule-3", Advice.MEETS, "New"))
    assert rules.changes(before, after) == [
        "Rule 1 was rule 2.",
        "Rule 2 was rule 1.",
        "Rule 3 is new.",
    ]
    assert rules.changes(before, before.without_row("rule-1")) == [
        "Rule 1 was rule 2.",
        "What was rule 1 is removed.",
    ]
    assert rules.changes(None, before)[0].startswith("2 rules")


@pytest.mark.parametrize(
    ("year", "stage"), [(1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (9, 3), (11, 4)]
)
def test_key_stages(year, stage):
    assert rules.key_stage(year) == stage
