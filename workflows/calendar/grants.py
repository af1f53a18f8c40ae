"""Who may change term dates."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "manage_calendar": "Enter term dates and closure days of a local authority",
}

GRANTS: dict[Role, set[str]] = {Role.ADMINISTRATOR: {"manage_calendar"}}

# Which permission each action asks for.
ACTION_PERMISSIONS: dict[str, str] = {
    "add_term": "manage_calendar",
    "add_closure_day": "manage_calendar",
    "remove_term": "manage_calendar",
    "remove_closure_day": "manage_calendar",
    "import_days": "manage_calendar",
}
