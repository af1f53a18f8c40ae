"""Addresses of pages that are no Wagtail page: a clause's own, and the approval of a policy."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views import View
from django.views.generic import FormView
from wagtail.models import Page

from pages import publishing
from pages.models import PolicyPage
from permissions.checks import require
from permissions.models import User
from workflows.agreements import actions as agreement_actions
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements.forms import PolicyActForm
from workflows.agreements.models import AgreementVersion
from workflows.engine.exceptions import NotAllowed


class Approval(LoginRequiredMixin, FormView[PolicyActForm]):
    """Record that the head has reviewed, or the board approved, the draft of a policy."""

    template_name = "pages/approval.html"
    form_class = PolicyActForm
    page: PolicyPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who reviews what the policy's partnership publishes."""
        if request.user.is_authenticated:
            found = get_object_or_404(PolicyPage, pk=kwargs["page_id"])
            self.page = found.get_latest_revision_as_object()
            require(request.user, "review_agreement", self.page.partnership)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Say which text is on the screen."""
        return {"text": publishing.text_hash(self.page), "act_date": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the policy, and what is recorded of this text."""
        return {
            **super().get_context_data(**kwargs),
            "page": self.page,
            "partnership": self.page.partnership,
            "approval": _with_dates(self.page.approval),
            "editor_address": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            "preview_address": reverse("wagtailadmin_pages:view_draft", args=[self.page.pk]),
        }

    def form_valid(self, form: PolicyActForm) -> HttpResponse:
        """Record it of the text that was on the screen."""
        answers = form.cleaned_data
        by = self.request.user
        assert isinstance(by, User)  # dispatch has asked
        if answers["text"] != publishing.text_hash(self.page):
            form.add_error(None, "The text was changed meanwhile. Read it again, then record this.")
            # What was typed stays; what is on the screen now is the new text.
            typed: Any = form.data
            form.data = {**typed.dict(), "text": publishing.text_hash(self.page)}
            return self.form_invalid(form)
        try:
            agreement = agreement_actions.create_agreement(
                partnership=self.page.partnership,
                title=self.page.title,
                kind=self.page.document_kind,
                mode=self.page.document_mode,
                by=by,
                page_id=self.page.pk,
            )
            agreement_actions.record_policy_act(
                agreement=agreement,
                kind=answers["kind"],
                name=answers["name"],
                role=answers["role"],
                act_date=answers["act_date"],
                text_sha256=answers["text"],
                by=by,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(
            self.request, "Recorded. The public page says so once this text is published."
        )
        return redirect("pages:approval", page_id=self.page.pk)


def _with_dates(said: dict[str, Any]) -> dict[str, Any]:
    return {
        key: date_format(datetime.date.fromisoformat(value), "j F Y")
        if key.endswith("_date")
        else value
        for key, value in said.items()
    }


class Clause(View):
    """Go to where a clause is now: on its page, or in the last version that had it.

    A clause of a text that several agreements share stands in each of them: then the reader chooses,
    unless the address says which (?agreement=).
    """

    def get(self, request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
        """Redirect, or show the choice; 404 for a clause that was never published."""
        versions = list(agreements.versions_with_clause(clause_id))
        if not versions:
            raise Http404
        meant = request.GET.get("agreement", "")
        versions = [one for one in versions if str(one.agreement_id) == meant] or versions
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
