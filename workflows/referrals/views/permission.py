"""The page on which a school records that permission was taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView

from workflows.engine.exceptions import NotAllowed
from workflows.referrals import actions, forms, queries, rules
from workflows.referrals.views.pages import OfReferral


class WithdrawPermission(OfReferral, FormView[forms.WithdrawPermissionForm]):
    """Say what happens, ask who, how and when, and stop the case."""

    template_name = "referrals/withdraw_permission.html"
    form_class = forms.WithdrawPermissionForm
    open_in = rules.possible_from("withdraw_permission") | rules.possible_from("stop_in_review")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.referral.case
        today = timezone.localdate()
        return super().get_context_data(
            **self.facts(back_url=case.get_absolute_url()),
            cannot=rules.why_cannot_withdraw_permission(
                self.referral,
                stage=case.stage,
                is_in_review=queries.open_review(self.referral) is not None,
                date=today,
                today=today,
            ),
            **kwargs,
        )

    def form_valid(self, form: forms.WithdrawPermissionForm) -> HttpResponse:
        """Stop the case; a refusal is shown on the page."""
        cleaned = dict(form.cleaned_data)
        del cleaned["understood"]
        try:
            actions.withdraw_permission(referral=self.referral, by=self.user, **cleaned)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        told = " Everybody who had it is told by email." if self.referral.submitted_at else ""
        messages.success(self.request, f"The case has stopped.{told}")
        return redirect(self.referral.case)
