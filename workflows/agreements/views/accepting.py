"""The step that accepts, and the way to it."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from permissions.checks import may
from permissions.models import User
from workflows.agreements import actions, queries, rules
from workflows.agreements.forms import AcceptForm
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
)
from workflows.agreements.states import PARTY_OF_KIND, Scope
from workflows.agreements.views.publics import place_in
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
        agreement = asked.agreement
        return {
            "statement": queries.statement(
                asked.version, asked.organisation, case=asked.only_case, activity=asked.activity
            ),
            "sha256": asked.version.sha256,
            "signatory": self.request.user,
            "asks_activity": agreement.scope == Scope.ACTIVITY,
            "activity": asked.activity,
            "asks_lead": queries.asks_lead(agreement, asked.organisation),
        }

    def extra_context(self) -> dict[str, Any]:
        """Add the text, with the duties of the reader's party marked."""
        asked: AcceptanceRequest = self.subject
        party = PARTY_OF_KIND[asked.organisation.kind]
        content = asked.version.snapshot["content"]
        earlier = queries.accepted_version(
            asked.agreement, asked.organisation, case=asked.only_case
        )
        reserved = queries.open_reservations(asked.agreement, asked.organisation)
        return {
            "agreement": asked.agreement,
            "organisation": asked.organisation,
            "version": asked.version,
            "earlier": earlier,
            "comparison": rules.compare(earlier.snapshot["content"], content)
            if earlier is not None and earlier != asked.version
            else None,
            "may_reserve": may(self.request.user, "reserve_clause", asked.organisation),
            "may_ask": may(self.request.user, "view_agreement", asked.organisation),
            **place_in(self.request, asked.version),
            "only_case": asked.only_case,
            "signs": asked.organisation == asked.agreement.partnership,
            "grace_ends_date": queries.binding(
                asked.agreement, asked.organisation, case=asked.only_case
            ).grace_ends_date,
            "unchanged_since": queries.unchanged_since(asked.version),
            "document": rules.varied(
                rules.readable(content, party, queries.legal_register()),
                queries.variations_of_version(asked.version, asked.organisation),
                reserved.values_list("clause_id", flat=True),
            ),
        }

    def show_check(self, form: Any) -> HttpResponse:
        """Show the evidence as it will be kept; the statement is too long to be a row's name."""
        url = self.the_task.get_absolute_url()
        asked: AcceptanceRequest = self.subject
        wording = queries.statement(
            asked.version,
            asked.organisation,
            case=asked.only_case,
            activity=form.cleaned_data.get("activity", ""),
        )
        rows = [
            *(
                {"key": form[name].label, "value": in_words(value), "target": form[name].auto_id}
                for name, value in form.cleaned_data.items()
                if name not in ("confirmed", "version")
            ),
            {"key": "Statement", "value": wording, "target": "id_confirmed"},
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
            authority=answers["authority"],
            confirmed=answers["confirmed"],
            case=asked.only_case,
            activity=answers.get("activity", ""),
            lead=form.lead,
        )

    def success_url(self) -> str:
        """Go to where the receipt will be."""
        return reverse("agreements:list")


def in_words(value: Any) -> str:
    """Write an answer as people read it."""
    if isinstance(value, datetime.date):
        return f"{value.day} {value:%B %Y}"
    return "Yes" if value is True else str(value)


class OpenRequest(LoginRequiredMixin, View):
    """Go to the task of a request to accept."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = get_object_or_404(AcceptanceRequest, pk=pk)
        task = tasks.open_tasks(asked).first()
        if task is None:
            return redirect("agreements:list")
        # The task's own page asks who may.
        return redirect("engine:task", pk=task.pk)
