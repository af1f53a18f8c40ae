"""What happened: writes the event, calls the hand-overs, queues the messages, all in one transaction.

Actions call `announce`. Which action answers which event stands in `workflows/handovers.py`; who
is told, in each slice's `notifications.py`. Both register their tables here, so that a process
never has to know the one that comes after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from .models import Event


@dataclass(frozen=True)
class Notification:
    """One kind of message about one kind of event.

    `to` gives the people for an event, `template` is `mail/<name>.txt`, `subject` is the line of
    the e-mail and names nobody: it is read on lock screens. `at_once` is for what cannot wait,
    such as a concern for a child's safety: it is never kept for a daily digest. `attach` gives the
    files that go with the message to one person, each as name, content and type; it asks what that
    person may read. A digest carries no files.
    """

    to: Callable[[Event], Iterable[Any]]
    template: str
    subject: str
    at_once: bool = False
    attach: Callable[[Event, Any], Iterable[tuple[str, bytes, str]]] | None = None


Answer = Callable[..., Any]

_answers: dict[str, list[Answer]] = defaultdict(list)
_notifications: dict[str, list[Notification]] = defaultdict(list)


def answer_with(table: Mapping[str, Sequence[Answer]]) -> None:
    """Register which functions answer which kind of event, each called as f(event, **context)."""
    for kind, answers in table.items():
        _answers[kind].extend(answer for answer in answers if answer not in _answers[kind])


def notify_with(table: Mapping[str, Sequence[Notification]]) -> None:
    """Register who is told about which kind of event."""
    for kind, rows in table.items():
        _notifications[kind].extend(row for row in rows if row not in _notifications[kind])


def notifications_for(kind: str) -> list[Notification]:
    """Return the messages registered for a kind of event."""
    return list(_notifications.get(kind, ()))


def urgent_subjects() -> list[str]:
    """Return the subjects of what is sent at once whatever a person has chosen."""
    rows = (row for rows in _notifications.values() for row in rows)
    return sorted({row.subject for row in rows if row.at_once})


def announce(
    kind: str,
    *,
    subject: Any,
    by: Any,
    organisation: Any = None,
    audience: str = "parties",
    summary: str,
    data: dict[str, Any] | None = None,
    **context: Any,
) -> Event:
    """Record that something happened and set off what follows from it; returns the event.

    `by` None means Accord itself. `summary` is a plain sentence for the timeline that may name
    the pupil, never a diagnosis. `data` holds ids and numbers only. `context` is passed on to the
    hand-overs. All of it commits or rolls back with the caller's transaction.
    """
    from . import jobs

    with transaction.atomic():
        event = Event.objects.create(
            kind=kind,
            subject=subject,
            by=by,
            by_name=str(by.get_full_name() or by) if by is not None else "",
            organisation=organisation,
            audience=audience,
            summary=summary,
            data=data or {},
        )
        for answer in _answers.get(kind, ()):
            answer(event, **context)
        if _notifications.get(kind):
            jobs.queue(jobs.send_mail_for_event, event_id=event.pk)
    return event
