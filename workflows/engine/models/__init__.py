"""Processes, tasks, events and drafts: what the engine remembers.

Belongs here: the rows behind every flow, the inbox and the timeline, with their constraints and
indexes. Does not belong here: anything that knows one process (a referral, a placement).
"""

from .history import Draft, Event
from .running import BareTask, Barred, Process, Task

__all__ = ["BareTask", "Barred", "Draft", "Event", "Process", "Task"]
