"""What the engine knows, as nouns: the inbox, failed steps and jobs, people who may do a task.

A task is seen by whoever may do it: its owner while they still hold the permission, anybody who
holds the permission in its organisation while it is unclaimed, and whoever may reassign tasks
there. What the person may is read once, in one query, whatever the number of grants.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from permissions import queries as people
from permissions.queries import Permitted

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


def visible_tasks(user: Any, view: str, permitted: Permitted | None = None) -> QuerySet[Task]:
    """Return the tasks of one tab for the person, in no order.

    Give `permitted` where it is known already; it is one query otherwise.
    """
    human = Task.objects.filter(flow_task_type=states.HUMAN).order_by()
    if view == FINISHED:
        return human.filter(status=states.DONE, owner=user)
    permitted = permitted or people.permitted(user)
    held = _may_do(permitted)
    barred = Barred.objects.filter(user=user).values("reference")
    human = human.exclude(reference__in=barred)
    if view == MINE:
        return human.filter(held, status=states.ASSIGNED, owner=user)
    if view == UNCLAIMED:
        return human.filter(held, status=states.NEW)
    managed = Q(organisation__in=permitted.organisation_ids("reassign_task"))
    return human.filter(
        Q(held, status=states.ASSIGNED)
        | Q(managed, status=states.ASSIGNED)
        | Q(managed & ~held, status=states.NEW)
    ).exclude(owner=user)


def _may_do(permitted: Permitted) -> Q:
    """Hold for tasks whose permission the person has in their organisation.

    Organisations in which they hold the same permissions stand together: a person has few roles,
    so this stays short whatever the number of organisations, and an index answers each part.
    """
    held: dict[int, set[str]] = defaultdict(set)
    for codename, organisation in permitted.pairs:
        held[organisation].add(codename)
    alike: dict[frozenset[str], list[int]] = defaultdict(list)
    for organisation, codenames in held.items():
        alike[frozenset(codenames)].append(organisation)
    condition = Q(pk__in=[])
    for shared, organisations in alike.items():
        condition |= Q(organisation__in=sorted(organisations), owner_permission__in=sorted(shared))
    return condition


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
    """Return one page of the person's tasks; the number of queries does not grow with anything.

    Each task on it carries `may_open` and `may_manage`: whether this person may do it, and
    whether they may give it to somebody else.
    """
    view = view if view in VIEWS else MINE
    permitted = people.permitted(user)
    counts = task_counts(user, permitted)
    tasks = visible_tasks(user, view, permitted)
    narrowed = _narrow(tasks, permitted, q.strip(), kind, organisation, overdue)
    count = counts[view] if narrowed is tasks else narrowed.count()
    shown = _sort(narrowed.select_related("organisation", "owner"), view, sort)
    known = list(tasks.values_list("title", "organisation", "organisation__name").distinct())
    listed = CountedPaginator(shown, PAGE_SIZE, count).get_page(page)
    for task in listed.object_list:
        # For the template alone, on the rows that it is given.
        task.may_open = permitted.may(task.owner_permission or "", task.organisation_id)
        task.may_manage = permitted.may("reassign_task", task.organisation_id)
    return Inbox(
        view=view,
        counts=counts,
        page=listed,
        kinds=sorted({title for title, _, _ in known}),
        organisations=sorted({(pk, name) for _, pk, name in known}, key=lambda pair: pair[1]),
        sort=sort if sort in SORTS else "due",
        filters={"q": q, "kind": kind, "organisation": organisation, "overdue": overdue},
    )


def task_counts(user: Any, permitted: Permitted | None = None) -> dict[str, int]:
    """Return how many tasks each tab holds, and how many of one's own are overdue.

    One query; one more where `permitted` is not given.
    """
    permitted = permitted or people.permitted(user)
    parts = [_counted(visible_tasks(user, view, permitted), view) for view in VIEWS]
    late = visible_tasks(user, MINE, permitted).filter(due_at__lt=timezone.now())
    found = dict(parts[0].union(*parts[1:], _counted(late, "overdue"), all=True))
    return {view: found.get(view, 0) for view in (*VIEWS, "overdue")}


def _counted(tasks: QuerySet[Task], name: str) -> Any:
    return (tasks.annotate(tab=Value(name)).values("tab").annotate(number=Count("pk"))).values_list(
        "tab", "number"
    )


def _narrow(
    tasks: QuerySet[Task],
    permitted: Permitted,
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
            | Q(_may_do(permitted), headline__icontains=q)
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
