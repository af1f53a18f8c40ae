"""The nodes that flows are written with. Stock nodes are refused by `flows.ProcessFlow`.

Every callable given to a node takes the process and nothing else, and may be a forward reference
(`this.organisation_for`). A flow reads top to bottom, one parenthesised chain per node:

    screen = (
        nodes.Step(
            views.Screen,
            permission="screen_referral",
            organisation=this.partnership,
            due=this.screening_due,
            title="Screen the referral",
        )
        .Next(this.is_complete)
    )

`Step` is for a person, `StepForEach` for several people each with a task of their own, `If` and
`Switch` choose, `Function` is done by Accord at once, `Timer` waits for a moment, `Wait` for
something elsewhere (`tasks.resume`), `StartHandle` begins, `End` ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from viewflow import this
from viewflow.workflow import nodes as stock
from viewflow.workflow.nodes.boundary import TimerBoundary as StockTimerBoundary

from . import activations, automatic, states

__all__ = [
    "End",
    "Function",
    "If",
    "StartHandle",
    "Step",
    "StepForEach",
    "Switch",
    "Timer",
    "Wait",
    "this",
]

#: A function of the process, or a forward reference to a method of the flow.
Of = Any


class OurNode:
    """Marks a node as one of ours, and refuses what we do not support.

    The library's nodes under ours are those without pages: its views would open every process
    to everybody.
    """

    # What the library puts on every node.
    flow_class: Any
    _boundary_specs: list[tuple[str, Any]]

    #: Who within a case may know of this step, and what others see in its place (`maps`).
    audience: str = "parties"
    shown_as: str = ""

    def _refuse(self, what: str) -> Any:
        raise ImproperlyConfigured(f"{what} is not supported by the engine's nodes.")

    def OnError(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  (the library's name)
        """Refused: failed steps are shown to an administrator and retried."""
        return self._refuse("OnError")

    def OnEscalation(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  (the library's name)
        """Refused: there are no subprocesses."""
        return self._refuse("OnEscalation")

    def CompensateWith(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  (the library's name)
        """Refused: nothing is undone, something further is done."""
        return self._refuse("CompensateWith")

    def OnTimeout(  # noqa: N802  (the library's name)
        self, until: Of, then: Any, *, interrupting: bool = True, title: str = ""
    ) -> Any:
        """Go on with `then` at a moment (a function of the process) unless the step is done.

        Interrupting takes the step away; otherwise the step stays and `then` runs beside it.
        """
        boundary = TimerBoundary(until, interrupting=interrupting, title=title).Next(then)
        self._boundary_specs.append(("timeout", boundary))
        return self


class Step(OurNode, stock.View):
    """One thing for one person: the owner, or whoever in the organisation holds the permission."""

    activation_class = activations.StepActivation

    def __init__(
        self,
        view: Any,
        *,
        permission: str,
        organisation: Of,
        title: str,
        due: Of = None,
        owner: Of = None,
        priority: int = 0,
        audience: str = "parties",
        shown_as: str = "",
    ) -> None:
        super().__init__(view)
        if (audience == "parties") != (not shown_as):
            raise ImproperlyConfigured(
                "A step that not all may know of says what they see instead."
            )
        self.audience = audience
        self.shown_as = shown_as
        if not permission or "." in permission:
            raise ImproperlyConfigured("A step needs a permission: a bare codename.")
        self.view_class = view
        self.permission = permission
        self.priority = priority
        self.task_title = title
        self._organisation_of = organisation
        self._due_of = due
        self._owner_of = owner

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._organisation_of = this.resolve(instance, self._organisation_of)
        self._due_of = this.resolve(instance, self._due_of)
        self._owner_of = this.resolve(instance, self._owner_of)

    def organisation_for(self, process: Any) -> Any:
        """Return the organisation whose task it is; a step without one is refused."""
        organisation = self._organisation_of(process) if self._organisation_of else None
        if organisation is None:
            raise ImproperlyConfigured(f"The step {self.name} found no organisation to do it.")
        return organisation

    def due_for(self, process: Any) -> datetime | None:
        """Return the moment by which it is to be done, if there is one."""
        return self._due_of(process) if self._due_of else None

    def owner_for(self, process: Any) -> Any:
        """Return the person who is given the task at once, if any."""
        return self._owner_of(process) if self._owner_of else None

    def describe(self, task: Any) -> None:
        """Write what the inbox shows, sorts and searches on the task itself."""
        process = task.process
        task.owner_permission = self.permission
        task.title = self.task_title
        task.priority = self.priority
        task.due_at = self.due_for(process)
        task.reference = self.flow_class.instance.reference_of(process.subject)
        task.headline = self.flow_class.instance.headline_of(process.subject)[:200]

    # What the library's own menus would ask; the answers must not be wider than ours.

    def can_execute(self, user: Any, task: Any) -> bool:
        """Whether this person owns the task and still holds the permission for it."""
        return task.owner_id == user.pk and activations.is_holder(task, user)

    def can_assign(self, user: Any, task: Any) -> bool:
        """Whether this person may claim the task."""
        return task.owner_id is None and activations.is_holder(task, user)

    def can_unassign(self, user: Any, task: Any) -> bool:
        """Whether this person may put the task back."""
        return task.owner_id == user.pk


class StepForEach(Step):
    """A task for each person on a list; the process goes on when all, or enough, are done.

    `people` gives pairs of person and organisation, asked once when the process arrives; a person
    without the permission gets no task. `enough` (a function of the process) may end the round
    early: the tasks still open are then taken away, unless the round `stays_open`: then the process
    goes on beside them, until `tasks.end_round`. `tasks.withdraw` takes away a single one,
    `tasks.add_person` adds one.
    """

    activation_class = activations.ForEachActivation

    def __init__(
        self,
        view: Any,
        *,
        permission: str,
        people: Of,
        title: str,
        due: Of = None,
        enough: Of = None,
        stays_open: bool = False,
        priority: int = 0,
        audience: str = "parties",
        shown_as: str = "",
    ) -> None:
        super().__init__(
            view,
            permission=permission,
            organisation=None,
            title=title,
            due=due,
            priority=priority,
            audience=audience,
            shown_as=shown_as,
        )
        self.stays_open = stays_open
        self._people_of = people
        self._enough_of = enough

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._people_of = this.resolve(instance, self._people_of)
        self._enough_of = this.resolve(instance, self._enough_of)

    def _ready(self) -> None:
        super()._ready()
        self._multi_instance = True

    def people_for(self, process: Any) -> Iterable[tuple[Any, Any]]:
        """Return the pairs of person and organisation who are asked, each person once."""
        seen: dict[int, tuple[Any, Any]] = {}
        for person, organisation in self._people_of(process):
            seen.setdefault(person.pk, (person, organisation))
        return list(seen.values())

    @property
    def enough_for(self) -> Callable[[Any], bool] | None:
        """The function of the process that may end the round early, if any."""
        return self._enough_of


class StartHandle(OurNode, stock.StartHandle):
    """The beginning, by `ProcessFlow.begin`."""

    activation_class = automatic.StartActivation


class End(OurNode, stock.End):
    """The end of a branch."""

    activation_class = automatic.EndActivation


class Function(OurNode, stock.Function):
    """Something Accord does itself, at once and in the same transaction: a function of the process.

    Slow work belongs in a job (`jobs.queue`) which the function starts.
    """

    activation_class = automatic.FunctionActivation


class If(OurNode, stock.If):
    """Two ways: `.Then` when the condition (a function of the process) holds, or `.Else`."""

    activation_class = automatic.IfActivation


class Switch(OurNode, stock.Switch):
    """Several ways: the first `.Case(node, condition)` that holds, or `.Default(node)`."""

    activation_class = automatic.SwitchActivation


class _Moment:
    """What the two timers share: the moment as a function of the process."""

    _delay: Any

    def moment_for(self, process: Any) -> datetime:
        """Return the moment; one that has passed fires with the next sweep, within a minute."""
        moment = self._delay(process)
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            raise ImproperlyConfigured("A timer needs a moment: a datetime with a time zone.")
        return moment


class Timer(OurNode, _Moment, stock.Timer):
    """A wait until a moment: a function of the process that returns a datetime."""

    activation_class = automatic.TimerActivation
    task_type = states.TIMER

    def __init__(self, until: Of, *, title: str = "") -> None:
        super().__init__(until)
        self.task_title = title
        # The library gives one without a title that of its name.
        self.is_titled = bool(title)


class TimerBoundary(OurNode, _Moment, StockTimerBoundary):
    """A timer attached to a step, made by `.OnTimeout`."""

    activation_class = automatic.TimerBoundaryActivation
    task_type = states.TIMER

    def __init__(self, until: Of, *, interrupting: bool, title: str = "") -> None:
        super().__init__(None, until, interrupting=interrupting)
        self.task_title = title


class Wait(OurNode, stock.Handle):
    """A wait for something elsewhere; `tasks.resume` ends it.

    `until` (a function of the process) is asked on arrival and by every sweep of the timers, so
    that something which happened just before the process got here is not waited for for ever.
    """

    activation_class = automatic.WaitActivation
    task_type = states.WAIT

    def __init__(self, *, until: Of = None, title: str = "") -> None:
        super().__init__()
        self.task_title = title
        self.is_titled = bool(title)
        self._until_of = until

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._until_of = this.resolve(instance, self._until_of)

    @property
    def until_for(self) -> Callable[[Any], bool] | None:
        """The function of the process that tells whether the wait is over, if any."""
        return self._until_of
