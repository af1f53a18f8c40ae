"""The maps of a case: its processes, as far as a reader may know of them.

Which process belongs to a case is told by the reference; how each is drawn, by `engine.maps`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from permissions import queries as permissions
from workflows.engine import maps
from workflows.engine.models import Process, Task

from . import queries, sections

if TYPE_CHECKING:
    from permissions.models import User

    from .models import Case


def maps_of(case: Case, user: User, *, running_only: bool = False) -> list[maps.Map]:
    """Return the maps of a visible case, those still running first; four queries."""
    found = Process.objects.filter(reference=case.reference).order_by("created", "pk")
    if running_only:
        found = found.filter(finished__isnull=True)
    processes = list(found)
    tasks = (
        Task.objects.filter(process__in=[process.pk for process in processes])
        .select_related("organisation")
        .order_by("pk")
    )
    reader = maps.Reader(
        audiences=frozenset(str(one.value) for one in queries.audiences_of(user, case)),
        organisations=frozenset(
            permissions.memberships_of(user).order_by().values_list("organisation", flat=True)
        ),
    )
    drawn = maps.maps_of(processes, tasks, reader)
    return sorted(drawn, key=lambda one: not one.is_running)


def map_section(case: Case, user: User) -> sections.Section:
    """Build the panel of the case's page: what runs now, and the way to the whole map."""
    return sections.Section(
        "Where this case is",
        "cases/map_section.html",
        {"maps": maps_of(case, user, running_only=True)},
        position=5,
    )
