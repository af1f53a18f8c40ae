"""Reviews in every status, reached by the real actions, at the times that they ask for."""

from __future__ import annotations

import datetime
from typing import Any

import time_machine
from django.utils import timezone

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.placements import make_placement, ready
from workflows.engine import tasks, timers
from workflows.placements import actions as placements
from workflows.placements.states import PlacementStatus
from workflows.reviews import actions
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Review
from workflows.reviews.states import Outcome, ReviewStatus


def make_review(
    area: Area | None = None, status: ReviewStatus = ReviewStatus.SCHEDULED, **pupil: Any
) -> Review:
    """The first review of a placement, in a status; a due one is a week before its date."""
    area = area or Area()
    if status == ReviewStatus.SCHEDULED:
        placement = make_placement(ready(area), PlacementStatus.STARTED, **pupil)
        return placement.reviews.get()
    # The placement starts so long ago that its review, every 12 weeks, is near.
    with time_machine.travel(timezone.now() - datetime.timedelta(weeks=11), tick=True):
        placement = make_placement(ready(area), PlacementStatus.STARTED, **pupil)
    timers.sweep()
    review = placement.reviews.get()
    if status == ReviewStatus.HELD:
        record(area, review)
    if status == ReviewStatus.CANCELLED:
        placements.end_placement(
            placement=review.placement,
            ended_date=timezone.localdate(),
            by=area.person(Role.OFFICER),
        )
    return Review.objects.get(pk=review.pk)


def record(area: Area, review: Review, outcome: Outcome = Outcome.CONTINUE) -> Review:
    """The review held today, as the officer's task."""
    return tasks.perform(
        tasks.find(review, ReviewFlow, "hold_review"),
        by=area.person(Role.OFFICER),
        act=lambda: hold(area, review, outcome),
    )


def hold(area: Area, review: Review, outcome: Outcome = Outcome.CONTINUE, **changes: Any) -> Review:
    """The review held today, with one action for the school; past its task."""
    today = timezone.localdate()
    return actions.hold_review(
        **{
            "review": review,
            "held_date": today,
            "attended": "Officer, tutor, pupil and mother",
            "minutes": "The pupil goes to more lessons than before.",
            "outcome": outcome,
            "actions": [
                actions.ActionDraft(
                    "Send the maths book", area.school, today + datetime.timedelta(days=7)
                )
            ],
            "by": area.person(Role.OFFICER),
            **changes,
        }
    )
