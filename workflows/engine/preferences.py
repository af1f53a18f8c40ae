"""How a person wants to be told: at once, or once a day at an hour of theirs. Hours are London's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from . import jobs, working_days
from .models import MailPreference, WaitingMail

LONDON: Final = ZoneInfo("Europe/London")
DAY: Final = timedelta(days=1)


def preference_of(user: Any) -> MailPreference:
    """Return what the person has chosen, or what holds for who has chosen nothing; not saved."""
    return MailPreference.objects.filter(user=user).first() or MailPreference(user=user)


@transaction.atomic
def choose(user: Any, *, how: str, hour: int, working_days_only: bool) -> MailPreference:
    """Keep what the person wants; what waited for a digest that they no longer want is sent now."""
    preference, _ = MailPreference.objects.update_or_create(
        user=user,
        defaults={"how": how, "hour": hour, "working_days_only": working_days_only},
    )
    if how == MailPreference.How.AT_ONCE and WaitingMail.objects.filter(user=user).exists():
        jobs.queue(jobs.send_digest, user_id=user.pk)
    return preference


def last_moment(preference: MailPreference, now: datetime, holidays: Collection[date]) -> datetime:
    """Return when the person's last digest should have gone out, at the latest now."""
    day = now.astimezone(LONDON).date()
    while True:
        moment = datetime.combine(day, time(preference.hour), tzinfo=LONDON)
        works = working_days.is_working_day(day, holidays)
        if moment <= now and (works or not preference.working_days_only):
            return moment
        day -= DAY


def due(now: datetime | None = None) -> list[int]:
    """Return the people whose digest is to be sent now; three queries.

    Whatever has waited since before a person's last moment is due: a worker that stood still for
    an hour sends late and loses nothing.
    """
    now = now or timezone.now()
    today = now.astimezone(LONDON).date()
    oldest = dict(WaitingMail.objects.values_list("user").annotate(Min("queued_at")))
    holidays = working_days.holidays(today - working_days.LONGEST_BREAK, today)
    chosen = {one.user_id: one for one in MailPreference.objects.filter(user__in=oldest)}
    return sorted(
        person
        for person, since in oldest.items()
        if person not in chosen
        or chosen[person].how != MailPreference.How.DAILY
        or since < last_moment(chosen[person], now, holidays)
    )
