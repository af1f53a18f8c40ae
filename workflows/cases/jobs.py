"""Background work of cases: scan what waits for it, and tell schools what is about to expire."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from workflows.engine.jobs import RETRY

logger = logging.getLogger(__name__)


@app.task(name="cases.scan_waiting_now", retry=RETRY)
def scan_waiting_now() -> None:
    """Scan what was kept closed because the scanner did not answer."""
    _scan()


@app.periodic(cron="*/10 * * * *")
@app.task(name="cases.scan_waiting", queueing_lock="cases.scan_waiting", pass_context=False)
def scan_waiting(timestamp: int) -> None:
    """Scan it again every ten minutes, until the scanner answers."""
    _scan()


def _scan() -> None:
    from . import actions, queries

    for document in queries.waiting_for_scan():
        if not actions.scan_document(document=document):
            logger.warning("The virus scanner does not answer: documents are kept closed")
            return


@app.periodic(cron="15 6 * * *")
@app.task(name="cases.tell_expiring", queueing_lock="cases.tell_expiring", pass_context=False)
def tell_expiring(timestamp: int) -> None:
    """Tell schools, once for each document, before the evidence of an open case expires."""
    from . import actions, queries

    today = timezone.localdate()
    for document in queries.expiring(today):
        actions.tell_expiring(document=document, today=today)
