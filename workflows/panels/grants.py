"""Which role may do what with panel meetings."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "view_panel_meeting": "See when the panel meets",
    "plan_panel_meeting": "Plan panel meetings, their agendas and papers",
    "minute_panel_meeting": "Write the minutes of panel meetings",
    "chair_panel_meeting": "Open and close panel meetings",
    "name_substitute": "Name a substitute on the panel",
    "name_any_substitute": "Name a substitute for anybody on the panel",
}

GRANTS: dict[Role, set[str]] = {
    Role.PANEL_MEMBER: {"view_panel_meeting", "name_substitute"},
    Role.PANEL_SUBSTITUTE: {"view_panel_meeting"},
    Role.PANEL_CHAIR: {
        "view_panel_meeting",
        "plan_panel_meeting",
        "minute_panel_meeting",
        "chair_panel_meeting",
        "name_substitute",
    },
    Role.OFFICER: {"view_panel_meeting", "plan_panel_meeting", "minute_panel_meeting"},
    Role.ADMINISTRATOR: {"view_panel_meeting", "name_any_substitute"},
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: dict[str, str] = {
    "change_meeting": "plan_panel_meeting",
    "cancel_meeting": "plan_panel_meeting",
    "change_agenda": "plan_panel_meeting",
    "ask_for_packs": "plan_panel_meeting",
    "open_meeting": "chair_panel_meeting",
    "close_meeting": "chair_panel_meeting",
    "record_attendance": "minute_panel_meeting",
    "write_minutes": "minute_panel_meeting",
    "correct_minutes": "minute_panel_meeting",
}
