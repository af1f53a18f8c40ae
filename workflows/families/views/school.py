"""The school's page of a case's private links, and the panel with the family's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from permissions import checks
from workflows.cases import queries as cases
from workflows.cases import rules as case_rules
from workflows.cases.sections import Section
from workflows.cases.views import CaseView
from workflows.engine.exceptions import NotAllowed
from workflows.families import actions, forms, queries
from workflows.families.models import FamilyLink

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case


def family_section(case: Case, user: User) -> Section | None:
    """Build the panel on a case's page: what pupil and parents wrote themselves."""
    words = list(cases.family_words(case, user))
    may_invite = case_rules.why_cannot_write(case) is None and checks.may(
        user, "invite_family", case.pupil.school
    )
    if not words and not may_invite:
        return None
    return Section(
        "In the family’s own words",
        "families/section.html",
        {"words": words, "may_invite": may_invite},
        position=22,
    )


class SchoolPage(CaseView):
    """What the school's pages begin with: a visible case, of a school for which the person asks."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask whether the person may."""
        if request.user.is_authenticated:
            self.case = self.visible_case(kwargs["reference"])
            checks.require(self.user, "invite_family", self.case.pupil.school)
        return super().dispatch(request, *args, **kwargs)


class Links(SchoolPage):
    """The links of a case, and the form that makes one."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the list and the empty form."""
        return self._show(forms.MakeLinkForm())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Make a link and show it, this once: it is not kept."""
        form = forms.MakeLinkForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            link, token = actions.make_link(case=self.case, by=self.user, **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self._show(form)
        address = request.build_absolute_uri(reverse("families:door", args=[token]))
        return render(
            request,
            "families/made.html",
            {
                "case": self.case,
                "partnership": self.case.partnership,
                "link": link,
                "address": address,
            },
        )

    def _show(self, form: forms.MakeLinkForm) -> HttpResponse:
        return render(
            self.request,
            "families/links.html",
            {
                "case": self.case,
                "partnership": self.case.partnership,
                "links": queries.links_of(self.case, self.user),
                "form": form,
                "cannot": case_rules.why_cannot_write(self.case),
            },
        )


class EndLink(SchoolPage):
    """End a link before its date."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """End the link and go back to the list."""
        link = get_object_or_404(FamilyLink.objects.visible_to(self.user), pk=pk, case=self.case)
        actions.revoke_link(link=link, by=self.user)
        messages.success(request, "The link has ended. Nobody can open it any more.")
        return redirect("families:links", reference)
