"""What an allocation, an offer and a placement can be, and how they move.

Tables only. Each transition names the action that makes it; nothing else may write a status.
"""

from django.db import models

from permissions.roles import Role


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
    "stop": (
        frozenset({AllocationStatus.OPEN, AllocationStatus.OFFERED, AllocationStatus.PLACED}),
        AllocationStatus.ENDED,
    ),
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

# Who looks after a case in each status: every status has an owner, so that none waits for nobody.
ALLOCATION_OWNERS: dict[str, tuple[Role, ...]] = {
    AllocationStatus.OPEN: (Role.OFFICER,),
    AllocationStatus.OFFERED: (Role.SIGNATORY,),
    AllocationStatus.PLACED: (Role.OFFICER,),
    AllocationStatus.ENDED: (Role.OFFICER,),
}
OFFER_OWNERS: dict[str, tuple[Role, ...]] = {
    OfferStatus.MADE: (Role.SIGNATORY,),
    OfferStatus.ACCEPTED: (Role.OFFICER,),
    OfferStatus.DECLINED: (Role.OFFICER,),
    OfferStatus.WITHDRAWN: (Role.OFFICER,),
}
OWNERS: dict[str, tuple[Role, ...]] = {
    PlacementStatus.AGREED: (Role.OFFICER,),
    PlacementStatus.STARTED: (Role.OFFICER,),
    PlacementStatus.ENDED: (Role.OFFICER,),
}
