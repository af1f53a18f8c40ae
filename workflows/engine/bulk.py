"""The same done to many tasks, one after the other, each as if it were the only one.

Every task goes through `tasks` with its lock and its permission, in a transaction of its own: what
one refuses changes nothing about the others, and is told with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from permissions import queries as people
from permissions.exceptions import NotPermitted

from . import activations, states
from .exceptions import NotAllowed
from .models import Task

#: As many as a page of the inbox shows, and some that a second window may add.
MOST = 100


@dataclass
class Outcome:
    """What became of each task."""

    done: list[Task] = field(default_factory=list)
    refused: dict[str, list[Task]] = field(default_factory=dict)

    @property
    def refusals(self) -> int:
        """How many were refused."""
        return sum(len(found) for found in self.refused.values())

    def as_data(self) -> dict[str, Any]:
        """Return it as ids and reasons, to be kept until it is shown."""
        return {
            "done": [task.pk for task in self.done],
            "refused": [
                {"reason": reason, "tasks": [task.pk for task in found]}
                for reason, found in self.refused.items()
            ],
        }


def chosen(user: Any, numbers: Iterable[int]) -> list[Task]:
    """Return those of the tasks that the person may do or manage, in the order of the inbox.

    Ids of others are left out without a word: whether they exist is not theirs to know. Three
    queries.
    """
    found = (
        Task.objects.filter(pk__in=list(numbers)[:MOST], flow_task_type=states.HUMAN)
        .select_related("process", "organisation", "owner")
        .order_by("-priority", "due_at", "pk")
    )
    permitted = people.permitted(user)
    rows = [
        task
        for task in found
        if permitted.may(task.owner_permission or "", task.organisation_id)
        or permitted.may("reassign_task", task.organisation_id)
    ]
    barred = activations.barred_references(user, {task.reference for task in rows})
    return [task for task in rows if task.reference not in barred]


def run(chosen_tasks: Iterable[Task], act: Callable[[Task], None]) -> Outcome:
    """Do it to each task; returns what was done and what was refused, by reason."""
    outcome = Outcome()
    for task in chosen_tasks:
        try:
            act(task)
        except (NotAllowed, NotPermitted) as refused:
            outcome.refused.setdefault(str(refused), []).append(task)
        else:
            outcome.done.append(task)
    return outcome
