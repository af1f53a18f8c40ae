"""Reintegration plans in every status, reached by the real actions."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from permissions.models import User
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.reviews import make_review, record
from workflows.engine import tasks
from workflows.reintegration import actions, queries
from workflows.reintegration.flows import ReintegrationFlow
from workflows.reintegration.models import Phase, ReintegrationPlan
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
    record(area, review, Outcome.REINTEGRATE)
    plan = ReintegrationPlan.objects.get(case=review.case)
    if status != PlanStatus.WRITING:
        write(area, plan)
    if status == PlanStatus.COMPLETED:
        while queries.next_phase(plan) is not None:
            reach(area, plan)
    if status == PlanStatus.STOPPED:
        stop(area, plan)
    return ReintegrationPlan.objects.get(pk=plan.pk)


def _do(area: Area, plan: ReintegrationPlan, node: str, act: Callable[[User], Any]) -> None:
    referrer = area.person(Role.REFERRER)
    task = tasks.find(plan, ReintegrationFlow, node)
    tasks.perform(task, by=referrer, act=lambda: act(referrer))


def _next(plan: ReintegrationPlan) -> Phase:
    phase = queries.next_phase(plan)
    assert phase is not None
    return phase


def write(area: Area, plan: ReintegrationPlan) -> None:
    """The plan written by the school's referrer: one phase a week ago, one today."""
    first = timezone.localdate() - datetime.timedelta(days=7)
    _do(
        area,
        plan,
        "write_plan",
        lambda by: actions.write_plan(
            plan=plan,
            phases=phase_drafts(first),
            adjustments="A quiet room at lunch.",
            contacts="Ms Hill, head of year 7.",
            by=by,
        ),
    )


def reach(area: Area, plan: ReintegrationPlan) -> None:
    """The next phase reached."""
    _do(
        area,
        plan,
        "track_phase",
        lambda by: actions.reach_phase(phase=_next(plan), note="It went well.", by=by),
    )


def set_back(area: Area, plan: ReintegrationPlan, new_date: datetime.date) -> None:
    """The next phase set back to a day."""
    _do(
        area,
        plan,
        "track_phase",
        lambda by: actions.set_back_phase(
            phase=_next(plan), note="A bad week.", new_date=new_date, by=by
        ),
    )


def stop(area: Area, plan: ReintegrationPlan) -> None:
    """The plan stopped."""
    _do(
        area,
        plan,
        "track_phase",
        lambda by: actions.stop_plan(plan=plan, reason="The pupil is ill again.", by=by),
    )
