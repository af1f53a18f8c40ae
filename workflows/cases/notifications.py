"""Who is told about what happens to a case's documents, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from permissions import queries as permissions
from permissions.models import User
from workflows.engine.events import Notification

if TYPE_CHECKING:
    from workflows.engine.models import Event


def school(event: Event) -> Iterable[User]:
    """Answer the people who open cases for the home school: they bring new evidence."""
    case: Any = event.subject
    return permissions.people_with("open_case", case.pupil.school)


def sender(event: Event) -> Iterable[User]:
    """Answer whoever sent the file."""
    return User.objects.filter(pk=event.data["sent_by"], is_active=True)


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "evidence_expiring": [
        Notification(school, "mail/evidence_expiring.txt", "Evidence is about to expire")
    ],
    "file_refused": [Notification(sender, "mail/file_refused.txt", "A file you added was refused")],
}
