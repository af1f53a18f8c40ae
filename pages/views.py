"""Addresses that lead to published pages whatever becomes of the page: the clauses' own."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from wagtail.models import Page

from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements.models import AgreementVersion


class Clause(View):
    """Go to where a clause is now: on its page, or in the last version that had it.

    A clause of a text that several agreements share stands in each of them: then the reader chooses.
    """

    def get(self, request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
        """Redirect, or show the choice; 404 for a clause that was never published."""
        versions = list(agreements.versions_with_clause(clause_id))
        if not versions:
            raise Http404
        places = _places(versions, clause_id, request)
        if len(places) == 1:
            return redirect(places[0][1])
        return render(request, "pages/clause.html", {"places": places})


def _places(
    versions: list[AgreementVersion], clause_id: uuid.UUID, request: HttpRequest
) -> list[tuple[AgreementVersion, str]]:
    live = {
        page.pk: page.get_url(request)
        for page in Page.objects.live().filter(
            pk__in=[version.agreement.page_id for version in versions]
        )
    }
    newest = {
        version.agreement_id: version.number
        for version in agreements.versions_in_force().filter(
            agreement__in=[version.agreement_id for version in versions]
        )
    }
    places = []
    for version in versions:
        address = live.get(version.agreement.page_id)
        if address is None or newest.get(version.agreement_id) != version.number:
            # No longer on the page: the last text that had it says what it was.
            address = reverse("agreements:version", args=[version.agreement_id, version.number])
        places.append((version, f"{address}?party=all#{rules.anchor_of(clause_id)}"))
    return places
