"""What a plan and its phases can be and how they move. Tables only; only actions write a status."""

from django.db import models

from permissions.roles import Role


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

# Who looks after a plan in each status: every status has an owner, so that none waits for nobody.
OWNERS: dict[str, tuple[Role, ...]] = {
    PlanStatus.WRITING: (Role.REFERRER, Role.HEAD),
    PlanStatus.ACTIVE: (Role.REFERRER, Role.HEAD),
    PlanStatus.COMPLETED: (Role.OFFICER,),
    PlanStatus.STOPPED: (Role.OFFICER,),
}
