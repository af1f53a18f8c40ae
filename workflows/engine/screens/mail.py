"""E-mail by preference: at once, or once a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from workflows.engine import events, preferences
from workflows.engine.models import MailPreference
from workflows.engine.models.arrangements import FIRST_HOUR, LAST_HOUR

NOON = 12


def _hour(hour: int) -> str:
    return "midday" if hour == NOON else f"{(hour - 1) % NOON + 1}{'am' if hour < NOON else 'pm'}"


class MailForm(forms.Form):
    """When a person wants e-mail."""

    submit_label = "Save"
    how = forms.ChoiceField(
        label="When do you want e-mail about what happens?",
        choices=MailPreference.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select when you want e-mail"},
    )
    hour = forms.TypedChoiceField(
        label="If once a day, at what time?",
        coerce=int,
        choices=[(hour, _hour(hour)) for hour in range(FIRST_HOUR, LAST_HOUR + 1)],
    )
    working_days_only = forms.BooleanField(
        label="Only on working days",
        required=False,
        help_text="Not at weekends and not on bank holidays.",
    )


@method_decorator(never_cache, name="dispatch")
class MailPage(LoginRequiredMixin, View):
    """Choose when one's e-mail is sent."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is chosen."""
        chosen = preferences.preference_of(request.user)
        names = ("how", "hour", "working_days_only")
        return self.show(MailForm(initial={name: getattr(chosen, name) for name in names}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it."""
        form = MailForm(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        chosen = preferences.choose(request.user, **form.cleaned_data)
        if chosen.how == MailPreference.How.DAILY:
            messages.success(request, f"You get one e-mail a day, at {_hour(chosen.hour)}.")
        else:
            messages.success(request, "You get each e-mail at once.")
        return redirect("engine:inbox")

    def show(self, form: Any) -> HttpResponse:
        """Show the form, and what is sent at once whatever one chooses."""
        return render(
            self.request,
            "engine/screens/mail.html",
            {"form": form, "urgent": events.urgent_subjects()},
        )
