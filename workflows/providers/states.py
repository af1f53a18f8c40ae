"""The tables of the directory: an entry is listed, or it has been removed."""

from __future__ import annotations

from django.db import models

from permissions.roles import Role


class Status(models.TextChoices):
    """Whether a provider is in a partnership's directory."""

    LISTED = "listed", "Listed"
    REMOVED = "removed", "Removed"


TRANSITIONS: dict[str, tuple[frozenset[Status], Status]] = {
    "remove_entry": (frozenset({Status.LISTED}), Status.REMOVED),
}

# Actions that change no status, to the statuses in which they are possible.
ALLOWED_IN: dict[str, frozenset[Status]] = {
    "change_entry": frozenset({Status.LISTED}),
}

OWNERS: dict[Status, tuple[Role, ...]] = {
    Status.LISTED: (Role.OFFICER,),
    Status.REMOVED: (Role.OFFICER,),
}
