"""The diagram of a return to school: write the plan, track it phase by phase, close the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permissions.models import Organisation
from workflows.engine import flows, nodes
from workflows.engine.nodes import this

from . import queries, views
from .states import PlanStatus


class ReintegrationFlow(flows.ProcessFlow):
    """A pupil's return to school by a plan."""

    process_title = "Reintegration"

    start = nodes.StartHandle().Next(this.write_plan)

    write_plan = nodes.Step(
        views.WritePlan,
        permission="write_reintegration_plan",
        organisation=this.school,
        due=this.write_due,
        title="Write the reintegration plan",
    ).Next(this.track_phase)

    # Once for each thing recorded: the next phase has a new task with its own date.
    track_phase = nodes.Step(
        views.TrackPhase,
        permission="track_reintegration_plan",
        organisation=this.school,
        due=this.track_due,
        title="Record how the return to school goes",
    ).Next(this.how_is_it_going)

    how_is_it_going = (
        nodes.Switch()
        .Case(this.close_case, this.is_completed)
        .Case(this.end, this.is_stopped)
        .Default(this.track_phase)
    )

    close_case = nodes.Step(
        views.CloseCase,
        permission="close_case",
        organisation=this.partnership,
        due=this.close_due,
        title="Close the case",
    ).Next(this.end)

    end = nodes.End()

    def headline_of(self, subject: Any) -> str:
        """Name the pupil: only the entitled see it."""
        return str(subject.case.pupil.full_name)

    def school(self, process: Any) -> Organisation:
        """The pupil's own school."""
        return process.subject.school

    def partnership(self, process: Any) -> Organisation:
        """Whose case it is."""
        return process.subject.case.partnership

    def write_due(self, process: Any) -> datetime:
        """When the plan is to be written."""
        return queries.write_due(process.subject)

    def track_due(self, process: Any) -> datetime | None:
        """When the next phase is to be recorded."""
        return queries.track_due(process.subject)

    def close_due(self, process: Any) -> datetime:
        """When the case is to be closed."""
        return queries.close_due(process.subject)

    def is_completed(self, process: Any) -> bool:
        """Whether every phase was reached."""
        return process.subject.status == PlanStatus.COMPLETED

    def is_stopped(self, process: Any) -> bool:
        """Whether the school stopped the plan."""
        return process.subject.status == PlanStatus.STOPPED
