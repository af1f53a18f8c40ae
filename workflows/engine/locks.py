"""The lock that lets one transaction at a time move a process.

Two people finishing steps of one process together would both succeed, or leave a join waiting
for ever, without it. The stock lock blocks for seconds, and breaks inside an outer transaction
because it swallows the database's error within the savepoint; ours does neither.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction

from .exceptions import Busy

#: PostgreSQL's code for "somebody else holds the lock".
LOCK_NOT_AVAILABLE = "55P03"


class ProcessLock:
    """Hold the row lock of a process until the transaction ends.

    Asks without waiting, a few times (0.42 seconds altogether), then raises `Busy`. Because it
    never waits inside the database, two processes that lock each other cannot deadlock.
    """

    pauses: tuple[float, ...] = (0.02, 0.05, 0.1, 0.25)

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            self.take(flow_class, process_pk)
            yield

    def take(self, flow_class: Any, process_pk: int) -> None:
        """Lock the row, or raise Busy. Needs to run inside a transaction."""
        for pause in (*self.pauses, None):
            try:
                # A savepoint of its own: a refused lock must not spoil the outer transaction.
                with transaction.atomic():
                    rows = flow_class.process_class.objects.filter(pk=process_pk)
                    list(rows.select_for_update(nowait=True, of=("self",)).values_list("pk"))
                return
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                    raise
                if pause is None:
                    raise Busy from error
            time.sleep(pause)


class ImpatientProcessLock(ProcessLock):
    """The same, asking once only: background sweeps come again in a minute."""

    pauses = ()


process_lock = ProcessLock()
impatient_process_lock = ImpatientProcessLock()
