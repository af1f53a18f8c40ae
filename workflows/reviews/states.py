"""What a review can be and how it moves. Tables only; only the named actions write a status."""

from django.db import models

from permissions.roles import Role


class ReviewStatus(models.TextChoices):
    """How near a review is."""

    SCHEDULED = "scheduled", "Scheduled"
    DUE = "due", "To be held"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Outcome(models.TextChoices):
    """What a review can decide."""

    CONTINUE = "continue", "Continue the placement"
    REINTEGRATE = "reintegrate", "Plan the return to school"
    END = "end", "End the placement"


TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "open_review": (frozenset({ReviewStatus.SCHEDULED}), ReviewStatus.DUE),
    "hold_review": (frozenset({ReviewStatus.DUE}), ReviewStatus.HELD),
    "cancel_review": (
        frozenset({ReviewStatus.SCHEDULED, ReviewStatus.DUE}),
        ReviewStatus.CANCELLED,
    ),
}

# Who looks after a review in each status: every status has an owner, so that none waits for nobody.
OWNERS: dict[str, tuple[Role, ...]] = {
    ReviewStatus.SCHEDULED: (Role.OFFICER,),
    ReviewStatus.DUE: (Role.OFFICER,),
    ReviewStatus.HELD: (Role.OFFICER,),
    ReviewStatus.CANCELLED: (Role.OFFICER,),
}
