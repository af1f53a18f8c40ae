"""The agreement's lock, as those take it who hold a task's process already."""

from __future__ import annotations

import time

from workflows.agreements.models import Agreement
from workflows.engine.exceptions import Busy


def locked_soon(agreement: Agreement) -> Agreement:
    """Lock the agreement without waiting long, or raise Busy.

    Whoever accepts, agrees or reviews holds the task's process already, and whoever publishes or withdraws
    holds the agreement and then takes processes away: waiting here would keep both from going on.
    """
    for pause in (0.02, 0.05, 0.08, None):
        found = Agreement.objects.locked(skip_locked=True).filter(pk=agreement.pk).first()
        if found is not None:
            return found
        if pause is not None:
            time.sleep(pause)
    raise Busy
