"""How tasks for people are made, moved and ended: the library's activations, remedied.

Each remedy stands beside what it repairs. Nothing outside `tasks`, `timers` and `nodes` touches an
activation; people come in through `tasks` alone. What Accord does by itself is in `automatic`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.view import ViewActivation as StockView
from viewflow.workflow.signals import task_finished, task_started
from viewflow.workflow.status import STATUS

from permissions import checks
from permissions.exceptions import NotPermitted

from . import states
from .failures import Guard
from .models import Barred

#: What a revived task takes over from the one it replaces.
CARRIED_OVER = (
    "flow_task_type",
    "organisation",
    "owner_permission",
    "title",
    "reference",
    "headline",
    "due_at",
    "priority",
)


class Ours:
    """What every activation of ours does differently."""

    task: Any
    process: Any
    flow_class: Any
    flow_task: Any

    def exception_guard(self) -> Guard:
        """Record failures scrubbed of personal data."""
        return Guard(self)

    def prepare_revived_task(self, task: Any) -> None:
        """Keep permission and organisation: without them, anybody could claim the copy."""
        for name in CARRIED_OVER:
            setattr(task, name, getattr(self.task, name))
        task.data = {key: value for key, value in self.task.data.items() if key != "failure"}

    def disarm(self) -> None:
        """Cancel the timers attached to this task: the library leaves them armed on cancel."""
        armed = self.flow_class.task_class.objects.filter(
            process=self.process,
            previous=self.task,
            flow_task__in=list(self.flow_task._boundary_events),
            status__in=states.UNFINISHED,
        )
        if self.flow_task._boundary_events:
            armed.update(status=states.CANCELED, finished=timezone.now())

    def settle(self) -> None:
        """Let whoever waits for this task look again, after it was cancelled."""


def require_holder(task: Any, user: Any) -> None:
    """Raise NotPermitted unless the person may act on the task now, whatever was true before.

    The library asks the permission when a task is claimed and never again.
    """
    if task.owner_permission and task.organisation_id:
        checks.require(user, task.owner_permission, task.organisation)
        if (
            not task.reference
            or not Barred.objects.filter(user=user, reference=task.reference).exists()
        ):
            return
    raise NotPermitted("You may not do this task. Go back to your tasks.")


def barred_references(user: Any, references: Iterable[str]) -> set[str]:
    """Return those of the references that the person is kept away from."""
    found = Barred.objects.filter(user=user, reference__in=list(references))
    return set(found.values_list("reference", flat=True))


def is_holder(task: Any, user: Any) -> bool:
    """Tell whether the person may act on the task now."""
    try:
        require_holder(task, user)
    except NotPermitted:
        return False
    return True


class StepActivation(Ours, StockView):
    """A task for a person."""

    @classmethod
    def create(
        cls,
        flow_task: Any,
        prev_activation: Any,
        token: Any,
        data: dict[str, Any] | None = None,
        seed: Any = None,
    ) -> Any:
        """Make the task with its permission, organisation, words and date in one write."""
        process = prev_activation.process
        task = flow_task.flow_class.task_class(
            process=process, flow_task=flow_task, token=token, data=data or {}
        )
        flow_task.describe(task)
        task.organisation = flow_task.organisation_for(process)
        owner = flow_task.owner_for(process)
        if owner is not None and checks.may(owner, task.owner_permission, task.organisation):
            cls._give(task, owner)
            task.status = STATUS.ASSIGNED
        task.save()
        task.previous.add(prev_activation.task)
        return cls(task)

    @staticmethod
    def _give(task: Any, user: Any) -> None:
        task.owner = user
        task.claimed_at = timezone.now()
        # Its new owner has not put it off.
        task.wake()

    # A transition's `permission` only decides what menus show: calling the transition asks
    # nobody. So each of these asks for itself.

    @Activation.status.super()
    def assign(self, user: Any) -> None:
        """Give the unclaimed task to a person who may do it."""
        require_holder(self.task, user)
        self._give(self.task, user)
        self.task.save()

    @Activation.status.super()
    def unassign(self) -> None:
        """Put the task back, so that anybody in the role may take it."""
        self.task.owner = None
        self.task.claimed_at = None
        self.task.wake()
        self.task.save()

    @Activation.status.super()
    def reassign(self, user: Any = None) -> None:
        """Give the claimed task to another person who may do it."""
        require_holder(self.task, user)
        self._give(self.task, user)
        self.task.save()

    @Activation.status.super()
    def start(self, by: Any) -> None:
        """Begin, after asking once more whether this person owns the task and still may."""
        require_holder(self.task, by)
        if self.task.owner_id != by.pk:
            raise NotPermitted("This task belongs to somebody else. Ask them to release it.")
        task_started.send(sender=self.flow_class, process=self.process, task=self.task)
        self.task.started = timezone.now()

    @Activation.status.super()
    def cancel(self) -> None:
        """Take the task away, with the timers attached to it."""
        self.task.finished = timezone.now()
        self.task.save()
        self.disarm()


class ForEachActivation(StepActivation):
    """One coordinating row, and one task per person, all of the same node.

    The coordinator waits, STARTED, until every person's task is done or taken away, or until the
    node's `enough` says so; then it cancels the rest and the process goes on. Every change of a
    person's task happens under the process's lock and looks again, so the last two cannot miss
    each other.
    """

    @property
    def is_coordinator(self) -> bool:
        """Whether this row stands for the whole node, and not for one person's task."""
        return bool(self.task.flow_task_type == states.FOR_EACH)

    @classmethod
    def create(
        cls,
        flow_task: Any,
        prev_activation: Any,
        token: Any,
        data: dict[str, Any] | None = None,
        seed: Any = None,
    ) -> Any:
        """Make the coordinating row; `activate` makes the people's tasks."""
        task = flow_task.flow_class.task_class(
            process=prev_activation.process,
            flow_task=flow_task,
            flow_task_type=states.FOR_EACH,
            token=token,
            title=flow_task.task_title,
            data=data or {},
        )
        task.save()
        task.previous.add(prev_activation.task)
        return cls(task)

    @Activation.status.transition(source=STATUS.NEW)
    def activate(self) -> None:
        """Give every person on the list who may do it a task of their own."""
        if not self.is_coordinator:
            return
        for person, organisation in self.flow_task.people_for(self.process):
            self.ask(person, organisation)
        self._set_status(STATUS.STARTED)
        self.task.started = timezone.now()
        self.task.save()

    def ask(self, person: Any, organisation: Any) -> None:
        """Give one person a task of this round, if the person may do it."""
        task = self.flow_class.task_class(
            process=self.process,
            flow_task=self.flow_task,
            token=self.task.token,
            status=STATUS.ASSIGNED,
            organisation=organisation,
        )
        self.flow_task.describe(task)
        self._give(task, person)
        if checks.may(person, task.owner_permission, organisation):
            task.save()
            task.previous.add(self.task)

    def people_are_done(self) -> bool:
        """Whether a person's task was executed, or the coordinator may close."""
        return not self.is_coordinator or self._nobody_left() or self._is_enough()

    def _nobody_left(self) -> bool:
        return not self._open_tasks().exists()

    def _is_enough(self) -> bool:
        enough = self.flow_task.enough_for
        return enough is not None and bool(enough(self.process))

    def _open_tasks(self) -> Any:
        return self.flow_class.task_class.objects.filter(
            process=self.process,
            previous=self.task,
            flow_task_type=states.HUMAN,
            status__in=states.OPEN,
        )

    @Activation.status.transition(
        source=STATUS.STARTED,
        target=STATUS.DONE,
        conditions=[lambda activation: activation.people_are_done()],
    )
    def complete(self) -> None:
        """Close; for the coordinator of a round that ends, take the remaining tasks away first."""
        if self.is_coordinator and not self.flow_task.stays_open:
            self._open_tasks().update(status=states.CANCELED, finished=timezone.now())
        self.task.finished = timezone.now()
        self.task.save()
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.super()
    def create_next(self) -> Any:
        """Go on from the coordinator; a person's task leads nowhere by itself."""
        if self.is_coordinator:
            yield from super().create_next.original()

    @Activation.status.super()
    def execute(self) -> None:
        """Close the person's task and let the coordinator look again."""
        self.complete()
        self.settle()

    def settle(self) -> None:
        """Close the coordinator when this was the last task it waited for, and go on."""
        if self.is_coordinator:
            return
        row = self.task.previous.filter(
            flow_task_type=states.FOR_EACH, status=states.STARTED
        ).first()
        if row is None:
            return
        coordinator = type(self)(row)
        coordinator.process = self.process
        if coordinator.complete.can_proceed():
            coordinator.complete()
            coordinator.activate_next()

    @Activation.status.transition(
        source=[STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED], target=STATUS.CANCELED
    )
    def cancel(self) -> None:
        """Take one person's task away, or the whole round with every open task in it."""
        self.task.finished = timezone.now()
        self.task.save()
        if self.is_coordinator:
            self._open_tasks().update(status=states.CANCELED, finished=timezone.now())
        self.disarm()
