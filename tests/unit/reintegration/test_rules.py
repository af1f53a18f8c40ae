"""The rules of reintegration plans, without a database."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.reintegration import rules
from workflows.reintegration.rules import PhaseDraft
from workflows.reintegration.states import PhaseStatus, PlanStatus

TODAY = date(2026, 12, 1)


def phases(*pairs: tuple[int, str]) -> list[PhaseDraft]:
    """Phases so many days from today, with so many hours."""
    return [
        PhaseDraft(TODAY + timedelta(days=days), Decimal(hours), "Maths and art")
        for days, hours in pairs
    ]


def test_phases_with_later_dates_and_more_hours_make_a_plan() -> None:
    plan = phases((7, "2"), (21, "7.5"), (35, "25"))
    assert rules.why_cannot_write(PlanStatus.WRITING, plan) is None


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ([], "at least one phase"),
        (phases((7, "0")), "more than 0 hours"),
        (phases((7, "2"), (7, "5")), "Phase 2 must start after phase 1"),
        (phases((7, "2"), (14, "2")), "Phase 2 must have more hours"),
        (phases((7, "2"), (14, "5"), (21, "4")), "Phase 3 must have more hours"),
    ],
)
def test_a_plan_that_does_not_rise_is_refused(plan: list[PhaseDraft], words: str) -> None:
    reason = rules.why_cannot_write(PlanStatus.WRITING, plan)
    assert reason is not None
    assert words in reason


@pytest.mark.parametrize("status", [PlanStatus.ACTIVE, PlanStatus.COMPLETED, PlanStatus.STOPPED])
def test_a_plan_is_written_once(status: PlanStatus) -> None:
    assert rules.why_cannot_write(status, phases((7, "2")))


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.decimals(min_value=1, max_value=32, places=1)),
        min_size=1,
        max_size=6,
    )
)
def test_a_plan_is_written_exactly_when_dates_and_hours_both_rise(
    pairs: list[tuple[int, Decimal]],
) -> None:
    plan = phases(*((days, str(hours)) for days, hours in pairs))
    rises = all(
        before[0] < after[0] and before[1] < after[1] for before, after in itertools.pairwise(pairs)
    )
    assert (rules.why_cannot_write(PlanStatus.WRITING, plan) is None) == rises


def reaching(
    plan: str = PlanStatus.ACTIVE, phase: str = PhaseStatus.PLANNED, **changes: Any
) -> str | None:
    facts = {"is_next": True, "starts_date": TODAY, "today": TODAY, **changes}
    return rules.why_cannot_reach(plan, phase, **facts)


def test_the_next_phase_is_reached_from_its_day_on() -> None:
    assert reaching() is None
    assert reaching(phase=PhaseStatus.SET_BACK) is None
    early = reaching(starts_date=date(2026, 12, 8))
    assert early
    assert "starts on 8 December 2026" in early


@pytest.mark.parametrize(
    ("plan", "phase", "is_next"),
    [
        (PlanStatus.WRITING, PhaseStatus.PLANNED, True),
        (PlanStatus.COMPLETED, PhaseStatus.REACHED, True),
        (PlanStatus.STOPPED, PhaseStatus.PLANNED, True),
        (PlanStatus.ACTIVE, PhaseStatus.REACHED, True),
        (PlanStatus.ACTIVE, PhaseStatus.PLANNED, False),
    ],
)
def test_a_phase_is_recorded_in_order_while_the_plan_is_under_way(
    plan: str, phase: str, is_next: bool
) -> None:
    assert reaching(plan, phase, is_next=is_next)
    assert rules.why_cannot_set_back(
        plan,
        phase,
        is_next=is_next,
        starts_date=TODAY,
        new_date=date(2026, 12, 24),
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("starts_date", "new_date", "allowed"),
    [
        (TODAY, date(2026, 12, 2), True),
        (TODAY, TODAY, False),
        (date(2026, 12, 8), date(2026, 12, 8), False),
        (date(2026, 12, 8), date(2026, 12, 9), True),
        (date(2026, 11, 20), date(2026, 11, 30), False),
    ],
)
def test_a_phase_is_set_back_to_a_later_day(
    starts_date: date, new_date: date, allowed: bool
) -> None:
    reason = rules.why_cannot_set_back(
        PlanStatus.ACTIVE,
        PhaseStatus.PLANNED,
        is_next=True,
        starts_date=starts_date,
        new_date=new_date,
        today=TODAY,
    )
    assert (reason is None) == allowed


def test_a_case_is_closed_once_and_only_on_a_completed_plan() -> None:
    assert rules.why_cannot_close(PlanStatus.COMPLETED, case_is_closed=False) is None
    assert rules.why_cannot_close(PlanStatus.COMPLETED, case_is_closed=True)
    for status in (PlanStatus.WRITING, PlanStatus.ACTIVE, PlanStatus.STOPPED):
        assert rules.why_cannot_close(status, case_is_closed=False)
    assert rules.why_cannot_stop(PlanStatus.ACTIVE) is None
    assert rules.why_cannot_stop(PlanStatus.WRITING)
