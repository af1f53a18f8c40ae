"""How permissions says no.

Two answers that are never mixed: this person may not (NotPermitted), and nobody could in this state
(NotAllowed). What belongs here: exceptions alone; the checks that raise them are in checks.py and
actions.py.
"""

from django.core.exceptions import PermissionDenied


class NotPermitted(PermissionDenied):
    """Say that this person may not do this here; Django answers it with the 403 page."""


class NotAllowed(Exception):
    """Say that the state of things does not allow this, whoever asks.

    `reason` is a sentence for the person who asked, saying what to do instead.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
