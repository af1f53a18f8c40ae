"""Notes on tasks: who may read them, who may be mentioned, and the one way to write them.

A note opens nothing to anybody. Who may do a task reads all its notes; who may only hand it out
reads those that were written for them as well; a task for one person alone has notes for that
person and those who hand tasks out. Asked again at every reading: a lost role or a conflict of
interest takes the notes away too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet

from permissions import checks
from permissions import queries as people
from permissions.exceptions import NotPermitted

from . import activations, events, nodes, queries, tasks
from .exceptions import NotAllowed
from .models import Barred, Mention, Task, TaskNote
from .states import NoteAudience


@dataclass(frozen=True)
class Shown:
    """A note as one reader sees it."""

    note: TaskNote
    mentioned: list[str]
    is_for_me: bool


def audiences_of(user: Any, task: Task) -> frozenset[NoteAudience]:
    """Return which notes of the task the person may read; none where they may see none."""
    if activations.barred_references(user, [task.reference]):
        return frozenset()
    does = activations.is_holder(task, user)
    if does and isinstance(task.flow_task, nodes.StepForEach):
        does = task.owner_id == user.pk
    if does:
        return frozenset(NoteAudience)
    if checks.may(user, "reassign_task", task.organisation):
        return frozenset({NoteAudience.MANAGERS})
    return frozenset()


def readers(task: Task, audience: str = NoteAudience.MANAGERS) -> QuerySet[Any]:
    """Return who may read a note for that audience now, by name."""
    if isinstance(task.flow_task, nodes.StepForEach):
        some = Q(pk=task.owner_id)
    else:
        some = Q(pk__in=queries.people_for(task).order_by().values("pk"))
    if audience == NoteAudience.MANAGERS:
        managers = people.people_with("reassign_task", task.organisation_id or 0)
        some |= Q(pk__in=managers.values("pk"))
    barred = Barred.objects.filter(reference=task.reference).values("user")
    return get_user_model().objects.filter(some).exclude(pk__in=barred).order_by("name", "pk")


def notes_for(user: Any, task: Task) -> list[Shown]:
    """Return the notes that the person may read, oldest first: one query where there are none."""
    notes = list(
        TaskNote.objects.filter(task=task)
        .select_related("written_by")
        .prefetch_related("mentions__person")
    )
    if not notes:
        return []
    readable = audiences_of(user, task)
    return [
        Shown(
            note,
            [mention.person.get_full_name() for mention in note.mentions.all()],
            any(mention.person_id == user.pk for mention in note.mentions.all()),
        )
        for note in notes
        if note.audience in readable
    ]


def named_in(text: str, persons: Iterable[Any]) -> list[Any]:
    """Return those of the people whose name stands in the text after an @."""
    said = " ".join(text.split()).lower()
    return [
        person
        for person in persons
        if re.search(rf"@{re.escape(person.get_full_name().lower())}(?!\w)", said)
    ]


def write(
    *, task: Task, text: str, audience: str, by: Any, mention: Iterable[Any] = ()
) -> TaskNote:
    """Write a note on an open task and tell those whom it mentions.

    Raises NotPermitted for somebody who could not read it, NotAllowed for a mention of somebody who
    could not.
    """
    wanted = NoteAudience(audience)
    with transaction.atomic():
        tasks.require_open(Task.objects.select_related("owner").get(pk=task.pk))
        if wanted not in audiences_of(by, task):
            raise NotPermitted("You may not write this note. Go back to your tasks.")
        mentioned = {person.pk: person for person in mention if person.pk != by.pk}
        may_read = set(readers(task, wanted).filter(pk__in=mentioned).values_list("pk", flat=True))
        for pk, person in mentioned.items():
            if pk not in may_read:
                raise NotAllowed(
                    f"{person.get_full_name()} could not read this note. "
                    "Choose who may read it again, or do not mention them."
                )
        note = TaskNote.objects.create(task=task, text=text, audience=wanted, written_by=by)
        Mention.objects.bulk_create(Mention(note=note, person_id=pk) for pk in mentioned)
        events.announce(
            "task_note_written",
            subject=note,
            by=by,
            organisation=task.organisation,
            summary=f"{by.get_full_name()} wrote a note on a task.",
            data={"task": task.pk, "note": note.pk},
        )
    return note
