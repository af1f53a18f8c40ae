"""The screens of a transfer: the officer proposes, the other partnership's officer answers."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from permissions import audit, checks
from permissions.models import User
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed
from workflows.engine.views import StepView
from workflows.referrals import actions, forms, queries, rules
from workflows.referrals.models import Referral, Transfer


@method_decorator(never_cache, name="dispatch")
class ProposeTransfer(SignedIn, FormView[forms.ProposeTransferForm]):
    """Ask another partnership to take a referral, or take the proposal back."""

    template_name = "referrals/propose_transfer.html"
    form_class = forms.ProposeTransferForm
    referral: Referral

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the referral; 404 where its case is not visible, 403 to other than its officers."""
        if request.user.is_authenticated:
            self.referral = get_object_or_404(
                Referral.objects.visible_to(self.user).select_related(
                    "case__pupil__school", "case__partnership"
                ),
                case__reference=kwargs["reference"],
            )
            case = self.referral.case
            checks.require(self.user, "screen_referral", case.partnership)
            if request.method == "GET":
                if rules.why_cannot("propose_transfer", self.referral.status):
                    return redirect(case)
                audit.record_read(self.user, case, case.partnership, purpose="transfer page")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        partnerships = queries.sister_partnerships(self.referral.case.partnership)
        return {**super().get_form_kwargs(), "partnerships": partnerships}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.referral.case
        return super().get_context_data(
            case=case,
            referral=self.referral,
            partnership=case.partnership,
            back_url=case.get_absolute_url(),
            transfer=queries.open_transfer(self.referral),
            has_others=queries.sister_partnerships(case.partnership).exists(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Propose, or take back."""
        if "take_back" not in request.POST:
            return super().post(request, *args, **kwargs)
        transfer = queries.open_transfer(self.referral)
        if transfer is None:
            messages.info(request, "The proposal has been answered meanwhile.")
            return redirect(self.referral.case)
        actions.withdraw_transfer(transfer=transfer, by=self.user)
        messages.success(request, "The proposal is taken back. You can screen the referral.")
        return redirect(self.referral.case)

    def form_valid(self, form: forms.ProposeTransferForm) -> HttpResponse:
        try:
            actions.propose_transfer(
                referral=self.referral,
                to=form.cleaned_data["to"],
                reason=form.cleaned_data["reason"],
                is_permitted=form.cleaned_data["is_permitted"],
                by=self.user,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The other partnership is asked. Screening waits for it.")
        return redirect(self.referral.case)


class ConsiderTransfer(StepView):
    """An officer of the other partnership takes the referral, or says why not."""

    template_name = "referrals/consider_transfer.html"
    form_class = forms.ConsiderTransferForm
    check_answers = True
    success_message = "Your answer is recorded."
    confirm_button = "Send the answer"
    subject: Transfer

    def extra_context(self) -> dict[str, Any]:
        """Show what the proposal says: nothing that names the pupil."""
        return {"transfer": self.subject, "pupil": self.subject.case.pupil}

    def act(self, form: forms.ConsiderTransferForm) -> None:
        user = cast("User", self.request.user)
        if form.cleaned_data["answer"] == forms.TAKE:
            actions.accept_transfer(transfer=self.subject, by=user)
        else:
            actions.refuse_transfer(
                transfer=self.subject, reason=form.cleaned_data["reason"], by=user
            )
