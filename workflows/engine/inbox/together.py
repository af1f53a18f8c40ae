"""Many tasks at once: claim, put back, give away, set a due date or a priority.

Without a script: the boxes of the list belong to a form of its own, whose buttons lead here. What
needs a further answer is asked for on a page that lists the tasks; what became of each is told on
another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from workflows.engine import bulk, forms, queries, tasks
from workflows.engine.filters import number
from workflows.engine.models import Task

from .single import back

SESSION_KEY = "bulk_outcome"

#: What is asked for, and how it is told: the button, and what has been done to the tasks.
WORDS = {
    "claim": ("Claim", "claimed"),
    "release": ("Put back for others", "put back"),
    "give": ("Give them to somebody", "given away"),
    "due": ("Set their due date", "given another due date"),
    "priority": ("Set their priority", "given another priority"),
}

#: Where the list of what was done ends and "and so on" is enough.
SHOWN = 20


@method_decorator(never_cache, name="dispatch")
class Together(LoginRequiredMixin, View):
    """Do the same to every task that was ticked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go back to the list: nothing is ticked on an address."""
        return redirect("engine:inbox")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, or ask first for what it needs."""
        action = request.POST.get("action", "")
        numbers = [found for text in request.POST.getlist("task") if (found := number(text))]
        chosen = bulk.chosen(request.user, numbers)
        if action not in WORDS or not chosen:
            messages.warning(request, "Select the tasks first, then choose what to do with them.")
            return redirect(back(request, ""))
        form = self.form_for(action, chosen, request if "do" in request.POST else None)
        if form is not None and not form.is_valid():
            return self.ask(request, action, chosen, form)
        outcome = bulk.run(chosen, self.deed(action, form, request.user))
        request.session[SESSION_KEY] = {
            **outcome.as_data(),
            "action": action,
            "back": back(request, ""),
        }
        return redirect("engine:together_done")

    @staticmethod
    def form_for(action: str, chosen: list[Task], request: HttpRequest | None) -> Any:
        """Return the form that the action needs, with what was sent by it; None for none."""
        sent = request.POST if request is not None else None
        if action == "give":
            return forms.ReassignForm(queries.people_for_any(chosen), data=sent)
        if action == "due":
            return forms.DueDateForm(data=sent)
        if action == "priority":
            return forms.PriorityForm(data=sent)
        return None

    @staticmethod
    def deed(action: str, form: Any, user: Any) -> Callable[[Task], None]:
        """Return what is done to each task."""
        if action == "claim":
            return lambda task: tasks.claim(task, user)
        if action == "release":
            return lambda task: tasks.release(task, user)
        if action == "give":
            person = form.cleaned_data["person"]
            return lambda task: tasks.reassign(task, person, user)
        if action == "due":
            due_at = form.due_at()
            return lambda task: tasks.set_due_date(task, due_at, user)
        priority = int(form.cleaned_data["priority"])
        return lambda task: tasks.set_priority(task, priority, user)

    @staticmethod
    def ask(request: HttpRequest, action: str, chosen: list[Task], form: Any) -> HttpResponse:
        """Show the form with the tasks it is about."""
        context = {
            "form": form,
            "title": WORDS[action][0],
            "action": action,
            "tasks": chosen,
            "back_url": back(request, ""),
        }
        return render(request, "engine/together.html", context)


@method_decorator(never_cache, name="dispatch")
class TogetherDone(LoginRequiredMixin, View):
    """What became of each task; shown as often as the page is opened, until the next time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Tell how many were done, and each refusal with its tasks."""
        kept = request.session.get(SESSION_KEY)
        if kept is None:
            return redirect("engine:inbox")
        numbers = [*kept["done"], *(pk for row in kept["refused"] for pk in row["tasks"])]
        known = Task.objects.select_related("organisation", "owner").in_bulk(numbers)
        refused = [
            (row["reason"], [known[pk] for pk in row["tasks"] if pk in known])
            for row in kept["refused"]
        ]
        context = {
            "done": [known[pk] for pk in kept["done"] if pk in known],
            "refused": refused,
            "refusals": sum(len(found) for _, found in refused),
            "what": WORDS[kept["action"]][1],
            "back_url": kept["back"] or reverse("engine:inbox"),
            "shown": SHOWN,
        }
        return render(request, "engine/together_done.html", context)
