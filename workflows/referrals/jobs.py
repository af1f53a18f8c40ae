"""Background work of referrals: the letters that tell what was decided, and reminders."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from workflows.engine.jobs import RETRY

MORNING = 7


@app.task(name="referrals.make_letter", retry=RETRY)
def make_letter(decision_id: int) -> None:
    """Write the letter as a PDF into the case; a second run finds it there."""
    from . import actions
    from .models import Decision

    actions.make_letter(decision=Decision.objects.get(pk=decision_id))


@app.task(name="referrals.make_review_letter", retry=RETRY)
def make_review_letter(review_id: int) -> None:
    """Write the letter about a review into the case; a second run finds it there."""
    from . import actions
    from .models import DecisionReview

    actions.make_review_letter(review=DecisionReview.objects.get(pk=review_id))


@app.task(name="referrals.make_permission_letter", retry=RETRY)
def make_permission_letter(referral_id: int) -> None:
    """Write the letter about a withdrawn permission into the case; a second run finds it there."""
    from . import actions
    from .models import Referral

    actions.make_permission_letter(referral=Referral.objects.get(pk=referral_id))


# The library counts in universal time: one of the two is half past seven in London.
@app.periodic(cron="30 6,7 * * *")
@app.task(name="referrals.remind", queueing_lock="referrals.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Remind the schools whose answer is nearly due, every morning at half past seven."""
    from workflows.calendar import rules as calendar

    from . import actions

    if calendar.is_hour(timestamp, MORNING):
        actions.remind_of_questions(today=timezone.localdate())


@app.task(name="referrals.replay_criteria", pass_context=True, retry=RETRY)
def replay_criteria(context: JobContext, simulation_id: int) -> None:
    """Try a draft of criteria on past referrals; after the last try that fails, say so."""
    from workflows.criteria import actions as criteria
    from workflows.criteria.models import Simulation

    from . import actions

    found = Simulation.objects.filter(pk=simulation_id).first()
    if found is None:
        return
    try:
        actions.replay(simulation=found)
    except Exception:
        if context.job is not None and context.job.attempts >= (RETRY.max_attempts or 0):
            criteria.fail(simulation_id=simulation_id)
        raise
