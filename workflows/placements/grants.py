"""Which role may do what with offers and placements, on its own organisation."""

from typing import Final

from permissions.roles import Role

PERMISSIONS: Final[dict[str, str]] = {
    "allocate_case": "Offer a case to a provider, and take an offer back",
    "answer_offer": "Accept or decline an offer for the provider",
    "start_placement": "Start a placement",
    "end_placement": "End a placement",
    "change_timings": "Change a partnership's own timings",
}

GRANTS: Final[dict[Role, set[str]]] = {
    Role.OFFICER: {"allocate_case", "start_placement", "end_placement"},
    Role.SIGNATORY: {"answer_offer"},
    Role.ADMINISTRATOR: {"change_timings"},
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: Final[dict[str, str]] = {
    "make_offer": "allocate_case",
    "withdraw_offer": "allocate_case",
    "accept_offer": "answer_offer",
    "decline_offer": "answer_offer",
    "start_placement": "start_placement",
    "end_placement": "end_placement",
}
