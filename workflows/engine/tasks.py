"""The only doorway to a task: find, perform, claim, release, reassign, withdraw, resume, retry.

Views, hand-overs, the demonstration and tests come through here; nobody else touches an
activation. Every function that changes something holds the process's lock, so of two people at
once exactly one succeeds; the other gets `AlreadyDone`, or `Busy` when the first takes long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from viewflow.workflow.context import Context

from permissions import checks
from permissions.exceptions import NotPermitted

from . import activations, covers, events, locks, nodes, rules, states
from .exceptions import AlreadyDone, NotAllowed
from .models import Barred, Process, Task

Result = TypeVar("Result")

GONE = "This step is no longer part of the process. Tell your administrator the number of the task."


# --- Finding ------------------------------------------------------------------------------------


def open_tasks(subject: Any = None, node: str | None = None, flow: Any = None) -> QuerySet[Task]:
    """Return the tasks that wait for a person, of one subject, node or flow where given."""
    return _of(subject, node, flow).filter(flow_task_type=states.HUMAN, status__in=states.OPEN)


def find(subject: Any, flow: Any, node: str, owner: Any = None) -> Task:
    """Return the one open task of the node (of that owner); raises NotAllowed if there is none."""
    found = open_tasks(subject, node, flow)
    if owner is not None:
        found = found.filter(owner=owner)
    task = found.order_by("pk").first()
    if task is None:
        raise NotAllowed("There is no such task open. Go back to your tasks.")
    return task


def _of(subject: Any, node: str | None, flow: Any) -> QuerySet[Task]:
    tasks = Task.objects.select_related("process", "organisation", "owner")
    if subject is not None:
        tasks = tasks.filter(
            process__subject_type=ContentType.objects.get_for_model(subject),
            process__subject_id=subject.pk,
        )
    if flow is not None and node is not None:
        return tasks.filter(flow_task=flow.instance.node(node))
    if flow is not None:
        return tasks.filter(process__flow_class=flow)
    if node is not None:
        return tasks.filter(flow_task__endswith=f".{node}")
    return tasks


# --- Doing --------------------------------------------------------------------------------------


def perform(task: Task, *, by: Any, act: Callable[[], Result]) -> Result:
    """Do the task: claim it if need be, run the action, and move the process on. All or nothing.

    Asks the permission again now, whatever was true when the task was claimed. A task that
    somebody else has claimed is done by who covers for them alone, and says so. Raises
    NotPermitted, NotAllowed, AlreadyDone or Busy; then nothing has changed.
    """
    with held(task) as activation:
        require_open(activation.task)
        activations.require_holder(activation.task, by)
        owner = activation.task.owner
        if owner is None:
            activation.assign(by)
        elif owner.pk != by.pk:
            cover = covers.cover_for(activation.task, by)
            if cover is None:
                raise NotAllowed(_claimed_by(owner))
            activation.task.cover = cover
            activation.reassign(by)
            _announce_covered(activation.task, by, owner)
        activation.start(by)
        result = act()
        # The action may have moved the subject, and a hand-over may have ended this process.
        activation.process.refresh_from_db()
        if open_tasks().filter(pk=task.pk).exists():
            activation.execute()
    return result


def claim(task: Task, by: Any) -> None:
    """Take an unclaimed task, or one whose owner may no longer do it."""
    with held(task) as activation:
        current = activation.task
        require_open(current)
        activations.require_holder(current, by)
        if current.owner is None:
            activation.assign(by)
        elif current.owner.pk != by.pk:
            if activation.flow_task.can_execute(current.owner, current):
                raise NotAllowed(_claimed_by(current.owner))
            _require_shared(activation)
            activation.reassign(by)


def release(task: Task, by: Any) -> None:
    """Put a claimed task back for everybody in the role: one's own, or as a task manager."""
    with held(task) as activation:
        require_open(activation.task)
        _require_shared(activation)
        if activation.task.owner_id is None:
            return
        if activation.task.owner_id != by.pk:
            checks.require(by, "reassign_task", activation.task.organisation)
        activation.unassign()


