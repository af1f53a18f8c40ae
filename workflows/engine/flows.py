"""The base of every flow: our process and task, our lock, our nodes, and the way to begin.

A flow is a diagram: it says who is next. What is true stands in the subject's status, which only
actions change.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from viewflow.workflow.base import Flow

from . import locks, nodes, states, steps
from .exceptions import NotAllowed
from .models import Process, Task


class ProcessFlow(Flow):
    """One process as a diagram. Declare `start = nodes.StartHandle().Next(...)` and go on."""

    process_class = Process
    task_class = Task
    # The library's default is no lock at all: two branches that end together would both find
    # the other unfinished, and the process would wait for ever.
    lock_impl = locks.process_lock

    #: Who within a case may know that this process runs at all (`maps`).
    audience: ClassVar[str] = "parties"

    _nodes_by_name: ClassVar[dict[str, Any]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        parents = [base for base in cls.__mro__[1:] if getattr(base, "_nodes_by_name", None)]
        if parents:
            # Timers attached to a step would be armed in the parent instead.
            raise ImproperlyConfigured(f"{cls.__name__} may not inherit from a flow with nodes.")
        super().__init_subclass__(**kwargs)
        for name, node in cls._nodes_by_name.items():
            if not isinstance(node, nodes.OurNode):
                raise ImproperlyConfigured(
                    f"{cls.__name__}.{name} is a node of the library: use workflows.engine.nodes."
                )
        if not isinstance(cls.lock_impl, locks.ProcessLock):
            raise ImproperlyConfigured(f"{cls.__name__} must keep the engine's lock.")
        if not isinstance(cls._nodes_by_name.get("start"), nodes.StartHandle):
            raise ImproperlyConfigured(f"{cls.__name__} needs a node named start.")
        steps.remember(cls)

    @classmethod
    def begin(cls, subject: Any, by: Any = None, data: dict[str, Any] | None = None) -> Process:
        """Start the process about the subject and run it up to the first wait.

        Raises NotAllowed when the same process about the same subject is already running.
        """
        if cls.running(subject) is not None:
            raise NotAllowed("This has already begun. Look for it among your tasks.")
        node = cls.instance.node("start")
        activation = node.activation_class.create(node, None, None)
        activation.process.subject = subject
        activation.process.data = data or {}
        activation.process.organisation = cls.instance.organisation_of(subject)
        activation.process.reference = cls.instance.reference_of(subject)[:40]
        activation.task.owner = by
        activation.execute()
        process: Process = activation.process
        return process

    @classmethod
    def running(cls, subject: Any) -> Process | None:
        """Return the unfinished process of this flow about the subject, if there is one."""
        return Process.objects.filter(
            flow_class=cls,
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=subject.pk,
            status=states.NEW,
        ).first()

    # What tasks show. The defaults suit a subject that has these attributes itself or by its
    # case; a flow with another kind of subject says it its own way.

    def reference_of(self, subject: Any) -> str:
        """Return the reference printed on every task, such as the case's."""
        return str(_first(subject, "reference") or "")

    def headline_of(self, subject: Any) -> str:
        """Return a few words that tell one task from the next; only the entitled see them."""
        return str(_first(subject, "headline") or "")

    def organisation_of(self, subject: Any) -> Any:
        """Return who runs the process: its administrator sees failed background steps."""
        return _first(subject, "partnership")


def _first(subject: Any, name: str) -> Any:
    """Return the attribute of the subject, or else of its case."""
    found = getattr(subject, name, None)
    return found if found is not None else getattr(getattr(subject, "case", None), name, None)


def all_flows() -> list[type[ProcessFlow]]:
    """Return every flow of every installed application."""
    return steps.flows()
