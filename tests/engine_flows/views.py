"""The test process's steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction

from tests.engine_flows.models import Parcel
from workflows.engine import fields, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.views import StepView


class PackForm(forms.Form):
    """What goes in and when it is sent."""

    submit_label = "Pack it"
    note = fields.LongTextField(label="What is in it?", max_length=200)
    sent_date = fields.DateInputField(label="When was it sent?")
    is_fragile = fields.YesNoField(label="Is it fragile?")


def pack(parcel: Parcel, note: str) -> None:
    """Pack the parcel; refuses bricks."""
    with transaction.atomic():
        held = Parcel.objects.select_for_update().get(pk=parcel.pk)
        if note == "bricks":
            raise NotAllowed("Bricks cannot be sent. Choose something lighter.")
        held.note = note
        held.save()


class Pack(StepView):
    """Pack the parcel, after a look at the answers."""

    form_class = PackForm
    check_answers = True
    success_message = "The parcel is packed."

    def act(self, form: Any) -> None:
        pack(self.subject, form.cleaned_data["note"])


class Vote(StepView):
    """Vote with one button, or step aside with another."""

    success_message = "Your vote is cast."
    alternatives = {"aside": "step_aside"}

    def act(self, form: Any) -> None:
        cast(self.subject)

    def step_aside(self) -> Any:
        tasks.withdraw(self.the_task, self.request.user, "knows the sender")
        return self.after()

    def after(self) -> Any:
        from django.shortcuts import redirect

        return redirect(self.success_url())


def cast(parcel: Parcel) -> None:
    """Count one more vote."""
    with transaction.atomic():
        held = Parcel.objects.select_for_update().get(pk=parcel.pk)
        held.votes += 1
        held.save()
