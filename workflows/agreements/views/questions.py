"""Asking about an agreement, and answering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import DetailView, FormView, ListView

from permissions.checks import require
from permissions.models import User
from workflows.agreements import actions, queries, rules
from workflows.agreements.forms import AnswerForm, AskForm
from workflows.agreements.models import Question
from workflows.agreements.views.reserving import OfOneParty, their_task
from workflows.engine.exceptions import NotAllowed
from workflows.engine.views import StepView


class Ask(OfOneParty, FormView):
    """Ask or remark something about the agreement, or about one clause."""

    template_name = "agreements/ask.html"
    form_class = AskForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who may: those of the party, not those of the partnership who only look on."""
        if request.user.is_authenticated:
            require(request.user, "view_agreement", self.ours.organisation)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clause_id = self.kwargs.get("clause")
        return {
            **super().get_context_data(**kwargs),
            **self.about(),
            "clause": None if clause_id is None else self.clause(clause_id),
        }

    def form_valid(self, form: AskForm) -> HttpResponse:
        by = self.request.user
        assert isinstance(by, User)  # dispatch has asked
        try:
            question = actions.ask_question(
                agreement=self.ours.agreement,
                organisation=self.ours.organisation,
                clause_id=self.kwargs.get("clause"),
                kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"],
                by=by,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Sent. You get an e-mail when it is answered.")
        return redirect(question)


class QuestionList(LoginRequiredMixin, ListView[Question]):
    """The questions and feedback of my organisations, and those put to my partnerships."""

    template_name = "agreements/questions.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        return queries.questions_visible_to(self.request.user)


class QuestionPage(LoginRequiredMixin, DetailView[Question]):
    """One question or remark, with the answer."""

    template_name = "agreements/question.html"
    context_object_name = "question"

    def get_queryset(self) -> Any:
        return queries.questions_visible_to(self.request.user).select_related("answered_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **about(self.object),
            "task": their_task(self.object, self.request.user),
        }


def about(question: Question) -> dict[str, Any]:
    """Give what every page about a question shows."""
    content = question.version.snapshot["content"]
    clause_id = question.clause_id
    return {
        "agreement": question.agreement,
        "organisation": question.organisation,
        "partnership": question.agreement.partnership,
        "clause": None if clause_id is None else rules.clause_named(content, clause_id),
        "clause_label": None if clause_id is None else rules.clause_label(content, clause_id),
    }


class AnswerQuestion(StepView):
    """The partnership answers."""

    template_name = "agreements/answer_question.html"
    form_class = AnswerForm
    success_message = "Your answer was sent."
    subject: Question

    def extra_context(self) -> dict[str, Any]:
        return {"question": self.subject, **about(self.subject)}

    def act(self, form: AnswerForm) -> Question:
        """Answer."""
        by: Any = self.request.user
        return actions.answer_question(
            question=self.subject, answer=form.cleaned_data["answer"], by=by
        )

    def success_url(self) -> str:
        """Go to the question's page, where the answer stands."""
        return self.subject.get_absolute_url()
