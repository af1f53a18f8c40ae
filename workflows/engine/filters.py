"""What a list of tasks is narrowed by, in the address, in a saved view and in the database.

One class turns the three into each other, so that a saved view counts what its list shows. Words
that are searched for do not belong here: they stay in the session (`searches`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from . import states
from .models import Mention, Task

OVERDUE = "overdue"
WEEK = "week"
NEVER = "never"

#: By when a task is due, as a filter.
WHENS = {OVERDUE: "Overdue", WEEK: "Due this week", NEVER: "No due date"}


@dataclass(frozen=True)
class Filters:
    """What narrows a list of tasks; nothing set narrows nothing."""

    kind: str = ""
    organisation: int | None = None
    when: str = ""
    priority: int | None = None
    owner: int | None = None
    mentioned: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Filters:
        """Read filters from an address or a saved view; what makes no sense is ignored."""
        priority = number(given.get("priority"))
        when = given.get("when", "")
        return cls(
            kind=str(given.get("kind") or "")[:150].replace("\x00", ""),
            organisation=number(given.get("organisation")),
            when=when if when in WHENS else "",
            priority=priority if priority in states.Priority.values else None,
            owner=number(given.get("owner")),
            mentioned=bool(given.get("mentioned")),
        )

    def given(self) -> dict[str, Any]:
        """Return what is set, to be kept or written into an address."""
        values = {**asdict(self), "mentioned": "on" if self.mentioned else ""}
        return {name: value for name, value in values.items() if value not in ("", None)}

    def condition(self, user: Any) -> Q:
        """Return the condition for tasks that the person sees anyway; empty where nothing is set."""
        found = Q()
        if self.kind:
            found &= Q(title=self.kind)
        if self.organisation is not None:
            found &= Q(organisation=self.organisation)
        if self.priority is not None:
            found &= Q(priority=self.priority)
        if self.owner is not None:
            found &= Q(owner=self.owner)
        if self.when:
            found &= Q(status__in=states.OPEN) & _due(self.when)
        if self.mentioned:
            named = Mention.objects.filter(note__task=OuterRef("pk"), person=user)
            found &= Q(Exists(named))
        return found

    def narrow(self, tasks: QuerySet[Task], user: Any) -> QuerySet[Task]:
        """Return the tasks that fit; the very same queryset where nothing is set."""
        condition = self.condition(user)
        return tasks.filter(condition) if condition else tasks


def _due(when: str) -> Q:
    now = timezone.now()
    if when == OVERDUE:
        return Q(due_at__lt=now)
    if when == NEVER:
        return Q(due_at__isnull=True)
    return Q(due_at__gte=now, due_at__lt=_end_of_week(now))


def _end_of_week(now: datetime) -> datetime:
    """Return the midnight, in local time, with which the next Monday begins."""
    today = timezone.localdate(now)
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday, time.min, tzinfo=timezone.get_current_timezone())


def number(text: Any) -> int | None:
    """Return a number from an address, None for anything else."""
    text = "" if text is None else str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