def reassign(task: Task, to: Any, by: Any) -> None:
    """Give an open task to another person who may do it, and tell them.

    Needs the permission reassign_task.
    """
    with held(task) as activation:
        require_open(activation.task)
        checks.require(by, "reassign_task", activation.task.organisation)
        _require_shared(activation)
        give = activation.assign if activation.task.owner_id is None else activation.reassign
        try:
            give(to)
        except NotPermitted as refused:
            raise NotAllowed(
                f"{to.get_full_name()} may not do this task. Choose somebody else."
            ) from refused
        events.announce(
            "task_reassigned",
            subject=activation.task,
            by=by,
            organisation=activation.task.organisation,
            summary=f"{by.get_full_name()} gave the task to {to.get_full_name()}.",
            data={"task": activation.task.pk, "to": to.pk},
        )


def set_due_date(task: Task, due_at: datetime | None, by: Any) -> None:
    """Set or clear the due time of an open task; needs the permission reassign_task."""
    with held(task) as activation:
        require_open(activation.task)
        checks.require(by, "reassign_task", activation.task.organisation)
        _write_due(activation.task, due_at, "set by hand", by)


def set_priority(task: Task, priority: int, by: Any) -> None:
    """Say how soon an open task wants to be done; needs the permission reassign_task."""
    wanted = states.Priority(priority)
    with held(task) as activation:
        require_open(activation.task)
        checks.require(by, "reassign_task", activation.task.organisation)
        if activation.task.priority == wanted:
            return
        activation.task.priority = wanted
        activation.task.save(update_fields=["priority"])
        events.announce(
            "task_priority_set",
            subject=activation.task,
            by=by,
            organisation=activation.task.organisation,
            summary=f"{by.get_full_name()} set the priority to {wanted.label.lower()}.",
            data={"task": activation.task.pk, "priority": int(wanted)},
        )


def snooze(task: Task, until: date, reason: str, by: Any) -> None:
    """Put one's own task off until the beginning of a day, in local time; it comes back by itself."""
    with held(task) as activation:
        current = activation.task
        require_open(current)
        activations.require_holder(current, by)
        if current.owner_id != by.pk:
            raise NotAllowed("Only the person whose task it is can put it off. Claim it first.")
        today = timezone.localdate()
        due_date = timezone.localdate(current.due_at) if current.due_at is not None else None
        if refusal := rules.why_cannot_snooze(until, due_date, today, is_late=current.is_overdue):
            raise NotAllowed(refusal)
        current.snoozed_until = datetime.combine(
            until, time.min, tzinfo=timezone.get_current_timezone()
        )
        current.snooze_reason = reason
        current.save(update_fields=["snoozed_until", "snooze_reason"])
        events.announce(
            "task_snoozed",
            subject=current,
            by=by,
            organisation=current.organisation,
            summary=f"{by.get_full_name()} put the task off until {until:%-d %B %Y}.",
            data={"task": current.pk, "until": until.isoformat()},
        )


def wake(task: Task, by: Any) -> None:
    """Take a task that was put off back before its day: one's own, or as a task manager."""
    with held(task) as activation:
        require_open(activation.task)
        if activation.task.owner_id != by.pk:
            checks.require(by, "reassign_task", activation.task.organisation)
        activation.task.wake()
        activation.task.save(update_fields=["snoozed_until", "snooze_reason"])


def move_due(task: Task, due_at: datetime | None, reason: str) -> None:
    """Move the due time of an open task because the process says so, without asking anybody."""
    with held(task) as activation:
        require_open(activation.task)
        _write_due(activation.task, due_at, reason, None)


def escalate(task: Task, role: str, before: datetime) -> bool:
    """Show an open task that was due before a moment to a role; returns whether it now is, first.

    For the job that goes by the organisation's rules: asks nobody, waits for nobody.
    """
    with held(task, locks.impatient_process_lock) as activation:
        current = activation.task
        is_late = current.is_open and current.due_at is not None and current.due_at < before
        if not is_late or current.escalated_role:
            return False
        current.escalated_role = role
        current.escalated_at = timezone.now()
        current.save(update_fields=["escalated_role", "escalated_at"])
        events.announce(
            "task_escalated",
            subject=current,
            by=None,
            organisation=current.organisation,
            summary=f"The task is late and is shown to the {current.escalated_to}.",
            data={"task": current.pk, "role": role},
        )
    return True


