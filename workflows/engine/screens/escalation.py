"""Escalation as pages: which organisations, the rules of one, and one rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from permissions.models import Organisation
from permissions.roles import Role
from workflows.engine import escalation
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import EscalationRule
from workflows.engine.models.arrangements import MOST_WORKING_DAYS

ORGANISATIONS_ON_A_PAGE = 50
# No task is called so: titles begin with a capital.
EVERY_KIND = "every"


class RuleForm(forms.Form):
    """Which kind of task, how late, and who is shown it."""

    submit_label = "Save the rule"
    kind = forms.TypedChoiceField(
        label="Which tasks?",
        coerce=lambda value: "" if value == EVERY_KIND else value,
        help_text="A rule for one kind goes before the rule for every kind.",
    )
    working_days = forms.IntegerField(
        label="How many working days late?",
        help_text="The first working day after the due date is the first day late.",
        min_value=1,
        max_value=MOST_WORKING_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter the number of working days",
            "invalid": "Enter the number of working days in figures, such as 3",
            "min_value": "Enter 1 or more",
            "max_value": f"Enter {MOST_WORKING_DAYS} or less",
        },
    )
    role = forms.ChoiceField(
        label="Who is shown them?",
        widget=forms.RadioSelect,
        help_text="They see the task among their team’s. It gives nobody the permission to do it.",
        error_messages={"required": "Select who is shown them"},
    )

    def __init__(self, organisation: Organisation, kept: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        kinds = sorted({*escalation.kinds_in(organisation), *([kept] if kept else [])})
        kind, role = self.fields["kind"], self.fields["role"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(role, forms.ChoiceField)
        kind.choices = [(EVERY_KIND, "Every kind of task"), *((one, one) for one in kinds)]
        role.choices = [(one.value, _described(one)) for one in organisation.roles]


def _described(role: Role) -> str:
    more = ", who can give them to somebody else" if escalation.may_reassign(role) else ""
    return f"{role.label}{more}"


@method_decorator(never_cache, name="dispatch")
class Organisations(LoginRequiredMixin, View):
    """The organisations whose rules I may change."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, narrowed by a search of the name."""
        search = request.GET.get("q", "").replace("\x00", "").strip()
        found = escalation.organisations_of(request.user).order_by("name", "pk")
        if not found.exists():
            raise Http404
        if search:
            found = found.filter(name__icontains=search)
        page = Paginator(found, ORGANISATIONS_ON_A_PAGE).get_page(request.GET.get("page"))
        return render(request, "engine/screens/escalation.html", {"page": page, "search": search})


class OfOneOrganisation(LoginRequiredMixin, View):
    """A page about the rules of an organisation; for whoever may not change them it is not there."""

    organisation: Organisation
    rule: EscalationRule | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load the organisation and, where the address names one, the rule."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.organisation = get_object_or_404(
            escalation.organisations_of(request.user), slug=kwargs["slug"]
        )
        self.rule = (
            get_object_or_404(escalation.rules_of(self.organisation), pk=kwargs["pk"])
            if "pk" in kwargs
            else None
        )
        return super().dispatch(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class Rules(OfOneOrganisation):
    """The rules of one organisation."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show them."""
        return render(
            request,
            "engine/screens/escalation_rules.html",
            {
                "organisation": self.organisation,
                "rules": escalation.rules_of(self.organisation),
            },
        )


@method_decorator(never_cache, name="dispatch")
class ChangeRule(OfOneOrganisation):
    """Add a rule, change one or remove it."""

    def get(self, request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        rule = self.rule
        initial = (
            {"kind": rule.kind or EVERY_KIND, "working_days": rule.working_days, "role": rule.role}
            if rule
            else {}
        )
        return self.show(self.form(initial=initial))

    def post(self, request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
        """Keep the rule, or remove it."""
        if self.rule is not None and "remove" in request.POST:
            escalation.remove_rule(self.rule, request.user)
            messages.success(request, "The rule is removed.")
            return redirect("engine:escalation_rules", slug=slug)
        form = self.form(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            escalation.set_rule(
                **form.cleaned_data,
                organisation=self.organisation,
                by=request.user,
                rule=self.rule,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.show(form)
        messages.success(request, "The rule is saved. It is followed every working day.")
        return redirect("engine:escalation_rules", slug=slug)

    def form(self, **given: Any) -> RuleForm:
        """Return the form; a kind that no process has any more stays until it is changed."""
        return RuleForm(self.organisation, kept=self.rule.kind if self.rule else "", **given)

    def show(self, form: RuleForm) -> HttpResponse:
        """Show the form, perhaps with what to mend."""
        return render(
            self.request,
            "engine/screens/escalation_rule.html",
            {"form": form, "organisation": self.organisation, "rule": self.rule},
        )
