"""Columns that several models have, and the constraint that ties pairs of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def both_or_neither(first: str, second: str, *, name: str) -> models.CheckConstraint:
    """Tie a pair such as "submitted at" and "submitted by" together."""
    neither = models.Q((f"{first}__isnull", True), (f"{second}__isnull", True))
    both = models.Q((f"{first}__isnull", False), (f"{second}__isnull", False))
    return models.CheckConstraint(condition=neither | both, name=name)


def person(*, optional: bool = False) -> Any:
    """Name a person who did something; whoever has acted is never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=optional,
        blank=optional,
    )
