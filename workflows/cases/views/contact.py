"""The log of a school's contact with a family: its page, an entry, a correction, the case's panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import FormView

from permissions import audit, checks
from workflows.cases import actions, forms, queries, rules
from workflows.cases.models import ContactEntry
from workflows.cases.sections import Section
from workflows.cases.states import Audience
from workflows.cases.views.pages import CaseView
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case

PAGE_SIZE = 50
SHOWN_ON_CASE = 3


def _may_log(user: User, case: Case) -> bool:
    return rules.why_cannot_write(case) is None and checks.may(
        user, "log_contact", case.pupil.school
    )


def contact_section(case: Case, user: User) -> Section | None:
    """Build the panel on a case's page: the newest entries, for school, commissioner and panel."""
    inside = queries.audiences_of(user, case)
    if not inside & {Audience.SCHOOL_AND_COMMISSIONER, Audience.PANEL}:
        return None
    may_log = _may_log(user, case)
    log = queries.contact_log(case, user)
    entries = list(log[: SHOWN_ON_CASE + 1])
    if not entries and not may_log:
        return None
    return Section(
        "Contact with the family",
        "cases/contact_section.html",
        {
            "entries": entries[:SHOWN_ON_CASE],
            "number": log.count() if len(entries) > SHOWN_ON_CASE else len(entries),
            "may_log": may_log,
        },
        position=24,
    )


class ContactLog(CaseView):
    """All entries, in pages."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show one page of the log, and log its reading."""
        inside = queries.audiences_of(self.user, self.case)
        if not inside & {Audience.SCHOOL_AND_COMMISSIONER, Audience.PANEL}:
            checks.require(self.user, "log_contact", self.case.pupil.school)
        audit.record_read(self.user, self.case, self.case.partnership, purpose="contact log")
        page = Paginator(queries.contact_log(self.case, self.user), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        return render(
            request,
            "cases/contact_log.html",
            {
                "case": self.case,
                "partnership": self.case.partnership,
                "page": page,
                "entries": page.object_list,
                "may_log": _may_log(self.user, self.case),
            },
        )


class AddContact(CaseView, FormView[forms.ContactForm]):
    """Add an entry; several a day are usual, so that the way to the next one is short."""

    template_name = "cases/add_contact.html"
    form_class = forms.ContactForm
    corrects: ContactEntry | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask whether the person may; a case that is not visible does not exist."""
        if request.user.is_authenticated:
            self.case = self.visible_case(kwargs["reference"])
            checks.require(self.user, "log_contact", self.case.pupil.school)
            if reason := rules.why_cannot_write(self.case):
                raise NotAllowed(reason)
            self.look_up(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def look_up(self, **kwargs: Any) -> None:
        """Find what else the address names."""

    def get_initial(self) -> dict[str, Any]:
        return {"contact_date": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            case=self.case,
            partnership=self.case.partnership,
            corrects=self.corrects,
            title="Correct an entry" if self.corrects else "Log contact with the family",
            **kwargs,
        )

    def form_valid(self, form: forms.ContactForm) -> HttpResponse:
        """Write the entry; a refusal is shown on the form."""
        try:
            actions.log_contact(
                case=self.case, by=self.user, corrects=self.corrects, **form.cleaned_data
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(
            self.request, "The entry is corrected." if self.corrects else "The contact is logged."
        )
        return redirect("cases:contact_log", self.case.reference)


class CorrectContact(AddContact):
    """Write an entry that stands in place of another; the first one stays to be read."""

    def look_up(self, **kwargs: Any) -> None:
        """Find the entry among those of this case."""
        self.corrects = get_object_or_404(
            ContactEntry.objects.visible_to(self.user), case=self.case, pk=kwargs["pk"]
        )

    def get_initial(self) -> dict[str, Any]:
        assert self.corrects is not None  # `look_up` has found it
        return {name: getattr(self.corrects, name) for name in forms.ContactForm.base_fields}
