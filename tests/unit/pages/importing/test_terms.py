"""Terms proposed from the words of a clause."""

from __future__ import annotations

import pytest

from pages.importing.terms import propose

PROPOSED = [
    ("Send the register within 30 minutes of the start", "register_within", 30, "minutes"),
    ("Send the register within half an hour", "register_within", 30, "minutes"),
    ("Ring us within twenty minutes of an absence", "absence_notice_within", 20, "minutes"),
    ("Tell us of an absent pupil within 1 hour", "absence_notice_within", 60, "minutes"),
    ("Ring about pupils not accounted for within 15 minutes", "unaccounted_notice_within", 15, "minutes"),
    ("Ring about a register not received within 40 minutes", "register_chased_after", 40, "minutes"),
    ("Hold reviews approximately 12 weeks apart", "review_every", 12, "weeks"),
    ("Hold a review every six weeks", "review_every", 6, "weeks"),
    ("Offer up to 5 hours of tuition per week", "weekly_hours_at_most", 5, "hours"),
    ("Visit each pupil at least once per half term", "visit_every", 1, "half_terms"),
    ("Attend meetings (at least each half term)", "meeting_every", 1, "half_terms"),
    ("Send a written report on each pupil termly", "report_every", 1, "terms"),
    ("Give a maximum of twice termly feedback", "feedback_at_most", 2, "per_term"),
    ("Give feedback no more than three times a term", "feedback_at_most", 3, "per_term"),
    ("Pay within 30 days of the invoice", "payment_within", 30, "days"),
    ("Pay invoices within four weeks", "payment_within", 28, "days"),
    ("The policy is put to review annually", "policy_review_every", 1, "years"),
    ("Take part in the yearly audit", "audit_every", 1, "years"),
    ("Set a fee, with notice of changes in the previous summer term", "fee_notice", 1, "terms"),
    ("We charge for each full or part week", "charge_per", 1, "weeks"),
    ("Report on attendance each day", "attendance_report_every", 1, "days"),
    ("Publish an annual report", "annual_report_every", 1, "years"),
    ("Screen each referral within five working days", "screen_within", 5, "working_days"),
    ("The panel decides within 10 working days", "decide_within", 10, "working_days"),
    ("Answer an offer within two weeks", "answer_offer_within", 10, "working_days"),
    ("Send comments on the findings within 10 working days", "comment_period", 10, "working_days"),
    ("Sign a new version within 20 working days", "acceptance_grace", 20, "working_days"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "measure", "value", "unit"), PROPOSED)
def test_a_measurable_promise_is_proposed(text: str, measure: str, value: int, unit: str) -> None:
    terms, _ = propose(text)
    assert [(t.measure, t.value, t.unit) for t in terms] == [(measure, value, unit)]
    assert terms[0].words in text


def test_the_size_at_which_a_provider_is_a_school_is_proposed() -> None:
    terms, _ = propose("Never be an unregistered school: four or more pupils, 18 hours or more")
    assert {(t.measure, t.value) for t in terms} == {
        ("unregistered_pupils_at", 4),
        ("unregistered_hours_at", 18),
    }


@pytest.mark.parametrize(
    ("text", "measure", "value", "why"),
    [
        ("Hold a review every 10 to 12 weeks", "review_every", 12, "range"),
        ("Teach 4 hours a week", "weekly_hours_at_most", 4, "no bound"),
        ("Join the biannual audits", "audit_every", 2, "twice a year or every two years"),
        ("Hold a review every half term", "review_every", 6, "about 6 weeks"),
        ("Pay within 10 working days", "payment_within", 10, "working days"),
        ("Invoice monthly or termly", "invoice_every", 1, "which of the two"),
        ("Reply to an offer within 3 days", "answer_offer_within", 3, "counts days"),
        ("Screen a referral within 3 school days", "screen_within", 3, "counts school days"),
    ],
)
def test_an_unclear_number_is_proposed_under_a_doubt(
    text: str, measure: str, value: int, why: str
) -> None:
    terms, doubts = propose(text)
    assert [(t.measure, t.value) for t in terms] == [(measure, value)]
    assert any(why in doubt for doubt in doubts)


@pytest.mark.parametrize("text", ["Answer letters within 2 days", "Water the plants every week"])
def test_a_number_without_a_measure_is_only_a_doubt(text: str) -> None:
    terms, doubts = propose(text)
    assert terms == ()
    assert len(doubts) == 1


@pytest.mark.parametrize(
    "text",
    ["Insure pupils under 16 years", "Name an end date for Year 11", "Keep the 8 principles"],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert propose(text) == ((), ())


def test_a_commissioners_termly_report_is_of_outcomes() -> None:
    terms, _ = propose("Share termly reports on outcomes", "commissioner")
    assert [t.measure for t in terms] == ["outcome_report_every"]
