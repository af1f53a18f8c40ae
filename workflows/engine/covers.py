"""Cover for an absent colleague: who does whose tasks, between which days, and which they are not.

Whoever covers does the absent person's claimed tasks in one organisation, as far as they hold the
permission for each themselves: cover gives nobody a permission. What is for one person alone (a
vote) is never covered. Days are London's: a cover begins and ends at midnight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from permissions import checks
from permissions import queries as people
from permissions.exceptions import NotPermitted
from permissions.models import Organisation

from . import activations, events, states, steps
from .exceptions import AlreadyDone, NotAllowed
from .models import Cover, Task

#: Longer than this nobody is away; it is a mistake in typing.
LONGEST: Final = timedelta(days=366)
#: How long covers that are over stay on the list.
LISTED: Final = timedelta(days=90)


# --- Who covers ---------------------------------------------------------------------------------


def in_force(day: date | None = None) -> QuerySet[Cover]:
    """Return the covers of a day, by default of today."""
    day = day or timezone.localdate()
    return Cover.objects.filter(first_date__lte=day, last_date__gte=day, ended_at=None).order_by()


def covering(user: Any) -> list[Cover]:
    """Return whom the person covers for today, in one query."""
    return list(
        in_force()
        .filter(covering=user)
        .select_related("absent", "organisation")
        .order_by("absent__name", "pk")
    )


def tasks_covered_by(user: Any) -> Q:
    """Hold for tasks that others have claimed and the person covers; permissions come on top."""
    mine = in_force().filter(covering=user)
    here = mine.filter(absent=OuterRef("owner"), organisation=OuterRef("organisation"))
    return (
        Q(owner__in=mine.values("absent"), status=states.ASSIGNED)
        & Q(Exists(here))
        & ~Q(flow_task__in=steps.personal_nodes())
    )


def cover_for(task: Task, user: Any) -> Cover | None:
    """Return the cover by which the person may do somebody else's claimed task now, if any."""
    if (
        task.owner_id is None
        or task.owner_id == user.pk
        or task.status != states.ASSIGNED
        or task.flow_task in steps.personal_nodes()
    ):
        return None
    found = in_force().filter(
        absent=task.owner_id, covering=user, organisation=task.organisation_id
    )
    cover = found.select_related("absent", "organisation").first()
    return cover if cover is not None and activations.is_holder(task, user) else None


def stand_ins(absent: Iterable[int], subject: Any) -> list[tuple[int, int]]:
    """Return pairs of who is away and who covers, as far as it is about tasks that they cover.

    The subject of what happened is a task itself, or has a reference that tasks carry. One query
    where nobody is away.
    """
    covers = list(in_force().filter(absent__in=list(absent)).select_related("covering"))
    if not covers:
        return []
    about = Task.objects.filter(
        flow_task_type=states.HUMAN,
        status=states.ASSIGNED,
        owner__in=[cover.absent_id for cover in covers],
    )
    if isinstance(subject, Task):
        about = about.filter(pk=subject.pk)
    else:
        about = about.filter(reference=_reference(subject)).exclude(reference="")
    return [
        (cover.absent_id, cover.covering_id)
        for task in about.select_related("organisation")
        for cover in covers
        if cover.absent_id == task.owner_id
        and cover.organisation_id == task.organisation_id
        and task.flow_task not in steps.personal_nodes()
        and activations.is_holder(task, cover.covering)
    ]


def _reference(subject: Any) -> str:
    own = getattr(subject, "reference", "")
    return str(own or getattr(getattr(subject, "case", None), "reference", ""))


# --- What is covered ----------------------------------------------------------------------------


@dataclass(frozen=True)
class NotCovered:
    """A kind of task of the absent person that stays with them, and how many wait now."""

    title: str
    is_personal: bool
    waiting: int


def not_covered(absent: Any, covering: Any, organisation: Organisation) -> list[NotCovered]:
    """Return which kinds of the absent person's tasks the other may not do; three queries."""
    theirs = _codenames(absent, organisation)
    held = _codenames(covering, organisation)
    left: dict[str, bool] = {}
    for step in steps.kinds():
        if step.permission in theirs and (step.is_personal or step.permission not in held):
            left[step.title] = left.get(step.title, True) and step.is_personal
    titles = Task.objects.filter(
        flow_task_type=states.HUMAN,
        status=states.ASSIGNED,
        owner=absent,
        organisation=organisation,
        title__in=left,
    ).values_list("title", flat=True)
    waiting = list(titles)
    return [
        NotCovered(title, is_personal, waiting.count(title))
        for title, is_personal in sorted(left.items())
    ]


def done_under(cover: Cover) -> QuerySet[Task]:
    """Return the tasks that were done under a cover, newest first."""
    return Task.objects.filter(cover=cover, status=states.DONE).order_by("-finished", "-pk")


def _codenames(user: Any, organisation: Organisation) -> set[str]:
    return {name for name, place in people.permitted(user).pairs if place == organisation.pk}


# --- Lists --------------------------------------------------------------------------------------


