"""Background jobs of the engine: messages and timers.

A job deferred inside a transaction commits or rolls back with it. Arguments are ids: nothing
personal is kept in the queue. A failed job is tried again three times with growing waits, then
stays where an administrator sees it (`queries.failed_jobs`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

logger = logging.getLogger(__name__)

#: Three tries: the second half a minute after the first, the third a quarter of an hour later.
#: The library counts the tries after the first one.
RETRY = RetryStrategy(max_attempts=2, exponential_wait=30)


_held: ContextVar[list[tuple[Any, dict[str, Any]]] | None] = ContextVar("held", default=None)


def queue(job: Any, **arguments: Any) -> None:
    """Put a job in the queue as part of the current transaction."""
    kept = _held.get()
    if kept is None:
        job.defer(**arguments)
    else:
        kept.append((job, arguments))


@contextmanager
def held() -> Iterator[list[tuple[Any, dict[str, Any]]]]:
    """Keep jobs out of the queue, in the list given: whoever asks decides what becomes of them.

    For the demonstration, whose days are long gone when it is loaded: nobody is to be told of them.
    """
    kept: list[tuple[Any, dict[str, Any]]] = []
    token = _held.set(kept)
    try:
        yield kept
    finally:
        _held.reset(token)


@app.task(name="engine.send_mail_for_event", retry=RETRY, queue="mail")
def send_mail_for_event(event_id: int) -> None:
    """Queue one message for each person whom an event concerns, or keep it for their digest."""
    from . import mail

    for number, user_id in mail.keep_for_digest(event_id, mail.addressees(event_id)):
        queue(send_one_mail, event_id=event_id, number=number, user_id=user_id)


@app.task(name="engine.send_one_mail", retry=RETRY, queue="mail")
def send_one_mail(event_id: int, number: int, user_id: int) -> None:
    """Send one message to one person: a failure repeats this one and no other."""
    from . import mail

    mail.send(event_id, number, user_id)


@app.task(name="engine.send_digest", retry=RETRY, queue="mail")
def send_digest(user_id: int) -> None:
    """Send one person what waits for their daily digest."""
    from . import mail

    mail.send_digest(user_id)


@app.periodic(cron="*/15 * * * *")
@app.task(name="engine.send_digests", queueing_lock="engine.send_digests", pass_context=False)
def send_digests(timestamp: int) -> None:
    """Queue the digests of those whose hour has come."""
    from . import preferences

    for user_id in preferences.due():
        queue(send_digest, user_id=user_id)


# Before work begins, in summer time and in winter time alike.
@app.periodic(cron="40 4 * * 1-5")
@app.task(name="engine.escalate", queueing_lock="engine.escalate", pass_context=False)
def escalate(timestamp: int) -> None:
    """Show tasks that are too late to the roles that organisations have named."""
    from . import escalation

    escalation.escalate()


@app.periodic(cron="* * * * *")
@app.task(name="engine.fire_timers", queueing_lock="engine.fire_timers", pass_context=False)
def fire_timers(timestamp: int) -> None:
    """Fire what is due, every minute."""
    from . import timers

    swept = timers.sweep()
    if swept.fired or swept.failed:
        logger.info("Timers: %s fired, %s busy, %s failed", swept.fired, swept.busy, swept.failed)
