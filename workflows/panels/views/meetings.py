"""When panels meet: the list, one meeting, planning, changing, opening and closing it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from permissions import checks
from permissions import queries as permissions
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed
from workflows.panels import actions, forms, grants, queries, rules
from workflows.panels.models import PanelMeeting
from workflows.panels.states import Status

COLOURS = {
    Status.PLANNED: "blue",
    Status.OPEN: "green",
    Status.CLOSED: "grey",
    Status.CANCELLED: "red",
}


@method_decorator(never_cache, name="dispatch")
class Meetings(SignedIn, TemplateView):
    """The meetings of a person's panels, and what they have still to vote on."""

    template_name = "panels/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.user
        return super().get_context_data(
            coming=[(one, COLOURS[Status(one.status)]) for one in queries.coming(user)],
            past=[(one, COLOURS[Status(one.status)]) for one in queries.past(user)],
            own=queries.own_considerations(user),
            may_plan=panels_planned_by(user).exists(),
            may_substitute=queries.partnerships_where(user, "name_substitute").exists()
            or queries.partnerships_where(user, "name_any_substitute").exists(),
            **kwargs,
        )


def panels_planned_by(user: Any) -> Any:
    """List the partnerships whose panel a person plans meetings for."""
    return permissions.organisations_where(user, "plan_panel_meeting").filter(
        kind=OrganisationKind.PARTNERSHIP
    )


class ChoosePanel(SignedIn, TemplateView):
    """Whose panel meets; whoever plans for one alone is taken to the next page."""

    template_name = "panels/choose.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partnerships = panels_planned_by(self.user).order_by("name")
        found = list(partnerships[:2])
        if not found:
            checks.require(self.user, "plan_panel_meeting", None)
        if len(found) == 1:
            return redirect("panels:plan", found[0].slug)
        return self.render_to_response(
            self.get_context_data(
                title="Plan a panel meeting",
                places=[(one, reverse("panels:plan", args=[one.slug])) for one in partnerships],
            )
        )


class Plan(SignedIn, FormView[forms.PlanForm]):
    """A new meeting, or a series of them."""

    template_name = "panels/form.html"
    form_class = forms.PlanForm
    partnership: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those the person plans for."""
        if request.user.is_authenticated:
            self.partnership = get_object_or_404(panels_planned_by(self.user), slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "chairs": queries.chairs(self.partnership)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title="Plan a panel meeting",
            partnership=self.partnership,
            caption=self.partnership.name,
            back_url=reverse("panels:list"),
            **kwargs,
        )

    def form_valid(self, form: forms.PlanForm) -> HttpResponse:
        answers = form.cleaned_data
        try:
            planned = actions.plan_meetings(
                partnership=self.partnership,
                kind=answers["kind"],
                every_weeks=answers["every_weeks"] or 1,
                until=answers["until"],
                by=self.user,
                **form.meeting(),
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        number = len(planned)
        messages.success(
            self.request,
            "The meeting is planned." if number == 1 else f"{number} meetings are planned.",
        )
        return redirect(planned[0] if number == 1 else "panels:list")


@method_decorator(never_cache, name="dispatch")
class OfMeeting(SignedIn):
    """A page about one meeting, for those whose panel it is."""

    meeting: PanelMeeting
    # The action whose permission the page asks for; none: seeing the meeting is enough.
    action: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the meeting among those the person sees, and ask the action's permission."""
        if request.user.is_authenticated:
            self.meeting = get_object_or_404(
                PanelMeeting.objects.visible_to(self.user).select_related("partnership", "chair"),
                pk=kwargs["pk"],
            )
            if self.action:
                checks.require(
                    self.user, grants.ACTION_PERMISSIONS[self.action], self.meeting.partnership
                )
        return super().dispatch(request, *args, **kwargs)

    def may(self, action: str) -> bool:
        """Tell whether the person may do it now: permission and status."""
        return rules.why_cannot(action, self.meeting.status) is None and checks.may(
            self.user, grants.ACTION_PERMISSIONS[action], self.meeting.partnership
        )

    def facts(self, **more: Any) -> dict[str, Any]:
        """Give what every page of a meeting shows."""
        return {
            "meeting": self.meeting,
            "partnership": self.meeting.partnership,
            "caption": f"{self.meeting.partnership.name}: {self.meeting}",
            "back_url": self.meeting.get_absolute_url(),
            **more,
        }


class Meeting(OfMeeting, TemplateView):
    """One meeting: when, where, its agenda, papers, attendance and minutes."""

    template_name = "panels/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, user = self.meeting, self.user
        lines = queries.agenda(meeting, user)
        return super().get_context_data(
            **self.facts(
                colour=COLOURS[Status(meeting.status)],
                lines=lines,
                hidden=queries.hidden_items(meeting, len(lines)),
                minutes=queries.general_minutes(meeting),
                attendances=meeting.attendances.select_related("person").order_by("person__name"),
                substitutions=meeting.substitutions.filter(cancelled_at__isnull=True)
                .select_related("member", "substitute")
                .order_by("pk"),
                pack=queries.own_pack(meeting, user),
                readable=queries.readable_pack(meeting, user),
                back_url=reverse("panels:list"),
                may_write=self.may("write_minutes") or self.may("correct_minutes"),
                **{f"may_{action}": self.may(action) for action in grants.ACTION_PERMISSIONS},
            ),
            **kwargs,
        )


class MeetingForm(OfMeeting, FormView[Any]):
    """A form about one meeting that calls one action."""

    template_name = "panels/form.html"
    title: str
    success_message: ClassVar[str]

    def act(self, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.facts(title=self.title), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or go back with the reason where the status does not allow it any more."""
        if reason := rules.why_cannot(self.action, self.meeting.status):
            messages.info(request, reason)
            return redirect(self.meeting)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(self.meeting)


class Change(MeetingForm):
    """Move a meeting, or give it another place or chair."""

    action = "change_meeting"
    title = "Change the meeting"
    success_message = "The meeting is changed, and the panel is told."
    form_class = forms.MeetingForm

    def get_initial(self) -> dict[str, Any]:
        return forms.meeting_as_typed(self.meeting)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "chairs": queries.chairs(self.meeting.partnership),
            "kind": self.meeting.kind,
        }

    def act(self, form: forms.MeetingForm) -> None:
        actions.change_meeting(meeting=self.meeting, by=self.user, **form.meeting())


class Cancel(MeetingForm):
    """Cancel a meeting."""

    action = "cancel_meeting"
    title = "Cancel the meeting"
    success_message = "The meeting is cancelled, and the panel is told."
    form_class = forms.CancelForm

    def act(self, form: forms.CancelForm) -> None:
        actions.cancel_meeting(meeting=self.meeting, by=self.user, **form.cleaned_data)


class Open(OfMeeting):
    """Open a meeting, by a button on its page."""

    action = "open_meeting"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open it, or say why not."""
        try:
            actions.open_meeting(meeting=self.meeting, by=self.user)
        except NotAllowed as refused:
            messages.info(request, refused.reason)
        else:
            messages.success(request, "The meeting is open.")
        return redirect(self.meeting)


class Close(MeetingForm):
    """Close a meeting."""

    action = "close_meeting"
    title = "Close the meeting"
    success_message = "The meeting is closed. Its minutes stand."
    form_class = forms.CloseForm
    template_name = "panels/close.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(undecided=queries.undecided(self.meeting).count(), **kwargs)

    def act(self, form: forms.CloseForm) -> None:
        actions.close_meeting(meeting=self.meeting, by=self.user, **form.cleaned_data)
