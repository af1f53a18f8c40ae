"""What people type about panel meetings."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from permissions.models import User
from workflows.engine import fields

from . import rules
from .models import PanelMeeting
from .states import Kind, Presence

if TYPE_CHECKING:
    from django.db.models import QuerySet

NARROW = {"class": "govuk-input--width-5"}


class TimeField(forms.CharField):
    """A time of day as people write it: 10:00, 9.30, 14:05, 2pm."""

    widget = forms.TextInput(attrs=NARROW)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        found = re.fullmatch(
            r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", typed.strip().lower(), re.ASCII
        )
        if found is None or not (found[2] or found[3]):
            raise ValidationError("Enter a time, for example 10:00 or 2:30pm")
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            if not 1 <= hour <= 12:
                raise ValidationError("Enter a time, for example 10:00 or 2:30pm")
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        try:
            return datetime.time(hour, minute)
        except ValueError as wrong:
            raise ValidationError("Enter a time, for example 10:00 or 2:30pm") from wrong


class MeetingForm(forms.Form):
    """When, where and under whom a panel meets."""

    submit_label = "Save"
    starts_date = fields.DateInputField(
        label="Day",
        help_text="For example, 27 3 2026",
        error_messages={"required": "Enter the day of the meeting"},
    )
    starts_time = TimeField(
        label="Starts at",
        help_text="For example, 10:00",
        error_messages={"required": "Enter when the meeting starts"},
    )
    ends_time = TimeField(
        label="Ends at",
        help_text="For example, 12:00",
        error_messages={"required": "Enter when the meeting ends"},
    )
    ends_date = fields.DateInputField(
        label="Last day",
        help_text="Only for a virtual meeting that ends on another day than it starts",
        required=False,
    )
    place = forms.CharField(
        label="Place, or link for a meeting by video",
        help_text="A virtual meeting needs none",
        max_length=300,
        required=False,
    )
    chair = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who chairs it?",
        required=False,
        empty_label="Not decided yet",
    )

    def __init__(
        self, *args: Any, chairs: QuerySet[User], kind: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_kind = kind
        chair: Any = self.fields["chair"]
        chair.queryset = chairs
        chair.label_from_instance = lambda person: person.get_full_name()

    def clean(self) -> dict[str, Any]:
        """Put days and times together, in London, and ask whether they make a meeting."""
        cleaned = super().clean() or {}
        day, begins, ends = (
            cleaned.get(name) for name in ("starts_date", "starts_time", "ends_time")
        )
        kind = self.fixed_kind or cleaned.get("kind")
        if day and begins and ends and "ends_date" not in self.errors:
            last = cleaned.get("ends_date") or day
            cleaned["starts_at"] = datetime.datetime.combine(day, begins, rules.LONDON)
            cleaned["ends_at"] = datetime.datetime.combine(last, ends, rules.LONDON)
            if reason := rules.why_not_times(
                cleaned["starts_at"], cleaned["ends_at"], timezone.now()
            ):
                self.add_error("ends_time", reason.rstrip("."))
        if kind and (reason := rules.why_not_place(kind, cleaned.get("place") or "")):
            self.add_error("place", reason.rstrip("."))
        return cleaned

    def meeting(self) -> dict[str, Any]:
        """Give what the actions take."""
        return {
            name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "place", "chair")
        }


class PlanForm(MeetingForm):
    """A new meeting, or a series."""

    submit_label = "Plan the meeting"
    kind = fields.RadioField(
        label="How does the panel meet?",
        choices=Kind.choices,
        error_messages={"required": "Select how the panel meets"},
    )
    every_weeks = forms.IntegerField(
        label="For a series: every how many weeks?",
        min_value=1,
        max_value=26,
        initial=2,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        required=False,
    )
    until = fields.DateInputField(
        label="For a series: until",
        help_text="Leave it empty for one meeting alone. At most 52 meetings",
        required=False,
    )
    field_order = ("kind",)

    def clean(self) -> dict[str, Any]:
        """Refuse a series that ends before it begins."""
        cleaned = super().clean()
        day, until = cleaned.get("starts_date"), cleaned.get("until")
        if day and until and until < day:
            self.add_error("until", "The series must end on or after the day of its first meeting")
        return cleaned


def meeting_as_typed(meeting: PanelMeeting) -> dict[str, Any]:
    """Give what the form shows of a meeting that is there."""
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return {
        "starts_date": start.date(),
        "starts_time": f"{start:%H:%M}",
        "ends_date": end.date() if end.date() != start.date() else None,
        "ends_time": f"{end:%H:%M}",
        "place": meeting.place,
        "chair": meeting.chair_id,
    }


class CancelForm(forms.Form):
    """Why a meeting is cancelled."""

    submit_label = "Cancel the meeting"
    reason = forms.CharField(
        label="Why is it cancelled?",
        help_text="The panel’s members read this",
        max_length=500,
        error_messages={"required": "Enter why the meeting is cancelled"},
    )


class CloseForm(forms.Form):
    """What becomes of referrals that are not decided."""

    submit_label = "Close the meeting"
    carry_over = forms.BooleanField(
        label="Carry over what is not decided to another meeting",
        required=False,
    )


class MinutesForm(forms.Form):
    """Minutes, or a correction of them."""

    submit_label = "Save"
    text = fields.LongTextField(
        label="Minutes",
        max_length=8000,
        rows=12,
        error_messages={"required": "Enter what is to be written"},
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AttendanceForm(forms.Form):
    """Who came to a meeting: a line for each person of it."""

    submit_label = "Save the attendance"

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for person in people:
            self.fields[f"person_{person.pk}"] = fields.RadioField(
                label=person.get_full_name(),
                choices=Presence.choices,
                required=False,
            )

    def presences(self) -> dict[int, str]:
        """Give person to presence, for those that were marked."""
        return {
            int(name.removeprefix("person_")): value
            for name, value in self.cleaned_data.items()
            if value
        }


class SubstituteForm(forms.Form):
    """Who sits in whose place, at a meeting or for some days."""

    submit_label = "Name the substitute"
    member = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Whose place?",
        empty_label="Choose a member",
        error_messages={"required": "Choose whose place it is"},
    )
    substitute = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who sits there instead?",
        empty_label="Choose a substitute",
        error_messages={"required": "Choose who sits there instead"},
    )
    meeting = forms.ModelChoiceField(
        queryset=PanelMeeting.objects.none(),
        label="At which meeting?",
        empty_label="Not one meeting: the days below",
        required=False,
    )
    starts_date = fields.DateInputField(
        label="First day", help_text="Unless it is for one meeting", required=False
    )
    ends_date = fields.DateInputField(
        label="Last day",
        help_text="Unless it is for one meeting",
        required=False,
        in_the_future=True,
    )

    def __init__(
        self,
        *args: Any,
        members: QuerySet[User],
        substitutes: QuerySet[User],
        meetings: QuerySet[PanelMeeting],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [
            ("member", members),
            ("substitute", substitutes),
            ("meeting", meetings),
        ]
        for name, queryset in choices:
            field: Any = self.fields[name]
            field.queryset = queryset
            if name != "meeting":
                field.label_from_instance = lambda person: person.get_full_name()

    def clean(self) -> dict[str, Any]:
        """Ask for a meeting or for days, not for both."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_date"), cleaned.get("ends_date")
        if cleaned.get("meeting") is not None:
            if first or last:
                self.add_error("meeting", "Choose a meeting or enter days, not both")
        elif not self.errors:
            if first is None or last is None:
                self.add_error(
                    "starts_date", "Enter the first and the last day, or choose a meeting"
                )
            elif last < first:
                self.add_error(
                    "ends_date", "The last day must be the same as or after the first day"
                )
        return cleaned
