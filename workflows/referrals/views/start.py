"""How a school begins a referral: which school, which pupil; and what it has not finished yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from permissions import audit, checks
from permissions import queries as permissions
from permissions.models import Organisation
from workflows.cases import actions as cases
from workflows.cases import forms as case_forms
from workflows.cases import queries as case_queries
from workflows.cases import rules as case_rules
from workflows.cases.models import Pupil
from workflows.cases.views import SignedIn
from workflows.engine import searches
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


class OfSchool(SignedIn):
    """What the pages before a referral begin with: a school for which the person refers."""

    school: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the school among those for which the person refers."""
        if request.user.is_authenticated:
            self.school = get_object_or_404(
                permissions.organisations_where(self.user, "refer_pupil").select_related("parent"),
                slug=kwargs["slug"],
            )
        return super().dispatch(request, *args, **kwargs)

    def begin(self, form: Any, pupil: PupilRow | None) -> HttpResponse | None:
        """Begin the referral and go to its next page; a refusal goes onto the form."""
        try:
            referral = actions.start(
                school=self.school,
                by=self.user,
                pupil=pupil,
                another_because=form.cleaned_data.get("another_because", ""),
                **form.details(),
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return None
        messages.success(
            self.request, f"Saved. The case has the reference {referral.case.reference}."
        )
        return redirect(next_url(referral, Part.PUPIL))

    def draw(self, template: str, title: str, **facts: Any) -> HttpResponse:
        """Draw a page of these."""
        return render(
            self.request,
            template,
            {"title": title, "partnership": self.school.parent, "school": self.school, **facts},
        )


@method_decorator(never_cache, name="dispatch")
class FindPupil(OfSchool):
    """The pupil of a new referral: looked for among those the school has recorded."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the search and what it found; a school without pupils enters its first one."""
        if not Pupil.objects.filter(school=self.school).exists():
            return redirect("referrals:enter_pupil", slug)
        words = searches.words(request)
        pupils = case_queries.find_pupils(self.school, words)
        with_case = case_queries.pupils_with_open_case([pupil.pk for pupil in pupils])
        return self.draw(
            "referrals/find_pupil.html",
            "Which pupil are you referring?",
            form=forms.FindPupilForm(initial={"q": words}),
            searched=words,
            found=[(pupil, pupil.pk in with_case) for pupil in pupils],
            is_cut=len(pupils) == case_queries.FOUND_AT_MOST,
        )

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Search, without what is searched for in the address."""
        form = forms.FindPupilForm(request.POST)
        if form.is_valid():
            return searches.begin(request)
        return self.draw(
            "referrals/find_pupil.html", "Which pupil are you referring?", form=form, found=[]
        )


@method_decorator(never_cache, name="dispatch")
class EnterPupil(OfSchool):
    """A pupil who is not recorded yet; somebody very like is shown before a second case is opened."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the empty form."""
        return self._show(case_forms.PupilForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Begin the referral, or ask first whether the pupil is recorded or has a case elsewhere."""
        form: Any = case_forms.PupilForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        upn = form.cleaned_data["upn"]
        pupils = case_queries.same_pupil(
            school=self.school,
            first_name=form.cleaned_data["first_name"],
            last_name=form.cleaned_data["last_name"],
            date_of_birth=form.cleaned_data["date_of_birth"],
            upn=upn,
        )
        asking: dict[str, Any] = {
            "pupils": pupils,
            "with_case": case_queries.pupils_with_open_case([pupil.pk for pupil in pupils]),
            "elsewhere": case_queries.open_cases_elsewhere(upn, self.school) > 0,
        }
        chosen: PupilRow | None = None
        if pupils or asking["elsewhere"]:
            if "asked" not in request.POST:
                form = forms.StartForm(initial=form.cleaned_data, **asking)
                return self._show(form, asking)
            form = forms.StartForm(request.POST, **asking)
            if not form.is_valid():
                return self._show(form, asking)
            answer = form.cleaned_data.get("same_pupil")
            chosen = next((pupil for pupil in pupils if str(pupil.pk) == answer), None)
        return self.begin(form, chosen) or self._show(form, asking)

    def _show(self, form: Any, asking: dict[str, Any] | None = None) -> HttpResponse:
        likely = asking["pupils"] if asking else []
        return self.draw(
            "referrals/new.html",
            "Who is the pupil?",
            form=form,
            likely=likely,
            open_cases=case_queries.open_cases_of([pupil.pk for pupil in likely], self.user),
            elsewhere=bool(asking and asking["elsewhere"]),
        )


@method_decorator(never_cache, name="dispatch")
class KnownPupil(OfSchool):
    """A pupil whom the school has recorded: what is known is checked, an open case shown first."""

    pupil: PupilRow

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the pupil on the school's own roll."""
        if request.user.is_authenticated:
            self.pupil = get_object_or_404(
                Pupil,
                pk=kwargs["pk"],
                school__in=permissions.organisations_where(self.user, "refer_pupil"),
                school__slug=kwargs["slug"],
            )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Show what is known about the pupil."""
        audit.record_read(self.user, self.pupil, self.school, purpose="pupil to refer")
        known = {name: getattr(self.pupil, name) for name in cases.PUPIL_FIELDS}
        return self._show(forms.KnownPupilForm(initial=known, ask_why=self._must_say(known["upn"])))

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Begin the referral with what is corrected."""
        typed = request.POST.get("upn", "")
        ask_why = self._must_say(case_rules.normal_identifier(typed))
        form = forms.KnownPupilForm(request.POST, ask_why=ask_why)
        if not form.is_valid():
            return self._show(form)
        return self.begin(form, self.pupil) or self._show(form)

    def _must_say(self, upn: str) -> bool:
        return bool(case_queries.pupils_with_open_case([self.pupil.pk])) or (
            case_queries.open_cases_elsewhere(upn, self.school) > 0
        )

    def _show(self, form: forms.KnownPupilForm) -> HttpResponse:
        return self.draw(
            "referrals/new.html",
            "Check what is recorded about the pupil",
            form=form,
            known=self.pupil,
            has_case=bool(case_queries.pupils_with_open_case([self.pupil.pk])),
            open_cases=case_queries.open_cases_of([self.pupil.pk], self.user),
            elsewhere="another_because" in form.fields
            and case_queries.open_cases_elsewhere(self.pupil.upn, self.school) > 0,
        )
