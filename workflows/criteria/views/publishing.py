"""What becomes of a draft: tried on past referrals, published, or thrown away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from workflows.criteria import actions, queries, rules
from workflows.criteria.states import Advice
from workflows.criteria.views.editing import revision_of
from workflows.criteria.views.reading import OfDraft
from workflows.engine.exceptions import NotAllowed

PAGE_SIZE = 50


class Publish(OfDraft):
    """Put the draft into use, after saying what changes."""

    def get(self, request: HttpRequest, slug: str, refusal: str = "") -> HttpResponse:
        """Say what changes, and ask."""
        in_use = queries.version_for(self.partnership)
        before = rules.read(in_use.content) if in_use else None
        return render(
            request,
            "criteria/publish.html",
            self.facts(
                changes=rules.changes(before, self.table),
                in_use=in_use,
                problems=rules.problems(self.table, self.catalogue),
                remarks=rules.remarks(self.table, self.catalogue),
                refusal=refusal,
            ),
        )

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Publish what was shown."""
        try:
            actions.publish(draft=self.draft, revision=revision_of(request), by=self.user)
        except NotAllowed as refused:
            if self.prepare() is not None:
                raise
            return self.get(request, slug, refused.reason)
        messages.success(
            request, "The criteria are published. The next referral that is screened obeys them."
        )
        return redirect(self.url)


class Discard(OfDraft):
    """Throw the draft away, after asking."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Ask."""
        return render(request, "criteria/discard.html", self.facts())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Throw away what was shown."""
        try:
            actions.discard(draft=self.draft, revision=revision_of(request), by=self.user)
        except NotAllowed as refused:
            messages.error(request, refused.reason)
            return redirect(self.draft_url)
        messages.success(request, "The draft is thrown away.")
        return redirect(self.url)


class Trial(OfDraft):
    """What the draft would have advised on past referrals."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show how far the trial is, or what it found."""
        simulation = queries.simulation_of(self.draft)
        context: dict[str, Any] = {"simulation": simulation}
        if simulation is not None and simulation.status == "done":
            context.update(self._found(request, simulation))
        return render(
            request,
            "criteria/trial.html",
            self.facts(
                is_older=simulation is not None and simulation.revision != self.draft.revision,
                problems=rules.problems(self.table, self.catalogue),
                **context,
            ),
        )

    def _found(self, request: HttpRequest, simulation: Any) -> dict[str, Any]:
        counts = simulation.counts
        against = "against" in request.GET
        listed = queries.simulated_cases(simulation, self.user, against=against)
        total = counts.get("against_decision" if against else "changed", 0)
        page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
        before, after = counts.get("before", {}), counts.get("after", {})
        return {
            "heads": ["Advice", "Table in use", "Draft"] if before else ["Advice", "Draft"],
            "rows": [
                [
                    advice.label,
                    *([before.get(advice.value, 0)] if before else []),
                    after.get(advice.value, 0),
                ]
                for advice in Advice
            ],
            "counts": counts,
            "against": against,
            "page": page,
            "hidden": max(0, total - page.paginator.count),
        }

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Begin a trial of the draft as it is now."""
        try:
            actions.simulate(draft=self.draft, by=self.user)
        except NotAllowed as refused:
            messages.error(request, refused.reason)
        return redirect("criteria:trial", slug)
