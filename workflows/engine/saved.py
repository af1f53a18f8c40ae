"""Views of the inbox that people save under a name: the only writer of `SavedView`.

Everybody has their own and sees nobody else's. What a view shows is decided when it is opened, by
`queries.visible_tasks`: it keeps filters, never tasks.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from . import queries
from .exceptions import NotAllowed
from .filters import Filters
from .models import MOST_VIEWS, SavedView

TAKEN = "You have a view of this name already. Choose another name, or remove that view first."
FULL = f"You have {MOST_VIEWS} views, which is the most. Remove one before you save another."


def views_of(user: Any) -> list[SavedView]:
    """Return the person's views in their order."""
    return list(SavedView.objects.filter(user=user))


def save(
    user: Any, *, name: str, tab: str, filters: Filters, sort: str, is_default: bool = False
) -> SavedView:
    """Keep a tab with filters and an order under a name; raises NotAllowed where it is taken."""
    with transaction.atomic():
        own = list(SavedView.objects.select_for_update().filter(user=user))
        if len(own) >= MOST_VIEWS:
            raise NotAllowed(FULL)
        if any(view.name.lower() == name.lower() for view in own):
            raise NotAllowed(TAKEN)
        places = {view.place for view in own}
        if is_default:
            _no_default(user)
        kept = {**filters.given(), "sort": sort if sort in queries.SORTS else "priority"}
        try:
            with transaction.atomic():
                return SavedView.objects.create(
                    user=user,
                    name=name,
                    tab=tab if tab in queries.VIEWS else queries.MINE,
                    filters=kept,
                    place=min(set(range(1, MOST_VIEWS + 1)) - places),
                    is_default=is_default,
                )
        except IntegrityError as error:
            # Saved twice at the same moment, in two windows.
            raise NotAllowed(TAKEN) from error


def rename(view: SavedView, name: str) -> None:
    """Give a view another name; raises NotAllowed where it is taken."""
    view.name = name
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise NotAllowed(TAKEN) from error


def make_default(user: Any, view: SavedView | None) -> None:
    """Let the inbox open with the view, or with one's own tasks where it is None."""
    with transaction.atomic():
        _no_default(user)
        if view is not None:
            SavedView.objects.filter(pk=view.pk, user=user).update(is_default=True)


def remove(view: SavedView) -> None:
    """Forget a view; its tasks stay where they are."""
    view.delete()


def _no_default(user: Any) -> None:
    SavedView.objects.filter(user=user, is_default=True).update(is_default=False)
