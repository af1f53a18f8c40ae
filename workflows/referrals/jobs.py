"""Background work of referrals: the letter that tells a decision."""

from __future__ import annotations

from procrastinate.contrib.django import app

from workflows.engine.jobs import RETRY


@app.task(name="referrals.make_letter", retry=RETRY)
def make_letter(decision_id: int) -> None:
    """Write the letter as a PDF into the case; a second run finds it there."""
    from . import actions
    from .models import Decision

    actions.make_letter(decision=Decision.objects.get(pk=decision_id))
