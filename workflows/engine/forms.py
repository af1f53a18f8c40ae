"""The inbox's own forms: filters, and what a task manager may change."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from . import fields, queries
from .models import Task

#: What a task is due by on its day.
END_OF_DAY = time(17)


class FiltersForm(forms.Form):
    """What narrows and orders the inbox. Drawn only: the address is read by the view."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind of task", required=False)
    organisation = forms.ChoiceField(label="Organisation", required=False)
    sort = forms.ChoiceField(label="Order", required=False, choices=list(queries.SORTS.items()))
    overdue = forms.BooleanField(label="Overdue only", required=False)

    def __init__(self, inbox: queries.Inbox) -> None:
        super().__init__(initial={**inbox.filters, "sort": inbox.sort}, auto_id="filter_%s")
        kinds = [("", "All kinds"), *((kind, kind) for kind in inbox.kinds)]
        places = [("", "All organisations"), *((str(pk), name) for pk, name in inbox.organisations)]
        for name, choices in (("kind", kinds), ("organisation", places)):
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=choices
            )


class ReassignForm(forms.Form):
    """Whom to give a task to."""

    submit_label = "Give the task"
    person: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label="Who should do it?",
        empty_label="Choose a person",
        error_messages={"required": "Choose who should do it"},
    )

    def __init__(self, task: Task, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        person: Any = self.fields["person"]
        person.queryset = queries.people_for(task).exclude(pk=task.owner_id)


class DueDateForm(forms.Form):
    """By which day a task is to be done."""

    submit_label = "Set the due date"
    due_date = fields.DateInputField(
        label="When is it due?", help_text="By 5pm on this day.", in_the_future=True
    )

    def __init__(self, task: Task, **kwargs: Any) -> None:
        due = timezone.localdate(task.due_at) if task.due_at else None
        super().__init__(initial={"due_date": due}, **kwargs)

    def due_at(self) -> datetime:
        """Return the end of the day that was entered, in local time."""
        day: date = self.cleaned_data["due_date"]
        return datetime.combine(day, END_OF_DAY, tzinfo=timezone.get_current_timezone())
