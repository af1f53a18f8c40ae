"""Background work of the calendar: next years' bank holidays, once a month."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="30 3 1 * *")
@app.task(name="calendar.add_bank_holidays", queueing_lock="calendar.add_bank_holidays")
def add_bank_holidays(timestamp: int) -> None:
    """Add the bank holidays that have become known."""
    from . import actions

    actions.add_bank_holidays()
