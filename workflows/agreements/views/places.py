"""Keeping one's place in a text."""

from __future__ import annotations

import uuid

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from permissions.models import User
from workflows.agreements import actions
from workflows.agreements.models import AgreementVersion


class KeepPlace(LoginRequiredMixin, View):
    """Keep the clause that the reader has come to: by a button, or by itself as the page is left."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        version = get_object_or_404(AgreementVersion, agreement=pk, number=number)
        try:
            clause_id = uuid.UUID(request.POST.get("clause", ""))
        except ValueError:
            return HttpResponseBadRequest("There is no such clause.")
        reader = request.user
        assert isinstance(reader, User)  # the mixin has asked
        actions.keep_place(version=version, clause_id=clause_id, by=reader)
        if "quietly" in request.POST:
            return HttpResponse(status=204)
        back = request.POST.get("back", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
            back = reverse("agreements:version", args=[pk, number])
        return redirect(f"{back.partition('#')[0]}#clause-{clause_id}")
