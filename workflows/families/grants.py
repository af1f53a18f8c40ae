"""Which role may ask a family for its views."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "invite_family": "Give a family a private link to say what they think",
}

GRANTS: dict[Role, set[str]] = {
    Role.REFERRER: {"invite_family"},
    Role.HEAD: {"invite_family"},
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: dict[str, str] = {
    "make_link": "invite_family",
    "revoke_link": "invite_family",
}
