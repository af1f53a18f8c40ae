"""Which role may change a partnership's criteria: its administrators and its local authority's."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "change_criteria": "Change the criteria by which referrals are screened",
}

GRANTS: dict[Role, set[str]] = {
    Role.ADMINISTRATOR: {"change_criteria"},
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: dict[str, str] = dict.fromkeys(
    ("change", "discard", "simulate", "publish"), "change_criteria"
)
