"""Which role may do what with the directory."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "view_directory": "View the directory of providers",
    "change_directory": "Add and remove providers in the directory",
}

GRANTS: dict[Role, set[str]] = {
    Role.OFFICER: {"view_directory", "change_directory"},
    Role.QUALITY_OFFICER: {"view_directory"},
    Role.ADMINISTRATOR: {"view_directory"},
    Role.AUDITOR: {"view_directory"},
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: dict[str, str] = {
    "list_provider": "change_directory",
    "change_entry": "change_directory",
    "remove_entry": "change_directory",
}
