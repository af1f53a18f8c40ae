"""What an allocation, an offer and a placement can be, and how they move.

Tables only. Each transition names the action that makes it; nothing else may write a status.
"""

from django.db import models


class AllocationStatus(models.TextChoices):
    """Where the search for a provider has got to."""

    OPEN = "open", "Looking for a provider"
    OFFERED = "offered", "Offered to a provider"
    PLACED = "placed", "Taken by a provider"
    ENDED = "ended", "Ended"


class OfferStatus(models.TextChoices):
    """What a provider has said to one offer."""

    MADE = "made", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PlacementStatus(models.TextChoices):
    """Whether the pupil's place is agreed, running or over."""

    AGREED = "agreed", "Agreed, not started"
    STARTED = "started", "Started"
    ENDED = "ended", "Ended"


ALLOCATION_TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "make_offer": (frozenset({AllocationStatus.OPEN}), AllocationStatus.OFFERED),
    "accept_offer": (frozenset({AllocationStatus.OFFERED}), AllocationStatus.PLACED),
    "decline_offer": (frozenset({AllocationStatus.OFFERED}), AllocationStatus.OPEN),
    "withdraw_offer": (
        frozenset({AllocationStatus.OFFERED, AllocationStatus.PLACED}),
        AllocationStatus.OPEN,
    ),
    "end_placement": (frozenset({AllocationStatus.PLACED}), AllocationStatus.ENDED),
}

OFFER_TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "accept_offer": (frozenset({OfferStatus.MADE}), OfferStatus.ACCEPTED),
    "decline_offer": (frozenset({OfferStatus.MADE}), OfferStatus.DECLINED),
    "withdraw_offer": (
        frozenset({OfferStatus.MADE, OfferStatus.ACCEPTED}),
        OfferStatus.WITHDRAWN,
    ),
}

TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "start_placement": (frozenset({PlacementStatus.AGREED}), PlacementStatus.STARTED),
    "withdraw_offer": (frozenset({PlacementStatus.AGREED}), PlacementStatus.ENDED),
    "end_placement": (frozenset({PlacementStatus.STARTED}), PlacementStatus.ENDED),
}

# Who has the next move in each status: a permission, or None where nobody has to do anything.
ALLOCATION_OWNERS: dict[str, str | None] = {
    AllocationStatus.OPEN: "allocate_case",
    AllocationStatus.OFFERED: "answer_offer",
    AllocationStatus.PLACED: "start_placement",
    AllocationStatus.ENDED: None,
}
OFFER_OWNERS: dict[str, str | None] = {
    OfferStatus.MADE: "answer_offer",
    OfferStatus.ACCEPTED: None,
    OfferStatus.DECLINED: None,
    OfferStatus.WITHDRAWN: None,
}
OWNERS: dict[str, str | None] = {
    PlacementStatus.AGREED: "start_placement",
    PlacementStatus.STARTED: "end_placement",
    PlacementStatus.ENDED: None,
}
