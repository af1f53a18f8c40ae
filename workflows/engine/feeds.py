"""The calendar feed: dates of a person's work, for the calendar program that they use anyway.

Each slice registers what it has dates of; the feed is all of it, at a private address. Whoever knows
the address reads it without signing in, so it carries references and kinds of dates and nothing
about a child, and only a digest of the address's secret part is kept: it is shown once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from icalendar import Calendar, Event, Timezone
from icalendar.prop import vDuration

from . import mail, states
from .models import CalendarFeed, Task

LONDON: Final = ZoneInfo("Europe/London")

#: How far back and ahead the feed goes, and how many dates of one kind it holds at most.
PAST: Final = timedelta(days=35)
AHEAD: Final = timedelta(days=400)
MOST: Final = 1_000

#: How often a calendar program is asked to look again.
REFRESHED: Final = timedelta(hours=1)
#: How exactly the page says when the address was last used.
READ_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One date in the feed. `title` is a kind and a reference, never a name.

    `uid` stays the same when the date moves, such as "review-12". A `date` is a whole day; a
    `datetime` lasts until `end`, or stands at that moment. `url` is a path of this service.
    """

    uid: str
    start: date | datetime
    end: date | datetime | None
    title: str
    url: str


Builder = Callable[[Any], Iterable[Entry]]

_builders: list[Builder] = []


def register(builder: Builder) -> None:
    """Have a slice's dates in the feed: a function of the person, who is active."""
    if builder not in _builders:
        _builders.append(builder)


def entries(user: Any) -> list[Entry]:
    """Return everything in a person's feed, in order; one query or so for each builder."""
    found = chain.from_iterable(builder(user) for builder in _builders)
    return sorted(found, key=lambda entry: (_moment(entry.start), entry.uid))


def window() -> tuple[datetime, datetime]:
    """Return from when until when the feed has dates."""
    now = timezone.now()
    return now - PAST, now + AHEAD


# --- The address --------------------------------------------------------------------------------


def feed_of(user: Any) -> CalendarFeed | None:
    """Return the person's feed that is in use."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


@transaction.atomic
def issue(user: Any) -> str:
    """Make a new secret address and end the one before; returns its secret part, kept nowhere."""
    # Two clicks at once wait for each other here.
    get_user_model().objects.select_for_update().get(pk=user.pk)
    revoke(user)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=user, digest=_digest(token))
    return token


def revoke(user: Any) -> bool:
    """End the person's address; returns whether there was one."""
    return bool(
        CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    )


def find(token: str) -> CalendarFeed | None:
    """Return the feed of an address, unless it was ended or its person may no longer sign in."""
    return (
        CalendarFeed.objects.filter(digest=_digest(token), revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )


def _digest(token: str) -> str:
    # A random value of 256 bits needs no slow hash: nobody guesses it.
    return hashlib.sha256(token.encode()).hexdigest()


# --- The file -----------------------------------------------------------------------------------


def read(feed: CalendarFeed) -> list[Entry]:
    """Return what the feed holds now, and note when that has changed and that it was read."""
    now = timezone.now()
    found = entries(feed.user)
    content = hashlib.sha256(repr(found).encode()).hexdigest()
    written: dict[str, Any] = {}
    if content != feed.content:
        written.update(content=content, changed_at=now)
    if feed.read_at is None or feed.read_at < now - READ_WITHIN:
        written.update(read_at=now)
    if written:
        CalendarFeed.objects.filter(pk=feed.pk).update(**written)
        for name, value in written.items():
            setattr(feed, name, value)
    return found


def as_ics(found: Iterable[Entry], changed_at: datetime) -> bytes:
    """Return the entries as iCalendar (RFC 5545): lines folded, times in London's own zone.

    The same entries give the same bytes: a stamp of now would make every answer a new one.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Accord//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Accord")
    calendar.add("x-wr-timezone", "Europe/London")
    for name in ("refresh-interval", "x-published-ttl"):
        calendar.add(name, vDuration(REFRESHED), parameters={"value": "DURATION"})
    calendar.add_component(_london())
    site = mail.site()
    host = site.partition("://")[2].partition("/")[0].partition(":")[0] or "accord"
    for entry in found:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", changed_at.astimezone(UTC))
        event.add("summary", entry.title)
        event.add("dtstart", _local(entry.start))
        if entry.end is not None:
            event.add("dtend", _local(entry.end))
        elif not isinstance(entry.start, datetime):
            # The end of a whole day is the day after it.
            event.add("dtend", entry.start + timedelta(days=1))
        event.add("url", site + entry.url)
        event.add("class", "PRIVATE")
        # A date to keep in mind does not make the day a busy one.
        event.add("transp", "OPAQUE" if entry.end is not None else "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


@cache
def _london() -> Timezone:
    """Return the rules of London's clock from last year on: slow to make, the same for all."""
    return Timezone.from_tzid("Europe/London", first_date=date(2020, 1, 1))


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


def _moment(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, datetime.min.time(), tzinfo=LONDON)


# --- The engine's own dates ---------------------------------------------------------------------


def due_dates(user: Any) -> Iterable[Entry]:
    """Give when the tasks that somebody has claimed are due, as far as they may still do them."""
    from . import queries

    first, last = window()
    mine = (
        queries.visible_tasks(user, queries.MINE)
        .filter(Q(due_at__gte=first) & Q(due_at__lte=last), status__in=states.OPEN)
        .order_by("due_at", "pk")[:MOST]
    )
    for task in mine:
        yield Entry(f"task-{task.pk}", _due(task), None, _title(task), task.get_absolute_url())


def _due(task: Task) -> datetime:
    assert task.due_at is not None  # the query asks for it
    return task.due_at


def _title(task: Task) -> str:
    return f"Due: {task.title}{f', {task.reference}' if task.reference else ''}"
