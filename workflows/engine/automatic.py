"""How the steps that need nobody are made, moved and ended: the library's activations, remedied."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.boundary import TimerBoundaryActivation as StockTimerBoundary
from viewflow.workflow.nodes.end import EndActivation as StockEnd
from viewflow.workflow.nodes.func import FunctionActivation as StockFunction
from viewflow.workflow.nodes.handle import HandleActivation as StockHandle
from viewflow.workflow.nodes.if_gate import IfActivation as StockIf
from viewflow.workflow.nodes.start import StartHandleActivation as StockStart
from viewflow.workflow.nodes.switch import SwitchActivation as StockSwitch
from viewflow.workflow.nodes.timer import TimerActivation as StockTimer
from viewflow.workflow.signals import flow_finished, task_started
from viewflow.workflow.status import STATUS

from . import states
from .activations import Ours
from .exceptions import NotAllowed


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
