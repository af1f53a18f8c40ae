"""The pages of term dates: everybody reads their local authority's, its administrator changes them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from permissions import checks
from permissions.models import Organisation
from workflows.engine.exceptions import NotAllowed

from . import actions, forms, imports, queries
from .models import ClosureDay, Term


class TermDates(LoginRequiredMixin, TemplateView):
    """The terms, closure days and bank holidays of the person's local authorities."""

    template_name = "calendar/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        may = set(queries.managed_by(user).values_list("pk", flat=True))
        today = timezone.localdate()
        return super().get_context_data(
            calendars=[
                (
                    authority,
                    authority.terms.filter(ends_date__gte=queries.shown_from(today)),
                    authority.closure_days.filter(date__gte=queries.shown_from(today)),
                    authority.pk in may,
                )
                for authority in queries.authorities_of(user)
            ],
            bank_holidays=queries.coming_bank_holidays(today),
            **kwargs,
        )


class CalendarForm(LoginRequiredMixin, FormView[Any]):
    """A page that changes one local authority's days."""

    template_name = "calendar/form.html"
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    success_message: ClassVar[str] = "The calendar is changed."
    authority: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find what is changed, and ask whether the person may."""
        user: Any = request.user
        if user.is_authenticated:
            self.find(**kwargs)
            checks.require(user, "manage_calendar", self.authority)
        return super().dispatch(request, *args, **kwargs)

    def find(self, **kwargs: Any) -> None:
        """Set the local authority: one that the person sees."""
        user: Any = self.request.user
        self.authority = get_object_or_404(queries.authorities_of(user), slug=kwargs["slug"])

    def act(self, form: Any) -> object:
        """Call the one action of this page."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("title", self.title)
        return super().get_context_data(
            authority=self.authority,
            about=self.about,
            back_url=reverse("calendar:list"),
            **kwargs,
        )

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Call the action; a refusal is shown on the form."""
        try:
            self.act(form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect("calendar:list")


class AddTerm(CalendarForm):
    """Enter a term."""

    form_class = forms.TermForm
    title = "Add a term"
    success_message = "The term is in the calendar."

    def act(self, form: forms.TermForm) -> object:
        return actions.add_term(
            organisation=self.authority, by=self.request.user, **form.cleaned_data
        )


class AddClosureDay(CalendarForm):
    """Enter a day on which schools are closed."""

    form_class = forms.ClosureForm
    title = "Add a closure day"
    success_message = "The day is in the calendar."

    def act(self, form: forms.ClosureForm) -> object:
        return actions.add_closure_day(
            organisation=self.authority, by=self.request.user, **form.cleaned_data
        )


class RemoveTerm(CalendarForm):
    """Take a term out, after asking once more."""

    form_class = forms.RemoveForm
    about = "What was counted with it keeps its date. You can enter it again."
    success_message = "The term is no longer in the calendar."
    term: Term

    def find(self, **kwargs: Any) -> None:
        user: Any = self.request.user
        self.term = get_object_or_404(
            Term.objects.filter(organisation__in=queries.authorities_of(user)), pk=kwargs["pk"]
        )
        self.authority = self.term.organisation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=f"Remove {self.term.name}?", **kwargs)

    def act(self, form: forms.RemoveForm) -> None:
        actions.remove_term(term=self.term, by=self.request.user)


class RemoveClosureDay(CalendarForm):
    """Take a closure day out, after asking once more."""

    form_class = forms.RemoveForm
    about = "What was counted with it keeps its date. You can enter it again."
    success_message = "The day is no longer in the calendar."
    closure: ClosureDay

    def find(self, **kwargs: Any) -> None:
        user: Any = self.request.user
        self.closure = get_object_or_404(
            ClosureDay.objects.filter(organisation__in=queries.authorities_of(user)),
            pk=kwargs["pk"],
        )
        self.authority = self.closure.organisation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = f"{self.closure.date:%-d %B %Y}"
        return super().get_context_data(title=f"Remove the closure day of {day}?", **kwargs)

    def act(self, form: forms.RemoveForm) -> None:
        actions.remove_closure_day(closure=self.closure, by=self.request.user)


class ImportDays(CalendarForm):
    """Read a calendar of another program: shown first, entered when it was checked.

    Between the two pages the file's text travels with the form; it is read anew each time, so what
    is entered is what the same text says.
    """

    form_class = forms.ImportForm
    title = "Import term dates"
    about = (
        "Terms, half-term breaks and closure days are recognised by what they are called. Nothing "
        "is entered before you have checked it."
    )
    success_message = "The days in the file are in the calendar."

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        content = form.cleaned_data["content"]
        if "confirm" in self.request.POST:
            return super().form_valid(form)
        try:
            found = imports.read(content.encode())
        except NotAllowed as refused:
            form.add_error("file", refused.reason)
            return self.form_invalid(form)
        return self.render_to_response(
            self.get_context_data(form=None, found=found, content=content)
        )

    def get_template_names(self) -> list[str]:
        """Give the page that checks, once there is something to check."""
        checking = self.request.method == "POST" and "confirm" not in self.request.POST
        return ["calendar/import.html"] if checking else [self.template_name]

    def act(self, form: forms.ImportForm) -> object:
        return actions.import_days(
            organisation=self.authority,
            content=form.cleaned_data["content"].encode(),
            by=self.request.user,
        )
