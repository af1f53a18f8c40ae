"""Which role may change what a partnership asks: its administrators and its local authority's."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "change_questionnaire": "Change the questions of the referral form",
}

GRANTS: dict[Role, set[str]] = {
    Role.ADMINISTRATOR: {"change_questionnaire"},
}
