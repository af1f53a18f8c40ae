"""Which role may change a partnership's letters."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "change_letter": "Change the partnership's letters",
}

# An administrator of the local authority changes those of its partnerships as well.
GRANTS: dict[Role, set[str]] = {
    Role.ADMINISTRATOR: {"change_letter"},
}
