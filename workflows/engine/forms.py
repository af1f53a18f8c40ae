"""The inbox's own forms: filters, and what a task manager may change."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from . import fields, filters, notes, queries, states
from .models import Task

#: What a task is due by on its day.
END_OF_DAY = time(17)

#: With more people than this the list to tick would be longer than the page: they are written.
MOST_OFFERED = 20

#: The most urgent first, as people look for it.
PRIORITIES = [(str(value), label) for value, label in reversed(states.Priority.choices)]


class FiltersForm(forms.Form):
    """What narrows and orders the inbox. Drawn only: the address is read by the view."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind of task", required=False)
    organisation = forms.ChoiceField(label="Organisation", required=False)
    owner = forms.ChoiceField(label="Claimed by", required=False)
    when = forms.ChoiceField(
        label="Due", required=False, choices=[("", "Any time"), *filters.WHENS.items()]
    )
    priority = forms.ChoiceField(
        label="Priority", required=False, choices=[("", "Any priority"), *PRIORITIES]
    )
    sort = forms.ChoiceField(label="Order", required=False, choices=list(queries.SORTS.items()))
    mentioned = forms.BooleanField(label="A note mentions me", required=False)

    def __init__(self, inbox: queries.Inbox) -> None:
        initial = {"q": inbox.q, "sort": inbox.sort, **inbox.filters.given()}
        super().__init__(initial=initial, auto_id="filter_%s")
        offered = {
            "kind": [("", "All kinds"), *((kind, kind) for kind in inbox.kinds)],
            "organisation": _all("All organisations", inbox.organisations),
            "owner": _all("Anybody", inbox.owners),
        }
        for name, choices in offered.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=choices
            )
        if inbox.view != queries.TEAM:
            del self.fields["owner"]
        if inbox.view == queries.FINISHED:
            del self.fields["when"]


def _all(text: str, pairs: list[tuple[int, str]]) -> list[tuple[str, str]]:
    return [("", text), *((str(pk), name) for pk, name in pairs)]


class ViewForm(forms.Form):
    """The name of a saved view, and whether the inbox opens with it."""

    submit_label = "Save this view"
    name = forms.CharField(
        label="Name of the view",
        max_length=60,
        help_text="For example: urgent this week. Do not use a pupil’s name.",
        error_messages={"required": "Enter a name for the view"},
    )
    is_default = forms.BooleanField(label="Open my tasks with this view", required=False)


class RenameViewForm(forms.Form):
    """Another name for a saved view."""

    submit_label = "Rename"
    name = forms.CharField(
        label="Name of the view",
        max_length=60,
        error_messages={"required": "Enter a name for the view"},
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

    def __init__(self, people: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        person: Any = self.fields["person"]
        person.queryset = people


class DueDateForm(forms.Form):
    """By which day a task is to be done."""

    submit_label = "Set the due date"
    due_date = fields.DateInputField(
        label="When is it due?", help_text="By 5pm on this day.", in_the_future=True
    )

    def __init__(self, task: Task | None = None, **kwargs: Any) -> None:
        due = timezone.localdate(task.due_at) if task and task.due_at else None
        super().__init__(initial={"due_date": due}, **kwargs)

    def due_at(self) -> datetime:
        """Return the end of the day that was entered, in local time."""
        day: date = self.cleaned_data["due_date"]
        return datetime.combine(day, END_OF_DAY, tzinfo=timezone.get_current_timezone())


class PriorityForm(forms.Form):
    """How soon a task wants to be done."""

    submit_label = "Set the priority"
    priority = forms.ChoiceField(
        label="What priority does it have?",
        choices=PRIORITIES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a priority"},
    )

    def __init__(self, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(initial={"priority": str(task.priority) if task else None}, **kwargs)


class NoteForm(forms.Form):
    """A note on a task, whom it is for, and whom it asks to look."""

    submit_label = "Add the note"
    text = forms.CharField(
        label="Note",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It cannot be changed or deleted. Write @ and a whole name to mention somebody.",
        error_messages={"required": "Enter the note"},
    )
    audience = forms.ChoiceField(
        label="Who may read it?",
        choices=states.NoteAudience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who may read the note"},
    )
    mention: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label="Mention",
        help_text="They are told by e-mail that there is a note, not what it says.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, people: QuerySet[Any], audiences: Container[states.NoteAudience], **kwargs: Any
    ) -> None:
        super().__init__(initial={"audience": states.NoteAudience.MANAGERS}, **kwargs)
        offered = [pair for pair in states.NoteAudience.choices if pair[0] in audiences]
        self.fields["audience"] = forms.ChoiceField(
            label=self.fields["audience"].label,
            choices=offered,
            widget=forms.RadioSelect if len(offered) > 1 else forms.HiddenInput,
            error_messages=self.base_fields["audience"].error_messages,
        )
        mention: Any = self.fields["mention"]
        mention.queryset = people
        self.people = list(people)
        if not self.people or len(self.people) > MOST_OFFERED:
            del self.fields["mention"]

    def mentioned(self) -> list[Any]:
        """Return whom it mentions, ticked or written in the text."""
        ticked = list(self.cleaned_data.get("mention", ()))
        named = notes.named_in(self.cleaned_data["text"], self.people)
        return list({person.pk: person for person in (*ticked, *named)}.values())


class SnoozeForm(forms.Form):
    """Until when a task is out of the way, and why."""

    submit_label = "Put the task off"
    until = fields.DateInputField(
        label="Until when?",
        help_text="The task comes back by itself at the beginning of this day.",
        error_messages={"required": "Enter the day on which the task comes back"},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=200,
        help_text="Colleagues who look after your team’s tasks can read this.",
        error_messages={"required": "Enter why you put the task off"},
    )
