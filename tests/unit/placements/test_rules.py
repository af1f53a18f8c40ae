"""The rules of offers and placements, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workflows.placements import rules
from workflows.placements.states import AllocationStatus, OfferStatus, PlacementStatus

TODAY = date(2026, 9, 7)


def offering(**changes: Any) -> str | None:
    facts: dict[str, Any] = {
        "status": AllocationStatus.OPEN,
        "provider": "Lantern Hospital School",
        "is_listed": True,
        "agreement": "Service level agreement",
        "hours": Decimal("5"),
        "hours_at_most": Decimal("5.00"),
        "clause": "clause 3 of version 2",
        "starts_date": date(2026, 9, 14),
        "ends_date": None,
        "today": TODAY,
        **changes,
    }
    return rules.why_cannot_make_offer(facts.pop("status"), **facts)


def test_an_offer_within_the_agreements_hours_to_a_listed_provider_is_allowed() -> None:
    assert offering() is None
    assert offering(hours=Decimal("0.5"), starts_date=TODAY, ends_date=date(2026, 9, 8)) is None


def test_without_a_limit_in_the_agreement_any_hours_are_allowed() -> None:
    assert offering(hours=Decimal("25"), hours_at_most=None, clause="") is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": AllocationStatus.OFFERED}, "already been offered"),
        ({"status": AllocationStatus.PLACED}, "already has a provider"),
        ({"status": AllocationStatus.ENDED}, "already has a provider"),
        ({"agreement": None}, "no service level agreement in force"),
        ({"is_listed": False}, "not in your directory"),
        ({"hours": Decimal("0")}, "more than 0"),
        ({"hours": Decimal("5.5")}, "up to 5 hours a week (clause 3 of version 2)"),
        ({"starts_date": date(2026, 9, 6)}, "in the past"),
        ({"ends_date": date(2026, 9, 14)}, "after the start date"),
    ],
)
def test_an_offer_is_refused_with_a_sentence_that_says_what_to_do(
    changes: dict[str, Any], words: str
) -> None:
    reason = offering(**changes)
    assert reason is not None
    assert words in reason


@pytest.mark.parametrize("status", [status for status in OfferStatus if status != OfferStatus.MADE])
def test_an_offer_is_answered_once(status: OfferStatus) -> None:
    assert rules.why_cannot_answer(OfferStatus.MADE) is None
    assert rules.why_cannot_answer(status)


def test_an_offer_is_withdrawn_until_its_placement_starts() -> None:
    assert rules.why_cannot_withdraw_offer(OfferStatus.MADE, None) is None
    assert rules.why_cannot_withdraw_offer(OfferStatus.ACCEPTED, PlacementStatus.AGREED) is None
    started = rules.why_cannot_withdraw_offer(OfferStatus.ACCEPTED, PlacementStatus.STARTED)
    assert started
    assert "hold a review" in started
    assert rules.why_cannot_withdraw_offer(OfferStatus.DECLINED, None)


def test_a_placement_starts_only_when_the_agreement_says_nothing_against_it() -> None:
    agreed = PlacementStatus.AGREED
    assert rules.why_cannot_start(agreed, agreement_says=None) is None
    assert rules.why_cannot_start(agreed, agreement_says="Ask them.") == "Ask them."
    started = rules.why_cannot_start(PlacementStatus.STARTED, agreement_says=None)
    assert started
    assert "already started" in started


def test_a_placement_starts_from_the_day_it_was_agreed_and_before_it_ends() -> None:
    def on(day: int, ends_date: date | None = None) -> str | None:
        return rules.why_not_start_date(date(2026, 9, day), agreed_date=TODAY, ends_date=ends_date)

    assert on(7) is None
    assert on(8, date(2026, 9, 9)) is None
    before = on(6)
    assert before
    assert "took the place on 7 September 2026" in before
    assert on(9, date(2026, 9, 9))


def test_a_placement_starts_and_ends_once() -> None:
    assert rules.why_cannot_start(PlacementStatus.STARTED, agreement_says=None)
    assert rules.why_cannot_start(PlacementStatus.ENDED, agreement_says=None)
    dates = {"starts_date": TODAY, "ended_date": TODAY}
    assert rules.why_cannot_end(PlacementStatus.STARTED, **dates) is None
    assert rules.why_cannot_end(PlacementStatus.AGREED, **dates)
    assert rules.why_cannot_end(PlacementStatus.ENDED, **dates)
    before = {"starts_date": TODAY, "ended_date": date(2026, 9, 6)}
    assert rules.why_cannot_end(PlacementStatus.STARTED, **before)


@pytest.mark.parametrize(
    ("number", "text"), [("5.00", "5"), ("2.50", "2.5"), ("10", "10"), ("100.0", "100")]
)
def test_numbers_are_written_plainly(number: str, text: str) -> None:
    assert rules.plain(Decimal(number)) == text
