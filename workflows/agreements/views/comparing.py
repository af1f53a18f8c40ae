"""Two published versions side by side, public as they are."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from workflows.agreements import rules
from workflows.agreements.forms import CompareForm
from workflows.agreements.models import Agreement, AgreementVersion


class Compare(TemplateView):
    """Compare any two versions of an agreement; unasked, the newest with the one before it."""

    template_name = "agreements/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = AgreementVersion.objects.filter(agreement=OuterRef("pk"))
        agreement = get_object_or_404(
            Agreement.objects.select_related("partnership").filter(Exists(versions)),
            pk=kwargs["pk"],
        )
        numbers = list(agreement.versions.order_by("number").values_list("number", flat=True))
        newest = numbers[-1]
        chosen = {"before": max(newest - 1, numbers[0]), "after": newest}
        form = CompareForm(
            {name: self.request.GET.get(name) or number for name, number in chosen.items()},
            numbers=numbers,
        )
        if form.is_valid():
            chosen = form.cleaned_data
        found = {
            version.number: version
            for version in agreement.versions.filter(number__in=chosen.values())
        }
        before, after = found.get(chosen["before"]), found.get(chosen["after"])
        shown = before is not None and after is not None
        return {
            **super().get_context_data(**kwargs),
            "agreement": agreement,
            "partnership": agreement.partnership,
            "form": form,
            "before": before,
            "after": after,
            "comparison": rules.compare(before.snapshot["content"], after.snapshot["content"])
            if shown and before is not None and after is not None
            else None,
        }
