"""What the engine raises when a step is refused.

Each carries `reason`: one sentence for the person, which says what to do next. Whether a person
may do something at all is `permissions.exceptions.NotPermitted`, never one of these.
"""

from __future__ import annotations

from permissions.exceptions import NotAllowed

__all__ = ["AlreadyDone", "Busy", "NotAllowed"]


class AlreadyDone(NotAllowed):
    """Somebody has done, or taken away, this task in the meantime."""

    def __init__(
        self,
        reason: str = "Somebody has already done this. Go back to your tasks to see what is next.",
    ) -> None:
        super().__init__(reason)


class Busy(NotAllowed):
    """Somebody else is changing the same process at this very moment; nothing was changed."""

    def __init__(
        self,
        reason: str = (
            "Somebody else is working on this at the moment, so nothing was changed. "
            "Wait a few seconds and try again."
        ),
    ) -> None:
        super().__init__(reason)
