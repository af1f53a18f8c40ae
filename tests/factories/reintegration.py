"""Reintegration plans in every status, reached by the real actions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.reviews import hold, make_review
from workflows.reintegration import actions, queries
from workflows.reintegration.models import ReintegrationPlan
from workflows.reintegration.rules import PhaseDraft
from workflows.reintegration.states import PlanStatus
from workflows.reviews.states import Outcome, ReviewStatus


def phase_drafts(first: datetime.date | None = None) -> list[PhaseDraft]:
    """Two phases a week apart, the first of them from a day, by default today."""
    first = first or timezone.localdate()
    return [
        PhaseDraft(first, Decimal("2.5"), "Art and maths, with Ms Hill"),
        PhaseDraft(first + datetime.timedelta(days=7), Decimal("10"), "All mornings"),
    ]


def make_plan(
    area: Area | None = None, status: PlanStatus = PlanStatus.WRITING, **pupil: Any
) -> ReintegrationPlan:
    """A plan in a status. The phases of an active one are a week ago and today."""
    area = area or Area()
    review = make_review(area, ReviewStatus.DUE, **pupil)
    hold(area, review, Outcome.REINTEGRATE)
    plan = ReintegrationPlan.objects.get(case=review.case)
    referrer = area.person(Role.REFERRER)
    if status != PlanStatus.WRITING:
        write(area, plan, timezone.localdate() - datetime.timedelta(days=7))
    if status == PlanStatus.COMPLETED:
        while (phase := queries.next_phase(plan)) is not None:
            actions.reach_phase(phase=phase, note="It went well.", by=referrer)
    if status == PlanStatus.STOPPED:
        actions.stop_plan(plan=plan, reason="The pupil is ill again.", by=referrer)
    return ReintegrationPlan.objects.get(pk=plan.pk)


def write(
    area: Area, plan: ReintegrationPlan, first: datetime.date | None = None
) -> ReintegrationPlan:
    """The plan written by the school's referrer."""
    return actions.write_plan(
        plan=plan,
        phases=phase_drafts(first),
        adjustments="A quiet room at lunch.",
        contacts="Ms Hill, head of year 7.",
        by=area.person(Role.REFERRER),
    )
