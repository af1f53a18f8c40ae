"""Which role sees how agreements are kept: a party its own part, a commissioner every party's."""

from typing import Final

from permissions.roles import Role

PERMISSIONS: Final[dict[str, str]] = {
    "view_scorecard": "See how the promises of the organisation's agreements are kept",
}

_SEEING: Final = {"view_scorecard"}

GRANTS: Final[dict[Role, set[str]]] = {
    # Providers
    Role.SIGNATORY: _SEEING,
    Role.TUTOR: _SEEING,
    # Schools
    Role.HEAD: _SEEING,
    Role.REFERRER: _SEEING,
    # Commissioners
    Role.OFFICER: _SEEING,
    Role.QUALITY_OFFICER: _SEEING,
    Role.EDITOR: _SEEING,
    Role.ADMINISTRATOR: _SEEING,
    Role.AUDITOR: _SEEING,
}
