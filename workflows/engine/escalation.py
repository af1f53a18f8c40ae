"""Tasks that are too late, shown to a role: the rules of each organisation, and the job that goes by them.

An organisation says how many working days late, for one kind of task or for every kind, and to which
of its roles. The rule for a kind goes before the one for every kind. A task is shown once; being
shown one gives nobody the permission to do it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from permissions import audit, checks, grants
from permissions import queries as people
from permissions.models import Organisation
from permissions.roles import Role

from . import events, states, steps, tasks, working_days
from .exceptions import Busy, NotAllowed
from .models import EscalationRule, Task
from .models.arrangements import MOST_WORKING_DAYS

logger = logging.getLogger(__name__)

PERMISSION: Final = "change_escalation"
#: At most so many tasks of one rule in one run; the rest waits for the next day.
BATCH: Final = 1_000


# --- Rules --------------------------------------------------------------------------------------


def organisations_of(user: Any) -> QuerySet[Organisation]:
    """Return the organisations whose rules the person may change: theirs and those beneath."""
    held = people.organisations_where(user, PERMISSION)
    return people.with_those_beneath(held).filter(is_active=True)


def rules_of(organisation: Organisation) -> QuerySet[EscalationRule]:
    """Return the organisation's rules, the one for every kind first."""
    return EscalationRule.objects.filter(organisation=organisation).order_by("kind")


def kinds_in(organisation: Organisation) -> list[str]:
    """Return the kinds of task that some role of the organisation may do."""
    held = set().union(*(grants.REGISTRY.grants.get(role, set()) for role in organisation.roles))
    return sorted({step.title for step in steps.kinds() if step.permission in held})


def may_reassign(role: Role) -> bool:
    """Tell whether a role can give a task that it is shown to somebody else."""
    return "reassign_task" in grants.REGISTRY.grants.get(role, set())


@transaction.atomic
def set_rule(
    *,
    organisation: Organisation,
    kind: str,
    working_days: int,
    role: str,
    by: Any,
    rule: EscalationRule | None = None,
) -> EscalationRule:
    """Make a rule, or change one. Raises NotPermitted, or NotAllowed with the reason."""
    checks.require_here_or_above(by, PERMISSION, organisation)
    if role not in organisation.roles:
        raise NotAllowed(f"{organisation} has no such role. Choose another.")
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise NotAllowed(f"Enter a number of working days from 1 to {MOST_WORKING_DAYS}.")
    rule = rule or EscalationRule(organisation=organisation)
    rule.kind, rule.working_days, rule.role = kind, working_days, role
    try:
        with transaction.atomic(), audit.acting(by):
            rule.save()
    except IntegrityError as error:
        raise NotAllowed(
            "There is a rule for this kind of task already. Change that one instead."
        ) from error
    return rule


@transaction.atomic
def remove_rule(rule: EscalationRule, by: Any) -> None:
    """Remove a rule; what was shown by it stays shown."""
    checks.require_here_or_above(by, PERMISSION, rule.organisation)
    with audit.acting(by):
        rule.delete()


# --- The job ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What one run has done."""

    escalated: int = 0
    busy: int = 0


def escalate(today: date | None = None) -> Run:
    """Show every task that is too late by its organisation's rules; on working days only.

    Who is shown some is told in one message for each rule. What somebody works on at this moment
    is left for the next day.
    """
    today = today or timezone.localdate()
    if not working_days.is_working_day(today, working_days.holidays(today, today)):
        return Run()
    done = busy = 0
    for rule in EscalationRule.objects.select_related("organisation").order_by("pk"):
        before = too_late_before(today, rule.working_days)
        shown = 0
        for task in _late(rule, before)[:BATCH]:
            try:
                shown += tasks.escalate(task, rule.role, before)
            except (Busy, NotAllowed):
                busy += 1
        if shown:
            events.announce(
                "tasks_escalated",
                subject=rule,
                by=None,
                organisation=rule.organisation,
                summary=f"{shown} late tasks are shown to the {rule.get_role_display().lower()}.",
                data={"role": rule.role, "tasks": shown},
            )
        done += shown
    if done or busy:
        logger.info("Escalation: %s tasks shown, %s busy", done, busy)
    return Run(done, busy)


def too_late_before(today: date, days: int) -> datetime:
    """Return the moment before which a task was due that is so many working days late today.

    The first working day after the due date is the first day late. A task that was due on Friday
    is one working day late on Monday; so is one that was due on Saturday.
    """
    day = working_days.back(today, days - 1)
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _late(rule: EscalationRule, before: datetime) -> QuerySet[Task]:
    late = Task.objects.filter(
        flow_task_type=states.HUMAN,
        status__in=states.OPEN,
        organisation=rule.organisation,
        due_at__lt=before,
        escalated_role="",
    )
    if rule.kind:
        late = late.filter(title=rule.kind)
    else:
        others = rules_of(rule.organisation).exclude(kind="").order_by().values("kind")
        late = late.exclude(title__in=others)
    return late.select_related("process").order_by("due_at", "pk")
