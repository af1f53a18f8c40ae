"""The statuses of tasks and processes, as stored, without importing viewflow.

Tables only. The engine library writes these values; queries and constraints read them here.
"""

from __future__ import annotations

from django.db import models


class Priority(models.IntegerChoices):
    """How soon a task wants to be done, whatever its due date; the higher the sooner."""

    NORMAL = 0, "Normal"
    HIGH = 1, "High"
    URGENT = 2, "Urgent"


class NoteAudience(models.TextChoices):
    """Who may read a note on a task; a note never opens the task to anybody."""

    DOERS = "doers", "People who may do this task"
    MANAGERS = "managers", "People who may do this task, and those who hand tasks out"


NEW = "NEW"
ASSIGNED = "ASSIGNED"
STARTED = "STARTED"
SCHEDULED = "SCHEDULED"
DONE = "DONE"
CANCELED = "CANCELED"
ERROR = "ERROR"
REVIVED = "REVIVED"

#: A human task that waits for a person, claimed or not.
OPEN = (NEW, ASSIGNED)

#: Anything that keeps a process from being finished, a failed branch included.
UNFINISHED = (NEW, ASSIGNED, STARTED, SCHEDULED, ERROR)

HUMAN = "HUMAN"
TIMER = "TIMER"
WAIT = "WAIT"
FOR_EACH = "FOR_EACH"
OBSOLETE = "OBSOLETE"
