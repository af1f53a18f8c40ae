"""What a party and its partnership see: my agreements, who has accepted, receipts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, TemplateView, View

from permissions import checks
from workflows.agreements import queries
from workflows.agreements.forms import PartyFilters, party_filters

PAGE_SIZE = 50


class MyAgreements(LoginRequiredMixin, TemplateView):
    """The agreements that my organisations are party to, and those of my partnerships."""

    template_name = "agreements/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "standings": queries.agreements_of(self.request.user),
            "watched": queries.agreements_watched_by(self.request.user),
        }


class Acceptances(LoginRequiredMixin, DetailView):
    """Who has accepted one agreement, which version and when: for its partnership."""

    template_name = "agreements/acceptances.html"
    context_object_name = "agreement"

    def get_queryset(self) -> Any:
        return queries.agreements_watched_by(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = party_filters(self.request.GET)
        chosen = {"party": filters["party"], "version": filters["version"]}
        versions = list(self.object.versions.order_by("-number").defer("snapshot"))
        rows: Any
        if filters["show"] == "acceptances":
            rows = queries.chosen_acceptances(self.object, self.request.user, **chosen)
        else:
            found = queries.chosen_standings(self.object, status=filters["status"], **chosen)
            rows = queries.sorted_standings(found, filters["sort"])
        return {
            **super().get_context_data(**kwargs),
            "partnership": self.object.partnership,
            "page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "show": filters["show"],
            "filters": PartyFilters(
                initial=filters, numbers=[version.number for version in versions]
            ),
            "is_filtered": any(filters[name] for name in ("party", "status", "version")),
            "versions": versions,
            "filter_query": self.request.GET.urlencode(),
            "may_manage": checks.may(
                self.request.user,
                "manage_agreement_parties",
                self.object.partnership,
            ),
        }


class DownloadReceipt(LoginRequiredMixin, View):
    """The PDF receipt, for the organisation that accepted and the partnership only.

    And, where it is for one case, for those of them who may see the case.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible = queries.acceptances_visible_to(request.user)
        acceptance = get_object_or_404(visible.select_related("receipt", "version"), pk=pk)
        if not hasattr(acceptance, "receipt"):
            raise Http404("The receipt is being made. Try again in a minute.")
        response = HttpResponse(bytes(acceptance.receipt.pdf), content_type="application/pdf")
        name = f"receipt-{acceptance.sha256[:8]}-{acceptance.pk}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response