def withdraw(
    task: Task, by: Any, reason: str, act: Callable[[], Result] | None = None
) -> Result | None:
    """Take one person's task away for good; the round goes on when it was the last one.

    `act` runs in the same transaction first (declaring the conflict of interest, say). May be
    done by the owner, by a task manager, or by Accord itself (`by` is None).
    """
    with held(task) as activation:
        current = activation.task
        require_open(current)
        if not isinstance(activation.flow_task, nodes.StepForEach):
            raise NotAllowed(
                "Somebody has to do this task, so it cannot be taken away. Release it instead."
            )
        if by is not None and current.owner_id != by.pk:
            checks.require(by, "reassign_task", current.organisation)
        result = act() if act is not None else None
        activation.process.refresh_from_db()
        if open_tasks().filter(pk=task.pk).exists():
            current.data = {
                **current.data,
                "withdrawn": {"by": by.pk if by is not None else None, "reason": reason},
            }
            activation.cancel()
            activation.settle()
    return result


def add_person(subject: Any, flow: Any, node: str, person: Any, organisation: Any) -> bool:
    """Give one more person a task in a round that is running; returns whether there was one.

    A person who has an open task in it already gets no second one.
    """
    round_ = _latest_round(subject, flow, node)
    if round_ is None:
        return False
    with held(round_) as activation:
        mine = open_tasks(subject, node, flow).filter(owner=person)
        may_join = activation.task.status == states.STARTED or (
            activation.task.status == states.DONE
            and activation.flow_task.stays_open
            and "ended" not in activation.task.data
        )
        if not may_join or mine.exists():
            return False
        activation.ask(person, organisation)
    return True


def withdraw_from(subject: Any, flow: Any, node: str, person: Any, reason: str) -> bool:
    """Take a person's task in a round away, as the process says; returns whether there was one."""
    task = open_tasks(subject, node, flow).filter(owner=person).first()
    if task is None:
        return False
    withdraw(task, None, reason)
    return True


def end_round(subject: Any, flow: Any, node: str, reason: str) -> None:
    """Take every task of a round away that is still open, because the process says so."""
    for task in open_tasks(subject, node, flow).order_by("pk"):
        withdraw(task, None, reason)
    round_ = _latest_round(subject, flow, node)
    if round_ is not None:
        round_.data = {**round_.data, "ended": reason}
        round_.save(update_fields=["data"])


def settle_round(subject: Any, flow: Any, node: str) -> bool:
    """Let a round look again whether it can go on: what it asks has changed elsewhere.

    Returns whether it went on.
    """
    round_ = _latest_round(subject, flow, node)
    if round_ is None:
        return False
    with held(round_) as activation:
        if activation.task.status != states.STARTED or not activation.complete.can_proceed():
            return False
        activation.complete()
        activation.activate_next()
    return True


def _latest_round(subject: Any, flow: Any, node: str) -> Task | None:
    return (
        _of(subject, node, flow)
        .filter(flow_task_type=states.FOR_EACH, process__status=states.NEW)
        .order_by("-pk")
        .first()
    )


# --- Moving processes from elsewhere ------------------------------------------------------------


def resume(subject: Any, flow: Any, node: str, by: Any = None) -> bool:
    """End a Wait of the subject's process; returns whether one was waiting there."""
    waiting = _of(subject, node, flow).filter(flow_task_type=states.WAIT, status=states.NEW).first()
    return waiting is not None and end_wait(waiting, by)


def end_wait(waiting: Task, by: Any = None) -> bool:
    """End this Wait unless somebody just has; returns whether this call ended it."""
    with held(waiting) as activation:
        if activation.task.status != states.NEW:
            return False
        activation.task.owner = by
        activation.run(None)
        activation.execute()
    return True


def move_timer(subject: Any, flow: Any, node: str, moment: datetime) -> bool:
    """Let a Timer that is still waiting fire at another moment; returns whether one was waiting."""
    timer = _of(subject, node, flow).filter(status=states.SCHEDULED).first()
    if timer is None:
        return False
    with held(timer) as activation:
        if activation.task.status != states.SCHEDULED:
            return False
        activation.task.scheduled = moment
        activation.task.save(update_fields=["scheduled"])
    return True


