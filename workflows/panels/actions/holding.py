"""What every action of a meeting has in common: lock, ask, look at the status, say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from permissions import checks
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.panels import grants, rules
from workflows.panels.models import PanelMeeting

if TYPE_CHECKING:
    from permissions.models import User


def begin(action: str, meeting: PanelMeeting, by: User | None) -> None:
    """Lock the meeting, ask the permission, then the status. Raises NotPermitted, NotAllowed."""
    meeting.refresh_from_db(from_queryset=PanelMeeting.objects.select_for_update())
    if by is not None:
        checks.require(by, grants.ACTION_PERMISSIONS[action], meeting.partnership)
    if reason := rules.why_cannot(action, meeting.status):
        raise NotAllowed(reason)


def announce(kind: str, meeting: PanelMeeting, by: User | None, summary: str, **data: Any) -> None:
    """Record an event of the meeting. It belongs to no case and names no pupil."""
    events.announce(
        kind,
        subject=meeting,
        by=by,
        organisation=meeting.partnership,
        summary=summary,
        data={"meeting": meeting.pk, **data},
        meeting=meeting,
    )
