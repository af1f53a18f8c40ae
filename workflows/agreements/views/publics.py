"""What anybody may see: a published text, and the check of a receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from workflows.agreements import queries, rules
from workflows.agreements.forms import CheckForm
from workflows.agreements.models import (
    AgreementVersion,
)


class Version(TemplateView):
    """One published text, public like the page it came from."""

    template_name = "agreements/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = get_object_or_404(
            AgreementVersion.objects.select_related("agreement__partnership"),
            agreement=kwargs["pk"],
            number=kwargs["number"],
        )
        return {
            **super().get_context_data(**kwargs),
            "version": version,
            "agreement": version.agreement,
            "partnership": version.agreement.partnership,
            "in_force": queries.version_in_force(version.agreement),
            "unchanged_since": queries.unchanged_since(version),
            "document": rules.readable(
                version.snapshot["content"], register=queries.legal_register()
            ),
        }


class Check(FormView):
    """Ask for the hash on a receipt."""

    template_name = "agreements/check.html"
    form_class = CheckForm

    def form_valid(self, form: CheckForm) -> HttpResponse:
        sha256 = form.cleaned_data["hash"].strip().lower()
        return redirect("agreements:check_result", sha256=sha256)


class CheckResult(TemplateView):
    """Say whether a hash is that of a published version. Names no person and no organisation."""

    template_name = "agreements/check_result.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = queries.version_with_hash(kwargs["sha256"])
        return {
            **super().get_context_data(**kwargs),
            "version": version,
            "is_true": version is not None and queries.verify(version),
            "check_url": reverse("agreements:check"),
        }
