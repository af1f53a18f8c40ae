"""What a plan and its phases can be and how they move. Tables only; only actions write a status."""

from django.db import models


class PlanStatus(models.TextChoices):
    """How far a plan has got."""

    WRITING = "writing", "Being written"
    ACTIVE = "active", "Under way"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped"


class PhaseStatus(models.TextChoices):
    """How one phase of a plan went."""

    PLANNED = "planned", "Planned"
    REACHED = "reached", "Reached"
    SET_BACK = "set_back", "Set back"


TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "write_plan": (frozenset({PlanStatus.WRITING}), PlanStatus.ACTIVE),
    "reach_phase": (frozenset({PlanStatus.ACTIVE}), PlanStatus.ACTIVE),
    "set_back_phase": (frozenset({PlanStatus.ACTIVE}), PlanStatus.ACTIVE),
    # Reaching the last phase completes the plan: no separate step, so none can be forgotten.
    "stop_plan": (frozenset({PlanStatus.ACTIVE}), PlanStatus.STOPPED),
    "close_case": (frozenset({PlanStatus.COMPLETED}), PlanStatus.COMPLETED),
}

PHASE_TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "reach_phase": (frozenset({PhaseStatus.PLANNED, PhaseStatus.SET_BACK}), PhaseStatus.REACHED),
    "set_back_phase": (
        frozenset({PhaseStatus.PLANNED, PhaseStatus.SET_BACK}),
        PhaseStatus.SET_BACK,
    ),
}

# Who has the next move in each status: a permission, or None where nobody has.
OWNERS: dict[str, str | None] = {
    PlanStatus.WRITING: "write_reintegration_plan",
    PlanStatus.ACTIVE: "track_reintegration_plan",
    PlanStatus.COMPLETED: "close_case",
    PlanStatus.STOPPED: None,
}
