"""The rules of referrals: what is complete, who may vote, when the chair can decide."""

import dataclasses
import datetime

import pytest

from workflows.questionnaires import rules as questions
from workflows.referrals import forms, rules, states
from workflows.referrals.models import Referral
from workflows.referrals.states import OPTIONAL_FIELDS, PART_FIELDS, Outcome, Part, Status

CONTENT = questions.read(questions.STANDARD)
ANSWERS = {question.key: "Words" for question in CONTENT.questions if question.required}


def complete(**changes):
    words = {
        name: "Words"
        for names in PART_FIELDS.values()
        for name in names
        if name not in OPTIONAL_FIELDS
    }
    recorded = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
    return Referral(**{"permission_recorded_at": recorded, **words, **changes})


def form_of(referral, *, answers=ANSWERS, has_medical_evidence=True, content=CONTENT):
    return rules.pages(
        referral, content=content, answers=answers, has_medical_evidence=has_medical_evidence
    )


def incomplete(*args, **kwargs):
    return [page.name for page in form_of(*args, **kwargs) if not page.is_complete]


@pytest.mark.parametrize("action", [*states.TRANSITIONS, *states.ALLOWED_IN])
@pytest.mark.parametrize("status", Status)
def test_an_action_is_possible_from_the_statuses_of_its_table_alone(action, status):
    refusal = rules.why_cannot(action, status)
    assert (refusal is None) == (status in rules.possible_from(action))
    if refusal:
        assert status.label.lower() in refusal


def test_every_status_has_an_owner_and_can_be_reached():
    assert set(states.OWNERS) == set(Status)
    reached = {target for _sources, target in states.TRANSITIONS.values()}
    assert reached | {Status.DRAFT} == set(Status)


def test_a_complete_referral_can_be_submitted():
    assert rules.why_cannot_submit(complete(), form_of(complete())) is None


def test_the_partnerships_questions_stand_before_the_contacts():
    names = [page.name for page in form_of(complete())]
    assert names == ["pupil", "permission", "evidence", "questions/1", "questions/2", "contacts"]


def test_each_contact_is_needed_and_its_page_named():
    for name in PART_FIELDS[Part.CONTACTS]:
        referral = complete(**{name: "  "})
        assert incomplete(referral) == ["contacts"]
        assert "“Contacts”" in rules.why_cannot_submit(referral, form_of(referral))


@pytest.mark.parametrize("question", CONTENT.questions, ids=lambda question: question.key)
def test_each_needed_answer_is_asked_for_by_the_title_of_its_page(question):
    answers = {**ANSWERS, question.key: "  "}
    refusal = rules.why_cannot_submit(complete(), form_of(complete(), answers=answers))
    if not question.required:
        assert refusal is None
        return
    section = next(one for one in CONTENT.sections if question in one.questions)
    assert f"“{section.title}”" in refusal


def test_a_section_that_nobody_needs_to_answer_has_no_page():
    only_if = questions.ShownIf("strengths", ("none",))
    first, second = CONTENT.sections
    hidden = dataclasses.replace(
        second,
        questions=tuple(dataclasses.replace(one, shown_if=only_if) for one in second.questions),
    )
    content = questions.Content((first, hidden))
    names = [page.name for page in form_of(complete(), content=content)]
    assert names == ["pupil", "permission", "evidence", "questions/1", "contacts"]


def test_without_permission_nothing_else_matters():
    referral = complete(permission_recorded_at=None)
    assert "permission first" in rules.why_cannot_submit(referral, form_of(referral, answers={}))


def test_medical_evidence_is_there_or_its_absence_explained():
    assert incomplete(complete(), has_medical_evidence=False) == ["evidence"]
    explained = complete(no_medical_evidence_reason="Not a medical referral")
    assert incomplete(explained, has_medical_evidence=False) == []


def test_permission_is_not_of_tomorrow():
    today = datetime.date(2026, 3, 2)
    assert rules.why_not_permission_date(today, today) is None
    assert rules.why_not_permission_date(today + datetime.timedelta(days=1), today)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, None),
        ({"status": "accepted"}, "cannot be voted on"),
        ({"conflicted": True}, "conflict of interest"),
        ({"voted": True}, "already voted"),
        ({"seated": False}, "no seat on the panel"),
    ],
)
def test_who_can_vote(facts, says):
    usual = {"status": "at_panel", "seated": True, "conflicted": False, "voted": False}
    refusal = rules.why_cannot_vote(**{**usual, **facts})
    assert (refusal is None) if says is None else says in refusal


@pytest.mark.parametrize(
    ("votes", "waiting", "outcome", "says"),
    [
        (2, 1, Outcome.ACCEPT, None),
        (2, 0, Outcome.DECLINE, None),
        (1, 1, Outcome.ACCEPT, "1 of the 2"),
        (1, 1, Outcome.DEFER, "1 of the 2"),
        (1, 0, Outcome.ACCEPT, "can defer"),
        (0, 0, Outcome.DEFER, None),
    ],
)
def test_the_chair_decides_with_a_quorum_and_only_defers_when_there_can_be_none(
    votes, waiting, outcome, says
):
    refusal = rules.why_cannot_decide(
        status="at_panel",
        outcome=outcome,
        conflicted=False,
        votes=votes,
        quorum=2,
        waiting=waiting,
    )
    assert (refusal is None) if says is None else says in refusal
    assert rules.can_chair_begin(votes=votes, quorum=2, waiting=waiting) == (
        votes >= 2 or waiting == 0
    )


def test_a_chair_with_a_conflict_does_not_decide():
    refusal = rules.why_cannot_decide(
        status="at_panel", outcome=Outcome.ACCEPT, conflicted=True, votes=3, quorum=2, waiting=0
    )
    assert "another chair" in refusal


def test_what_the_pages_ask_for_is_what_the_rule_needs():
    for part, form in forms.PART_FORMS.items():
        assert set(form.base_fields) == set(PART_FIELDS[part])
        for name, field in form.base_fields.items():
            assert field.required == (name not in OPTIONAL_FIELDS)
