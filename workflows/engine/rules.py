"""Whether the state of a task allows something. Pure functions; none asks who the person is."""

from __future__ import annotations

from datetime import date, timedelta

#: A task without a due date would be forgotten for ever otherwise.
LONGEST_SNOOZE = timedelta(days=28)


def why_cannot_snooze(
    until: date, due_date: date | None, today: date, *, is_late: bool
) -> str | None:
    """Return why a task cannot be put off until the day, or None where it can."""
    if is_late:
        return "This task is overdue, so it cannot be put off. Ask for another due date."
    if until <= today:
        return "Choose a day after today."
    if due_date is not None:
        if due_date <= today:
            return "This task is due today, so it cannot be put off. Ask for another due date."
        if until > due_date:
            return f"Choose a day up to {due_date:%-d %B %Y}, when the task is due."
    elif until > today + LONGEST_SNOOZE:
        return f"Choose a day up to {today + LONGEST_SNOOZE:%-d %B %Y}, four weeks from today."
    return None
