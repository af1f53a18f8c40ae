"""The human steps of a referral: screen, answer, vote, decide, bring back; and its panel's settings.

The pages on which a school writes a referral are in `pages.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from permissions import checks
from permissions import queries as permissions
from permissions.models import Organisation
from workflows.cases import queries as cases
from workflows.cases.models import Document
from workflows.cases.sections import Section
from workflows.cases.states import Audience
from workflows.engine.exceptions import NotAllowed
from workflows.engine.views import StepView

from . import actions, forms, queries
from .models import Referral

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case


class ReferralStep(StepView):
    """A step that is decided on the whole referral, shown above its form."""

    template_name = "referrals/step.html"
    subject: Referral

    def extra_context(self) -> dict[str, Any]:
        """Show the referral, its documents and questions, as far as the person may see them."""
        case = self.subject.case
        return {
            "case": case,
            "referral": self.subject,
            "cards": queries.cards(self.subject),
            "documents": Document.objects.visible_to(self.request.user)
            .filter(case=case)
            .order_by("uploaded_at"),
            "questions": self.subject.questions.order_by("asked_at"),
        }


class Screen(ReferralStep):
    """The officer sends the referral to the panel, or back with a question."""

    form_class = forms.ScreenForm
    check_answers = True
    success_message = "The referral is on its way."

    def act(self, form: forms.ScreenForm) -> object:
        if form.cleaned_data["next"] == forms.ASK:
            return actions.ask_question(
                referral=self.subject, text=form.cleaned_data["question"], by=self.request.user
            )
        return actions.send_to_panel(referral=self.subject, by=self.request.user)


class AnswerQuestion(ReferralStep):
    """The school answers, and the referral is screened again."""

    template_name = "referrals/answer_question.html"
    form_class = forms.AnswerForm
    check_answers = True
    success_message = "Your answer was sent to the partnership."
    confirm_button = "Send the answer"

    def extra_context(self) -> dict[str, Any]:
        return {
            **super().extra_context(),
            "question": self.subject.questions.filter(answered_at__isnull=True).first(),
        }

    def act(self, form: forms.AnswerForm) -> object:
        return actions.answer_question(
            referral=self.subject, answer=form.cleaned_data["answer"], by=self.request.user
        )


class Vote(ReferralStep):
    """A panel member votes, or declares a conflict of interest."""

    form_class = forms.VoteForm
    check_answers = True
    success_message = "Thank you. Your vote or your conflict of interest is recorded."
    statement = "You cannot change this once it is sent."

    def act(self, form: forms.VoteForm) -> object:
        answers = form.cleaned_data
        if answers["choice"] == forms.CONFLICT:
            return actions.declare_conflict(
                referral=self.subject, reason=answers["reasons"], by=self.request.user
            )
        return actions.cast_vote(
            referral=self.subject,
            choice=answers["choice"],
            reasons=answers["reasons"],
            by=self.request.user,
        )


class Decide(ReferralStep):
    """The chair records the panel's decision, with the votes in sight."""

    template_name = "referrals/decide.html"
    form_class = forms.DecideForm
    check_answers = True
    success_message = "The decision is recorded. The letter to the school is being made."
    confirm_button = "Record the decision"
    statement = (
        "The school is told by a letter. You cannot change the decision once it is recorded."
    )

    def extra_context(self) -> dict[str, Any]:
        consideration = queries.open_consideration(self.subject)
        shown = super().extra_context()
        if consideration is not None:
            shown["standing"] = queries.standing(consideration)
            shown["votes"] = queries.votes_of(consideration)
            shown["counts"] = queries.votes_by_choice(consideration)
        return shown

    def act(self, form: forms.DecideForm) -> object:
        return actions.decide(
            referral=self.subject,
            outcome=form.cleaned_data["outcome"],
            reasons=form.cleaned_data["reasons"],
            conditions=form.cleaned_data["conditions"],
            by=self.request.user,
        )


class ReturnToPanel(ReferralStep):
    """The officer brings a deferred referral back to the panel."""

    template_name = "referrals/return_to_panel.html"
    success_message = "The referral is with the panel again."

    def extra_context(self) -> dict[str, Any]:
        return {**super().extra_context(), "decision": self.subject.decision}

    def act(self, form: None) -> object:
        return actions.return_to_panel(referral=self.subject, by=self.request.user)


class ChangePanelSettings(LoginRequiredMixin, FormView):
    """An administrator sets a partnership's quorum and deadlines."""

    template_name = "referrals/panel_settings.html"
    form_class = forms.PanelSettingsForm
    partnership: Organisation

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Find the partnership among those whose panel the person may change."""
        partnership = (
            permissions.organisations_where(request.user, "change_panel_settings")
            .filter(slug=kwargs["slug"], kind="partnership")
            .first()
            if request.user.is_authenticated
            else None
        )
        if request.user.is_authenticated and partnership is None:
            raise Http404
        if partnership is not None:
            self.partnership = partnership
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        settings = queries.panel_settings(self.partnership)
        return {name: getattr(settings, name) for name in forms.PanelSettingsForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(partnership=self.partnership, **kwargs)

    def form_valid(self, form: forms.PanelSettingsForm) -> HttpResponse:
        try:
            actions.change_panel_settings(
                partnership=self.partnership, by=self.request.user, **form.cleaned_data
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
        "cards": queries.cards(referral),
        "may_write": referral.status in ("draft", "questioned")
        and checks.may(user, "refer_pupil", case.pupil.school),
    }
    if audiences & {Audience.SCHOOL_AND_COMMISSIONER, Audience.PANEL}:
        context["questions"] = referral.questions.order_by("asked_at")
        context["decisions"] = referral.decisions.select_related("decided_by").order_by(
            "decided_at"
        )
    if Audience.PANEL in audiences:
        consideration = queries.latest_consideration(referral)
        if consideration is not None:
            context["consideration"] = consideration
            context["standing"] = queries.standing(consideration)
            # Members vote without knowing how the others did: votes are shown once it is closed.
            if consideration.closed_at is not None:
                context["votes"] = queries.votes_of(consideration)
    return Section("Referral", "referrals/section.html", context, position=20)
