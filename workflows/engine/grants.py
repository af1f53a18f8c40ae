"""Who may look after other people's tasks: role to permissions, as a table."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "reassign_task": "Give a task to somebody else and set its due date",
    "retry_failed_step": "See background steps that failed, and run them again",
    "change_escalation": "Say which role is shown tasks that are too late",
}

GRANTS: dict[Role, set[str]] = {
    Role.OFFICER: {"reassign_task"},
    Role.PANEL_CHAIR: {"reassign_task"},
    Role.HEAD: {"reassign_task", "change_escalation"},
    # A provider has no administrator.
    Role.SIGNATORY: {"change_escalation"},
    Role.ADMINISTRATOR: {"reassign_task", "retry_failed_step", "change_escalation"},
}
