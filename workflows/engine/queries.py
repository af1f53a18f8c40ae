"""What the engine knows, as nouns: the inbox, failed steps and jobs, people who may do a task.

A task is seen by whoever may do it: its owner while they still hold the permission, anybody who
holds the permission in its organisation while it is unclaimed, and whoever may reassign tasks
there. One join answers it, whatever the number of grants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from permissions import queries as people

from . import states
from .models import Barred, Event, Process, Task

PAGE_SIZE = 60

MINE = "mine"
UNCLAIMED = "unclaimed"
TEAM = "team"
FINISHED = "done"

#: The tabs of the inbox, in their order.
VIEWS = {
    MINE: "Mine",
    UNCLAIMED: "Unclaimed",
    TEAM: "My team’s",
    FINISHED: "Done",
}

#: Orders of the inbox; each ends with the id, so that pages never overlap.
SORTS = {
    "due": "Due date, overdue first",
    "created": "Oldest first",
    "reference": "Reference",
    "headline": "Name",
}


@dataclass(frozen=True)
class Inbox:
    """One page of one tab, with what its filters may be set to."""

    view: str
    counts: dict[str, int]
    page: Page[Task]
    kinds: list[str]
    organisations: list[tuple[int, str]]
    sort: str = "due"
    filters: dict[str, Any] = field(default_factory=dict)


class CountedPaginator(Paginator[Task]):
    """Pages of a list whose length is known already."""

    def __init__(self, tasks: QuerySet[Task], size: int, count: int) -> None:
        super().__init__(tasks, size)
        self.count = count  # a cached property there, known here


def visible_tasks(user: Any, view: str) -> QuerySet[Task]:
    """Return the tasks of one tab for the person, in no order."""
    human = Task.objects.filter(flow_task_type=states.HUMAN).order_by()
    if view == FINISHED:
        return human.filter(status=states.DONE, owner=user)
    held = _may_do(user)
    barred = Exists(Barred.objects.filter(user=user, reference=OuterRef("reference")))
    if view == MINE:
        return human.filter(held, ~barred, status=states.ASSIGNED, owner=user)
    if view == UNCLAIMED:
        return human.filter(held, ~barred, status=states.NEW)
    managed = _may_manage(user)
    return human.filter(
        Q(held, status=states.ASSIGNED)
        | Q(managed, status__in=states.OPEN) & ~Q(held, status=states.NEW),
        ~barred,
    ).exclude(owner=user)


def _may_do(user: Any) -> Exists:
    """Whether the person holds the task's own permission in the task's organisation."""
    return Exists(
        people.holdings(OuterRef("owner_permission")).filter(  # type: ignore[arg-type]  # a column stands for it
            user=user, organisation=OuterRef("organisation")
        )
    )


def _may_manage(user: Any) -> Exists:
    """Whether the person may give the task to somebody else."""
    return Exists(
        people.holdings("reassign_task").filter(user=user, organisation=OuterRef("organisation"))
    )


def inbox(
    user: Any,
    *,
    view: str = MINE,
    sort: str = "due",
    q: str = "",
    kind: str = "",
    organisation: int | None = None,
    overdue: bool = False,
    page: int = 1,
) -> Inbox:
    """Return one page of the person's tasks; the number of queries does not grow with anything."""
    view = view if view in VIEWS else MINE
    counts = task_counts(user)
    tasks = visible_tasks(user, view)
    narrowed = _narrow(tasks, user, q.strip(), kind, organisation, overdue)
    count = counts[view] if narrowed is tasks else narrowed.count()
    shown = narrowed.select_related("organisation", "owner").annotate(
        may_open=_may_do(user), may_manage=_may_manage(user)
    )
    options = tasks.values_list("title", "organisation", "organisation__name").distinct()
    known = list(options)
    return Inbox(
        view=view,
        counts=counts,
        page=CountedPaginator(_sort(shown, view, sort), PAGE_SIZE, count).get_page(page),
        kinds=sorted({title for title, _, _ in known}),
        organisations=sorted({(pk, name) for _, pk, name in known}, key=lambda pair: pair[1]),
        sort=sort if sort in SORTS else "due",
        filters={"q": q, "kind": kind, "organisation": organisation, "overdue": overdue},
    )


