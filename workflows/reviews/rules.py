"""May this review be opened, held or cancelled? Pure functions: no database, no clock.

Each `why_cannot_...` returns the sentence that refuses, or None.
"""

from datetime import date, timedelta

from workflows.reviews.states import TRANSITIONS, ReviewStatus

OVER = {
    ReviewStatus.HELD: "This review has already been held.",
    ReviewStatus.CANCELLED: "This review was cancelled, because the placement ended.",
}


def opens_date(due_date: date, lead_days: int) -> date:
    """Return the day on which the task to hold the review appears, `lead_days` before it is due."""
    return due_date - timedelta(days=lead_days)


def moved_date(before: date, counted: date, today: date) -> date:
    """Return the day on which a review is due after another number was accepted.

    A date ahead never moves into the past; one that has passed never moves to a later day.
    """
    return min(counted, before) if before < today else max(counted, today)


def why_cannot_open(status: str, *, opens: date, today: date) -> str | None:
    """Say why a review cannot be opened for holding yet."""
    if status not in TRANSITIONS["open_review"][0]:
        return OVER.get(ReviewStatus(status), "This review is already open.")
    if today < opens:
        return f"This review opens on {opens:%-d %B %Y}. Come back then."
    return None


def why_cannot_hold(
    status: str,
    *,
    held_date: date,
    not_before: date,
    today: date,
    placement_is_running: bool,
) -> str | None:
    """Say why a review cannot be recorded as held.

    `not_before` is the day the placement started, or the day of the review before this one.
    """
    if status not in TRANSITIONS["hold_review"][0]:
        return OVER.get(
            ReviewStatus(status), "This review is not open yet. Wait until its task appears."
        )
    if not placement_is_running:
        return "This placement is not running. Only a placement that has started is reviewed."
    if held_date > today:
        return "The review is recorded after it was held. Enter today or an earlier date."
    if held_date < not_before:
        return (
            f"The review cannot have been before {not_before:%-d %B %Y}. "
            "Enter that date or a later one."
        )
    return None


def why_cannot_agree(
    number: int, *, takes_part: bool, due_date: date, held_date: date
) -> str | None:
    """Say why a review cannot agree an action, counted from 1 in the order entered."""
    if not takes_part:
        return f"Action {number} must be for an organisation that takes part in the case."
    if due_date < held_date:
        return f"Action {number} must be due on the day of the review or later."
    return None


def why_cannot_cancel(status: str) -> str | None:
    """Say why a review cannot be cancelled."""
    if status in TRANSITIONS["cancel_review"][0]:
        return None
    return OVER[ReviewStatus(status)]


def why_cannot_complete_action(done: bool) -> str | None:
    """Say why an agreed action cannot be marked as done."""
    return "This action is already marked as done." if done else None
