"""The doors to a single task: open, claim, release, put off, give to somebody else.

A task that a person may neither do nor manage does not exist for them: 404.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from permissions import audit, checks
from workflows.engine import (
    activations,
    covers,
    filters,
    forms,
    nodes,
    notes,
    queries,
    states,
    tasks,
)
from workflows.engine.exceptions import AlreadyDone, Busy, NotAllowed
from workflows.engine.models import Task


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
            context = {
                "task": task,
                "entitled": entitled,
                "may_read_notes": bool(notes.audiences_of(request.user, task)),
            }
            return render(request, "engine/closed.html", context)
        if not isinstance(task.flow_task, nodes.Step):
            raise NotAllowed(tasks.GONE)
        is_anothers = task.owner is not None and task.owner != request.user
        if is_anothers and covers.cover_for(task, request.user) is None:
            return self.taken(request, task)
        return task.flow_task.view_class.as_view()(request, task=task)

    def taken(self, request: HttpRequest, task: Task) -> HttpResponse:
        """Say whose task it is; offer to take over from somebody who may no longer do it."""
        stranded = not may_do(task.owner, task)
        return render(
            request,
            "engine/taken.html",
            {
                "task": task,
                "stranded": stranded,
                "may_manage": may_manage(request.user, task),
                "may_read_notes": bool(notes.audiences_of(request.user, task)),
            },
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
        elif "priority" in request.GET:
            priority = forms.PriorityForm(self.task, data=request.POST)
            if not priority.is_valid():
                return self.show(priority=priority)
            tasks.set_priority(self.task, int(priority.cleaned_data["priority"]), request.user)
            messages.success(request, "The priority is set.")
        else:
            give = forms.ReassignForm(self.people(), data=request.POST)
            if not give.is_valid():
                return self.show(give=give)
            person = give.cleaned_data["person"]
            tasks.reassign(self.task, person, request.user)
            messages.success(request, f"The task now belongs to {person.get_full_name()}.")
        return redirect("engine:inbox")

    def people(self) -> QuerySet[Any]:
        """Return whom the task may be given to."""
        return queries.people_for(self.task).exclude(pk=self.task.owner_id)

    def show(self, **bound: Any) -> HttpResponse:
        """Show the three forms, one of them perhaps with what was typed."""
        context = {
            "task": self.task,
            "give": forms.ReassignForm(self.people()),
            "due": forms.DueDateForm(self.task),
            "priority": forms.PriorityForm(self.task),
            "form": next(iter(bound.values()), None),
            "may_open": may_do(self.request.user, self.task),
            "is_personal": isinstance(self.task.flow_task, nodes.StepForEach),
            **bound,
        }
        return render(self.request, "engine/manage.html", context)


@method_decorator(never_cache, name="dispatch")
class Snooze(LoginRequiredMixin, View):
    """Put one's own task off until a day."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let only the task's owner in, while they may do it."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.task = load(request, kwargs["pk"])
        if self.task.owner_id != request.user.pk or not may_do(request.user, self.task):
            raise Http404
        if not self.task.is_open:
            return redirect(self.task)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask until when and why."""
        return self.show(forms.SnoozeForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put it off; a refusal stands at the date."""
        form = forms.SnoozeForm(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
        try:
            tasks.snooze(self.task, until, reason, request.user)
        except (AlreadyDone, Busy):
            raise
        except NotAllowed as refused:
            form.add_error("until", refused.reason)
            return self.show(form)
        messages.success(request, f"The task comes back on {until:%-d %B %Y}.")
        return redirect("engine:inbox")

    def show(self, form: forms.SnoozeForm) -> HttpResponse:
        """Show the form."""
        context = {"task": self.task, "form": form}
        return render(self.request, "engine/snooze.html", context)


@method_decorator(never_cache, name="dispatch")
class Notes(LoginRequiredMixin, View):
    """The notes on a task, and one more."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let those in who may do the task or hand it out."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.task = load(request, kwargs["pk"])
        self.audiences = notes.audiences_of(request.user, self.task)
        if not self.audiences:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show them."""
        return self.show(self.form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write one; a refusal stands above it with everything that was typed."""
        form = self.form(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            note = notes.write(
                task=self.task,
                text=form.cleaned_data["text"],
                audience=form.cleaned_data["audience"],
                mention=form.mentioned(),
                by=request.user,
            )
        except (AlreadyDone, Busy):
            raise
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.show(form)
        messages.success(request, "The note is on the task.")
        return redirect(note)

    def form(self, **kwargs: Any) -> forms.NoteForm:
        """Return the form with whom this reader may mention."""
        offered = notes.readers(self.task).exclude(pk=self.request.user.pk)
        return forms.NoteForm(offered, self.audiences, **kwargs)

    def show(self, form: forms.NoteForm) -> HttpResponse:
        """Show the page, and note who has read what may be about a pupil."""
        user = self.request.user
        does = states.NoteAudience.DOERS in self.audiences
        case = getattr(self.task.process.subject, "case", None)
        if case is not None and user.is_authenticated:
            audit.record_read(user, case, self.task.organisation, purpose="notes on a task")
        context = {
            "task": self.task,
            "notes": notes.notes_for(user, self.task),
            "form": form if self.task.is_open else None,
            "may_open": does,
            "back_url": self.task.get_absolute_url() if does else reverse("engine:inbox"),
        }
        return render(self.request, "engine/notes.html", context)


@login_required
@require_POST
def wake(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task that was put off back before its day."""
    task = load(request, pk)
    mine = task.owner == request.user and may_do(request.user, task)
    if not (mine or may_manage(request.user, task)):
        raise Http404
    tasks.wake(task, request.user)
    messages.success(request, "The task is back in the list.")
    return redirect(back(request, task.get_absolute_url() if mine else ""))


@login_required
@never_cache
def next_task(request: HttpRequest) -> HttpResponse:
    """Go to the task that follows the one given, in the order of one's own tasks."""
    following = queries.next_task(request.user, filters.number(request.GET.get("after")))
    if following is None:
        messages.info(request, "You have no other task waiting.")
        return redirect("engine:inbox")
    return redirect(following.task)


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task and open it."""
    task = load(request, pk)
    if not may_do(request.user, task):
        raise Http404
    tasks.claim(task, request.user)
    return redirect(back(request, task.get_absolute_url()))


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a task back."""
    task = load(request, pk)
    if task.owner != request.user and not may_manage(request.user, task):
        raise Http404
    tasks.release(task, request.user)
    messages.success(request, "The task is back for anybody in the role to take.")
    return redirect(back(request, ""))


def back(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that the form came from, or another."""
    wanted = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return otherwise or "/tasks/"
