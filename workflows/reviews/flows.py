"""The diagram of one review: wait until it is near, then hold it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permissions.models import Organisation
from workflows.engine import flows, nodes
from workflows.engine.nodes import this

from . import actions, queries, views


class ReviewFlow(flows.ProcessFlow):
    """One review of one placement."""

    process_title = "Review"

    start = nodes.StartHandle().Next(this.until_near)

    until_near = nodes.Timer(this.opens_at, title="Waiting until the review is near").Next(
        this.open_review
    )

    open_review = nodes.Function(this.open).Next(this.hold_review)

    # What follows from the outcome stands in handovers.py: each outcome is an event of its own.
    hold_review = nodes.Step(
        views.HoldReview,
        permission="hold_review",
        organisation=this.partnership,
        due=this.due_at,
        title="Hold the review",
    ).Next(this.end)

    end = nodes.End()

    def headline_of(self, subject: Any) -> str:
        """Name the pupil and the review: only the entitled see it."""
        return f"{subject.case.pupil.full_name}, review {subject.number}"

    def partnership(self, process: Any) -> Organisation:
        """Whose officer holds the review."""
        return process.subject.case.partnership

    def opens_at(self, process: Any) -> datetime:
        """When the task appears."""
        return queries.opens_at(process.subject)

    def due_at(self, process: Any) -> datetime:
        """When the review is to be held and recorded."""
        return queries.due_at(process.subject)

    def open(self, process: Any) -> None:
        """Open the review for holding."""
        actions.open_review(review=process.subject)
