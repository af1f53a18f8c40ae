"""Who sits in whose place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from permissions import checks
from permissions.models import Organisation, User
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed
from workflows.panels import actions, forms, queries
from workflows.panels.models import PanelMeeting, Substitution


def places_of(user: User) -> Any:
    """List the partnerships where a person names a substitute: their own, or anybody's."""
    own = queries.partnerships_where(user, "name_substitute")
    return (own | queries.partnerships_where(user, "name_any_substitute")).distinct()


class ChooseSubstitutes(SignedIn, TemplateView):
    """Whose panel; with one alone, its page."""

    template_name = "panels/choose.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partnerships = places_of(self.user).order_by("name")
        found = list(partnerships[:2])
        if not found:
            checks.require(self.user, "name_substitute", None)
        if len(found) == 1:
            return redirect("panels:substitutes", found[0].slug)
        return self.render_to_response(
            self.get_context_data(
                title="Substitutes on the panel",
                places=[
                    (one, reverse("panels:substitutes", args=[one.slug])) for one in partnerships
                ],
            )
        )


@method_decorator(never_cache, name="dispatch")
class Substitutes(SignedIn, FormView[forms.SubstituteForm]):
    """The substitutes of a panel, now and later, and a form to name one."""

    template_name = "panels/substitutes.html"
    form_class = forms.SubstituteForm
    partnership: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those where the person names substitutes."""
        if request.user.is_authenticated:
            self.partnership = get_object_or_404(places_of(self.user), slug=kwargs["slug"])
            self.is_for_all = checks.may_here_or_above(
                self.user, "name_any_substitute", self.partnership
            )
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {} if self.is_for_all else {"member": self.user.pk}

    def get_form_kwargs(self) -> dict[str, Any]:
        members = queries.panel_of(self.partnership)
        return {
            **super().get_form_kwargs(),
            "members": members if self.is_for_all else members.filter(pk=self.user.pk),
            "substitutes": queries.possible_substitutes(self.partnership),
            "meetings": PanelMeeting.objects.filter(partnership=self.partnership)
            .live()
            .order_by("starts_at"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.substitutions(self.partnership, timezone.localdate())
        return super().get_context_data(
            partnership=self.partnership,
            rows=[(row, self.is_for_all or row.member_id == self.user.pk) for row in rows],
            has_substitutes=queries.possible_substitutes(self.partnership).exists(),
            back_url=reverse("panels:list"),
            **kwargs,
        )

    def form_valid(self, form: forms.SubstituteForm) -> HttpResponse:
        try:
            actions.name_substitute(partnership=self.partnership, by=self.user, **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The substitute is named, and both are told.")
        return redirect("panels:substitutes", self.partnership.slug)


class CancelSubstitute(SignedIn):
    """Let the member sit again, by a button."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel, or say why not."""
        row = get_object_or_404(
            Substitution.objects.select_related("partnership", "member"),
            pk=pk,
            partnership__in=places_of(self.user),
        )
        try:
            actions.cancel_substitute(substitution=row, by=self.user)
        except NotAllowed as refused:
            messages.info(request, refused.reason)
        else:
            messages.success(request, "The substitute is cancelled. The member sits again.")
        return redirect("panels:substitutes", row.partnership.slug)
