"""What happened at a meeting: who came, and the minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from permissions import audit
from permissions.exceptions import NotPermitted
from workflows.engine.exceptions import NotAllowed
from workflows.panels import queries
from workflows.panels.actions.holding import begin
from workflows.panels.models import AgendaItem, Attendance, Minute, PanelMeeting
from workflows.panels.states import Presence

if TYPE_CHECKING:
    from permissions.models import User


def record_attendance(
    *, meeting: PanelMeeting, presences: Mapping[int, Presence | str], by: User
) -> None:
    """Note for the people of a meeting, by their ids, whether they came; others are left out.

    Raises NotPermitted, NotAllowed.
    """
    with audit.acting(by), transaction.atomic():
        begin("record_attendance", meeting, by)
        known = set(queries.people_of(meeting).values_list("pk", flat=True))
        for person, presence in presences.items():
            if person in known:
                Attendance.objects.update_or_create(
                    meeting=meeting,
                    person_id=person,
                    defaults={"presence": Presence(presence)},
                )


def write_minutes(
    *, meeting: PanelMeeting, text: str, replaces: int, by: User, item: AgendaItem | None = None
) -> Minute:
    """Write the minutes of an item, or of the meeting as a whole, in the place of earlier ones.

    `replaces` is the number of those the writer saw, 0 for none: somebody else's are not overwritten.
    Every version is kept. Raises NotPermitted, NotAllowed.
    """
    return _write("write_minutes", meeting, item, text, replaces, by)


def correct_minutes(
    *, meeting: PanelMeeting, text: str, replaces: int, by: User, item: AgendaItem | None = None
) -> Minute:
    """Add a correction to the minutes of a closed meeting. Raises NotPermitted, NotAllowed."""
    return _write("correct_minutes", meeting, item, text, replaces, by)


def _write(
    action: str,
    meeting: PanelMeeting,
    item: AgendaItem | None,
    text: str,
    replaces: int,
    by: User,
) -> Minute:
    with audit.acting(by), transaction.atomic():
        begin(action, meeting, by)
        if item is not None and not meeting.items.visible_to(by).filter(pk=item.pk).exists():
            raise NotPermitted("You cannot see this item of the agenda.")
        if not text.strip():
            raise NotAllowed("Enter what is to be written.")
        number = meeting.minutes.filter(item=item).aggregate(last=Max("number"))["last"] or 0
        if number != replaces:
            raise NotAllowed(
                "Somebody has written here since you opened this page. Their words are above; add "
                "to them what is yours."
            )
        return Minute.objects.create(
            meeting=meeting,
            item=item,
            number=number + 1,
            text=text.strip(),
            is_correction=action == "correct_minutes",
            written_by=by,
        )
