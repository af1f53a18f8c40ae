"""Processes, tasks, events, drafts and notes: what the engine remembers.

Belongs here: the rows behind every flow, the inbox and the timeline, with their constraints and
indexes. Does not belong here: anything that knows one process (a referral, a placement).
"""

from .arrangements import CalendarFeed, Cover, EscalationRule, MailPreference, WaitingMail
from .desk import MOST_VIEWS, Mention, SavedView, TaskNote
from .history import Draft, Event
from .running import BareTask, Barred, Process, Task

__all__ = [
    "MOST_VIEWS",
    "BareTask",
    "Barred",
    "CalendarFeed",
    "Cover",
    "Draft",
    "EscalationRule",
    "Event",
    "MailPreference",
    "Mention",
    "Process",
    "SavedView",
    "Task",
    "TaskNote",
    "WaitingMail",
]
