"""The pages of cases: the list, one case, and what every page of a case begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from permissions import audit, checks
from permissions import queries as permissions
from workflows.cases import actions, forms, maps, queries, rules, sections
from workflows.cases.models import Case, Document, Note
from workflows.cases.states import Audience, Stage
from workflows.engine import searches
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from django import forms as django_forms
    from django.db.models import QuerySet

    from permissions.models import User
    from workflows.engine.models import Task

PAGE_SIZE = 50
SHOWN_EVENTS = 100

# Colours of the tags; the text says the same.
STAGE_COLOURS: dict[str, str] = {
    Stage.DRAFT: "grey",
    Stage.REFERRED: "blue",
    Stage.QUESTIONED: "yellow",
    Stage.AT_PANEL: "purple",
    Stage.ACCEPTED: "turquoise",
    Stage.DECLINED: "red",
    Stage.DEFERRED: "orange",
    Stage.OFFERED: "turquoise",
    Stage.AWAITING_ACCEPTANCE: "yellow",
    Stage.PLACED: "green",
    Stage.REINTEGRATING: "green",
    Stage.CLOSED: "grey",
    Stage.WITHDRAWN: "grey",
}


class SignedIn(LoginRequiredMixin, View):
    """A page for people who have signed in."""

    @property
    def user(self) -> User:
        """The person who has signed in; `dispatch` lets nobody else through."""
        return cast("User", self.request.user)


class CasePaginator(Paginator[Case]):
    """Pages of cases, as far as they are counted."""

    @cached_property
    def counted(self) -> int:
        """How many there are; one more than are counted where there are more."""
        listed = cast("QuerySet[Case]", self.object_list)
        return listed.order_by()[: queries.COUNTED_AT_MOST + 1].count()

    @cached_property
    def count(self) -> int:
        """How many cases there are pages for."""
        return min(self.counted, queries.COUNTED_AT_MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more cases than pages for them."""
        return self.counted > self.count


@method_decorator(never_cache, name="dispatch")
class CaseList(SignedIn):
    """The cases a person may see: filtered, searched, sorted, in pages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        user = self.user
        filters = forms.filters_of(request.GET, searches.words(request))
        cases = queries.case_list(user, **filters)
        page = CasePaginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        waiting: dict[str, Task] = {}
        for task in queries.next_steps(case.reference for case in shown):
            waiting.setdefault(task.reference, task)
        permitted = permissions.permitted_for(request)
        return render(
            request,
            "cases/list.html",
            {
                "page": page,
                "rows": [
                    (case, STAGE_COLOURS[case.stage], waiting.get(case.reference)) for case in shown
                ],
                "filters": forms.CaseFilters(
                    initial=filters, organisations=queries.organisations_in(user)
                ),
                "is_filtered": bool(
                    filters["q"]
                    or filters["stage"]
                    or filters["organisation"] is not None
                    or filters["organisation_name"]
                ),
                "may_refer": permitted.anywhere("open_case"),
                "may_export": permitted.anywhere("export_cases"),
                "export_query": request.GET.urlencode(),
            },
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Search, filter and sort, without what is searched for in the address."""
        return searches.begin(request)


@method_decorator(never_cache, name="dispatch")
class CaseView(SignedIn):
    """What every page of one case begins with: a case that is not visible does not exist."""

    case: Case

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the case among those the person may see; 404 otherwise."""
        if request.user.is_authenticated:
            self.case = self.visible_case(kwargs["reference"])
        return super().dispatch(request, *args, **kwargs)

    def visible_case(self, reference: str) -> Case:
        """Find a case among those the person may see."""
        return get_object_or_404(
            Case.objects.visible_to(self.user).select_related(
                "pupil__school", "partnership__parent"
            ),
            reference=reference,
        )


class CaseDetail(CaseView):
    """One case: where it is, what is next, who takes part, what is in it, what has happened."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the page, each part as far as the reader may see it, and log the reading."""
        case = self.case
        user = self.user
        audit.record_read(user, case, case.partnership, purpose="case page")
        events = list(queries.timeline(case, user)[: SHOWN_EVENTS + 1])
        writes = (
            rules.why_cannot_write(case) is None
            and queries.acting_organisation(user, "add_to_case", case) is not None
        )
        return render(
            request,
            "cases/detail.html",
            {
                "case": case,
                "partnership": case.partnership,
                "stage_colour": STAGE_COLOURS[case.stage],
                "participants": queries.participants(case),
                "steps": queries.what_is_next(case, user),
                "sections": [
                    (section, self._drawn(section)) for section in sections.sections_for(case, user)
                ],
                "documents": Document.objects.visible_to(user)
                .filter(case=case)
                .select_related("case")
                .order_by("-uploaded_at", "-pk"),
                "notes": Note.objects.visible_to(user)
                .filter(case=case)
                .select_related("written_by")
                .order_by("-written_at", "-pk"),
                "events": events[:SHOWN_EVENTS],
                "is_cut": len(events) > SHOWN_EVENTS,
                "may_write": writes,
            },
        )

    def _drawn(self, section: sections.Section) -> SafeString:
        """Draw a section with what it brings and nothing else."""
        return render_to_string(
            section.template_name, {"case": self.case, **section.context}, self.request
        )


class CaseMap(CaseView):
    """Every process of a case: where it is, what is next, and what has been."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the maps, each as a picture and as a list that says the same."""
        case = self.case
        audit.record_read(self.user, case, case.partnership, purpose="case map")
        drawn = maps.maps_of(case, self.user)
        return render(
            request,
            "cases/map.html",
            {
                "case": case,
                "partnership": case.partnership,
                "running": [one for one in drawn if one.is_running],
                "ended": [one for one in drawn if not one.is_running],
            },
        )


class AddToCase(CaseView, FormView[Any]):
    """A form that puts something into the case, for those who may write to it."""

    audiences: frozenset[Audience]
    success_message: ClassVar[str]
    title: ClassVar[str]
    template_name = "cases/add.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask whether the person may write to the case."""
        if request.user.is_authenticated:
            case = get_object_or_404(
                Case.objects.visible_to(self.user), reference=kwargs["reference"]
            )
            organisation = queries.acting_organisation(self.user, "add_to_case", case)
            checks.require(self.user, "add_to_case", organisation)
            if reason := rules.why_cannot_write(case):
                raise NotAllowed(reason)
            self.audiences = queries.audiences_of(self.user, case)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "audiences": self.audiences}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            case=self.case, partnership=self.case.partnership, title=self.title, **kwargs
        )

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Call the action; a refusal is shown on the form."""
        try:
            self.act(form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(self.case)

    def act(self, form: Any) -> object:
        """Call the one action of this page."""
        raise NotImplementedError


class AddNote(AddToCase):
    """Write a note for an audience."""

    form_class = forms.NoteForm
    title = "Add a note"
    success_message = "The note is in the case."

    def act(self, form: forms.NoteForm) -> object:
        return actions.add_note(case=self.case, by=self.user, **form.cleaned_data)
