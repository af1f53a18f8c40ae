"""Who is told about panel meetings, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from permissions.models import User
from workflows.engine.events import Notification

from . import queries
from .models import PanelMeeting

if TYPE_CHECKING:
    from workflows.engine.models import Event


def _meeting(event: Event) -> PanelMeeting:
    return PanelMeeting.objects.select_related("partnership").get(pk=event.data["meeting"])


def panel(event: Event) -> Iterable[User]:
    """Answer everybody who belongs to the meeting."""
    return queries.people_of(_meeting(event))


def chairs(event: Event) -> Iterable[User]:
    """Answer the meeting's chair; where it has none, those who may chair it."""
    meeting = _meeting(event)
    if meeting.chair is not None and meeting.chair.is_active:
        return [meeting.chair]
    return queries.chairs(meeting.partnership)


def reader(event: Event) -> Iterable[User]:
    """Answer the member whose papers are ready."""
    return User.objects.filter(pk=event.data["member"])


def both(event: Event) -> Iterable[User]:
    """Answer the member and the substitute."""
    return User.objects.filter(pk__in=[event.data["member"], event.data["substitute"]])


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "meeting_planned": [
        Notification(panel, "mail/meeting_planned.txt", "A panel meeting is planned")
    ],
    "meeting_changed": [
        Notification(panel, "mail/meeting_changed.txt", "A panel meeting has changed")
    ],
    "meeting_cancelled": [
        Notification(panel, "mail/meeting_cancelled.txt", "A panel meeting is cancelled")
    ],
    "meeting_lacks_votes": [
        Notification(chairs, "mail/meeting_lacks_votes.txt", "A virtual panel needs more votes")
    ],
    "papers_ready": [
        Notification(reader, "mail/papers_ready.txt", "Your papers for a panel meeting")
    ],
    "substitute_named": [
        Notification(both, "mail/substitute_named.txt", "A substitute on the panel")
    ],
}
