"""May this plan be written, tracked, stopped or closed? Pure functions: no database, no clock.

Each `why_cannot_...` returns the sentence that refuses, or None.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.reintegration.states import (
    PHASE_TRANSITIONS,
    TRANSITIONS,
    PlanStatus,
)


@dataclass(frozen=True)
class PhaseDraft:
    """One phase as the school writes it: when it starts and how many hours a week in school."""

    starts_date: date
    hours_in_school: Decimal
    support: str


NOT_ACTIVE = {
    PlanStatus.WRITING: "The plan is not written yet. Write it before you track it.",
    PlanStatus.COMPLETED: "Every phase of this plan has been reached. Nothing is left to record.",
    PlanStatus.STOPPED: "This plan was stopped. Nothing more can be recorded in it.",
}


def why_cannot_write(status: str, phases: Sequence[PhaseDraft]) -> str | None:
    """Say why a plan cannot be written with these phases.

    A plan is phased: dates go forward and hours in school go up from phase to phase (sources 001
    and 003).
    """
    if status not in TRANSITIONS["write_plan"][0]:
        return "This plan is already written. Record how its phases go instead."
    if not phases:
        return "Enter at least one phase."
    for number, (before, after) in enumerate(itertools.pairwise(phases), start=2):
        if after.starts_date <= before.starts_date:
            return f"Phase {number} must start after phase {number - 1}."
        if after.hours_in_school <= before.hours_in_school:
            return f"Phase {number} must have more hours in school than phase {number - 1}."
    if any(phase.hours_in_school <= 0 for phase in phases):
        return "Each phase must have more than 0 hours in school a week."
    return None


def why_cannot_track(plan_status: str) -> str | None:
    """Say why nothing can be recorded in a plan."""
    if plan_status in TRANSITIONS["reach_phase"][0]:
        return None
    return NOT_ACTIVE[PlanStatus(plan_status)]


def why_cannot_reach(
    plan_status: str, phase_status: str, *, is_next: bool, starts_date: date, today: date
) -> str | None:
    """Say why a phase cannot be recorded as reached.

    Phases are reached in their order, and not before the day they start.
    """
    reason = why_cannot_track(plan_status)
    if reason:
        return reason
    if phase_status not in PHASE_TRANSITIONS["reach_phase"][0]:
        return "This phase has already been reached."
    if not is_next:
        return "An earlier phase has not been reached yet. Record that one first."
    if today < starts_date:
        return f"This phase starts on {starts_date:%-d %B %Y}. Record it as reached then, or later."
    return None


def why_cannot_set_back(
    plan_status: str,
    phase_status: str,
    *,
    is_next: bool,
    starts_date: date,
    new_date: date,
    today: date,
) -> str | None:
    """Say why a phase cannot be set back to a new date."""
    reason = why_cannot_track(plan_status)
    if reason:
        return reason
    if phase_status not in PHASE_TRANSITIONS["set_back_phase"][0]:
        return "This phase has already been reached, so it cannot be set back."
    if not is_next:
        return "An earlier phase has not been reached yet. Record that one first."
    if new_date <= max(today, starts_date):
        return f"The new date must be after {max(today, starts_date):%-d %B %Y}."
    return None


def why_cannot_stop(plan_status: str) -> str | None:
    """Say why a plan cannot be stopped."""
    return why_cannot_track(plan_status)


def why_cannot_close(plan_status: str, *, case_is_closed: bool) -> str | None:
    """Say why the case cannot be closed on the strength of this plan."""
    if case_is_closed:
        return "This case is already closed."
    if plan_status not in TRANSITIONS["close_case"][0]:
        return "The plan is not complete. Close the case when every phase has been reached."
    return None
