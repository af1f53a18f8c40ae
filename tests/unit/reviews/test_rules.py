"""The rules of reviews, without a database."""

from datetime import date
from typing import Any

import pytest

from workflows.reviews import rules
from workflows.reviews.states import ReviewStatus

TODAY = date(2026, 12, 1)


def test_the_task_appears_the_lead_before_the_review_is_due() -> None:
    assert rules.opens_date(date(2026, 12, 15), 14) == TODAY
    assert rules.opens_date(date(2026, 12, 15), 0) == date(2026, 12, 15)


def test_a_review_opens_on_its_day_and_not_before() -> None:
    assert rules.why_cannot_open(ReviewStatus.SCHEDULED, opens=TODAY, today=TODAY) is None
    early = rules.why_cannot_open(ReviewStatus.SCHEDULED, opens=date(2026, 12, 2), today=TODAY)
    assert early == "This review opens on 2 December 2026. Come back then."


@pytest.mark.parametrize("status", [ReviewStatus.DUE, ReviewStatus.HELD, ReviewStatus.CANCELLED])
def test_a_review_opens_once(status: ReviewStatus) -> None:
    assert rules.why_cannot_open(status, opens=TODAY, today=TODAY)


def holding(status: str = ReviewStatus.DUE, **changes: Any) -> str | None:
    facts = {
        "held_date": TODAY,
        "not_before": date(2026, 9, 14),
        "today": TODAY,
        "placement_is_running": True,
        **changes,
    }
    return rules.why_cannot_hold(status, **facts)


def test_an_open_review_of_a_running_placement_is_recorded() -> None:
    assert holding() is None
    assert holding(held_date=date(2026, 9, 14)) is None


@pytest.mark.parametrize(
    ("status", "changes", "words"),
    [
        (ReviewStatus.SCHEDULED, {}, "not open yet"),
        (ReviewStatus.HELD, {}, "already been held"),
        (ReviewStatus.CANCELLED, {}, "was cancelled"),
        (ReviewStatus.DUE, {"placement_is_running": False}, "not running"),
        (ReviewStatus.DUE, {"held_date": date(2026, 12, 2)}, "after it was held"),
        (ReviewStatus.DUE, {"held_date": date(2026, 9, 13)}, "before 14 September 2026"),
    ],
)
def test_a_review_is_refused_with_a_sentence_that_says_what_to_do(
    status: str, changes: dict[str, Any], words: str
) -> None:
    reason = holding(status, **changes)
    assert reason is not None
    assert words in reason


def test_an_action_is_for_an_organisation_in_the_case_and_due_after_the_review() -> None:
    dates = {"due_date": TODAY, "held_date": TODAY}
    assert rules.why_cannot_agree(1, takes_part=True, **dates) is None
    assert rules.why_cannot_agree(2, takes_part=False, **dates)
    assert rules.why_cannot_agree(2, takes_part=True, due_date=date(2026, 11, 30), held_date=TODAY)


def test_only_a_review_still_to_be_held_is_cancelled() -> None:
    assert rules.why_cannot_cancel(ReviewStatus.SCHEDULED) is None
    assert rules.why_cannot_cancel(ReviewStatus.DUE) is None
    assert rules.why_cannot_cancel(ReviewStatus.HELD)
    assert rules.why_cannot_cancel(ReviewStatus.CANCELLED)


def test_an_action_is_done_once() -> None:
    assert rules.why_cannot_complete_action(False) is None
    assert rules.why_cannot_complete_action(True)
