"""Finding the words of clauses."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet

from workflows.agreements.models import (
    Clause,
)
from workflows.agreements.queries.versions import versions_in_force


def search_clauses(q: str) -> QuerySet[Clause]:
    """Give the clauses in force that contain the words of a search, in the order of publication."""
    if not q.strip():
        return Clause.objects.none()
    return (
        Clause.objects.annotate(words=SearchVector("section", "text", config="english"))
        .filter(
            words=SearchQuery(q, search_type="websearch", config="english"),
            version__in=versions_in_force(),
        )
        .select_related("version__agreement__partnership")
        .order_by("version__agreement__title", "version_id", "position")
    )
