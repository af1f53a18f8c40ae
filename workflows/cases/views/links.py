"""Cases that belong together: the panel on a case's page, and the page on which they are linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView

from permissions import checks
from workflows.cases import actions, forms, queries
from workflows.cases.models import Case, CaseLink
from workflows.cases.rules import normal_identifier
from workflows.cases.sections import Section
from workflows.cases.views.pages import CaseView
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import User


def _may_link(user: User, case: Case) -> bool:
    return queries.acting_organisation(user, "link_cases", case) is not None


def links_section(case: Case, user: User) -> Section | None:
    """Build the panel: linked cases and others of the same pupil, as far as the reader sees them."""
    linked = queries.linked_cases(case, user)
    may_link = _may_link(user, case)
    if not linked and not may_link:
        return None
    return Section(
        "Linked cases",
        "cases/links_section.html",
        {"linked": linked, "may_link": may_link},
        position=60,
    )


class LinkCase(CaseView, FormView[Any]):
    """Link another case, by its reference."""

    template_name = "cases/add.html"
    form_class = forms.LinkForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask whether the person may link cases here."""
        if request.user.is_authenticated:
            case = get_object_or_404(
                Case.objects.visible_to(self.user), reference=kwargs["reference"]
            )
            organisation = queries.acting_organisation(self.user, "link_cases", case)
            checks.require(self.user, "link_cases", organisation)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            case=self.case, partnership=self.case.partnership, title="Link another case", **kwargs
        )

    def form_valid(self, form: forms.LinkForm) -> HttpResponse:
        """Link the two; a case that the person does not see is a case that is not found."""
        wanted = normal_identifier(form.cleaned_data["reference"])
        other = Case.objects.visible_to(self.user).filter(reference=wanted).first()
        if other is None:
            form.add_error("reference", "There is no case with this reference that you may see")
            return self.form_invalid(form)
        try:
            actions.link_cases(
                case=self.case, other=other, kind=form.cleaned_data["kind"], by=self.user
            )
        except NotAllowed as refused:
            form.add_error("reference", refused.reason.rstrip("."))
            return self.form_invalid(form)
        messages.success(self.request, f"Case {other.reference} is linked.")
        return redirect(self.case)


class EndLink(CaseView):
    """Take a link away that was made in error."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """End it and show the case."""
        link = get_object_or_404(CaseLink, pk=pk, ended_at__isnull=True)
        if self.case.pk in (link.first_id, link.second_id):
            actions.end_link(link=link, case=self.case, by=self.user)
            messages.success(request, "The link is taken away.")
        return redirect(self.case)
