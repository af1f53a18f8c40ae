"""The only writers of reintegration plans and their phases, and the end of their cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from permissions import audit
from permissions.checks import require
from permissions.models import User
from workflows.cases import actions as cases
from workflows.cases.states import FINAL_STAGES, Outcome, Stage
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.placements import actions as placements
from workflows.placements.models import Placement
from workflows.placements.states import PlacementStatus

from . import queries, rules
from .models import Phase, PhaseRecord, ReintegrationPlan
from .states import PHASE_TRANSITIONS, TRANSITIONS, PhaseStatus, PlanStatus


def begin_plan(*, placement: Placement, by: User | None) -> ReintegrationPlan:
    """Begin a plan for the home school to write; a plan that is open goes on.

    Called when a review decides for the return to school, by the hand-over.
    """
    with audit.acting(by), transaction.atomic():
        case = placement.case
        cases.lock(case)
        found = queries.open_plan(case)
        if found is not None:
            return found
        plan = ReintegrationPlan.objects.create(
            case=case,
            placement=placement,
            school=case.pupil.school,
            begun_at=timezone.now(),
        )
        cases.move(case=case, stage=Stage.REINTEGRATING, by=by)
        events.announce(
            "reintegration_begun",
            subject=case,
            by=by,
            organisation=case.partnership,
            summary=f"{plan.school.name} was asked to write a reintegration plan.",
            data={"plan": plan.pk},
            plan=plan,
        )
        return plan


def write_plan(
    *,
    plan: ReintegrationPlan,
    phases: Sequence[rules.PhaseDraft],
    adjustments: str,
    contacts: str,
    by: User,
) -> ReintegrationPlan:
    """Write the plan: its phases, the reasonable adjustments and the contacts with school life.

    Raises NotPermitted (`write_reintegration_plan` in the school), NotAllowed where a rule refuses.
    """
    with audit.acting(by), transaction.atomic():
        plan = _locked(plan)
        require(by, "write_reintegration_plan", plan.school)
        if reason := rules.why_cannot_write(plan.status, phases):
            raise NotAllowed(reason)
        plan.status = TRANSITIONS["write_plan"][1]
        plan.adjustments = adjustments.strip()
        plan.contacts = contacts.strip()
        plan.written_at, plan.written_by = timezone.now(), by
        plan.save()
        for position, draft in enumerate(phases, start=1):
            Phase.objects.create(
                plan=plan,
                position=position,
                planned_date=draft.starts_date,
                starts_date=draft.starts_date,
                hours_in_school=draft.hours_in_school,
                support=draft.support.strip(),
            )
        events.announce(
            "reintegration_plan_written",
            subject=plan.case,
            by=by,
            organisation=plan.school,
            summary=f"{plan.school.name} wrote the reintegration plan, in {len(phases)} phases "
            f"from {phases[0].starts_date:%-d %B %Y}.",
            data={"plan": plan.pk, "phases": len(phases)},
            plan=plan,
        )
        return plan


def reach_phase(*, phase: Phase, note: str, by: User) -> Phase:
    """Record that the pupil has reached a phase; reaching the last one completes the plan.

    Raises NotPermitted (`track_reintegration_plan` in the school), NotAllowed where a rule refuses.
    """
    with audit.acting(by), transaction.atomic():
        plan, phase = _locked_phase(phase)
        require(by, "track_reintegration_plan", plan.school)
        if reason := rules.why_cannot_reach(
            plan.status,
            phase.status,
            is_next=queries.next_phase(plan) == phase,
            starts_date=phase.starts_date,
            today=timezone.localdate(),
        ):
            raise NotAllowed(reason)
        _record(phase, "reach_phase", note, None, by)
        events.announce(
            "phase_reached",
            subject=plan.case,
            by=by,
            organisation=plan.school,
            summary=f"Phase {phase.position} of the return to school was reached.",
            data={"plan": plan.pk, "phase": phase.pk},
            plan=plan,
            phase=phase,
        )
        if queries.next_phase(plan) is None:
            plan.status = PlanStatus.COMPLETED
            plan.completed_at = timezone.now()
            plan.save()
            events.announce(
                "reintegration_plan_completed",
                subject=plan.case,
                by=by,
                organisation=plan.school,
                summary="Every phase of the return to school was reached.",
                data={"plan": plan.pk},
                plan=plan,
            )
        return phase


def set_back_phase(*, phase: Phase, note: str, new_date: date, by: User) -> Phase:
    """Record that a phase was set back to a new date; later phases move by as many days.

    Raises NotPermitted (`track_reintegration_plan` in the school), NotAllowed where a rule refuses.
    """
    with audit.acting(by), transaction.atomic():
        plan, phase = _locked_phase(phase)
        require(by, "track_reintegration_plan", plan.school)
        if reason := rules.why_cannot_set_back(
            plan.status,
            phase.status,
            is_next=queries.next_phase(plan) == phase,
            starts_date=phase.starts_date,
            new_date=new_date,
            today=timezone.localdate(),
        ):
            raise NotAllowed(reason)
        if not note.strip():
            raise NotAllowed("Enter what happened, so that everybody can help.")
        moved_by = new_date - phase.starts_date
        for later in plan.phases.filter(position__gt=phase.position):
            later.starts_date += moved_by
            later.save()
        phase.starts_date = new_date
        _record(phase, "set_back_phase", note, new_date, by)
        events.announce(
            "phase_set_back",
            subject=plan.case,
            by=by,
            organisation=plan.school,
            summary=f"Phase {phase.position} of the return to school was set back to "
            f"{new_date:%-d %B %Y}.",
            data={"plan": plan.pk, "phase": phase.pk},
            plan=plan,
            phase=phase,
        )
        return phase


def stop_plan(*, plan: ReintegrationPlan, reason: str, by: User) -> ReintegrationPlan:
    """Stop a plan that does not work; the placement goes on and is reviewed again.

    Raises NotPermitted (`track_reintegration_plan` in the school), NotAllowed unless it is under
    way.
    """
    with audit.acting(by), transaction.atomic():
        plan = _locked(plan)
        require(by, "track_reintegration_plan", plan.school)
        if refusal := rules.why_cannot_stop(plan.status):
            raise NotAllowed(refusal)
        if not reason.strip():
            raise NotAllowed("Enter why the plan is stopped.")
        plan.status = TRANSITIONS["stop_plan"][1]
        plan.stopped_at, plan.stopped_by = timezone.now(), by
        plan.stop_reason = reason.strip()
        plan.save()
        cases.move(case=plan.case, stage=Stage.PLACED, by=by)
        events.announce(
            "reintegration_stopped",
            subject=plan.case,
            by=by,
            organisation=plan.school,
            summary=f"{plan.school.name} stopped the reintegration plan.",
            data={"plan": plan.pk},
            plan=plan,
        )
        return plan


def stop_with_case(*, plan: ReintegrationPlan, reason: str, by: User) -> None:
    """Stop a plan, written or not, because its case has stopped; called by a hand-over."""
    with audit.acting(by), transaction.atomic():
        plan = _locked(plan)
        if plan.status not in (PlanStatus.WRITING, PlanStatus.ACTIVE):
            return
        plan.status = PlanStatus.STOPPED
        plan.stopped_at, plan.stopped_by = timezone.now(), by
        plan.stop_reason = reason
        plan.save()


def close_case(*, plan: ReintegrationPlan, by: User) -> None:
    """End the placement of a completed plan and close its case as returned to school.

    Raises NotPermitted (`close_case` in the partnership), NotAllowed before every phase is reached.
    """
    with audit.acting(by), transaction.atomic():
        plan = _locked(plan)
        case = plan.case
        require(by, "close_case", case.partnership)
        if reason := rules.why_cannot_close(plan.status, case_is_closed=case.stage in FINAL_STAGES):
            raise NotAllowed(reason)
        if plan.placement.status == PlacementStatus.STARTED:
            placements.end_placement(
                placement=plan.placement, ended_date=timezone.localdate(), by=by
            )
        cases.close(case=case, outcome=Outcome.REINTEGRATED, by=by)


def _record(phase: Phase, action: str, note: str, new_date: date | None, by: User) -> None:
    phase.status = PHASE_TRANSITIONS[action][1]
    phase.save()
    PhaseRecord.objects.create(
        phase=phase,
        status=PhaseStatus(phase.status),
        note=note.strip(),
        new_date=new_date,
        recorded_at=timezone.now(),
        recorded_by=by,
    )


def _locked(plan: ReintegrationPlan) -> ReintegrationPlan:
    return (
        ReintegrationPlan.objects.select_for_update(of=("self",))
        .select_related("case__partnership", "case__pupil__school", "school", "placement__provider")
        .get(pk=plan.pk)
    )


def _locked_phase(phase: Phase) -> tuple[ReintegrationPlan, Phase]:
    plan = _locked(phase.plan)
    return plan, Phase.objects.get(pk=phase.pk)
