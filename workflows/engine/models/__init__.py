"""Processes, tasks, events and drafts: what the engine remembers.

Belongs here: the rows behind every flow, the inbox and the timeline, with their constraints and
indexes. Does not belong here: anything that knows one process (a referral, a placement).
"""

from .arrangements import CalendarFeed, Cover, EscalationRule, MailPreference, WaitingMail
from .history import Draft, Event
from .running import BareTask, Barred, Process, Task

__all__ = [
    "BareTask",
    "Barred",
    "CalendarFeed",
    "Cover",
    "Draft",
    "EscalationRule",
    "Event",
    "MailPreference",
    "Process",
    "Task",
    "WaitingMail",
]
