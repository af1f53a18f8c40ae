"""Questionnaires: what is asked, what an answer may be, what keeps a draft from being published."""

from dataclasses import replace

import pytest

from workflows.cases.states import Audience
from workflows.questionnaires import rules
from workflows.questionnaires.rules import Choice, Content, Question, Section, ShownIf
from workflows.questionnaires.states import AUDIENCES, Kind

SEEN = Question("seen_by", "Has a doctor seen the pupil?", Kind.YES_NO)
WHICH = Question(
    "which",
    "Which doctor?",
    Kind.CHOOSE_ONE,
    choices=(Choice("gp", "General practitioner"), Choice("other", "Another’s")),
    shown_if=ShownIf("seen_by", ("yes",)),
)
NAME = Question("name", "Whose?", Kind.SHORT_TEXT, shown_if=ShownIf("which", ("other",)))
DAYS = Question("days", "Days?", Kind.NUMBER, required=False)
CONTENT = Content(
    (Section("health", "Health", (SEEN, WHICH, NAME)), Section("time", "Time", (DAYS,)))
)


def keys(questions):
    return [question.key for question in questions]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["seen_by", "days"]),
        ({"seen_by": False}, ["seen_by", "days"]),
        ({"seen_by": True}, ["seen_by", "which", "days"]),
        ({"seen_by": True, "which": "gp"}, ["seen_by", "which", "days"]),
        ({"seen_by": True, "which": "other"}, ["seen_by", "which", "name", "days"]),
        # What the first answer has made needless makes nothing needful.
        ({"seen_by": False, "which": "other"}, ["seen_by", "days"]),
    ],
)
def test_a_question_is_asked_where_its_condition_holds(answers, asked):
    assert keys(rules.shown(CONTENT, answers)) == asked


def test_only_what_is_asked_and_needed_is_missing():
    assert keys(rules.missing(CONTENT, {})) == ["seen_by"]
    assert keys(rules.missing(CONTENT, {"seen_by": False})) == []
    assert keys(rules.missing(CONTENT, {"seen_by": True, "which": " "})) == ["which"]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (Kind.LONG_TEXT, " One\r\nTwo ", "One\nTwo"),
        (Kind.SHORT_TEXT, "   ", None),
        (Kind.YES_NO, False, False),
        (Kind.NUMBER, "0", 0),
        (Kind.NUMBER, "2.5", 2.5),
        (Kind.DATE, "2026-03-29", "2026-03-29"),
        (Kind.PHONE, "01632 960 001", "01632 960 001"),
    ],
)
def test_answers_are_kept_as_json_has_them(kind, given, kept):
    assert rules.clean(Question("key", "Question", kind), given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.YES_NO, "perhaps"),
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "NaN"),
        (Kind.NUMBER, "1e400"),
        (Kind.NUMBER, True),
        (Kind.DATE, "2026-02-30"),
        (Kind.SHORT_TEXT, "x" * 201),
        (Kind.LONG_TEXT, ["x"]),
    ],
)
def test_what_is_no_answer_is_refused(kind, given):
    with pytest.raises(ValueError, match="Question"):
        rules.clean(Question("key", "Question", kind), given)


def test_choices_are_of_the_list():
    several = replace(WHICH, kind=Kind.CHOOSE_SEVERAL)
    assert rules.clean(WHICH, "gp") == "gp"
    assert rules.clean(several, ["other", "gp"]) == ["gp", "other"]
    assert rules.clean(several, []) is None
    for question, wrong in ((WHICH, "aunt"), (WHICH, ["gp", "other"]), (several, ["aunt"])):
        with pytest.raises(ValueError, match="Which doctor"):
            rules.clean(question, wrong)


def test_answers_are_read_in_words():
    assert rules.display(SEEN, False) == "No"
    assert rules.display(replace(WHICH, kind=Kind.CHOOSE_SEVERAL), ["other"]) == "Another’s"
    assert rules.display(Question("d", "D", Kind.DATE), "2026-03-01") == "1 March 2026"
    assert rules.display(DAYS, 0) == "0"
    assert rules.display(DAYS, None) == ""


def test_content_is_the_same_after_it_was_written_and_read():
    assert rules.read(rules.write(CONTENT)) == CONTENT
    assert rules.fingerprint(rules.write(CONTENT)) == rules.fingerprint(
        rules.write(rules.read(rules.write(CONTENT)))
    )


def texts(content, published=None):
    return " ".join(problem.text for problem in rules.problems(content, published))


def only(*questions):
    return Content((Section("one", "One", questions),))


