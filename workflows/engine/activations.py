"""How a task of each kind of node is made, moved and ended: the library's activations, remedied.

Each remedy stands beside what it repairs. Nothing outside `tasks`, `timers` and `nodes` touches an
activation; people come in through `tasks` alone.
"""

from __future__ import annotations

import logging
from contextlib import ContextDecorator
from types import TracebackType
from typing import Any

from django.db import transaction
from django.utils import timezone
from viewflow.workflow.activation import Activation
from viewflow.workflow.context import context
from viewflow.workflow.nodes.boundary import TimerBoundaryActivation as StockTimerBoundary
from viewflow.workflow.nodes.end import EndActivation as StockEnd
from viewflow.workflow.nodes.func import FunctionActivation as StockFunction
from viewflow.workflow.nodes.handle import HandleActivation as StockHandle
from viewflow.workflow.nodes.if_gate import IfActivation as StockIf
from viewflow.workflow.nodes.start import StartHandleActivation as StockStart
from viewflow.workflow.nodes.switch import SwitchActivation as StockSwitch
from viewflow.workflow.nodes.timer import TimerActivation as StockTimer
from viewflow.workflow.nodes.view import ViewActivation as StockView
from viewflow.workflow.signals import flow_finished, task_failed, task_finished, task_started
from viewflow.workflow.status import STATUS

from permissions import checks
from permissions.exceptions import NotPermitted

from . import states
from .exceptions import Busy, NotAllowed

logger = logging.getLogger(__name__)

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


def describe_failure(error: BaseException) -> dict[str, str]:
    """Say what failed and where, without a word of the data: class, and module, function, line.

    The library keeps the message, the whole traceback and the local variables, which here are
    names and diagnoses of children.
    """
    frame = error.__traceback__
    place = ""
    while frame is not None:
        code = frame.tb_frame
        place = (
            f"{code.f_globals.get('__name__', '?')}.{code.f_code.co_name}, line {frame.tb_lineno}"
        )
        frame = frame.tb_next
    return {"class": type(error).__name__, "place": place}


class Guard(ContextDecorator):
    """In the background, record that a node failed instead of raising; else let it raise."""

    def __init__(self, activation: Any) -> None:
        self.activation = activation

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None or context.propagate_exception or isinstance(error, Busy):
            return False  # busy: nothing failed, the sweep comes again
        task = self.activation.task
        failure = describe_failure(error)
        task.data = {**task.data, "failure": failure}
        task.finished = timezone.now()
        self.activation._set_status(STATUS.ERROR)
        task.save()
        logger.error("Task %s failed: %s at %s", task.pk, failure["class"], failure["place"])
        task_failed.send(
            sender=self.activation.flow_class, process=self.activation.process, task=task
        )
        return True

    def __enter__(self) -> Guard:
        return self


class Ours:
    """What every activation of ours does differently."""

    task: Any
    process: Any
    flow_class: Any
    flow_task: Any

    def exception_guard(self) -> ContextDecorator:
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
    from .models import Barred

    if task.owner_permission and task.organisation_id:
        checks.require(user, task.owner_permission, task.organisation)
        if (
            not task.reference
            or not Barred.objects.filter(user=user, reference=task.reference).exists()
        ):
            return
    raise NotPermitted("You may not do this task. Go back to your tasks.")


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
        self._set_status(STATUS.STARTED)
        self.task.started = timezone.now()
        self.task.save()

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
        """Close; for the coordinator, take the remaining people's tasks away first."""
        if self.is_coordinator:
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


class StartActivation(Ours, StockStart):
    """The beginning of a process."""


class EndActivation(Ours, StockEnd):
    """The end of one branch, and of the process when no other branch is left."""

    @Activation.status.super()
    def activate(self) -> None:
        """Finish the process unless something still runs, or has failed.

        The library counts a failed branch as finished; the process would be called done.
        """
        with self.exception_guard(), transaction.atomic(savepoint=True):
            self.task.started = timezone.now()
            task_started.send(sender=self.flow_class, process=self.process, task=self.task)
            others = self.flow_class.task_class.objects.filter(
                process=self.process, status__in=states.UNFINISHED
            ).exclude(pk=self.task.pk)
            is_last = not others.exists()
            if is_last:
                self.process.status = STATUS.DONE
                self.process.finished = timezone.now()
                self.process.save(update_fields=["status", "finished"])
                flow_finished.send(sender=self.flow_class, process=self.process, task=self.task)


class FunctionActivation(Ours, StockFunction):
    """A step that Accord does itself, at once."""

    @Activation.status.super()
    def activate(self) -> None:
        """Call the function with the process, then forget what was read of the subject before."""
        with self.exception_guard(), transaction.atomic(savepoint=True):
            self.task.started = timezone.now()
            task_started.send(sender=self.flow_class, process=self.process, task=self.task)
            self.flow_task._func(self.process)
        self.process.forget_subject()


class IfActivation(Ours, StockIf):
    """A choice between two ways."""

    @Activation.status.super()
    def activate(self) -> None:
        """Ask the condition about the process."""
        with self.exception_guard(), transaction.atomic(savepoint=True):
            self._condition_result = bool(self.flow_task._condition(self.process))


class SwitchActivation(Ours, StockSwitch):
    """A choice between several ways."""

    @Activation.status.super()
    def activate(self) -> None:
        """Take the first way whose condition holds, or the default."""
        with self.exception_guard(), transaction.atomic(savepoint=True):
            ways = self.flow_task._branches
            fitting = (node for node, condition in ways if condition and condition(self.process))
            default = next((node for node, condition in ways if condition is None), None)
            self.next_task = next(fitting, default)
            if self.next_task is None:
                raise NotAllowed("Nothing says how this goes on. Tell your administrator.")


class TimerActivation(Ours, StockTimer):
    """A wait until a moment."""

    @Activation.status.super()
    def activate(self) -> None:
        """Store the moment; `timers` fires it."""
        with self.exception_guard(), transaction.atomic(savepoint=True):
            self.task.scheduled = self.flow_task.moment_for(self.process)
            self.task.save()


class TimerBoundaryActivation(Ours, StockTimerBoundary):
    """A timer attached to a step: fires when the step is not done by a moment."""

    @Activation.status.super()
    def activate(self) -> None:
        """Store the moment; `timers` fires it."""
        with self.exception_guard(), transaction.atomic(savepoint=True):
            self.task.scheduled = self.flow_task.moment_for(self.process)
            self.task.save()


class WaitActivation(Ours, StockHandle):
    """A wait for something elsewhere to happen."""

    @Activation.status.super()
    def activate(self) -> None:
        """Go straight on when what it waits for is already true."""
        if self.is_over():
            self._set_status(STATUS.STARTED)
            self.task.started = timezone.now()
            self.task.save()

    def is_over(self) -> bool:
        """Whether the node's own condition says that there is nothing left to wait for."""
        until = self.flow_task.until_for
        return until is not None and bool(until(self.process))
