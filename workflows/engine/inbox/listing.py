"""The list of tasks, and the views of it that a person has saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from permissions import queries as people
from workflows.engine import covers, forms, queries, saved, searches, states
from workflows.engine.exceptions import NotAllowed
from workflows.engine.filters import WHENS, Filters, number
from workflows.engine.models import MOST_VIEWS, Cover, SavedView


@method_decorator(never_cache, name="dispatch")
class Inbox(LoginRequiredMixin, View):
    """What waits for me, for my roles, for my team, and what I have done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of one tab, or of a saved view; without an address of its own, the default."""
        given = request.GET
        own = saved.views_of(request.user)
        chosen = self.chosen(request, own)
        covering = covers.covering(request.user)
        filters = Filters.of(chosen.filters if chosen else given)
        inbox = queries.inbox(
            request.user,
            view=chosen.tab if chosen else given.get("view", queries.MINE),
            sort=(chosen.filters if chosen else given).get("sort", "priority"),
            q=searches.words(request),
            filters=filters,
            page=number(given.get("page")) or 1,
            saved=own,
            covers_somebody=bool(covering),
            permitted=people.permitted_for(request),
        )
        context = self.context(request, inbox, chosen, covering)
        return render(request, "engine/inbox.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Search, filter and sort, without what is searched for in the address."""
        return searches.begin(request)

    @staticmethod
    def chosen(request: HttpRequest, own: list[SavedView]) -> SavedView | None:
        """Return the saved view that the address names; the default one where it names nothing."""
        if "saved" in request.GET:
            wanted = number(request.GET["saved"])
            return next((view for view in own if view.pk == wanted), None)
        if set(request.GET) <= {"page", "select"}:
            return next((view for view in own if view.is_default), None)
        return None

    def context(
        self,
        request: HttpRequest,
        inbox: queries.Inbox,
        chosen: SavedView | None,
        covering: list[Cover],
    ) -> dict[str, Any]:
        """Return what the template shows."""
        tabs = [
            {
                "view": view,
                "text": text,
                "count": inbox.counts[view],
                "active": view == inbox.view and chosen is None,
            }
            for view, text in queries.VIEWS.items()
            if view != queries.COVERING or covering or view == inbox.view
        ]
        views = [(view, inbox.counts.get(f"saved-{view.pk}", 0)) for view in inbox.saved]
        kept = {"view": inbox.view, "sort": inbox.sort, **inbox.filters.given()}
        kept |= {"search": "1"} if inbox.q else {}
        shown = inbox.page.object_list
        deeds = {
            "may_claim": inbox.view == queries.UNCLAIMED,
            "may_release": inbox.view in (queries.MINE, queries.SNOOZED),
            "may_manage": any(task.may_manage for task in shown),
        }
        return {
            "inbox": inbox,
            "tabs": tabs,
            "views": views,
            "chosen": chosen,
            "covering": covering,
            "page": inbox.page,
            "filters": forms.FiltersForm(inbox),
            "is_filtered": bool(inbox.q or inbox.filters.given()),
            "save_url": f"{reverse('engine:save_view')}?{urlencode(kept)}",
            "is_full": len(inbox.saved) >= MOST_VIEWS,
            "back": request.get_full_path(),
            "select_all": "select" in request.GET,
            "may_escalate": inbox.permitted.anywhere("change_escalation"),
            # Nothing is ticked where nothing could be done with it.
            "may_choose": inbox.view != queries.FINISHED and bool(shown) and any(deeds.values()),
            **deeds,
        }


@method_decorator(never_cache, name="dispatch")
class SaveView(LoginRequiredMixin, View):
    """Give a name to what the inbox shows at an address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the name."""
        return self.show(request, forms.ViewForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the view and show it; a refusal stands at the name."""
        form = forms.ViewForm(data=request.POST)
        if not form.is_valid():
            return self.show(request, form)
        try:
            view = saved.save(
                request.user,
                name=form.cleaned_data["name"],
                tab=request.GET.get("view", queries.MINE),
                filters=Filters.of(request.GET),
                sort=request.GET.get("sort", ""),
                is_default=form.cleaned_data["is_default"],
            )
        except NotAllowed as refused:
            form.add_error("name", refused.reason)
            return self.show(request, form)
        messages.success(request, "The view is saved.")
        return redirect(f"{reverse('engine:inbox')}?saved={view.pk}")

    def show(self, request: HttpRequest, form: forms.ViewForm) -> HttpResponse:
        """Show the form, and what the view will list."""
        described = describe(
            request.user,
            request.GET.get("view", queries.MINE),
            Filters.of(request.GET),
            request.GET.get("sort", ""),
        )
        context = {"form": form, "described": described, "is_searched": "search" in request.GET}
        return render(request, "engine/save_view.html", context)


def describe(user: Any, tab: str, filters: Filters, sort: str) -> list[tuple[str, str]]:
    """Say in words what a view lists: pairs of what and which."""
    rows = [("List", queries.VIEWS.get(tab, queries.VIEWS[queries.MINE]))]
    if filters.kind:
        rows.append(("Kind of task", filters.kind))
    if filters.organisation is not None:
        # One of the person's own, or nothing: a number in an address tells no name.
        own = people.permitted(user).organisations
        rows += [("Organisation", one.name) for one in own if one.pk == filters.organisation]
    rows += [("Due", text) for when, text in WHENS.items() if when == filters.when]
    rows += [
        ("Priority", text) for value, text in states.Priority.choices if value == filters.priority
    ]
    if filters.owner is not None:
        rows.append(("Claimed by", "One colleague"))
    if filters.mentioned:
        rows.append(("Notes", "A note mentions you"))
    rows.append(("Order", queries.SORTS.get(sort, queries.SORTS["priority"])))
    return rows


@method_decorator(never_cache, name="dispatch")
class SavedViews(LoginRequiredMixin, View):
    """The person's views: rename, choose the one to begin with, remove."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them with what each shows."""
        own = saved.views_of(request.user)
        rows = [
            (view, describe(request.user, view.tab, Filters.of(view.filters), view.filters["sort"]))
            for view in own
        ]
        context = {"rows": rows, "most": MOST_VIEWS, "has_default": any(v.is_default for v in own)}
        return render(request, "engine/saved_views.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin with one's own tasks again."""
        saved.make_default(request.user, None)
        messages.success(request, "The inbox opens with your own tasks.")
        return redirect("engine:views")


@method_decorator(never_cache, name="dispatch")
class OneView(LoginRequiredMixin, View):
    """One saved view of one's own; anybody else's does not exist."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find it among one's own."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        found = SavedView.objects.filter(user=request.user, pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.view = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form for another name."""
        return self.show(forms.RenameViewForm(initial={"name": self.view.name}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove it, begin with it, or rename it."""
        if "remove" in request.POST:
            saved.remove(self.view)
            messages.success(request, f"The view “{self.view.name}” is removed.")
            return redirect("engine:views")
        if "default" in request.POST:
            saved.make_default(request.user, self.view)
            messages.success(request, f"The inbox opens with “{self.view.name}”.")
            return redirect("engine:views")
        form = forms.RenameViewForm(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            saved.rename(self.view, form.cleaned_data["name"])
        except NotAllowed as refused:
            form.add_error("name", refused.reason)
            return self.show(form)
        messages.success(request, "The view has its new name.")
        return redirect("engine:views")

    def show(self, form: forms.RenameViewForm) -> HttpResponse:
        """Show the form."""
        context = {"form": form, "view": self.view}
        return render(self.request, "engine/rename_view.html", context)
