"""Which role may do what with reintegration plans, on its own organisation.

Closing the case asks for `close_case`, which the cases slice registers and grants.
"""

from typing import Final

from permissions.roles import Role

PERMISSIONS: Final[dict[str, str]] = {
    "write_reintegration_plan": "Write a pupil's reintegration plan",
    "track_reintegration_plan": "Record how a reintegration plan goes, or stop it",
}

_SCHOOL = {"write_reintegration_plan", "track_reintegration_plan"}

GRANTS: Final[dict[Role, set[str]]] = {
    Role.REFERRER: _SCHOOL,
    Role.HEAD: _SCHOOL,
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: Final[dict[str, str]] = {
    "write_plan": "write_reintegration_plan",
    "reach_phase": "track_reintegration_plan",
    "set_back_phase": "track_reintegration_plan",
    "stop_plan": "track_reintegration_plan",
    "close_case": "close_case",
}