def task_counts(user: Any) -> dict[str, int]:
    """Return how many tasks each tab holds, and how many of one's own are overdue; one query."""
    parts = [_counted(visible_tasks(user, view), view) for view in VIEWS]
    parts.append(_counted(visible_tasks(user, MINE).filter(due_at__lt=timezone.now()), "overdue"))
    found = dict(parts[0].union(*parts[1:], all=True))
    return {view: found.get(view, 0) for view in (*VIEWS, "overdue")}


def _counted(tasks: QuerySet[Task], name: str) -> Any:
    return (tasks.annotate(tab=Value(name)).values("tab").annotate(number=Count("pk"))).values_list(
        "tab", "number"
    )


def _narrow(
    tasks: QuerySet[Task],
    user: Any,
    q: str,
    kind: str,
    organisation: int | None,
    overdue: bool,
) -> QuerySet[Task]:
    if q:
        tasks = tasks.filter(
            # The headline names a pupil: only those who may do the task can find it by that.
            Q(reference__icontains=q)
            | Q(title__icontains=q)
            | Q(_may_do(user), headline__icontains=q)
        )
    if kind:
        tasks = tasks.filter(title=kind)
    if organisation is not None:
        tasks = tasks.filter(organisation=organisation)
    if overdue:
        tasks = tasks.filter(due_at__lt=timezone.now(), status__in=states.OPEN)
    return tasks


def _sort(tasks: QuerySet[Task], view: str, sort: str) -> QuerySet[Task]:
    if sort == "created":
        return tasks.order_by("created", "pk")
    if sort in ("reference", "headline"):
        return tasks.order_by(sort, "pk")
    if view == FINISHED:
        return tasks.order_by("-finished", "-pk")
    return tasks.order_by(F("due_at").asc(nulls_last=True), "pk")


def people_for(task: Task) -> QuerySet[Any]:
    """Return the people who may do the task, by name."""
    barred = Barred.objects.filter(reference=task.reference).values("user")
    return (
        people.people_with(task.owner_permission or "", task.organisation_id or 0)
        .exclude(pk__in=barred)
        .order_by("name", "pk")
    )


def events_of(subject: Any) -> QuerySet[Event]:
    """Return what happened to a subject, newest first; who may see which is the slice's to narrow."""
    return Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
    ).select_related("by", "organisation")


def failed_tasks(user: Any) -> QuerySet[Task]:
    """Return background steps that failed, or keep failing, in processes the person looks after."""
    mine = people.holdings("retry_failed_step").filter(
        user=user, organisation=OuterRef("process__organisation")
    )
    return (
        Task.objects.filter(
            Exists(mine),
            Q(status=states.ERROR)
            | Q(status__in=[states.SCHEDULED, states.NEW], data__has_key="failure"),
        )
        .select_related("process__organisation")
        .order_by("pk")
    )


def failed_jobs() -> QuerySet[Any]:
    """Return background jobs that gave up, newest first."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(status="failed").order_by("-id")


def lost_references() -> list[str]:
    """Return what stored tasks and processes refer to that no flow has any more.

    A node or flow that was renamed or removed needs a migration of the rows that name it.
    """
    lost: list[str] = []
    for model, column in ((Task, "flow_task"), (Process, "flow_class")):
        reference: Any = model._meta.get_field(column)
        stored = model.objects.order_by().values_list(Cast(column, CharField())).distinct()
        for (text,) in stored:
            found = reference.from_db_value(text, None, None)
            if found is None or getattr(found, "task_type", "") == states.OBSOLETE:
                lost.append(text)
    return sorted(lost)
