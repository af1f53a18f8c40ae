"""The register of measures: bounds, whole numbers, advice and words."""

from decimal import Decimal

import pytest

from workflows.agreements import measures


@pytest.mark.parametrize("measure", measures.REGISTER.values(), ids=lambda measure: measure.code)
def test_every_measure_can_be_obeyed(measure: measures.Measure) -> None:
    assert 0 < measure.lower <= measure.upper
    assert measure.unit_label
    assert measure.obeyed_by
    assert measures.why_not(measure.code, measure.lower) is None
    assert measures.why_not(measure.code, measure.upper) is None
    assert measures.why_not(measure.code, measure.upper + 1)
    assert measures.why_not(measure.code, measure.lower - 1)


def test_refusals_say_what_to_do() -> None:
    assert measures.why_not("review_every", Decimal("300")) == (
        "“A review is held every” must be between 1 and 26 weeks."
    )
    assert measures.why_not("review_every", Decimal("2.5")) == (
        "“A review is held every” must be a whole number of weeks."
    )
    assert measures.why_not("no_such", Decimal(1)) == "Choose a measure from the list."


def test_half_hours_of_tuition_are_allowed() -> None:
    assert measures.why_not("weekly_hours_at_most", Decimal("2.5")) is None


def test_a_long_cadence_of_reviews_is_allowed_with_advice() -> None:
    assert measures.advice("review_every", Decimal(12))
    assert not measures.advice("review_every", Decimal(6))


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("12.00", "weeks", "12 weeks"),
        ("1.00", "half_terms", "1 half term"),
        ("2.50", "hours", "2.5 hours a week"),
        ("100", "minutes", "100 minutes"),
    ],
)
def test_numbers_are_written_as_people_do(value: str, unit: str, words: str) -> None:
    assert measures.in_words(Decimal(value), unit) == words


def test_one_is_not_said_after_every() -> None:
    assert measures.sentence("report_every", Decimal(1), "terms") == (
        "A written report is made every term"
    )
    assert measures.sentence("charge_per", Decimal(1), "weeks") == "A charge is made for each week"
    assert measures.sentence("payment_within", Decimal(1), "days") == (
        "An invoice is paid within 1 day"
    )