def test_a_sound_content_has_no_problem():
    assert rules.problems(CONTENT) == []
    assert rules.problems(rules.read(rules.STANDARD)) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (Content(), "at least one question"),
        (Content((Section("one", "One"),)), "Add a question to the section"),
        (Content((Section("a", "One", (SEEN,)), Section("b", "one", (DAYS,)))), "the title “one”"),
        (only(SEEN, SEEN), "Two questions have the key"),
        (only(replace(SEEN, key="year_group")), "cannot be used"),
        (only(replace(SEEN, key="Seen by")), "cannot be used"),
        (only(replace(SEEN, label=" ")), "Enter the question"),
        (only(replace(WHICH, shown_if=None, choices=())), "between 2 and"),
        (
            only(replace(WHICH, shown_if=None, choices=(Choice("a", "A"), Choice("b", "a ")))),
            "same",
        ),
        (only(replace(SEEN, choices=WHICH.choices)), "Only a question with a list"),
        (only(WHICH, SEEN), "does not come before it"),
        (only(DAYS, replace(SEEN, shown_if=ShownIf("days", ("1",)))), "is neither"),
        (
            only(SEEN, replace(DAYS, shown_if=ShownIf("seen_by", ("perhaps",)))),
            "Select the answers",
        ),
        (only(SEEN, replace(DAYS, shown_if=ShownIf("seen_by", ()))), "Select the answers"),
        (only(replace(SEEN, audience=Audience.COMMISSIONER)), "who may see"),
    ],
)
def test_what_cannot_be_published_is_said(content, says):
    assert says in texts(content)


def test_a_key_never_means_another_kind_of_answer():
    assert "was asked as “a date” before" in texts(only(SEEN), {"seen_by": "date"})
    assert texts(only(SEEN), {"seen_by": "yes_no"}) == ""


def test_whoever_writes_is_in_every_audience_or_told_otherwise():
    assert Audience.COMMISSIONER not in AUDIENCES
    assert Audience.PANEL not in AUDIENCES


# --- Editing -------------------------------------------------------------------------------------


def order(content):
    return [(section.key, keys(section.questions)) for section in content.sections]


def test_questions_move_over_the_edges_of_sections():
    down = rules.move_question(CONTENT, "name", 1)
    assert order(down) == [("health", ["seen_by", "which"]), ("time", ["name", "days"])]
    assert rules.move_question(down, "name", -1) == CONTENT
    assert rules.move_question(CONTENT, "days", 1) == CONTENT
    assert rules.move_question(CONTENT, "seen_by", -1) == CONTENT
    assert order(rules.move_question(CONTENT, "which", -1))[0][1] == ["which", "seen_by", "name"]


def test_sections_move_and_go():
    assert order(rules.move_section(CONTENT, "time", -1))[0][0] == "time"
    assert rules.move_section(CONTENT, "time", 1) == CONTENT
    assert order(rules.remove_section(CONTENT, "health")) == [("time", ["days"])]


def test_a_question_that_changes_its_section_stands_last():
    moved = rules.change_question(CONTENT, replace(SEEN, label="Seen?"), "time")
    assert order(moved) == [("health", ["which", "name"]), ("time", ["days", "seen_by"])]


@pytest.mark.parametrize("edit", [rules.remove_question, rules.remove_section])
def test_what_somebody_else_removed_is_not_found(edit):
    with pytest.raises(KeyError):
        edit(CONTENT, "gone")


@pytest.mark.parametrize(
    ("words", "taken", "key"),
    [
        ("How often?", (), "how_often"),
        ("How often?", ("how_often",), "how_often_2"),
        ("Ysgol: beth yw’r ‘angen’?", (), "ysgol_beth_ywr_angen"),
        ("2026?", (), "question_2026"),
        ("??", (), "question"),
        ("Year group", (), "year_group_2"),
        ("Save", (), "save_2"),
    ],
)
def test_keys_are_made_of_words_and_are_nobodys(words, taken, key):
    assert rules.new_key(words, taken) == key


def test_a_choice_with_the_same_words_keeps_its_value():
    made = rules.choices_of(["general practitioner", "", "A nurse"], WHICH.choices)
    assert [one.value for one in made] == ["gp", "a_nurse"]


def test_changes_are_told_in_sentences():
    after = rules.change_question(
        CONTENT,
        replace(WHICH, required=False, choices=(*WHICH.choices, Choice("n", "Nurse"))),
        "health",
    )
    after = rules.remove_question(after, "name")
    after = rules.add_question(after, "time", replace(NAME, key="more", shown_if=WHICH.shown_if))
    told = {(change.subject, change.text) for change in rules.changes(CONTENT, after)}
    assert told == {
        ("Which doctor?", "May be left out now"),
        ("Which doctor?", "New choice: “Nurse”"),
        ("Whose?", "Is not asked any more; answers given stay"),
        (
            "Whose?",
            "New question, needs an answer only if “Has a doctor seen the pupil?” is answered “Yes”",
        ),
    }
    assert rules.changes(CONTENT, CONTENT) == []
