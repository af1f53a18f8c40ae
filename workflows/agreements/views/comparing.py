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
        form = CompareForm(self.request.GET, numbers=numbers)
        form.is_valid()
        after_number = form.cleaned_data.get("after") or numbers[-1]
        before_number = form.cleaned_data.get("before") or max(after_number - 1, numbers[0])
        found = {
            version.number: version
            for version in agreement.versions.filter(number__in=(before_number, after_number))
        }
        before, after = found[before_number], found[after_number]
        return {
            **super().get_context_data(**kwargs),
            "agreement": agreement,
            "partnership": agreement.partnership,
            # Unbound: an address that names no version is not a mistake to be told about.
            "form": CompareForm(
                initial={"before": before_number, "after": after_number}, numbers=numbers
            ),
            "is_only_version": len(numbers) == 1,
            "before": before,
            "after": after,
            "comparison": rules.compare(before.snapshot["content"], after.snapshot["content"]),
        }
