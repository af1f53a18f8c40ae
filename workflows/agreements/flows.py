"""Asking an organisation to accept: one task, done by its signatory, or taken away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permissions.models import Organisation
from workflows.agreements import views
from workflows.agreements.models import AcceptanceRequest
from workflows.calendar import queries as calendar
from workflows.engine import nodes
from workflows.engine.flows import ProcessFlow
from workflows.engine.nodes import this


class AcceptanceFlow(ProcessFlow):
    """The subject is an `AcceptanceRequest`; a newer material version ends the process."""

    process_title = "Acceptance of an agreement"

    start = nodes.StartHandle().Next(this.accept)

    accept = nodes.Step(
        views.Accept,
        permission="accept_agreement",
        organisation=this.party,
        due=this.accept_due,
        title="Read and accept the agreement",
    ).Next(this.end)

    end = nodes.End()

    def party(self, process: Any) -> Organisation:
        """The organisation that was asked."""
        return process.subject.organisation

    def accept_due(self, process: Any) -> datetime | None:
        """The end of the last day of grace, when the agreement gives one."""
        due_date = process.subject.due_date
        return None if due_date is None else calendar.at_end_of_day(due_date)

    def reference_of(self, subject: AcceptanceRequest) -> str:
        """The case that waits for it, or which version it is."""
        return subject.case.reference if subject.case else f"Version {subject.version.number}"

    def headline_of(self, subject: AcceptanceRequest) -> str:
        """The agreement and whose it is."""
        return f"{subject.agreement.title}, {subject.agreement.partnership.name}"

    def organisation_of(self, subject: AcceptanceRequest) -> Organisation:
        """The partnership that asks."""
        return subject.agreement.partnership
