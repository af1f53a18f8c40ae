"""The screens of panel meetings."""

from workflows.panels.views.agenda import Agenda, Papers, ReadPapers
from workflows.panels.views.meetings import (
    Cancel,
    Change,
    ChoosePanel,
    Close,
    Meeting,
    Meetings,
    Open,
    Plan,
)
from workflows.panels.views.minutes import WriteAttendance, WriteMinutes
from workflows.panels.views.substitutes import CancelSubstitute, ChooseSubstitutes, Substitutes

__all__ = [
    "Agenda",
    "Cancel",
    "CancelSubstitute",
    "Change",
    "ChoosePanel",
    "ChooseSubstitutes",
    "Close",
    "Meeting",
    "Meetings",
    "Open",
    "Papers",
    "Plan",
    "ReadPapers",
    "Substitutes",
    "WriteAttendance",
    "WriteMinutes",
]
