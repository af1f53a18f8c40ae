"""Doing the background jobs that wait, as the worker does them: from the queue in the database."""

from __future__ import annotations

import threading

from django.db import connections
from procrastinate.contrib.django import app


def do_jobs() -> None:
    """Run a worker until the queue is empty, and raise what made it stop.

    In a thread: the browser's driver keeps an event loop in the test's own.
    """
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
                worker_app.run_worker(
                    wait=False, install_signal_handlers=False, listen_notify=False
                )
        except BaseException as failure:  # noqa: BLE001  (raised again in the test's thread)
            failures.append(failure)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
