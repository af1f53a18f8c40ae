"""Reintegration plans: written, tracked, set back, stopped, completed, and the case closed."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from permissions.exceptions import NotPermitted
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.reintegration import (
    make_plan,
    phase_drafts,
    reach,
    set_back,
    stop,
    write,
)
from workflows.calendar import queries as calendar
from workflows.cases.models import Case
from workflows.cases.states import Outcome, Stage
from workflows.engine import states, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Process, Task
from workflows.placements.models import Placement
from workflows.placements.states import PlacementStatus
from workflows.reintegration import actions, queries
from workflows.reintegration.flows import ReintegrationFlow
from workflows.reintegration.models import Phase, PhaseRecord, ReintegrationPlan
from workflows.reintegration.states import PhaseStatus, PlanStatus
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Review
from workflows.reviews.states import ReviewStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


def close(area: Area, plan: ReintegrationPlan) -> None:
    officer = area.person(Role.OFFICER)
    task = tasks.find(plan, ReintegrationFlow, "close_case")
    tasks.perform(task, by=officer, act=lambda: actions.close_case(plan=plan, by=officer))


def test_the_whole_way_from_writing_to_the_closed_case(area: Area) -> None:
    plan = make_plan(area)
    write(area, plan)
    reach(area, plan)
    reach(area, plan)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.COMPLETED
    close(area, plan)
    case = Case.objects.get()
    assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.REINTEGRATED)
    assert Placement.objects.get().status == PlacementStatus.ENDED
    assert ReintegrationFlow.running(plan) is None
    assert Process.objects.get(flow_class=ReintegrationFlow).status == states.DONE
    assert Case.objects.visible_to(area.person(Role.REFERRER)).exists()
    assert Case.objects.visible_to(area.person(Role.OFFICER)).exists()
    assert not Case.objects.visible_to(area.person(Role.TUTOR)).exists()
    assert not Task.objects.filter(reference=case.reference, status__in=states.UNFINISHED).exists()


def test_each_phase_has_a_task_of_its_own_due_on_the_day_it_starts(area: Area) -> None:
    plan = make_plan(area)
    today = timezone.localdate()
    due = calendar.at_end_of_day(calendar.add_working_days(today, 10, area.school))
    assert tasks.find(plan, ReintegrationFlow, "write_plan").due_at == due
    write(area, plan)
    first = tasks.find(plan, ReintegrationFlow, "track_phase")
    reach(area, plan)
    assert first.due_at == calendar.at_end_of_day(today - datetime.timedelta(days=7))
    second = tasks.find(plan, ReintegrationFlow, "track_phase")
    assert second.pk != first.pk
    assert second.due_at == calendar.at_end_of_day(today)


def test_a_phase_set_back_gets_a_new_date_and_moves_the_later_ones(area: Area) -> None:
    plan = make_plan(area)
    write(area, plan)
    today = timezone.localdate()
    back_to = today + datetime.timedelta(days=14)
    set_back(area, plan, back_to)
    first, second = plan.phases.order_by("position")
    assert (first.status, first.starts_date) == (PhaseStatus.SET_BACK, back_to)
    assert first.planned_date == today - datetime.timedelta(days=7)
    assert second.starts_date == back_to + datetime.timedelta(days=7)
    record = PhaseRecord.objects.get()
    assert (record.note, record.new_date) == ("A bad week.", back_to)
    assert tasks.find(plan, ReintegrationFlow, "track_phase").due_at == calendar.at_end_of_day(
        back_to
    )
    for role in (Role.TUTOR, Role.OFFICER, Role.HEAD):
        assert plan in ReintegrationPlan.objects.visible_to(area.person(role))
    assert Event.objects.get(kind="phase_set_back").audience == "parties"


def test_a_set_back_phase_is_reached_on_its_new_day_and_not_before(area: Area) -> None:
    plan = make_plan(area)
    write(area, plan)
    set_back(area, plan, timezone.localdate() + datetime.timedelta(days=1))
    with pytest.raises(NotAllowed, match="Record it as reached then, or later"):
        reach(area, plan)


def test_a_stopped_plan_lets_the_placement_go_on_with_a_new_review(area: Area) -> None:
    plan = make_plan(area)
    write(area, plan)
    stop(area, plan)
    assert ReintegrationFlow.running(plan) is None
    assert Case.objects.get().stage == Stage.PLACED
    review = Review.objects.get(status=ReviewStatus.SCHEDULED)
    assert review.due_date == timezone.localdate() + datetime.timedelta(weeks=12)
    assert ReviewFlow.running(review) is not None
    assert not tasks.open_tasks(plan).exists()


def test_a_plan_that_does_not_rise_is_refused_and_nothing_of_it_is_kept(area: Area) -> None:
    plan = make_plan(area)
    drafts = phase_drafts()
    falling = [drafts[1], drafts[0]]
    referrer = area.person(Role.REFERRER)
    with pytest.raises(NotAllowed):
        actions.write_plan(plan=plan, phases=falling, adjustments="A", contacts="B", by=referrer)
    assert not Phase.objects.exists()
    plan.refresh_from_db()
    assert plan.status == PlanStatus.WRITING


def test_the_provider_reads_the_plan_and_writes_nothing(area: Area) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    tutor = area.person(Role.TUTOR)
    assert plan in ReintegrationPlan.objects.visible_to(tutor)
    phase = queries.next_phase(plan)
    assert phase is not None
    with pytest.raises(NotPermitted):
        actions.reach_phase(phase=phase, note="", by=tutor)


def test_progress_counts_what_was_reached(area: Area) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    phase = queries.next_phase(plan)
    assert phase is not None
    actions.reach_phase(phase=phase, note="", by=area.person(Role.HEAD))
    progress = queries.progress(queries.phases_of(plan))
    assert (progress.reached, progress.phases) == (1, 2)
    assert (progress.hours_now, progress.hours_planned) == (Decimal("2.5"), Decimal("10"))
    first, second = queries.bars(queries.phases_of(plan))
    assert first.height < second.height
    assert first.x + first.width <= second.x


def test_what_was_recorded_about_a_phase_is_never_changed(area: Area) -> None:
    make_plan(area, PlanStatus.COMPLETED)
    for change in (
        "UPDATE reintegration_phaserecord SET note = ''",
        "DELETE FROM reintegration_phaserecord",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
