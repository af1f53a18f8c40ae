"""Who is told that a family has written, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from permissions import queries as permissions
from workflows.engine.events import Notification

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.engine.models import Event


def school(event: Event) -> Iterable[User]:
    """Answer the people who ask the families of the home school for their views."""
    case: Any = event.subject
    return permissions.people_with("invite_family", case.pupil.school)


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "family_gave_views": [
        Notification(school, "mail/family_gave_views.txt", "A family has told you what they think")
    ],
}
