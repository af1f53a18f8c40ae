"""The panels of a case's page: later slices register theirs here, because cases import none of them.

A builder answers a `Section` for a case and its reader, or `None` where there is nothing that this
reader may see. It is called only for a case visible to the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from permissions.models import User

    from .models import Case


@dataclass(frozen=True)
class Section:
    """One panel: a heading, a template, and what the template is given (as well as `case`)."""

    title: str
    template_name: str
    context: dict[str, Any] = field(default_factory=dict)
    position: int = 50


Builder = Callable[["Case", "User"], Section | None]
_builders: list[Builder] = []


def register(builder: Builder) -> Builder:
    """Add a builder of panels; called once, from a slice's `apps.py`."""
    if builder not in _builders:
        _builders.append(builder)
    return builder


def sections_for(case: Case, user: User) -> list[Section]:
    """Build the panels that a reader may see, in their order."""
    built = (builder(case, user) for builder in _builders)
    return sorted(
        (section for section in built if section is not None),
        key=lambda section: (section.position, section.title),
    )
