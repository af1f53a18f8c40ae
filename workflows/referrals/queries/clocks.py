"""Until when each step of a referral is due."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.utils import timezone

from workflows.agreements import measures
from workflows.agreements import queries as agreements
from workflows.calendar import queries as calendar
from workflows.referrals.models import PanelSettings, Referral
from workflows.referrals.queries.panels import panel_settings

_DEFAULT_DAYS: dict[str, Callable[[PanelSettings], int]] = {
    "screen_within": lambda settings: settings.screen_working_days,
    "decide_within": lambda settings: settings.decide_working_days,
    "answer_within": lambda settings: settings.answer_working_days,
}


def due_at(
    referral: Referral, measure: str, *, since: datetime.datetime | None = None
) -> datetime.datetime:
    """Answer until when a step is due: so many working days on, at the end of the day.

    `measure` is `screen_within`, `decide_within` or `answer_within`. The number is that of the
    partnership's agreement as it holds for the school; while it has no such clause, that of the
    panel's settings.
    """
    partnership = referral.case.partnership
    days = _DEFAULT_DAYS[measure](panel_settings(partnership))
    if measure in measures.REGISTER:
        term = agreements.term_for(partnership, referral.case.pupil.school, measure)
        days = int(term.value) if term else days
    begun = timezone.localdate(since or timezone.now())
    authority = partnership.local_authority or partnership
    return calendar.at_end_of_day(calendar.add_working_days(begun, days, authority))
