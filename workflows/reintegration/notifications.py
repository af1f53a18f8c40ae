"""Who is told about reintegration plans, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Final

from permissions import queries as permissions
from workflows.engine.events import Notification

from .models import ReintegrationPlan

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.engine.models import Event


def _plan(event: Event) -> ReintegrationPlan:
    return ReintegrationPlan.objects.select_related(
        "school", "case__partnership", "placement__provider"
    ).get(pk=event.data["plan"])


def school(event: Event) -> Iterable[User]:
    """Give the people of the home school who write plans."""
    return permissions.people_with("write_reintegration_plan", _plan(event).school)


def officers(event: Event) -> Iterable[User]:
    """Give the people who close cases for the partnership."""
    return permissions.people_with("close_case", _plan(event).case.partnership)


def officers_and_provider(event: Event) -> Iterable[User]:
    """Give the partnership's officers, and those who act for the provider."""
    plan = _plan(event)
    return chain(
        permissions.people_with("close_case", plan.case.partnership),
        permissions.people_with("complete_review_action", plan.placement.provider),
    )


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "reintegration_begun": [
        Notification(
            school, "mail/reintegration_begun.txt", "A reintegration plan is to be written"
        )
    ],
    "reintegration_plan_written": [
        Notification(
            officers_and_provider,
            "mail/reintegration_plan_written.txt",
            "A reintegration plan was written",
        )
    ],
    "phase_set_back": [
        Notification(
            officers_and_provider, "mail/phase_set_back.txt", "A return to school was set back"
        )
    ],
    "reintegration_stopped": [
        Notification(
            officers_and_provider,
            "mail/reintegration_stopped.txt",
            "A reintegration plan was stopped",
        )
    ],
    "reintegration_plan_completed": [
        Notification(
            officers, "mail/reintegration_plan_completed.txt", "A reintegration plan is complete"
        )
    ],
}
