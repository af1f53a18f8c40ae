"""What is publishable, what its hash is, and who may accept when: without a database."""

import copy
import dataclasses
import datetime
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.agreements import rules

CLAUSE = str(uuid.UUID(int=1))


def content(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Tuition agreement",
        "kind": "sla",
        "mode": "signature",
        "intro": "",
        "issued_date": datetime.date(2026, 9, 1),
        "review_date": datetime.date(2027, 9, 1),
        "sections": [
            {
                "heading": "Teaching",
                "intro": "",
                "clauses": [
                    {
                        "clause_id": CLAUSE,
                        "printed_number": "1",
                        "party": "provider",
                        "text": "Review the pupil's plan with the school.",
                        "legal_reference": "",
                        "terms": [{"measure": "review_every", "value": "12"}],
                    }
                ],
            }
        ],
        **changes,
    }


def clause(**changes: Any) -> dict[str, Any]:
    """Content whose only clause is changed."""
    changed = copy.deepcopy(content())
    changed["sections"][0]["clauses"][0].update(changes)
    return changed


def test_the_same_text_gives_the_same_hash_however_it_was_typed() -> None:
    typed = clause(text="  Review the pupil's plan with the school.\n", terms=[])
    typed["sections"][0]["clauses"][0]["terms"] = [
        {"value": 12.00, "measure": "review_every", "unit": "ignored"}
    ]
    assert rules.fingerprint(rules.normalised(typed)) == rules.fingerprint(
        rules.normalised(content())
    )


@pytest.mark.parametrize(
    "changed",
    [
        content(title="Another"),
        content(issued_date=datetime.date(2026, 9, 2)),
        content(review_date=None),
        content(mode="implied"),
        clause(text="Something else."),
        clause(party="school"),
        clause(printed_number="2"),
        clause(legal_reference="An Act"),
        clause(terms=[]),
        clause(terms=[{"measure": "review_every", "value": "6"}]),
        clause(clause_id=str(uuid.UUID(int=2))),
    ],
)
def test_every_change_changes_the_hash(changed: dict[str, Any]) -> None:
    assert rules.fingerprint(rules.normalised(changed)) != rules.fingerprint(
        rules.normalised(content())
    )


@given(
    text=st.text(),
    number=st.text(max_size=20),
    value=st.decimals(min_value=1, max_value=26, places=0),
)
def test_canonical_json_survives_storing_and_reading(text: str, number: str, value: Any) -> None:
    new = rules.normalised(
        clause(
            text=text,
            printed_number=number,
            terms=[{"measure": "review_every", "value": value}],
        )
    )
    read_again = json.loads(json.dumps(new))
    assert rules.fingerprint(read_again) == rules.fingerprint(new)
    assert rules.normalised(read_again) == new


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (content(title=" "), "title"),
        (content(issued_date=None), "date of issue"),
        (content(review_date=datetime.date(2026, 8, 31)), "review date"),
        (content(sections=[]), "at least one clause"),
        (content(sections=[{"heading": "Empty", "clauses": []}]), "at least one clause"),
        (clause(text=" "), "needs its text"),
        (clause(party="nobody"), "whose duty"),
        (clause(terms=[{"measure": "review_every", "value": "300"}]), "between 1 and 26 weeks"),
        (clause(terms=[{"measure": "no_such", "value": "3"}]), "Choose a measure"),
        (
            clause(terms=[{"measure": "review_every", "value": value} for value in ("6", "12")]),
            "more than one clause",
        ),
    ],
)
def test_publishing_refuses_with_a_sentence(wrong: dict[str, Any], says: str) -> None:
    reason = rules.why_cannot_publish(rules.normalised(wrong))
    assert reason is not None
    assert says in reason
    assert reason.endswith(".")


def test_publishing_refuses_two_clauses_of_one_id() -> None:
    twice = content()
    twice["sections"][0]["clauses"] *= 2
    twice["sections"][0]["clauses"][1] = {**twice["sections"][0]["clauses"][1], "terms": []}
    assert "same id" in str(rules.why_cannot_publish(rules.normalised(twice)))


def test_a_good_text_is_publishable() -> None:
    assert rules.why_cannot_publish(rules.normalised(content())) is None


def test_an_id_that_is_no_uuid_never_gets_in() -> None:
    with pytest.raises(ValueError, match="UUID"):
        rules.normalised(clause(clause_id="one"))


