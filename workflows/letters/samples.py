"""Where the facts of a real letter come from: later slices register theirs, because letters know none.

A source lists the cases that have a letter of a kind, as far as a person may see them, and gives the
values of its fields for one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import Organisation, User
    from workflows.cases.models import Case

    from .states import Kind


@dataclass(frozen=True)
class Source:
    """Two functions: the cases a person may take as an example, and the values of one."""

    cases: Callable[[User, Organisation, Kind], QuerySet[Case]]
    values: Callable[[Case, Kind], dict[str, str]]


_sources: dict[Kind, Source] = {}


def register(kinds: Iterable[Kind], source: Source) -> None:
    """Say where the facts of some letters come from; called once, from a slice's `apps.py`."""
    for kind in kinds:
        _sources[kind] = source


def source_of(kind: Kind) -> Source | None:
    """Find where the facts of a letter come from, if a process has them."""
    return _sources.get(kind)
