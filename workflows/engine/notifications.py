"""Who is told about tasks themselves, whatever their process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth import get_user_model

from . import notes
from .events import Notification
from .models import Event, Mention, Task, TaskNote


def new_owner(event: Event) -> Iterable[Any]:
    """Give the person who was given the task; nobody when it has moved on since."""
    task = event.subject
    if not isinstance(task, Task) or not task.is_open or task.owner_id != event.data["to"]:
        return []
    return get_user_model().objects.filter(pk=task.owner_id)


def mentioned(event: Event) -> Iterable[Any]:
    """Give those whom a note mentions, as far as they may still read it."""
    note = event.subject
    if not isinstance(note, TaskNote):
        return []
    named = Mention.objects.filter(note=note).values("person")
    return notes.readers(note.task, note.audience).filter(pk__in=named)


def both_in_cover(event: Event) -> Iterable[Any]:
    """Give who covers and who is away."""
    return get_user_model().objects.filter(pk__in=[event.data["absent"], event.data["covering"]])


def in_the_role(event: Event) -> Iterable[Any]:
    """Give the people who have the role that late tasks are shown to."""
    return get_user_model().objects.filter(
        memberships__organisation=event.organisation,
        memberships__role=event.data["role"],
        memberships__ended_at=None,
    )


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "task_reassigned": [
        Notification(new_owner, "mail/task_reassigned.txt", "A task was given to you")
    ],
    "tasks_escalated": [
        Notification(in_the_role, "mail/tasks_escalated.txt", "Tasks that are too late")
    ],
    "task_note_written": [
        Notification(mentioned, "mail/task_note.txt", "A note on a task mentions you")
    ],
    "cover_arranged": [
        Notification(both_in_cover, "mail/cover_arranged.txt", "Cover for a colleague was arranged")
    ],
    "cover_ended": [
        Notification(both_in_cover, "mail/cover_ended.txt", "Cover for a colleague was ended")
    ],
}
