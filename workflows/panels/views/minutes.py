"""What happened at a meeting: attendance and minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from workflows.panels import actions, forms, queries
from workflows.panels.models import AgendaItem
from workflows.panels.states import Status
from workflows.panels.views.meetings import MeetingForm


class WriteAttendance(MeetingForm):
    """Who came."""

    action = "record_attendance"
    title = "Who is at the meeting?"
    success_message = "The attendance is saved."
    form_class = forms.AttendanceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "people": list(queries.people_of(self.meeting)),
        }

    def get_initial(self) -> dict[str, Any]:
        return {
            f"person_{attendance.person_id}": attendance.presence
            for attendance in self.meeting.attendances.all()
        }

    def act(self, form: forms.AttendanceForm) -> None:
        actions.record_attendance(meeting=self.meeting, presences=form.presences(), by=self.user)


class WriteMinutes(MeetingForm):
    """The minutes of the meeting or of one item; once it is closed, a correction."""

    action = "write_minutes"
    title = "Minutes"
    form_class = forms.MinutesForm
    template_name = "panels/minutes.html"
    success_message = "The minutes are saved."
    item: AgendaItem | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the item among those the person may read."""
        if request.user.is_authenticated:
            self._find(kwargs)
        return super().dispatch(request, *args, **kwargs)

    def _find(self, kwargs: dict[str, Any]) -> None:
        if "item" in kwargs:
            self.item = get_object_or_404(
                AgendaItem.objects.on_agenda()
                .visible_to(self.user)
                .filter(meeting=kwargs["pk"])
                .select_related("meeting", "consideration__referral__case"),
                pk=kwargs["item"],
            )

    @property
    def is_correction(self) -> bool:
        """Whether the meeting is closed, so that its minutes stand."""
        return self.meeting.status == Status.CLOSED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_correction:
            # What MeetingForm asks is whether minutes can be written; these are corrected.
            return self.render_to_response(self.get_context_data())
        return super().get(request, *args, **kwargs)

    def written(self) -> list[Any]:
        """List what is written already."""
        return list(self.meeting.minutes.filter(item=self.item).select_related("written_by"))

    def get_initial(self) -> dict[str, Any]:
        written = self.written()
        if not written:
            return {"replaces": 0}
        text = "" if self.is_correction else written[-1].text
        return {"replaces": written[-1].number, "text": text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about = self.item.consideration.referral.case.reference if self.item else "the meeting"
        word = "Correct the minutes" if self.is_correction else "Minutes"
        self.title = f"{word} of {about}"
        return super().get_context_data(
            written=self.written(), is_correction=self.is_correction, **kwargs
        )

    def form_invalid(self, form: Any) -> Any:
        if form.non_field_errors():
            # Whoever sends it again has seen what others wrote, which is shown above.
            written = self.written()
            form.data = {**form.data.dict(), "replaces": written[-1].number if written else 0}
        return super().form_invalid(form)

    def act(self, form: forms.MinutesForm) -> None:
        write = actions.correct_minutes if self.is_correction else actions.write_minutes
        write(meeting=self.meeting, item=self.item, by=self.user, **form.cleaned_data)