def test_a_term_that_is_no_number_never_gets_in() -> None:
    with pytest.raises(ValueError, match="number"):
        rules.normalised(clause(terms=[{"measure": "review_every", "value": "twelve"}]))


def test_what_is_material() -> None:
    before = rules.normalised(content())
    reworded = rules.normalised(clause(text="Look at the plan again with the school."))
    renumbered = rules.normalised(clause(terms=[{"measure": "review_every", "value": "6"}]))
    assert rules.is_material(before=None, after=before, ticked=False)
    assert not rules.is_material(before=before, after=reworded, ticked=False)
    assert rules.is_material(before=before, after=reworded, ticked=True)
    assert rules.is_material(before=before, after=renumbered, ticked=False)


GOOD = {
    "version_number": 2,
    "last_material_number": 2,
    "is_party": True,
    "accepted_by": None,
}
EVIDENCE = {
    "name": "Ada Moss",
    "position": "Head",
    "authority": "Head of the school",
    "confirmed": True,
}
REACH: dict[str, Any] = {
    "is_by_case": False,
    "is_for_activity": False,
    "has_case": False,
    "activity": "",
    "asks_lead": False,
    "lead": None,
}
LEAD = rules.SafeguardingLead("Ada Moss", "01632 960001", datetime.date(2026, 6, 1), True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"last_material_number": None}, "withdrawn"),
        ({"is_party": False}, "not a party"),
        ({"accepted_by": "Ben Ash"}, "Ben Ash has already accepted"),
        ({"last_material_number": 3}, "Version 3 has replaced"),
    ],
)
def test_accepting_refuses_with_a_sentence(changes: dict[str, Any], says: str) -> None:
    reason = rules.why_cannot_accept(**{**GOOD, **changes})
    assert reason is not None
    assert says in reason
    assert reason.endswith(".")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "full name"),
        ({"position": ""}, "position"),
        ({"authority": " "}, "by what right"),
        ({"confirmed": False}, "Tick the box"),
    ],
)
def test_a_signatory_says_who_and_by_what_right(changes: dict[str, Any], says: str) -> None:
    assert rules.why_evidence_incomplete(**EVIDENCE) is None
    reason = rules.why_evidence_incomplete(**{**EVIDENCE, **changes})
    assert reason
    assert says in reason


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"is_by_case": True}, "one case at a time"),
        ({"is_by_case": True, "has_case": True}, None),
        ({"is_by_case": True, "is_for_activity": True, "activity": " "}, "Enter the activity"),
        ({"is_by_case": True, "is_for_activity": True, "activity": "Riding"}, None),
        ({"asks_lead": True}, "safeguarding lead"),
        ({"asks_lead": True, "lead": LEAD}, None),
        (
            {"asks_lead": True, "lead": dataclasses.replace(LEAD, is_policy_received=False)},
            "received the safeguarding policy",
        ),
        ({"asks_lead": True, "lead": dataclasses.replace(LEAD, contact=" ")}, "contact"),
    ],
)
def test_an_acceptance_says_what_the_agreement_asks_for(
    changes: dict[str, Any], says: str | None
) -> None:
    reason = rules.why_reach_incomplete(**{**REACH, **changes})
    assert (reason is None) == (says is None)
    assert says is None or says in (reason or "")


BINDING: dict[str, Any] = {
    "is_partnership": False,
    "version": 2,
    "accepted": 1,
    "is_bound": False,
    "grace_ends_date": None,
    "case": "",
    "today": datetime.date(2026, 9, 15),
}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "has not accepted version 2"),
        ({"is_bound": True}, None),
        ({"grace_ends_date": datetime.date(2026, 9, 15)}, None),
        ({"grace_ends_date": datetime.date(2026, 9, 14)}, "on or before 14 September 2026"),
        ({"accepted": None}, "We have asked them to accept it"),
        ({"is_partnership": True}, "has not signed version 2"),
        ({"case": "AC-2026-0001"}, "for case AC-2026-0001"),
    ],
)
def test_who_is_not_bound_may_still_have_days_of_grace(
    changes: dict[str, Any], says: str | None
) -> None:
    reason = rules.why_not_bound("Lantern", **{**BINDING, **changes})
    assert (reason is None) == (says is None)
    assert says is None or says in (reason or "")


