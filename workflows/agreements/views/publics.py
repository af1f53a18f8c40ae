"""What anybody may see: a published text, and the check of a receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View

from permissions.models import User
from workflows.agreements import queries, rules
from workflows.agreements.forms import CheckForm
from workflows.agreements.models import (
    Agreement,
    AgreementVersion,
)
from workflows.engine import pdf


def version_of(pk: int, number: int) -> AgreementVersion:
    """Give the version with a number of an agreement; 404 for one that is not there."""
    return get_object_or_404(
        AgreementVersion.objects.select_related("agreement__partnership"),
        agreement=pk,
        number=number,
    )


def text_for(
    request: HttpRequest, content: rules.Content, agreement: Agreement | None
) -> dict[str, Any]:
    """Give a text for a page, and whose duties are shown: the address says so, else the reader."""
    organisations = [] if agreement is None else queries.our_parties(request.user, agreement)
    own = queries.own_party(organisations)
    shown = rules.party_shown(request.GET.get("party", ""), own)
    return {
        "own_party": own,
        # A text that is withdrawn holds for nobody.
        "our_parties": organisations if agreement and agreement.withdrawn_at is None else [],
        "others_duties": shown not in ("", own),
        "document": rules.readable(
            content, shown or own or None, queries.legal_register(), narrow=bool(shown)
        ),
    }


def place_in(request: HttpRequest, version: AgreementVersion) -> dict[str, Any]:
    """Give where a signed-in reader had stopped, and where that is kept; nothing for others."""
    if not isinstance(request.user, User):
        return {}
    return {
        "place": queries.place_of(request.user, version),
        "place_url": reverse("agreements:keep_place", args=[version.agreement_id, version.number]),
    }


def linked_data(
    request: HttpRequest, document: rules.Readable, version: AgreementVersion
) -> dict[str, Any]:
    """Describe a published text for machines, with whole addresses."""
    pdf_address = reverse("agreements:version_pdf", args=[version.agreement_id, version.number])
    return rules.linked_data(
        document,
        version,
        publisher=version.agreement.partnership.name,
        address=request.build_absolute_uri(request.path),
        pdf=request.build_absolute_uri(pdf_address),
    )


class Version(TemplateView):
    """One published text, public like the page it came from."""

    template_name = "agreements/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = version_of(kwargs["pk"], kwargs["number"])
        read = text_for(self.request, version.snapshot["content"], version.agreement)
        return {
            **super().get_context_data(**kwargs),
            "version": version,
            "agreement": version.agreement,
            "partnership": version.agreement.partnership,
            "in_force": queries.version_in_force(version.agreement),
            "unchanged_since": queries.unchanged_since(version),
            "reviewed": queries.last_review(version),
            "structured": linked_data(self.request, read["document"], version),
            **place_in(self.request, version),
            **read,
        }


class VersionPdf(View):
    """One published text as a tagged PDF, the same for everybody.

    The text stays as it was published; what it cites is marked by the register of law of today.
    """

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        version = version_of(pk, number)
        response = HttpResponse(
            pdf.render(
                "letters/agreement_version.typ",
                {
                    "title": version.snapshot["content"]["title"],
                    "version": version,
                    "partnership": version.agreement.partnership,
                    "unchanged_since": queries.unchanged_since(version),
                    "document": rules.readable(
                        version.snapshot["content"], register=queries.legal_register()
                    ),
                },
            ),
            content_type="application/pdf",
        )
        name = f"{version.agreement.slug}-version-{number}.pdf"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response


class Check(FormView):
    """Ask for the hash on a receipt."""

    template_name = "agreements/check.html"
    form_class = CheckForm

    def form_valid(self, form: CheckForm) -> HttpResponse:
        sha256 = form.cleaned_data["hash"].strip().lower()
        return redirect("agreements:check_result", sha256=sha256)


class CheckResult(TemplateView):
    """Say whether a hash is that of a published version or of a receipt's file. Names nobody."""

    template_name = "agreements/check_result.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = queries.version_with_hash(kwargs["sha256"])
        receipt = None if version else queries.receipt_with_hash(kwargs["sha256"])
        if receipt is not None:
            version = receipt.acceptance.version
            is_true = queries.verify_receipt(receipt)
        else:
            is_true = version is not None and queries.verify(version)
        return {
            **super().get_context_data(**kwargs),
            "version": version,
            "receipt": receipt,
            "is_true": is_true,
            "check_url": reverse("agreements:check"),
        }
