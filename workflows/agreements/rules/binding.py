"""The one rule that says until when an acceptance binds, for deadlines and scorecards alike."""

from __future__ import annotations

import datetime
from collections.abc import Iterable


def replaced_by(accepted: int, material: Iterable[int]) -> int | None:
    """Give the number of the first material version after the accepted one, of those published."""
    return min((number for number in material if number > accepted), default=None)


def still_binds(
    *, is_replaced: bool, grace_ends_date: datetime.date | None, day: datetime.date
) -> bool:
    """Tell whether an acceptance binds on a day: until a material version comes, and in its grace.

    The last day of grace counts. Without days of grace, the material version ends it at once.
    """
    return not is_replaced or (grace_ends_date is not None and day <= grace_ends_date)
