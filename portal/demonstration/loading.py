"""Loading the demonstration: all the stories side by side, with the clock set to each step's day.

Everything happens in one transaction, so there is a whole demonstration or none. Messages about
days gone by are not sent; letters and receipts are made at once.
"""

from __future__ import annotations

import datetime
import gc
import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection, transaction
from django.utils import timezone

from portal.demonstration import area, children, criteria, documents, meetings, objections, stories
from workflows.engine import jobs, timers

LONDON = ZoneInfo("Europe/London")
CASES = 60
#: The agreements were published so many days ago: before the oldest case.
PUBLISHED_DAYS_AGO = 200
#: Jobs that make a document; the others only tell people.
DOCUMENT_JOBS = frozenset({"agreements.make_receipt", "referrals.make_letter"})
#: Steps happen from this hour on, on a school day's time.
FIRST_HOUR = 9

Step = tuple[datetime.datetime, int, Iterator[float], datetime.datetime]


def load(progress: Callable[[int, int], None] = lambda _done, _of: None) -> int:
    """Make the demonstration; returns the number of cases. `progress` hears of each one begun."""
    now = timezone.now().astimezone(LONDON)
    with (
        rarely_collected(),
        transaction.atomic(),
        without_savepoints(),
        jobs_done_at_once() as do_jobs,
    ):
        with time_machine.travel(_moment(now, -PUBLISHED_DAYS_AGO, 0), tick=False):
            the_area = area.Builder().build(beside=documents.publish)
            criteria.tell(the_area)
            objections.tell(the_area)
            do_jobs()
        _tell(the_area, now, do_jobs, progress)
        meetings.tell(the_area, now)
        do_jobs()
    return CASES


def _tell(
    the_area: area.Area,
    now: datetime.datetime,
    do_jobs: Callable[[], None],
    progress: Callable[[int, int], None],
) -> None:
    """Take every story's steps in the order of their moments."""
    queue: list[Step] = []
    for number in range(CASES):
        story, begins = _story(the_area, number, now)
        heapq.heappush(queue, (_moment(begins, next(story), number), number, story, begins))
    swept, begun = None, set()
    while queue:
        moment, number, story, begins = heapq.heappop(queue)
        moment = min(moment, now)
        with time_machine.travel(moment, tick=False):
            if swept != moment.date():
                timers.sweep()
                swept = moment.date()
            following = next(story, None)
            do_jobs()
        if number not in begun:
            begun.add(number)
            progress(len(begun), CASES)
        if following is not None:
            heapq.heappush(queue, (_moment(begins, following, number), number, story, begins))
    timers.sweep()


def _story(
    the_area: area.Area, number: int, now: datetime.datetime
) -> tuple[Iterator[float], datetime.datetime]:
    partnership = the_area.partnerships[number * len(the_area.partnerships) // CASES]
    schools = the_area.schools[partnership.pk]
    accepting = the_area.providers[partnership.pk][:-1]
    journey = stories.Journey(
        area=the_area,
        partnership=partnership,
        school=schools[number % len(schools)],
        provider=accepting[number % len(accepting)],
        child=children.child(number, now.date()),
    )
    # Seven and the number of endings have no common divisor: each comes equally often, in turn.
    ending = stories.ENDINGS[number * 7 % len(stories.ENDINGS)]
    tell = ending.tell
    if tell is stories.returned and number % 2:
        tell = stories.ended
    days = ending.days + 7 * journey.review_weeks * ending.per_review
    return tell(journey), now - datetime.timedelta(days=days)


def _moment(start: datetime.datetime, days: float, number: int) -> datetime.datetime:
    """Return the moment in working hours so many days after; never on a weekend."""
    day = (start + datetime.timedelta(days=days)).date()
    day -= datetime.timedelta(days=max(0, day.weekday() - 4))
    hour, minute = FIRST_HOUR + number % 7, number * 13 % 60
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=LONDON)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage seldom: among a whole application's objects it was a third of the work."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Make no savepoints: nothing is refused in the stories, and they were a quarter of the work.

    An error that is caught on the way still ends the whole, because Django then marks the
    transaction as broken.
    """
    features, uses = connection.features, connection.features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = uses


@contextmanager
def jobs_done_at_once() -> Iterator[Callable[[], None]]:
    """Keep jobs out of the queue; the function given does those that make documents."""
    with jobs.held() as waiting:

        def do_jobs() -> None:
            for job, arguments in waiting:
                if job.name in DOCUMENT_JOBS:
                    job(**arguments)
            waiting.clear()

        yield do_jobs
