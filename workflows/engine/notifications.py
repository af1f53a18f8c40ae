"""Who is told about tasks themselves, whatever their process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth import get_user_model

from .events import Notification
from .models import Event, Task


def new_owner(event: Event) -> Iterable[Any]:
    """Give the person who was given the task; nobody when it has moved on since."""
    task = event.subject
    if not isinstance(task, Task) or not task.is_open or task.owner_id != event.data["to"]:
        return []
    return get_user_model().objects.filter(pk=task.owner_id)


def both_in_cover(event: Event) -> Iterable[Any]:
    """Give who covers and who is away."""
    return get_user_model().objects.filter(pk__in=[event.data["absent"], event.data["covering"]])


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "task_reassigned": [
        Notification(new_owner, "mail/task_reassigned.txt", "A task was given to you")
    ],
    "cover_arranged": [
        Notification(both_in_cover, "mail/cover_arranged.txt", "Cover for a colleague was arranged")
    ],
    "cover_ended": [
        Notification(both_in_cover, "mail/cover_ended.txt", "Cover for a colleague was ended")
    ],
}
