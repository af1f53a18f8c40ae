"""The rules of a draft: add, change, move, remove, and their conditions. Nothing needs JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import FormView

from workflows.criteria import actions, forms, rules
from workflows.criteria.states import Advice
from workflows.criteria.views.reading import OfDraft, shown_rows
from workflows.engine.exceptions import NotAllowed

Change = Callable[[rules.Table], rules.Table]


class OfRule(OfDraft):
    """A page of one rule."""

    row: rules.Row

    def prepare(self) -> HttpResponseBase | None:
        answer = super().prepare()
        if answer is not None:
            return answer
        found = self.table.row(self.kwargs["key"])
        if found is None:
            messages.info(self.request, "That rule is not part of the draft any more.")
            return redirect(self.draft_url)
        self.row = found
        return None

    def facts(self, **more: Any) -> dict[str, Any]:
        rows = shown_rows(self.table, self.catalogue)
        shown = next(one for one in rows if one.row.key == self.row.key)
        return super().facts(shown=shown, **more)

    @property
    def rule_url(self) -> str:
        """Address of the rule."""
        return reverse("criteria:rule", args=[self.partnership.slug, self.row.key])

    def change(self, revision: int, how: Change) -> None:
        """Change the draft as it was shown."""
        actions.change(draft=self.draft, revision=revision, by=self.user, how=how)

    def do(self, how: Change, said: str, url: str) -> HttpResponse:
        """Change the draft by a button; a refusal is said on the page one comes back to."""
        try:
            self.change(revision_of(self.request), how)
        except NotAllowed as refused:
            messages.error(self.request, refused.reason)
        else:
            messages.success(self.request, said)
        return redirect(url)


def revision_of(request: HttpRequest) -> int:
    """Read which state of the draft a button's page showed; -1, which no draft has, without one."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() else -1


class AddRule(OfDraft, FormView[forms.RuleForm]):
    """A new rule, as the last; its conditions come on its page."""

    template_name = "criteria/rule.html"
    form_class = forms.RuleForm

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.draft.revision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.facts(is_new=True, title="Add a rule"), **kwargs)

    def form_valid(self, form: forms.RuleForm) -> HttpResponse:
        key = self.table.new_key()
        row = rules.Row(key, Advice(form.cleaned_data["outcome"]), form.cleaned_data["explanation"])
        try:
            actions.change(
                draft=self.draft,
                revision=form.cleaned_data["revision"],
                by=self.user,
                how=lambda table: table.with_row(row),
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        return redirect("criteria:choose_fact", self.partnership.slug, key)


class ChangeRule(OfRule, FormView[forms.RuleForm]):
    """What a rule says, and its conditions."""

    template_name = "criteria/rule.html"
    form_class = forms.RuleForm

    def get_initial(self) -> dict[str, Any]:
        return {
            "revision": self.draft.revision,
            "outcome": self.row.outcome,
            "explanation": self.row.explanation,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = self.facts(is_last=self.row.key == self.table.otherwise.key)
        return super().get_context_data(title=facts["shown"].name, **facts, **kwargs)

    def form_valid(self, form: forms.RuleForm) -> HttpResponse:
        said = form.cleaned_data

        def how(table: rules.Table) -> rules.Table:
            row = table.row(self.row.key) or self.row
            return table.with_row(
                replace(row, outcome=Advice(said["outcome"]), explanation=said["explanation"])
            )

        try:
            self.change(said["revision"], how)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The rule is saved in the draft.")
        return redirect(self.draft_url)


class MoveRule(OfRule):
    """Move a rule up or down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        """Move it and show the draft again."""
        up = request.POST.get("direction") == "up"
        return self.do(
            lambda table: table.moved(key, -1 if up else 1),
            f"The rule is moved {'up' if up else 'down'}.",
            f"{self.draft_url}#{key}",
        )


class RemoveRule(OfRule):
    """Remove a rule from the draft, after asking."""

    def get(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        """Ask."""
        if key == self.table.otherwise.key:
            raise Http404
        return render(request, "criteria/remove_rule.html", self.facts())

    def post(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        """Remove it and show the draft again."""
        return self.do(lambda table: table.without_row(key), "The rule is removed.", self.draft_url)


class ChooseFact(OfRule, FormView[forms.FactForm]):
    """What a new condition is about."""

    template_name = "criteria/choose_fact.html"
    form_class = forms.FactForm

    def get_form_kwargs(self) -> dict[str, Any]:
        facts = sorted(self.catalogue.values(), key=lambda fact: fact.label.lower())
        return {**super().get_form_kwargs(), "facts": facts}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.facts(back_url=self.rule_url), **kwargs)

    def form_valid(self, form: forms.FactForm) -> HttpResponse:
        return redirect(
            "criteria:add_condition",
            self.partnership.slug,
            self.row.key,
            form.cleaned_data["fact"],
        )


class AddCondition(OfRule, FormView[forms.ConditionForm]):
    """How the fact is compared, and with what."""

    template_name = "criteria/add_condition.html"
    form_class = forms.ConditionForm

    def prepare(self) -> HttpResponseBase | None:
        answer = super().prepare()
        if answer is not None:
            return answer
        fact = self.catalogue.get(self.kwargs["fact"])
        if fact is None or self.row.key == self.table.otherwise.key:
            raise Http404
        self.fact = fact
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fact": self.fact}

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.draft.revision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("criteria:choose_fact", args=[self.partnership.slug, self.row.key])
        return super().get_context_data(**self.facts(fact=self.fact, back_url=back), **kwargs)

    def form_valid(self, form: forms.ConditionForm) -> HttpResponse:
        condition = form.condition()

        def how(table: rules.Table) -> rules.Table:
            row = table.row(self.row.key) or self.row
            return table.with_row(replace(row, conditions=(*row.conditions, condition)))

        try:
            self.change(form.cleaned_data["revision"], how)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The condition is added.")
        return redirect(self.rule_url)


class RemoveCondition(OfRule):
    """Remove a condition, by its place in the rule."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
        """Remove it and show the rule again."""

        def how(table: rules.Table) -> rules.Table:
            row = table.row(key) or self.row
            kept = tuple(one for place, one in enumerate(row.conditions, 1) if place != number)
            return table.with_row(replace(row, conditions=kept))

        return self.do(how, "The condition is removed.", self.rule_url)
