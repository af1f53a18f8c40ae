"""Finding the words of clauses."""

from __future__ import annotations

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db.models import QuerySet

from workflows.agreements.models import (
    Clause,
)
from workflows.agreements.queries.versions import versions_in_force

# Signs that no text of a person has: what stands between them was searched for.
BEGINS, ENDS = "\ue000", "\ue001"


def search_clauses(q: str) -> QuerySet[Clause]:
    """Give the clauses in force that contain the words of a search, in the order of publication.

    Each carries its text in `marked`, with every word that was found between BEGINS and ENDS.
    """
    if not q.strip():
        return Clause.objects.none()
    query = SearchQuery(q, search_type="websearch", config="english")
    return (
        Clause.objects.annotate(words=SearchVector("section", "text", config="english"))
        .filter(words=query, version__in=versions_in_force())
        .annotate(
            marked=SearchHeadline(
                "text",
                query,
                config="english",
                start_sel=BEGINS,
                stop_sel=ENDS,
                highlight_all=True,
            )
        )
        .select_related("version__agreement__partnership")
        .order_by("version__agreement__title", "version_id", "position")
    )
