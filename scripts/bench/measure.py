"""What one page or action costs: queries, CPU of this process and of PostgreSQL, bytes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import psutil
from django.db import connection, transaction
from django.test import Client

ROUNDS = 7


@dataclass(frozen=True)
class Cost:
    """The median of several rounds. CPU in milliseconds; bytes are 0 for what is no page."""

    name: str
    queries: int
    cpu: float
    database_cpu: float
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Give it for JSON."""
        return asdict(self)


def cost(name: str, act: Callable[[], int]) -> Cost:
    """Do something several times, undo it each time, and give what it cost; `act` returns bytes."""
    rounds = [_once(act) for _ in range(ROUNDS + 1)][1:]
    queries, cpu, database_cpu, size = zip(*rounds, strict=True)
    return Cost(
        name,
        queries=max(queries),
        cpu=round(median(cpu), 1),
        # The kernel counts another process's time in hundredths: the mean says more than a median.
        database_cpu=round(sum(database_cpu) / ROUNDS, 1),
        bytes=max(size),
    )


def _once(act: Callable[[], int]) -> tuple[int, float, float, int]:
    queries = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    backend = psutil.Process(_backend())
    with transaction.atomic(), connection.execute_wrapper(count):
        there, here = _seconds(backend), time.process_time()
        size = act()
        cpu = time.process_time() - here
        database_cpu = _seconds(backend) - there
        transaction.set_rollback(True)
    return queries, cpu * 1000, database_cpu * 1000, size


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.AccessDenied:
        return 0.0
    return float(times.user + times.system)


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchone()[0])
    # A server on another machine has no process here to be asked.
    return pid if psutil.pid_exists(pid) else os.getpid()


def page(user: Any, path: str, data: dict[str, str] | None = None) -> Callable[[], int]:
    """Return what opens a page as somebody, or posts to it and follows; it must answer 200."""
    client = Client()
    client.force_login(user)

    def open_page() -> int:
        response = client.get(path) if data is None else client.post(path, data, follow=True)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")
        return len(response.content)

    return open_page
