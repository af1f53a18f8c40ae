"""Background work of panels: keep time, let seats follow, make the packs of papers."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from workflows.engine.exceptions import Busy
from workflows.engine.jobs import RETRY

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="panels.keep_time", queueing_lock="panels.keep_time", pass_context=False)
def keep_time(timestamp: int) -> None:
    """Open and close virtual meetings, and let seats and chairs follow roles, every minute."""
    from workflows.referrals import actions as referrals

    from . import actions

    try:
        actions.keep_time(now=timezone.now())
        actions.seat_everybody_again()
        referrals.keep_chaired()
    except Busy:
        # Somebody is voting at this moment; the next sweep comes in a minute.
        logger.info("Panels: busy, tried again in a minute")


@app.task(name="panels.make_pack", retry=RETRY)
def make_pack(pack_id: int) -> None:
    """Make one member's pack of papers; a second run finds it made or withdrawn."""
    from . import actions
    from .models import PapersPack

    pack = PapersPack.objects.select_related("meeting__partnership", "member").get(pk=pack_id)
    try:
        actions.make_pack(pack=pack)
    except Exception:
        actions.fail_pack(pack=pack)
        raise
