"""What the engine knows, as nouns: the inbox, failed steps and jobs, people who may do a task.

A task is seen by whoever may do it: its owner while they still hold the permission, anybody who
holds the permission in its organisation while it is unclaimed, whoever covers for its owner and
holds the permission, whoever may reassign tasks there, and, once it is too late, the role that the
organisation has named. What the person may is read once, whatever the number of grants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from permissions import queries as people
from permissions.queries import Permitted

from . import covers, states, steps
from .filters import Filters
from .models import Barred, Event, Mention, Process, SavedView, Task, TaskNote

PAGE_SIZE = 60

MINE = "mine"
SNOOZED = "snoozed"
UNCLAIMED = "unclaimed"
TEAM = "team"
COVERING = "covering"
FINISHED = "done"

#: All that is one's own, put off or not: no tab, but what two of them are parts of.
OWN = "own"
ASLEEP = {MINE: False, SNOOZED: True}

#: Nobody skips further than this through their own tasks.
MOST_IN_LINE = 500

#: The tabs of the inbox, in their order.
VIEWS = {
    MINE: "Mine",
    SNOOZED: "Put off",
    UNCLAIMED: "Unclaimed",
    TEAM: "My team’s",
    COVERING: "Covering for colleagues",
    FINISHED: "Done",
}

#: Orders of the inbox; each ends with the id, so that pages never overlap.
SORTS = {
    "priority": "Priority, then due date",
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
    owners: list[tuple[int, str]]
    saved: list[SavedView]
    sort: str = "priority"
    q: str = ""
    filters: Filters = field(default_factory=Filters)
    permitted: Permitted = field(default_factory=Permitted)


class CountedPaginator(Paginator[Task]):
    """Pages of a list whose length is known already."""

    def __init__(self, tasks: QuerySet[Task], size: int, count: int) -> None:
        super().__init__(tasks, size)
        self.count = count  # a cached property there, known here


def visible_tasks(user: Any, view: str, permitted: Permitted | None = None) -> QuerySet[Task]:
    """Return the tasks of one tab for the person, in no order.

    Give `permitted` where it is known already; it is one query otherwise.
    """
    barred = Barred.objects.filter(user=user).values("reference")
    human = Task.objects.filter(flow_task_type=states.HUMAN).order_by()
    human = human.exclude(reference__in=barred)
    if view == FINISHED:
        return human.filter(status=states.DONE, owner=user)
    permitted = permitted or people.permitted(user)
    held = _may_do(permitted)
    if view == OWN or view in ASLEEP:
        own = human.filter(held, status=states.ASSIGNED, owner=user)
        return own if view == OWN else own.filter(_asleep(ASLEEP[view]))
    if view == UNCLAIMED:
        return human.filter(held, status=states.NEW)
    if view == COVERING:
        return human.filter(held, covers.tasks_covered_by(user))
    managed = Q(organisation__in=permitted.organisation_ids("reassign_task"))
    return human.filter(
        Q(held, status=states.ASSIGNED)
        | Q(managed, status=states.ASSIGNED)
        | Q(managed & ~held, status=states.NEW)
        | Q(_escalated_to(permitted), status=states.ASSIGNED)
        | Q(_escalated_to(permitted) & ~held, status=states.NEW)
    ).exclude(owner=user)


def _escalated_to(permitted: Permitted) -> Q:
    """Hold for late tasks that an organisation shows to a role which the person has in it."""
    places: dict[str, list[int]] = defaultdict(list)
    for membership in permitted.memberships:
        places[membership.role].append(membership.organisation_id)
    condition = Q(pk__in=[])
    for role, organisations in places.items():
        condition |= Q(escalated_role=role, organisation__in=sorted(organisations))
    return condition


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
    sort: str = "priority",
    q: str = "",
    filters: Filters | None = None,
    page: int = 1,
    saved: Sequence[SavedView] = (),
    covers_somebody: bool = True,
    permitted: Permitted | None = None,
) -> Inbox:
    """Return one page of the person's tasks; the number of queries does not grow with anything.

    Each task on it carries `may_open` and `may_manage`: whether this person may do it, and
    whether they may give it to somebody else. `saved` are the person's views, to be counted too.
    Give `permitted` where it is known already.
    """
    view = view if view in VIEWS else MINE
    filters = filters or Filters()
    permitted = permitted or people.permitted(user)
    counts = task_counts(user, permitted, saved, covers_somebody=covers_somebody)
    tasks = visible_tasks(user, view, permitted)
    narrowed = _search(filters.narrow(tasks, user), permitted, q.strip())
    count = counts[view] if narrowed is tasks else narrowed.count()
    shown = in_order(narrowed.select_related("organisation", "owner", "cover__absent"), view, sort)
    columns = ["title", "organisation", "organisation__name"]
    columns += ["owner", "owner__name"] if view == TEAM else []
    known = list(tasks.values_list(*columns).distinct())
    listed = CountedPaginator(shown, PAGE_SIZE, count).get_page(page)
    for task in listed.object_list:
        # For the template alone, on the rows that it is given.
        task.may_open = permitted.may(task.owner_permission or "", task.organisation_id)
        task.may_manage = permitted.may("reassign_task", task.organisation_id)
    _count_notes(listed.object_list, user)
    return Inbox(
        view=view,
        counts=counts,
        page=listed,
        kinds=sorted({row[0] for row in known}),
        organisations=_by_name(row[1:3] for row in known),
        owners=_by_name(row[3:5] for row in known if len(row) > 3 and row[3] is not None),
        saved=list(saved),
        sort=sort if sort in SORTS else "priority",
        q=q,
        filters=filters,
        permitted=permitted,
    )


def _count_notes(tasks: Iterable[Task], user: Any) -> None:
    """Write on each task how many notes the person may read, and whether one mentions them.

    For the template alone. What is for one person counts for that person; one query.
    """
    mine = Mention.objects.filter(note=OuterRef("pk"), person=user)
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = TaskNote.objects.filter(task__in=[task.pk for task in tasks]).order_by()
    for pk, audience, is_mine in rows.values_list("task", "audience", Exists(mine)):
        found[pk].append((audience, is_mine))
    personal = steps.personal_nodes() if found else []
    for task in tasks:
        does = task.may_open and (task.owner_id == user.pk or task.flow_task not in personal)
        read = [
            is_mine
            for audience, is_mine in found[task.pk]
            if does or (task.may_manage and audience == states.NoteAudience.MANAGERS)
        ]
        task.notes_to_read = len(read)
        task.mentions_me = any(read)


def _by_name(pairs: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted({(pk, name) for pk, name in pairs}, key=lambda pair: (pair[1], pair[0]))


def task_counts(
    user: Any,
    permitted: Permitted | None = None,
    saved: Sequence[SavedView] = (),
    *,
    covers_somebody: bool = True,
) -> dict[str, int]:
    """Return how many tasks each tab holds, how many of one's own are overdue, and what views hold.

    A saved view is counted under `saved-` and its id. One query, whatever the number of views; one
    more where `permitted` is not given. Somebody known to cover for nobody is spared a part of it.
    """
    permitted = permitted or people.permitted(user)
    counted: dict[str, dict[str, Q]] = {tab: {} for tab in (OWN, UNCLAIMED, TEAM, FINISHED)}
    if covers_somebody:
        counted[COVERING] = {}

    def count(view: str, name: str, condition: Q) -> None:
        # Both tabs of one's own tasks are read once.
        tab = OWN if view in ASLEEP else view
        if tab in counted:
            counted[tab][name] = condition & _asleep(ASLEEP[view]) if tab == OWN else condition

    for view in VIEWS:
        count(view, view, Q())
    count(MINE, "overdue", Q(due_at__lt=timezone.now()))
    for one in saved:
        count(one.tab, f"saved-{one.pk}", Filters.of(one.filters).condition(user))
    width = max(len(names) for names in counted.values())
    tabs = [
        _counted(visible_tasks(user, tab, permitted), tab, width, conditions)
        for tab, conditions in counted.items()
    ]
    found = dict.fromkeys([*VIEWS, *(f"saved-{one.pk}" for one in saved), "overdue"], 0)
    for tab, *numbers in tabs[0].union(*tabs[1:], all=True):
        found.update(zip(counted[tab], numbers, strict=False))
    return found


def _asleep(is_asleep: bool) -> Q:
    now = timezone.now()
    if is_asleep:
        return Q(snoozed_until__gt=now)
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)


def _counted(tasks: QuerySet[Task], tab: str, width: int, conditions: dict[str, Q]) -> Any:
    """Count the tasks of a tab under each condition: its rows are read once for all of them."""
    columns: dict[str, Any] = {f"number_{number}": Value(0) for number in range(width)}
    for column, condition in zip(columns, conditions.values(), strict=False):
        columns[column] = Count("pk", filter=condition) if condition else Count("pk")
    return (
        tasks.annotate(tab=Value(tab))
        .values("tab")
        .annotate(**columns)
        .values_list("tab", *columns)
    )


def _search(tasks: QuerySet[Task], permitted: Permitted, q: str) -> QuerySet[Task]:
    if not q:
        return tasks
    return tasks.filter(
        # The headline names a pupil: only those who may do the task can find it by that.
        Q(reference__icontains=q)
        | Q(title__icontains=q)
        | Q(_may_do(permitted), headline__icontains=q)
    )


def in_order(tasks: QuerySet[Task], view: str = MINE, sort: str = "priority") -> QuerySet[Task]:
    """Put tasks into one of the orders of the inbox; what is done comes newest first by default."""
    if sort == "created":
        return tasks.order_by("created", "pk")
    if sort in ("reference", "headline"):
        return tasks.order_by(sort, "pk")
    if view == FINISHED:
        return tasks.order_by("-finished", "-pk")
    soonest = F("due_at").asc(nulls_last=True)
    return (
        tasks.order_by(soonest, "pk")
        if sort == "due"
        else tasks.order_by("-priority", soonest, "pk")
    )


@dataclass(frozen=True)
class Next:
    """The task that a person might do next, and how many wait for them altogether."""

    task: Task
    left: int


def next_task(user: Any, after: int | None = None) -> Next | None:
    """Return the first of the person's own tasks, or the one that follows the task given.

    From the last it goes on with the first. Two queries, three with `after`.
    """
    mine = in_order(visible_tasks(user, MINE))
    numbers = list(mine.values_list("pk", flat=True)[:MOST_IN_LINE])
    if after in numbers:
        place = numbers.index(after)
        numbers = [*numbers[place + 1 :], *numbers[:place]]
    if not numbers:
        return None
    task = Task.objects.select_related("organisation").filter(pk=numbers[0]).first()
    return Next(task, len(numbers)) if task is not None else None


def people_for(task: Task) -> QuerySet[Any]:
    """Return the people who may do the task, by name."""
    barred = Barred.objects.filter(reference=task.reference).values("user")
    return (
        people.people_with(task.owner_permission or "", task.organisation_id or 0)
        .exclude(pk__in=barred)
        .order_by("name", "pk")
    )


def people_for_any(tasks: Iterable[Task]) -> QuerySet[Any]:
    """Return the people who may do at least one of the tasks, by name."""
    places: dict[str, set[int]] = defaultdict(set)
    for task in tasks:
        if task.owner_permission and task.organisation_id:
            places[task.owner_permission].add(task.organisation_id)
    some = Q(pk__in=[])
    for codename, organisations in places.items():
        held = people.holdings(codename).filter(organisation__in=sorted(organisations))
        some |= Q(pk__in=held.order_by().values("user"))
    return get_user_model().objects.filter(some).order_by("name", "pk")


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
