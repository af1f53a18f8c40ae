"""The only writers of panel meetings.

Every action locks the meeting first, so that two people at once get one true outcome.
"""

from workflows.panels.actions.agenda import (
    add_to_agenda,
    bring_back,
    move_item,
    remove_from_agenda,
    take_off,
)
from workflows.panels.actions.meetings import (
    cancel_meeting,
    change_meeting,
    close_meeting,
    keep_time,
    open_meeting,
    plan_meetings,
)
from workflows.panels.actions.minutes import correct_minutes, record_attendance, write_minutes
from workflows.panels.actions.papers import (
    ask_for_packs,
    fail_pack,
    make_pack,
    withdraw_case,
    withdraw_packs,
)
from workflows.panels.actions.substitutes import (
    cancel_substitute,
    name_substitute,
    seat_again,
    seat_everybody_again,
)

__all__ = [
    "add_to_agenda",
    "ask_for_packs",
    "bring_back",
    "cancel_meeting",
    "cancel_substitute",
    "change_meeting",
    "close_meeting",
    "correct_minutes",
    "fail_pack",
    "keep_time",
    "make_pack",
    "move_item",
    "name_substitute",
    "open_meeting",
    "plan_meetings",
    "record_attendance",
    "remove_from_agenda",
    "seat_again",
    "seat_everybody_again",
    "take_off",
    "withdraw_case",
    "withdraw_packs",
    "write_minutes",
]
