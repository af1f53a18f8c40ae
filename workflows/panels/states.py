"""The tables of panel meetings: kinds, statuses, how they follow each other, who owns each."""

from __future__ import annotations

from django.db import models

from permissions.roles import Role


class Kind(models.TextChoices):
    """How a panel meets."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "By video"
    VIRTUAL = "virtual", "Virtual: members vote between two moments, without meeting"


class Status(models.TextChoices):
    """What is true of a meeting."""

    PLANNED = "planned", "Planned"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class Presence(models.TextChoices):
    """Whether somebody came to a meeting."""

    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Apologies"
    ABSENT = "absent", "Absent"


class ItemEnd(models.TextChoices):
    """Why an item left an agenda without a decision."""

    REMOVED = "removed", "Taken off the agenda"
    CARRIED_OVER = "carried_over", "Not decided at the meeting"


class PackStatus(models.TextChoices):
    """What is true of a member's pack of papers."""

    WAITING = "waiting", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Action to the statuses it may start from, and the status it leads to.
TRANSITIONS: dict[str, tuple[frozenset[Status], Status]] = {
    "open_meeting": (frozenset({Status.PLANNED}), Status.OPEN),
    "close_meeting": (frozenset({Status.OPEN}), Status.CLOSED),
    "cancel_meeting": (frozenset({Status.PLANNED}), Status.CANCELLED),
}

# A meeting that is still to come or under way.
LIVE = frozenset({Status.PLANNED, Status.OPEN})

# Actions that change no status, to the statuses in which they are possible.
ALLOWED_IN: dict[str, frozenset[Status]] = {
    "change_meeting": LIVE,
    "change_agenda": LIVE,
    "ask_for_packs": LIVE,
    "record_attendance": frozenset({Status.OPEN}),
    "write_minutes": frozenset({Status.OPEN}),
    "correct_minutes": frozenset({Status.CLOSED}),
}

# Who has the next move in each status.
OWNERS: dict[Status, tuple[Role, ...]] = {
    Status.PLANNED: (Role.OFFICER, Role.PANEL_CHAIR),
    Status.OPEN: (Role.PANEL_CHAIR,),
    Status.CLOSED: (Role.OFFICER, Role.PANEL_CHAIR),
    Status.CANCELLED: (Role.OFFICER,),
}
