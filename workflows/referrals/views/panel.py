"""What else shows a referral: its panel on the page of its case, and the panel's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView, TemplateView

from permissions import checks
from permissions.models import Organisation
from workflows.cases import queries as cases
from workflows.cases.sections import Section
from workflows.cases.states import FINAL_STAGES, Audience
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import actions, forms, queries, rules
from workflows.referrals.models import PermissionWithdrawal, Referral
from workflows.referrals.states import WRITABLE

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import User
    from workflows.cases.models import Case


class Panels(SignedIn, TemplateView):
    """The partnerships whose panel the person may change; with one alone, its settings."""

    template_name = "referrals/panels.html"

    def partnerships(self) -> QuerySet[Organisation]:
        """List them by name."""
        return queries.partnerships_whose_panel(self.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = list(self.partnerships()[:2])
        if len(found) == 1:
            return redirect("referrals:panel_settings", found[0].slug)
        return self.render_to_response(self.get_context_data(partnerships=self.partnerships()))


class ChangePanelSettings(SignedIn, FormView[forms.PanelSettingsForm]):
    """An administrator sets a partnership's quorum and deadlines."""

    template_name = "referrals/panel_settings.html"
    form_class = forms.PanelSettingsForm
    partnership: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those whose panel the person may change."""
        if request.user.is_authenticated:
            self.partnership = get_object_or_404(
                queries.partnerships_whose_panel(self.user), slug=kwargs["slug"]
            )
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        settings = queries.panel_settings(self.partnership)
        return {name: getattr(settings, name) for name in forms.PanelSettingsForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(partnership=self.partnership, **kwargs)

    def form_valid(self, form: forms.PanelSettingsForm) -> HttpResponse:
        try:
            actions.change_panel_settings(
                partnership=self.partnership, by=self.user, **form.cleaned_data
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The panel’s settings are saved.")
        return redirect("referrals:panel_settings", self.partnership.slug)


def case_section(case: Case, user: User) -> Section | None:
    """Build the referral's panel on the page of its case, with what the reader may see of it."""
    referral = Referral.objects.filter(case=case).first()
    audiences = cases.audiences_of(user, case)
    if referral is None or Audience.PARTIES not in audiences:
        return None
    context: dict[str, Any] = {
        "referral": referral,
        "cards": queries.cards(referral, user),
        "may_write": referral.status in WRITABLE
        and checks.may(user, "refer_pupil", case.pupil.school),
    }
    context["may_stop"] = (
        referral.permission_recorded_at is not None
        and (case.stage not in FINAL_STAGES or queries.open_review(referral) is not None)
        and checks.may(user, "refer_pupil", case.pupil.school)
    )
    if audiences & {Audience.SCHOOL_AND_COMMISSIONER, Audience.PANEL}:
        context["questions"] = referral.questions.order_by("asked_at", "pk")
        context["withdrawal"] = PermissionWithdrawal.objects.filter(referral=referral).first()
        context["pause"] = queries.open_pause(referral)
        context["transfers"] = transfers = list(queries.transfers_of(referral))
        context["is_transfer_open"] = any(one.ended_at is None for one in transfers)
        context["may_transfer"] = not rules.why_cannot(
            "propose_transfer", referral.status
        ) and checks.may(user, "screen_referral", case.partnership)
        context["decisions"] = (
            referral.decisions.select_related("decided_by")
            .prefetch_related("conditions")
            .order_by("decided_at")
        )
    if audiences & {Audience.COMMISSIONER, Audience.PANEL}:
        context["screenings"] = referral.screenings.select_related(
            "version", "screened_by"
        ).order_by("screened_at", "pk")
        # The conditions that held may tell what is in medical evidence.
        context["shows_held"] = Audience.MEDICAL in audiences
    if Audience.PANEL in audiences:
        consideration = queries.latest_consideration(referral)
        if consideration is not None:
            context["consideration"] = consideration
            context["standing"] = queries.standing(consideration)
            open_now = consideration.closed_at is None
            own = queries.own_votes(consideration, user) if open_now else []
            if own and checks.may(user, "vote_on_referral", case.partnership):
                context["own_vote"] = own[0]
            if queries.sees_votes(consideration, user):
                context["votes"] = queries.votes_of(consideration)
    return Section("Referral", "referrals/section.html", context, position=20)