def visible_to(user: Any) -> QuerySet[Cover]:
    """Return the covers that concern a person, or an organisation whose tasks they manage."""
    managed = people.organisations_where(user, "reassign_task").values("pk")
    return Cover.objects.filter(
        Q(absent=user) | Q(covering=user) | Q(organisation__in=managed)
    ).select_related("absent", "covering", "organisation", "set_by", "ended_by")


def listed(user: Any) -> QuerySet[Cover]:
    """Return the person's covers that run, are to come or ended of late, latest first."""
    since = timezone.localdate() - LISTED
    return visible_to(user).filter(last_date__gte=since).order_by("-first_date", "-pk")


def may_arrange(user: Any, absent: Any, organisation: Organisation) -> bool:
    """Tell whether the person may arrange cover for somebody: themself, or as who manages there."""
    is_member = people.memberships_of(user).filter(organisation=organisation).exists()
    return (user == absent and is_member) or may_arrange_for_others(user, organisation)


def may_arrange_for_others(user: Any, organisation: Organisation) -> bool:
    """Tell whether the person manages the organisation's tasks or its people."""
    return checks.may(user, "reassign_task", organisation) or checks.may_manage(user, organisation)


# --- Arranging ----------------------------------------------------------------------------------


def why_not(
    absent: Any, covering: Any, organisation: Organisation, first_date: date, last_date: date
) -> str | None:
    """Return why one person cannot cover for another on these days, or None."""
    if absent == covering:
        return "Choose somebody else to cover: nobody covers for themselves."
    if last_date < first_date:
        return "The last day must not be before the first day."
    if last_date < timezone.localdate():
        return "The last day must be today or in the future."
    if last_date - first_date > LONGEST:
        return "Cover may last a year at most. Choose an earlier last day."
    members = set(people.members_of(organisation).values_list("user", flat=True))
    for person in (absent, covering):
        if person.pk not in members or not person.is_active:
            return f"{person.get_full_name()} has no role in {organisation}. Choose somebody else."
    same_days = Cover.objects.filter(
        organisation=organisation,
        ended_at=None,
        first_date__lte=last_date,
        last_date__gte=first_date,
    )
    already = same_days.filter(absent=absent).select_related("covering").first()
    if already is not None:
        return (
            f"{already.covering.get_full_name()} already covers {_days(already)}. "
            "Choose other days, or end that cover first."
        )
    away = same_days.filter(absent=covering).first()
    if away is not None:
        return f"{covering.get_full_name()} is away {_days(away)}. Choose somebody else."
    return None


def left_without(absent: Any, organisation: Organisation, first: date, last: date) -> list[Cover]:
    """Return for whom the absent person covers on these days: nobody does then."""
    return list(
        Cover.objects.filter(
            covering=absent,
            organisation=organisation,
            ended_at=None,
            first_date__lte=last,
            last_date__gte=first,
        ).select_related("absent")
    )


@transaction.atomic
def arrange(
    *,
    absent: Any,
    covering: Any,
    organisation: Organisation,
    first_date: date,
    last_date: date,
    by: Any,
) -> Cover:
    """Have one person cover for another; both are told. Raises NotPermitted or NotAllowed."""
    if not may_arrange(by, absent, organisation):
        raise NotPermitted(checks.REFUSAL)
    # Of two who arrange each other's cover at once, the second sees the first.
    both = get_user_model().objects.select_for_update().filter(pk__in=[absent.pk, covering.pk])
    list(both.order_by("pk"))
    if reason := why_not(absent, covering, organisation, first_date, last_date):
        raise NotAllowed(reason)
    try:
        with transaction.atomic():
            cover = Cover.objects.create(
                absent=absent,
                covering=covering,
                organisation=organisation,
                first_date=first_date,
                last_date=last_date,
                set_by=by,
            )
    except IntegrityError as error:
        raise NotAllowed("Somebody already covers on some of these days.") from error
    _announce("cover_arranged", cover, by, "covers")
    return cover


@transaction.atomic
def end(cover: Cover, by: Any) -> None:
    """End a cover now: by either of the two, or by who may arrange it. Both are told."""
    current = Cover.objects.select_for_update().get(pk=cover.pk)
    if by != current.covering and not may_arrange(by, current.absent, current.organisation):
        raise NotPermitted(checks.REFUSAL)
    if current.ended_at is not None or current.last_date < timezone.localdate():
        raise AlreadyDone("This cover is over already.")
    current.ended_at = timezone.now()
    current.ended_by = by
    current.save(update_fields=["ended_at", "ended_by"])
    _announce("cover_ended", current, by, "no longer covers")
    cover.refresh_from_db()


def is_over(cover: Cover) -> bool:
    """Tell whether nobody covers by it any more."""
    return cover.ended_at is not None or cover.last_date < timezone.localdate()


def _days(cover: Cover) -> str:
    return f"from {_day(cover.first_date)} to {_day(cover.last_date)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _announce(kind: str, cover: Cover, by: Any, covers: str) -> None:
    events.announce(
        kind,
        subject=cover,
        by=by,
        organisation=cover.organisation,
        summary=(
            f"{cover.covering.get_full_name()} {covers} for {cover.absent.get_full_name()} "
            f"{_days(cover)}."
        ),
        data={"cover": cover.pk, "absent": cover.absent_id, "covering": cover.covering_id},
    )
