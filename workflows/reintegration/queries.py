"""Reads of reintegration plans, their progress, and the dates their tasks are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from workflows.calendar import queries as calendar
from workflows.placements import queries as placements

from .models import Phase, ReintegrationPlan
from .states import PhaseStatus, PlanStatus

if TYPE_CHECKING:
    from permissions.models import Organisation, User
    from workflows.cases.models import Case


@dataclass(frozen=True)
class Progress:
    """How far a plan has got: phases reached, and hours in school now and in the end."""

    reached: int
    phases: int
    hours_now: Decimal
    hours_planned: Decimal

    @property
    def in_words(self) -> str:
        """The phases as people count them."""
        return f"{self.reached} of {self.phases} phases reached"


@dataclass(frozen=True)
class Bar:
    """One phase in the picture of a plan: a column as high as its hours, in units of the picture."""

    position: int
    status: str
    hours: Decimal
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Where the column's words are centred."""
        return self.x + self.width // 2

    @property
    def words_y(self) -> int:
        """Where the hours are written: just above the column."""
        return self.y - 6


# The picture's width, and the height of its tallest column, as its viewBox counts.
PICTURE_WIDTH = 320
PICTURE_HEIGHT = 120
# Room above the columns for the hours.
PICTURE_TOP = 24


def progress(phases: list[Phase]) -> Progress:
    """Work out how far a plan has got from its phases in order."""
    reached = [phase for phase in phases if phase.status == PhaseStatus.REACHED]
    return Progress(
        reached=len(reached),
        phases=len(phases),
        hours_now=reached[-1].hours_in_school if reached else Decimal(0),
        hours_planned=phases[-1].hours_in_school if phases else Decimal(0),
    )


def bars(phases: list[Phase]) -> list[Bar]:
    """Draw the phases as columns from left to right, whose height stands for hours in school."""
    most = max((phase.hours_in_school for phase in phases), default=Decimal(1))
    step = PICTURE_WIDTH // max(len(phases), 1)
    columns = []
    for index, phase in enumerate(phases):
        height = max(int(PICTURE_HEIGHT * phase.hours_in_school / most), 4)
        columns.append(
            Bar(
                position=phase.position,
                status=phase.status,
                hours=phase.hours_in_school,
                x=index * step + 2,
                y=PICTURE_TOP + PICTURE_HEIGHT - height,
                width=step - 4,
                height=height,
            )
        )
    return columns


def next_phase(plan: ReintegrationPlan) -> Phase | None:
    """Give the first phase that has not been reached."""
    return plan.phases.exclude(status=PhaseStatus.REACHED).order_by("position").first()


def phases_of(plan: ReintegrationPlan) -> list[Phase]:
    """List a plan's phases in order, each with what was recorded about it."""
    return list(plan.phases.prefetch_related("records__recorded_by").order_by("position"))


def write_due(plan: ReintegrationPlan) -> datetime:
    """Give the moment by which the school is to have written a plan."""
    own = placements.timings(plan.case.partnership)
    return _working_days_from_now(own.write_plan_within, plan.school)


def track_due(plan: ReintegrationPlan) -> datetime | None:
    """Give the moment by which the next phase is to be recorded: the end of the day it starts."""
    phase = next_phase(plan)
    return calendar.at_end_of_day(phase.starts_date) if phase else None


def close_due(plan: ReintegrationPlan) -> datetime:
    """Give the moment by which the officer is to close the case of a completed plan."""
    own = placements.timings(plan.case.partnership)
    return _working_days_from_now(own.close_within, plan.case.partnership)


def _working_days_from_now(days: int, organisation: Organisation) -> datetime:
    last = calendar.add_working_days(timezone.localdate(), days, organisation)
    return calendar.at_end_of_day(last)


def plan_of(user: User, case: Case) -> ReintegrationPlan | None:
    """Give the newest plan of a case, if the person may see it."""
    return (
        ReintegrationPlan.objects.visible_to(user)
        .filter(case=case)
        .select_related("school", "placement__provider", "case__pupil")
        .order_by("-begun_at", "-pk")
        .first()
    )


def open_plan(case: Case) -> ReintegrationPlan | None:
    """Give the case's plan that is being written or under way."""
    return ReintegrationPlan.objects.open().filter(case=case).first()


def plan_list(user: User, *, status: str = "") -> QuerySet[ReintegrationPlan]:
    """List the plans a person may see, with how many phases each has and has reached."""
    plans = (
        ReintegrationPlan.objects.visible_to(user)
        .select_related("case__pupil", "school", "case__partnership")
        .annotate(
            phase_count=Count("phases"),
            reached_count=Count("phases", filter=Q(phases__status=PhaseStatus.REACHED)),
        )
    )
    if status in PlanStatus.values:
        plans = plans.filter(status=status)
    return plans.order_by("case__pupil__last_name", "case__pupil__first_name", "-pk")
