"""Who is told about reviews, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Final

from permissions import queries as permissions
from workflows.engine.events import Notification

from . import queries
from .models import Review

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.engine.models import Event


def professionals(event: Event) -> Iterable[User]:
    """Give the people of every organisation in the review's case who act on what it agrees.

    The provider of the placement is among them, also when the review has ended its part.
    """
    review = Review.objects.select_related("placement__case", "placement__provider").get(
        pk=event.data["review"]
    )
    organisations = {review.placement.provider, *queries.participants(review)}
    return chain.from_iterable(
        permissions.people_with("complete_review_action", organisation)
        for organisation in sorted(organisations, key=lambda one: one.pk)
    )


_RECORDED: Final[list[Notification]] = [
    Notification(professionals, "mail/review_recorded.txt", "A review was recorded")
]

NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "review_opened": [
        Notification(professionals, "mail/review_opened.txt", "A review is to be held soon")
    ],
    "review_continues_placement": _RECORDED,
    "review_starts_reintegration": _RECORDED,
    "review_ends_placement": _RECORDED,
}
