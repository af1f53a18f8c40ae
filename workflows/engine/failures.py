"""What is kept of a background step that failed: enough to mend it, nothing about a child."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

from django.utils import timezone
from viewflow.workflow.context import context
from viewflow.workflow.signals import task_failed
from viewflow.workflow.status import STATUS

from .exceptions import Busy

logger = logging.getLogger(__name__)


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


class Guard:
    """In the background, record that a node failed instead of raising; else let it raise."""

    def __init__(self, activation: Any) -> None:
        self.activation = activation

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None or context.propagate_exception or not isinstance(error, Exception):
            return False
        if isinstance(error, Busy):  # nothing failed: the sweep comes again
            return False
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
