"""The inbox, and the doors to a single task: open, claim, release, give to somebody else.

A task that a person may neither do nor manage does not exist for them: 404.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from permissions import checks

from . import activations, forms, nodes, queries, searches, states, tasks
from .exceptions import NotAllowed
from .models import Task


def load(request: HttpRequest, pk: int) -> Task:
    """Return a task for a person, or raise Http404."""
    task = (
        Task.objects.filter(flow_task_type=states.HUMAN)
        .select_related("process__organisation", "organisation", "owner")
        .filter(pk=pk)
        .first()
    )
    if task is None:
        raise Http404
    return task


def may_do(user: Any, task: Task) -> bool:
    """Tell whether the person may do the task, were it free."""
    return activations.is_holder(task, user)


def may_manage(user: Any, task: Task) -> bool:
    """Tell whether the person may give the task to somebody else."""
    return checks.may(user, "reassign_task", task.organisation)


@method_decorator(never_cache, name="dispatch")
class Inbox(LoginRequiredMixin, View):
    """What waits for me, for my roles, for my team, and what I have done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of one tab."""
        given = request.GET
        inbox = queries.inbox(
            request.user,
            view=given.get("view", queries.MINE),
            sort=given.get("sort", "due"),
            q=searches.words(request),
            kind=given.get("kind", ""),
            organisation=_number(given.get("organisation")),
            overdue=bool(given.get("overdue")),
            page=_number(given.get("page")) or 1,
        )
        tabs = [
            {"view": view, "text": text, "count": inbox.counts[view], "active": view == inbox.view}
            for view, text in queries.VIEWS.items()
        ]
        return render(
            request,
            "engine/inbox.html",
            {
                "inbox": inbox,
                "tabs": tabs,
                "page": inbox.page,
                "filters": forms.FiltersForm(inbox),
                "is_filtered": any(inbox.filters.values()),
            },
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Search, filter and sort, without what is searched for in the address."""
        return searches.begin(request)


@method_decorator(never_cache, name="dispatch")
class TaskPage(LoginRequiredMixin, View):
    """Open one task: its step, or what has become of it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Decide who sees what before any step is asked."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        task = load(request, kwargs["pk"])
        entitled = may_do(request.user, task)
        was_mine = task.status == states.DONE and task.owner == request.user
        if not (entitled or was_mine):
            raise Http404
        if not task.is_open:
            if request.method == "POST":
                tasks.require_open(task)
            return render(request, "engine/closed.html", {"task": task, "entitled": entitled})
        if not isinstance(task.flow_task, nodes.Step):
            raise NotAllowed(tasks.GONE)
        if task.owner is not None and task.owner != request.user:
            return self.taken(request, task)
        return task.flow_task.view_class.as_view()(request, task=task)

    def taken(self, request: HttpRequest, task: Task) -> HttpResponse:
        """Say whose task it is; offer to take over from somebody who may no longer do it."""
        stranded = not may_do(task.owner, task)
        return render(
            request,
            "engine/taken.html",
            {"task": task, "stranded": stranded, "may_manage": may_manage(request.user, task)},
        )


@method_decorator(never_cache, name="dispatch")
class Manage(LoginRequiredMixin, View):
    """Give a task to somebody else, or set its due date."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let only people in who may manage the task."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.task = load(request, kwargs["pk"])
        if not may_manage(request.user, self.task):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show both forms."""
        return self.show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the form that was sent asks for."""
        if "due" in request.GET:
            due = forms.DueDateForm(self.task, data=request.POST)
            if not due.is_valid():
                return self.show(due=due)
            tasks.set_due_date(self.task, due.due_at(), request.user)
            messages.success(request, "The due date is set.")
        else:
            give = forms.ReassignForm(self.task, data=request.POST)
            if not give.is_valid():
                return self.show(give=give)
            person = give.cleaned_data["person"]
            tasks.reassign(self.task, person, request.user)
            messages.success(request, f"The task now belongs to {person.get_full_name()}.")
        return redirect("engine:inbox")

    def show(self, **bound: Any) -> HttpResponse:
        """Show both forms, one of them perhaps with what was typed."""
        context = {
            "task": self.task,
            "give": forms.ReassignForm(self.task),
            "due": forms.DueDateForm(self.task),
            "form": next(iter(bound.values()), None),
            "may_open": may_do(self.request.user, self.task),
            "is_personal": isinstance(self.task.flow_task, nodes.StepForEach),
            **bound,
        }
        return render(self.request, "engine/manage.html", context)


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task and open it."""
    task = load(request, pk)
    if not may_do(request.user, task):
        raise Http404
    tasks.claim(task, request.user)
    return redirect(_back(request, task.get_absolute_url()))


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a task back."""
    task = load(request, pk)
    if task.owner != request.user and not may_manage(request.user, task):
        raise Http404
    tasks.release(task, request.user)
    messages.success(request, "The task is back for anybody in the role to take.")
    return redirect(_back(request, ""))


def _back(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that the form came from, or another."""
    wanted = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return otherwise or "/tasks/"


def _number(text: str | None) -> int | None:
    """Return a number from the address, None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