@pytest.mark.parametrize(
    ("today", "reminded", "tells"),
    [
        (2, None, False),
        (3, None, True),
        (5, 3, False),
        (9, 3, True),
        (10, 3, True),
        (10, 9, False),
        (11, None, False),
    ],
)
def test_people_are_reminded_a_week_before_and_on_the_eve(
    today: int, reminded: int | None, tells: bool
) -> None:
    reason = rules.why_no_reminder(
        due_date=datetime.date(2026, 9, 10),
        reminded_date=reminded and datetime.date(2026, 9, reminded),
        today=datetime.date(2026, 9, today),
    )
    assert (reason is None) == tells


def test_a_change_of_how_it_is_accepted_is_material() -> None:
    before = rules.normalised(content())
    for changes in ({"mode": "implied"}, {"scope": "pupil"}, {"asks_safeguarding_lead": True}):
        after = rules.normalised(content(**changes))
        assert rules.is_material(before=before, after=after, ticked=False)


@pytest.mark.parametrize("version_number", [2, 3])
def test_accepting_allows_the_last_material_version_and_later_ones(version_number: int) -> None:
    assert rules.why_cannot_accept(**{**GOOD, "version_number": version_number}) is None


def test_the_duties_of_a_party_are_marked_and_those_of_all() -> None:
    text = content()
    other = text["sections"][0]["clauses"][0]
    text["sections"][0]["clauses"] = [
        {**other, "clause_id": str(uuid.UUID(int=n)), "party": party, "terms": []}
        for n, party in enumerate(["provider", "school", "all"], start=1)
    ]
    document = rules.readable(rules.normalised(text), "school")
    assert [clause.party for clause in document.ours] == ["school", "all"]
    assert document.sections[0].clauses[0].anchor == f"clause-{uuid.UUID(int=1)}"


def test_terms_are_written_out() -> None:
    document = rules.readable(rules.normalised(content()))
    assert document.sections[0].clauses[0].terms == ("A review is held every 12 weeks",)


def test_the_statement_names_everything_it_binds() -> None:
    said = rules.statement(
        organisation="Lantern School",
        title="Tuition agreement",
        number=3,
        issued_date=datetime.date(2026, 9, 1),
    )
    assert said == (
        "On behalf of Lantern School I accept “Tuition agreement”, version 3, issued on "
        "1 September 2026. I have read the whole text and I have the authority to accept it."
    )


# --- What was added to the form later -------------------------------------------------------------


def test_what_says_nothing_is_not_written_and_keeps_old_hashes() -> None:
    plain = rules.normalised(content())
    empty = content(language="en", data_sharing={"purpose": " "}, shared=None)
    empty["sections"][0]["clauses"][0].update(
        legal_editions=[], see=[], shared=None, is_local=False
    )
    assert rules.canonical(rules.normalised(empty)) == rules.canonical(plain)


def test_a_reference_follows_its_clause_and_must_have_one() -> None:
    text = content()
    first = text["sections"][0]["clauses"][0]
    text["sections"][0]["clauses"].append(
        {"clause_id": str(uuid.UUID(int=2)), "text": "Then this.", "see": [first["clause_id"]]}
    )
    written = rules.normalised(text)
    assert rules.why_cannot_publish(written) is None
    shown = rules.readable(written).sections[0].clauses[-1].see
    assert [other.clause_id for other in shown] == [first["clause_id"]]
    text["sections"][0]["clauses"].remove(first)
    without = rules.normalised(text)
    assert "refers to a clause that is not in this text" in rules.why_cannot_publish(without)
    (named,) = rules.broken_references(without, before=written)
    assert "which you have removed" in named
    assert rules.readable(without).sections[0].clauses[-1].see == ()


def test_the_statement_says_how_far_it_reaches_and_what_implied_it() -> None:
    facts: dict[str, Any] = {
        "organisation": "Lantern School",
        "title": "Tuition agreement",
        "number": 3,
        "issued_date": datetime.date(2026, 9, 1),
        "case": "AC-2026-0001",
    }
    said = rules.statement(**facts, activity="Riding")
    assert "1 September 2026, for case AC-2026-0001, for the activity “Riding”. I have" in said
    assert rules.statement(**facts, act="referral") == (
        "Lantern School referred a pupil (case AC-2026-0001) and thereby accepts “Tuition "
        "agreement”, version 3, issued on 1 September 2026, as that agreement provides."
    )
