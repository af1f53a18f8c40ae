"""Every role tries every action of reintegration plans in every status."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from permissions.models import User
from permissions.roles import OrganisationKind
from tests import tables
from tests.factories.cases import Area
from tests.factories.reintegration import make_plan, phase_drafts
from workflows.reintegration import actions, grants, queries, states
from workflows.reintegration.models import Phase, ReintegrationPlan
from workflows.reintegration.states import PlanStatus

pytestmark = pytest.mark.django_db

SCHOOL = OrganisationKind.SCHOOL


def write(plan: ReintegrationPlan, by: User) -> Any:
    return actions.write_plan(
        plan=plan, phases=phase_drafts(), adjustments="A", contacts="B", by=by
    )


def _phase(plan: ReintegrationPlan) -> Phase:
    """The next phase; of a plan whose phases are all reached, the last."""
    phase = queries.next_phase(plan) or plan.phases.last()
    assert phase is not None
    return phase


def set_back(plan: ReintegrationPlan, by: User) -> Any:
    later = timezone.localdate() + datetime.timedelta(days=30)
    return actions.set_back_phase(phase=_phase(plan), note="Ill", new_date=later, by=by)


ACTS = {
    "write_plan": write,
    "reach_phase": lambda plan, by: actions.reach_phase(phase=_phase(plan), note="Well", by=by),
    "set_back_phase": set_back,
    "stop_plan": lambda plan, by: actions.stop_plan(plan=plan, reason="Ill", by=by),
    "close_case": lambda plan, by: actions.close_case(plan=plan, by=by),
}
TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from=tables.possible_from(states.TRANSITIONS),
    kinds={**dict.fromkeys(ACTS, SCHOOL), "close_case": OrganisationKind.PARTNERSHIP},
    acts=ACTS,
)


@pytest.mark.parametrize("status", PlanStatus)
def test_plans(status: PlanStatus) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    plan = make_plan(area, status)
    assert plan.status == status
    # Before it is written there is no phase for anybody to record anything about.
    skipped = {"reach_phase", "set_back_phase"} if status == PlanStatus.WRITING else set()
    acts = {name: act for name, act in ACTS.items() if name not in skipped}
    cells = tables.Table(TABLE.permissions, TABLE.possible_from, TABLE.kinds, acts)
    assert cells.mismatches(plan, status, people) == []


def test_the_table_is_whole() -> None:
    tables.check_grants(ACTS, grants.ACTION_PERMISSIONS, states.OWNERS)
    assert set(states.OWNERS) == set(PlanStatus)
