"""Who is told about offers and placements, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from permissions import queries as permissions
from workflows.engine.events import Notification

from . import queries
from .models import Offer, Placement

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.engine.models import Event


def officers(event: Event) -> Iterable[User]:
    """Give the people who allocate cases for the case's partnership."""
    case: Any = event.subject
    return queries.people_who_allocate(case.partnership)


def asked_provider(event: Event) -> Iterable[User]:
    """Give the people who answer for the provider of the event's offer."""
    offer = Offer.objects.select_related("provider").get(pk=event.data["offer"])
    return queries.people_who_answer(offer.provider)


def school_and_provider(event: Event) -> Iterable[User]:
    """Give the home school's referrers and heads, and those who answer for the provider."""
    placement = Placement.objects.select_related("provider", "case__pupil__school").get(
        pk=event.data["placement"]
    )
    return chain(
        permissions.people_with("refer_pupil", placement.case.pupil.school),
        queries.people_who_answer(placement.provider),
    )


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "allocation_opened": [
        Notification(officers, "mail/allocation_opened.txt", "A case is waiting for a provider")
    ],
    "offer_made": [
        Notification(asked_provider, "mail/offer_made.txt", "You are offered a place to fill")
    ],
    "offer_accepted": [
        Notification(officers, "mail/offer_accepted.txt", "A provider has accepted an offer")
    ],
    "offer_declined": [
        Notification(officers, "mail/offer_declined.txt", "A provider has declined an offer")
    ],
    "offer_withdrawn": [
        Notification(asked_provider, "mail/offer_withdrawn.txt", "An offer was withdrawn")
    ],
    "placement_started": [
        Notification(school_and_provider, "mail/placement_started.txt", "A placement has started")
    ],
    "placement_ended": [
        Notification(school_and_provider, "mail/placement_ended.txt", "A placement has ended")
    ],
}
