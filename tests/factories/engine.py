"""Parcels: what the engine's own test processes are about."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from permissions.models import Organisation
from tests.engine_flows.models import Parcel


def parcel(partnership: Organisation, **fields: Any) -> Parcel:
    """Return a parcel with a reference of its own."""
    number = Parcel.objects.count() + 1
    return Parcel.objects.create(
        **{"partnership": partnership, "reference": f"P-{number:04}", **fields}
    )


def nothing() -> None:
    """Stand in for an action that succeeds and changes nothing."""


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each on a connection of its own.

    Returns what each returned, or the exception it raised.
    """
    ready = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        try:
            ready.wait(timeout=10)
            results[number] = calls[number]()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