def cancel_process(subject: Any, flow: Any, by: Any, reason: str) -> bool:
    """End the subject's process with every task and timer in it; returns whether one was running.

    The action that calls this has asked whether the person may.
    """
    process = flow.running(subject)
    if process is None:
        return False
    with flow.lock(process.pk):
        now = timezone.now()
        Task.objects.filter(process=process, status__in=states.UNFINISHED).update(
            status=states.CANCELED, finished=now
        )
        process = Process.objects.get(pk=process.pk)
        process.status = states.CANCELED
        process.finished = now
        process.data = {
            **process.data,
            "cancelled": {"by": by.pk if by is not None else None, "reason": reason},
        }
        process.save(update_fields=["status", "finished", "data"])
    return True


def bar(user: Any, reference: str, by: Any, reason: str) -> None:
    """Keep a person away from every task that carries the reference, now and later.

    Their personal tasks are withdrawn, their claimed ones put back for others.
    """
    with transaction.atomic():
        Barred.objects.get_or_create(
            user=user, reference=reference, defaults={"by": by, "reason": reason}
        )
        for task in open_tasks().filter(owner=user, reference=reference):
            if isinstance(task.flow_task, nodes.StepForEach):
                withdraw(task, None, reason)
            else:
                with held(task) as activation:
                    if activation.task.owner_id == user.pk:
                        activation.unassign()


def retry(task: Task, by: Any) -> Task:
    """Run a failed background step again; returns its new task, which may have failed again.

    Needs the permission retry_failed_step for whoever runs the process.
    """
    with held(task) as activation:
        checks.require(by, "retry_failed_step", activation.process.organisation)
        if activation.task.status != states.ERROR:
            raise AlreadyDone("This step has already been run again. Reload the list.")
        with Context(propagate_exception=False):
            revived: Task = activation.revive()
    return revived


# --- Inside -------------------------------------------------------------------------------------


@contextmanager
def held(task: Task, lock: locks.ProcessLock | None = None) -> Iterator[Any]:
    """Hold the process's lock and give the activation of the task as it is now.

    For this module and `timers`; whoever else needs it is missing a function here.
    """
    if task.flow_task is None or not isinstance(task.flow_task, nodes.OurNode):
        raise NotAllowed(GONE)
    flow = task.flow_task.flow_class
    with lock(flow, task.process_id) if lock is not None else flow.lock(task.process_id):
        current = Task.objects.select_related("process", "organisation", "owner").get(pk=task.pk)
        activation = current.flow_task.activation_class(current)
        yield activation
    # The caller's copy follows only when everything went through.
    for field in Task._meta.concrete_fields:
        setattr(task, field.attname, getattr(current, field.attname))


def require_open(task: Task) -> None:
    """Raise AlreadyDone, saying who did it, unless the task still waits for a person."""
    if task.status == states.DONE and task.owner is not None:
        raise AlreadyDone(
            f"{task.owner.get_full_name()} has already done this. "
            "Go back to your tasks to see what is next."
        )
    if not task.is_open:
        raise AlreadyDone("This task is no longer needed. Go back to your tasks.")


def _require_shared(activation: Any) -> None:
    if isinstance(activation.flow_task, nodes.StepForEach):
        raise NotAllowed("This task is for one person alone and cannot be passed on.")


def _claimed_by(owner: Any) -> str:
    return f"{owner.get_full_name()} has claimed this task. Ask them to release it."


def _announce_covered(task: Task, by: Any, absent: Any) -> None:
    events.announce(
        "task_covered",
        subject=task,
        by=by,
        organisation=task.organisation,
        summary=f"{by.get_full_name()} did the task for {absent.get_full_name()}.",
        data={"task": task.pk, "cover": task.cover_id, "absent": absent.pk},
    )


def _write_due(task: Task, due_at: datetime | None, reason: str, by: Any) -> None:
    moves = [
        *task.data.get("due_moves", []),
        {
            "from": task.due_at.isoformat() if task.due_at else None,
            "to": due_at.isoformat() if due_at else None,
            "reason": reason,
            "by": by.pk if by is not None else None,
        },
    ]
    task.due_at = due_at
    if due_at is not None and task.snoozed_until is not None and task.snoozed_until > due_at:
        # Nothing stays out of the way beyond the day on which it is due.
        task.wake()
    task.data = {**task.data, "due_moves": moves}
    if not task.is_overdue:
        # It is in time again; should it become late once more, it is shown once more.
        task.escalated_role = ""
        task.escalated_at = None
    task.save(
        update_fields=[
            "due_at",
            "data",
            "snoozed_until",
            "snooze_reason",
            "escalated_role",
            "escalated_at",
        ]
    )
