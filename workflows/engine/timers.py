"""Firing what is due: timers, and waits whose condition has come true meanwhile.

Run every minute by `jobs.fire_timers` and by `manage.py fire_timers`, on as many machines as
there are: each timer is looked at again under its process's lock, and a locked one is left for
the next sweep. One that fails is put off, with growing waits, and never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import failures, locks, states, tasks
from .exceptions import Busy
from .models import Task

logger = logging.getLogger(__name__)

#: At most so many in one sweep; the rest waits for the next.
BATCH = 500


@dataclass(frozen=True)
class Sweep:
    """What one sweep has done."""

    fired: int = 0
    busy: int = 0
    failed: int = 0


def sweep() -> Sweep:
    """Fire every due timer and end every wait that is over."""
    due = Task.objects.filter(status=states.SCHEDULED, scheduled__lte=timezone.now())
    waiting = Task.objects.filter(flow_task_type=states.WAIT, status=states.NEW)
    rows = [
        *((task, _fire) for task in due.select_related("process").order_by("scheduled")[:BATCH]),
        # By lot: a fixed order would never reach those behind the first few hundred.
        *((task, _look) for task in waiting.select_related("process").order_by("?")[:BATCH]),
    ]
    fired = busy = failed = 0
    for task, move in rows:
        try:
            fired += move(task)
        except Busy:
            busy += 1
        except Exception as error:  # noqa: BLE001  (one broken flow must not stop the others)
            failed += 1
            _put_off(task, error)
    return Sweep(fired, busy, failed)


def _fire(task: Task) -> int:
    with tasks.held(task, locks.impatient_process_lock) as activation:
        if activation.task.status != states.SCHEDULED:
            return 0
        activation.start()
        activation.execute()
    return 1


def _look(task: Task) -> int:
    until: Callable[[Any], bool] | None = getattr(task.flow_task, "until_for", None)
    if until is None or not until(task.process):
        return 0
    return int(tasks.end_wait(task))


def _put_off(task: Task, error: Exception) -> None:
    """Remember the failure without its data and try again in 1, 2, 4 ... at most 60 minutes."""
    failure = failures.describe_failure(error)
    logger.error("Timer %s failed: %s at %s", task.pk, failure["class"], failure["place"])
    with transaction.atomic():
        held = Task.objects.select_for_update().get(pk=task.pk)
        tries = held.data.get("tries", 0) + 1
        held.data = {**held.data, "failure": failure, "tries": tries}
        if held.scheduled is not None:
            held.scheduled = timezone.now() + timedelta(minutes=min(2 ** (tries - 1), 60))
        held.save(update_fields=["data", "scheduled"])
