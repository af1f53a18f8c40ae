"""The steps of a return to school, the plan's page with its picture, the list, and the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.views.generic import DetailView, ListView

from permissions import audit
from workflows.cases.sections import Section
from workflows.engine.exceptions import AlreadyDone
from workflows.engine.views import StepView

from . import actions, forms, queries
from .models import ReintegrationPlan
from .states import PhaseStatus, PlanStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import User
    from workflows.cases.models import Case

# Colours of the tags; the text says the same.
COLOURS: dict[str, str] = {
    PlanStatus.WRITING: "blue",
    PlanStatus.ACTIVE: "yellow",
    PlanStatus.COMPLETED: "green",
    PlanStatus.STOPPED: "grey",
    PhaseStatus.PLANNED: "blue",
    PhaseStatus.REACHED: "green",
    PhaseStatus.SET_BACK: "orange",
}


class WritePlan(StepView):
    """The school writes the plan."""

    template_name = "reintegration/write_plan.html"
    form_class = forms.PlanForm
    check_answers = True
    success_message = "The plan was sent to everybody in the case."
    confirm_button = "Send the plan"
    statement = "Everybody in the case can read the plan."
    subject: ReintegrationPlan

    def extra_context(self) -> dict[str, Any]:
        return {"case": self.subject.case, "plan": self.subject}

    def show_check(self, form: forms.PlanForm) -> HttpResponse:
        form.drop_empty_rows()
        return super().show_check(form)

    def act(self, form: forms.PlanForm) -> ReintegrationPlan:
        by: Any = self.request.user
        return actions.write_plan(
            plan=self.subject,
            phases=form.phase_drafts(),
            adjustments=form.cleaned_data["adjustments"],
            contacts=form.cleaned_data["contacts"],
            by=by,
        )


class TrackPhase(StepView):
    """The school records how the next phase went."""

    template_name = "reintegration/track_phase.html"
    form_class = forms.TrackForm
    check_answers = True
    success_message = "Recorded. Everybody in the case can see it."
    confirm_button = "Record it"
    subject: ReintegrationPlan

    def prepare(self) -> None:
        found = queries.next_phase(self.subject)
        if found is None:
            raise AlreadyDone
        self.phase = found

    def form_arguments(self) -> dict[str, Any]:
        return {"phase": self.phase}

    def extra_context(self) -> dict[str, Any]:
        return {
            "case": self.subject.case,
            "plan": self.subject,
            "phase": self.phase,
            **picture(self.subject),
        }

    def act(self, form: forms.TrackForm) -> Any:
        by: Any = self.request.user
        cleaned = form.cleaned_data
        if cleaned["result"] == forms.REACHED:
            return actions.reach_phase(phase=self.phase, note=cleaned["note"], by=by)
        if cleaned["result"] == forms.SET_BACK:
            return actions.set_back_phase(
                phase=self.phase,
                note=cleaned["note"],
                new_date=cleaned["new_date"],
                by=by,
            )
        return actions.stop_plan(plan=self.subject, reason=cleaned["note"], by=by)


class CloseCase(StepView):
    """The officer closes the case of a completed plan."""

    template_name = "reintegration/close_case.html"
    form_class = forms.CloseForm
    success_message = "The case is closed. The school can still read it."
    subject: ReintegrationPlan

    def extra_context(self) -> dict[str, Any]:
        return {"case": self.subject.case, "plan": self.subject, **picture(self.subject)}

    def act(self, form: forms.CloseForm) -> None:
        by: Any = self.request.user
        actions.close_case(plan=self.subject, by=by)


def picture(plan: ReintegrationPlan) -> dict[str, Any]:
    """Give what the picture of a plan and its table show."""
    phases = queries.phases_of(plan)
    return {
        "progress": queries.progress(phases),
        "bars": queries.bars(phases),
        "phases": [(phase, COLOURS[phase.status]) for phase in phases],
    }


class PlanList(LoginRequiredMixin, ListView[ReintegrationPlan]):
    """The plans that the person may see."""

    template_name = "reintegration/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[ReintegrationPlan]:
        self.filter_form = forms.ListForm(self.request.GET)
        self.filter_form.is_valid()
        user: Any = self.request.user
        return queries.plan_list(user, status=self.filter_form.cleaned_data.get("status", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [(plan, COLOURS[plan.status]) for plan in context["page_obj"]]
        return {**context, "filter_form": self.filter_form}


class PlanDetail(LoginRequiredMixin, DetailView[ReintegrationPlan]):
    """One plan: the picture, its table, the adjustments and the contacts."""

    template_name = "reintegration/detail.html"

    def get_queryset(self) -> QuerySet[ReintegrationPlan]:
        user: Any = self.request.user
        return ReintegrationPlan.objects.visible_to(user).select_related(
            "case__pupil", "case__partnership", "school", "written_by", "stopped_by"
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page and note who has read it."""
        response = super().get(request, *args, **kwargs)
        user: Any = request.user
        audit.record_read(user, self.object.case, purpose="reintegration plan")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "case": self.object.case,
            "plan": self.object,
            "partnership": self.object.case.partnership,
            "colour": COLOURS[self.object.status],
            **picture(self.object),
        }


def case_section(case: Case, user: User) -> Section | None:
    """Show a case's newest plan and how far it has got."""
    plan = queries.plan_of(user, case)
    if plan is None:
        return None
    return Section(
        "Return to school",
        "reintegration/section.html",
        {"plan": plan, "colour": COLOURS[plan.status], **picture(plan)},
        position=36,
    )
