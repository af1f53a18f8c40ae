"""Which role may do what with reviews, on its own organisation."""

from typing import Final

from permissions.roles import Role

PERMISSIONS: Final[dict[str, str]] = {
    "hold_review": "Hold the reviews of placements, record them and cancel them",
    "complete_review_action": "Mark an action of a review as done",
}

_DOING = {"complete_review_action"}

GRANTS: Final[dict[Role, set[str]]] = {
    Role.OFFICER: {"hold_review"} | _DOING,
    Role.REFERRER: _DOING,
    Role.HEAD: _DOING,
    Role.SIGNATORY: _DOING,
    Role.TUTOR: _DOING,
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: Final[dict[str, str]] = {
    "open_review": "hold_review",
    "hold_review": "hold_review",
    "cancel_review": "hold_review",
    "complete_action": "complete_review_action",
}
