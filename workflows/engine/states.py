"""The statuses of tasks and processes, as stored, without importing viewflow.

Tables only. The engine library writes these values; queries and constraints read them here.
"""

from __future__ import annotations

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
