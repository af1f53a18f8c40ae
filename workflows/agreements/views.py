"""The screens of agreements: the step that accepts, my agreements, who has accepted, the check."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import DetailView, FormView, TemplateView, View

from permissions.models import User
from workflows.agreements import actions, queries, rules
from workflows.agreements.forms import AcceptForm, CheckForm
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    AgreementVersion,
)
from workflows.agreements.states import PARTY_OF_KIND
from workflows.engine import tasks
from workflows.engine.views import StepView


class Accept(StepView):
    """Read the whole text and accept it."""

    template_name = "agreements/accept.html"
    form_class = AcceptForm
    check_answers = True
    confirm_button = "Accept the agreement"
    success_message = "You have accepted the agreement. The receipt is among your agreements."

    def form_arguments(self) -> dict[str, Any]:
        """Give the form the exact statement and the version on the screen."""
        asked: AcceptanceRequest = self.subject
        return {
            "statement": queries.statement(asked.version, asked.organisation),
            "sha256": asked.version.sha256,
            "signatory": self.request.user,
        }

    def extra_context(self) -> dict[str, Any]:
        """Add the text, with the duties of the reader's party marked."""
        asked: AcceptanceRequest = self.subject
        party = PARTY_OF_KIND[asked.organisation.kind]
        return {
            "agreement": asked.agreement,
            "organisation": asked.organisation,
            "version": asked.version,
            "earlier": queries.accepted_version(asked.agreement, asked.organisation),
            "unchanged_since": queries.unchanged_since(asked.version),
            "document": rules.readable(asked.version.snapshot["content"], party),
        }

    def show_check(self, form: Any) -> HttpResponse:
        """Show the evidence as it will be kept; the statement is too long to be a row's name."""
        answers = form.cleaned_data
        url = self.the_task.get_absolute_url()
        rows = [
            {"key": "Full name", "value": answers["name"], "target": "id_name"},
            {"key": "Position", "value": answers["position"], "target": "id_position"},
            {
                "key": "Statement",
                "value": form.fields["confirmed"].label,
                "target": "id_confirmed",
            },
        ]
        return render(
            self.request,
            self.check_template_name,
            self.context(
                form=None,
                answers=rows,
                change_url=url,
                back_url=url,
                button=self.confirm_button,
            ),
        )

    def act(self, form: Any) -> Acceptance:
        """Accept the version that was on the screen."""
        answers = form.cleaned_data
        asked: AcceptanceRequest = self.subject
        signatory = self.request.user
        assert isinstance(signatory, User)  # the task's page has asked
        return actions.accept(
            version=asked.agreement.versions.get(sha256=answers["version"]),
            organisation=asked.organisation,
            by=signatory,
            name=answers["name"],
            position=answers["position"],
            confirmed=answers["confirmed"],
        )

    def success_url(self) -> str:
        """Go to where the receipt will be."""
        return reverse("agreements:list")


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
        return {
            **super().get_context_data(**kwargs),
            "partnership": self.object.partnership,
            "standings": queries.standings(self.object),
            "versions": self.object.versions.order_by("-number").defer("snapshot"),
            "acceptances": queries.acceptances_of(self.object),
        }


class OpenRequest(LoginRequiredMixin, View):
    """Go to the task of a request to accept."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = get_object_or_404(AcceptanceRequest, pk=pk)
        task = tasks.open_tasks(asked).first()
        if task is None:
            return redirect("agreements:list")
        # The task's own page asks who may.
        return redirect("engine:task", pk=task.pk)


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
            "document": rules.readable(version.snapshot["content"]),
        }


class DownloadReceipt(LoginRequiredMixin, View):
    """The PDF receipt, for the organisation that accepted and the partnership only."""

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
