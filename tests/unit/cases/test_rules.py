"""The rules of cases: identifiers, dates, moves and files."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import files
from workflows.cases import rules, states
from workflows.cases.models import Case
from workflows.cases.states import FINAL_STAGES, MOVES, Stage


@pytest.mark.parametrize("upn", ["P207000016049", "B801200005001", "M80120000500A", ""])
def test_valid_upns_pass(upn):
    assert rules.why_not_upn(upn) is None


@pytest.mark.parametrize(
    "upn", ["A207000016049", "P207000016048", "I207000016049", "P20700001604", "M80120000500S"]
)
def test_wrong_upns_are_refused_in_words(upn):
    assert "unique pupil number" in rules.why_not_upn(upn)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_a_upn_with_one_wrong_digit_is_refused(body, position, shift):
    right = rules.upn_check_letter(body) + body
    assert rules.why_not_upn(right) is None
    digit = str((int(body[position]) + shift) % 10)
    assert rules.why_not_upn(right[0] + body[:position] + digit + body[position + 1 :])


def test_ulns():
    assert rules.why_not_uln("9276308686") is None
    assert rules.why_not_uln("") is None
    assert "wrong digit" in rules.why_not_uln("9276308687")
    assert "10 digits" in rules.why_not_uln("0276308686")


def test_identifiers_are_tidied():
    assert rules.normal_identifier(" p2070 00016049 ") == "P207000016049"


@pytest.mark.parametrize(
    ("born", "fits"),
    [
        (datetime.date(2026, 9, 2), False),
        (datetime.date(2014, 9, 1), True),
        (datetime.date(2023, 9, 2), False),
        (datetime.date(2023, 9, 1), True),
        (datetime.date(2006, 9, 1), False),
    ],
)
def test_dates_of_birth_make_a_school_age(born, fits):
    assert (rules.why_not_date_of_birth(born, datetime.date(2026, 9, 1)) is None) == fits


@pytest.mark.parametrize("stage", Stage)
def test_moves_follow_the_table(stage):
    case = Case(stage=stage)
    allowed = {following for following in Stage if rules.why_cannot_move(case, following) is None}
    assert allowed == MOVES[stage]
    # A declined case goes on by the review of its decision, and by nothing else.
    reopened = {Stage.AT_PANEL, Stage.WITHDRAWN} if stage == Stage.DECLINED else set()
    assert (allowed == reopened) == (stage in FINAL_STAGES)
    assert (rules.why_cannot_write(case) is None) == (stage not in FINAL_STAGES)


def test_every_stage_has_an_owner_and_can_be_reached():
    assert set(states.OWNERS) == set(Stage) == set(MOVES)
    assert set().union(*MOVES.values()) | {Stage.DRAFT} == set(Stage)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (files.PDF, "application/pdf"),
        (files.PNG, "image/png"),
        (files.JPEG, "image/jpeg"),
        (
            files.docx(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (files.docx(with_macros=True), None),
        (files.PROGRAM, None),
        (files.PAGE, None),
        (b"PK\x03\x04 and nothing more", None),
        (b"", None),
    ],
)
def test_the_type_of_a_file_is_told_from_its_content(content, content_type):
    assert rules.content_type_of(content) == content_type


def test_files_are_refused_in_words():
    assert "empty" in rules.why_not_file(size=0, content_type=None, limit=1)
    assert "smaller than 2MB" in rules.why_not_file(
        size=3 * 1024 * 1024, content_type="application/pdf", limit=2 * 1024 * 1024
    )
    assert "PDF" in rules.why_not_file(size=1, content_type=None, limit=2)
    assert rules.why_not_file(size=1, content_type="image/png", limit=2) is None


def test_names_are_found_with_either_apostrophe():
    assert set(rules.spellings("O’Neil")) == set(rules.spellings("O'Neil")) == {"O'Neil", "O’Neil"}
    assert "O’Connor-D'Arcy" in rules.spellings("O’Connor-D'Arcy")
    assert rules.spellings(" Ada ") == ("Ada",)
