"""Where an officer or administrator adds a party to an agreement and asks it to accept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView

from permissions import checks
from workflows.agreements import actions, queries
from workflows.agreements.forms import PartyForm
from workflows.agreements.models import Agreement
from workflows.engine.exceptions import NotAllowed


class AddParty(LoginRequiredMixin, FormView):
    """Add an organisation to an agreement, and ask it to accept."""

    template_name = "agreements/add_party.html"
    form_class = PartyForm
    agreement: Agreement

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the agreement among those the person watches, and ask whether they may add."""
        if request.user.is_authenticated:
            self.agreement = get_object_or_404(
                queries.agreements_watched_by(request.user), pk=kwargs["pk"], withdrawn_at=None
            )
            checks.require(request.user, "manage_agreement_parties", self.agreement.partnership)
            if self.agreement.is_shared:
                raise Http404("Nobody accepts a shared text.")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "agreement": self.agreement,
            "organisations": queries.possible_parties(self.agreement),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "agreement": self.agreement,
            "partnership": self.agreement.partnership,
            "back_url": reverse("agreements:acceptances", args=[self.agreement.pk]),
        }

    def form_valid(self, form: PartyForm) -> HttpResponse:
        organisation = form.cleaned_data["organisation"]
        user: Any = self.request.user
        try:
            if form.cleaned_data.get("ask"):
                request = actions.ask_to_accept(
                    agreement=self.agreement,
                    organisation=organisation,
                    activity=form.cleaned_data.get("activity", ""),
                    by=user,
                )
                done = "was asked to accept" if request else "has accepted already"
            else:
                actions.add_party(agreement=self.agreement, organisation=organisation, by=user)
                done = "is a party to the agreement"
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, f"{organisation.name} {done}.")
        return redirect("agreements:acceptances", self.agreement.pk)
