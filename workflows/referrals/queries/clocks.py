"""Until when each step of a referral is due, and how long it has taken; paused days do not count."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from django.utils import timezone

from workflows.agreements import measures
from workflows.agreements import queries as agreements
from workflows.calendar import queries as calendar
from workflows.referrals import rules
from workflows.referrals.models import ClockPause, PanelSettings, Question, Referral
from workflows.referrals.queries.panels import latest_consideration, panel_settings
from workflows.referrals.states import TransferStatus

_DEFAULT_DAYS: dict[str, Callable[[PanelSettings], int]] = {
    "screen_within": lambda settings: settings.screen_working_days,
    "decide_within": lambda settings: settings.decide_working_days,
    "answer_within": lambda settings: settings.answer_working_days,
}
# The school's own clock runs while the partnership's stand still.
_NEVER_PAUSED = frozenset({"answer_within"})


def open_pause(referral: Referral) -> ClockPause | None:
    """Find the pause that is going on."""
    return referral.pauses.filter(ended_at__isnull=True).first()


def pauses_in_days(pauses: Iterable[ClockPause]) -> list[rules.Pause]:
    """Give pauses as the days on which they began and ended here."""
    return [
        rules.Pause(
            timezone.localdate(pause.started_at),
            timezone.localdate(pause.ended_at) if pause.ended_at else None,
        )
        for pause in pauses
    ]


def begun_at(referral: Referral, measure: str) -> datetime.datetime | None:
    """Tell when a clock began: `None` while it has not."""
    if measure == "screen_within":
        # Whoever takes a referral over has its own time to screen it.
        # Read whole, so that whoever counts many referrals can fetch their transfers beforehand.
        taken = [
            one.ended_at
            for one in referral.transfers.all()
            if one.status == TransferStatus.ACCEPTED and one.ended_at is not None
        ]
        return max(taken, default=referral.submitted_at)
    if measure == "decide_within":
        consideration = latest_consideration(referral)
        return consideration.opened_at if consideration else None
    asked = referral.questions.order_by("-asked_at", "-pk").first()
    return asked.asked_at if asked else None


def stopped_at(referral: Referral, measure: str) -> datetime.datetime | None:
    """Tell when what a clock measures was done: `None` while it is not."""
    if measure == "screen_within":
        return referral.screened_at
    if measure == "decide_within":
        consideration = latest_consideration(referral)
        return consideration.closed_at if consideration else None
    asked = referral.questions.order_by("-asked_at", "-pk").first()
    return asked.answered_at if asked else None


def due_at(
    referral: Referral, measure: str, *, since: datetime.datetime | None = None
) -> datetime.datetime:
    """Answer until when a step is due: so many working days on, at the end of the day.

    `measure` is `screen_within`, `decide_within` or `answer_within`; it is counted from when its
    clock began, or from now. The number is that of the partnership's agreement as it holds for the
    school; while it has no such clause, that of the panel's settings. Days on which the clock was
    paused do not count; while it is, the answer is as if it went on today.
    """
    partnership = referral.case.partnership
    number = _DEFAULT_DAYS[measure](panel_settings(partnership))
    if measure in measures.REGISTER:
        case = referral.case
        term = agreements.term_for(partnership, case.pupil.school, measure, case=case)
        number = int(term.value) if term else number
    begun = since or begun_at(referral, measure) or timezone.now()
    day = rules.due_date(
        timezone.localdate(begun),
        number,
        calendar=calendar.calendar_of(None),
        pauses=_counting(referral, measure),
        today=timezone.localdate(),
    )
    return calendar.at_end_of_day(day)


def days_taken(referral: Referral, measure: str) -> int | None:
    """Count the working days that a step took, or has taken so far, without the paused ones.

    `None` for a step whose clock never began.
    """
    begun = begun_at(referral, measure)
    if begun is None:
        return None
    until = stopped_at(referral, measure) or timezone.now()
    return rules.days_counted(
        timezone.localdate(begun),
        timezone.localdate(until),
        calendar=calendar.calendar_of(None),
        pauses=_counting(referral, measure),
    )


def _counting(referral: Referral, measure: str) -> list[rules.Pause]:
    return [] if measure in _NEVER_PAUSED else pauses_in_days(referral.pauses.all())


def open_questions(referral: Referral) -> list[Question]:
    """List what the school has not answered yet, in the order it was asked."""
    return list(referral.questions.filter(answered_at__isnull=True).order_by("pk"))


def unreminded(today: datetime.date) -> list[ClockPause]:
    """List the pauses of which the school has not been reminded, oldest first."""
    return list(
        ClockPause.objects.filter(
            ended_at__isnull=True, reminded_at__isnull=True, started_at__date__lt=today
        )
        .select_related("referral__case__pupil__school", "referral__case__partnership")
        .order_by("started_at", "pk")
    )
