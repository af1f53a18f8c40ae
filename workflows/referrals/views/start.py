"""How a school begins a referral: which school, which pupil; and what it has not finished yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import FormView, TemplateView

from permissions import checks
from permissions import queries as permissions
from permissions.models import Organisation
from workflows.cases import forms as case_forms
from workflows.cases import queries as case_queries
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import actions, forms, queries
from workflows.referrals.states import Part
from workflows.referrals.views.pages import next_url

if TYPE_CHECKING:
    from workflows.cases.models import Pupil as PupilRow


class Unfinished(SignedIn, TemplateView):
    """The referrals that a school still has to finish, and the way to a new one."""

    template_name = "referrals/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.user
        return super().get_context_data(
            referrals=queries.unfinished(user),
            may_refer=permissions.organisations_where(user, "refer_pupil").exists(),
            **kwargs,
        )


class ChooseSchool(SignedIn, FormView[forms.SchoolForm]):
    """Which school refers; whoever refers for one alone is taken to the next page."""

    template_name = "referrals/new.html"
    form_class = forms.SchoolForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go on at once where there is nothing to choose."""
        if request.user.is_authenticated:
            self.schools = permissions.organisations_where(self.user, "refer_pupil").order_by(
                "name"
            )
            found = list(self.schools[:2])
            if not found:
                checks.require(self.user, "refer_pupil", None)
            if len(found) == 1:
                return redirect("referrals:new_for", found[0].slug)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "schools": self.schools}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Refer a pupil", **kwargs)

    def form_valid(self, form: forms.SchoolForm) -> HttpResponse:
        return redirect("referrals:new_for", form.cleaned_data["school"].slug)


class NewReferral(SignedIn):
    """The pupil of a new referral; somebody very like is shown before a second case is opened."""

    school: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the school among those for which the person refers."""
        if request.user.is_authenticated:
            self.school = get_object_or_404(
                permissions.organisations_where(self.user, "refer_pupil"), slug=kwargs["slug"]
            )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the empty form."""
        return self._show(case_forms.PupilForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Begin the referral, or ask first whether the pupil is already recorded."""
        form = case_forms.PupilForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        pupils = list(
            case_queries.same_pupil(
                school=self.school,
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                date_of_birth=form.cleaned_data["date_of_birth"],
                upn=form.cleaned_data["upn"],
            )
        )
        chosen: PupilRow | None = None
        if pupils:
            if "same_pupil" not in request.POST and "asked" not in request.POST:
                asking = forms.SamePupilForm(pupils=pupils, initial=form.cleaned_data)
                return self._show(asking, pupils)
            asking = forms.SamePupilForm(request.POST, pupils=pupils)
            if not asking.is_valid():
                return self._show(asking, pupils)
            answer = asking.cleaned_data["same_pupil"]
            chosen = next((pupil for pupil in pupils if str(pupil.pk) == answer), None)
            form = asking
        try:
            referral = actions.start(
                school=self.school,
                by=self.user,
                pupil=chosen,
                **form.details(),
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self._show(form, pupils)
        messages.success(request, f"Saved. The case has the reference {referral.case.reference}.")
        return redirect(next_url(referral, Part.PUPIL))

    def _show(self, form: Any, pupils: list[PupilRow] | None = None) -> HttpResponse:
        likely = case_queries.open_cases_of(
            [pupil.pk for pupil in pupils or []],
            self.user,
        )
        return render(
            self.request,
            "referrals/new.html",
            {
                "form": form,
                "title": "Who is the pupil?",
                "partnership": self.school.parent,
                "school": self.school,
                "likely": pupils,
                "open_cases": likely,
            },
        )
