"""The pages of the partnership's questions: one for each section of the version a referral keeps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from workflows.engine.exceptions import NotAllowed
from workflows.questionnaires.forms import SectionForm
from workflows.questionnaires.rules import Section
from workflows.referrals import actions, queries
from workflows.referrals.views.pages import FormPage


class Questions(FormPage):
    """One section. What can be understood is saved, whatever else is missing or wrong."""

    template_name = "referrals/questions_page.html"
    form_class = SectionForm

    @property
    def section(self) -> Section:
        """The section that the address names; 404 where the version has none of that number."""
        sections = queries.content_of(self.referral).sections
        number = self.kwargs["number"]
        if not 1 <= number <= len(sections):
            raise Http404
        return sections[number - 1]

    @property
    def name(self) -> str:
        return f"questions/{self.kwargs['number']}"

    @property
    def title(self) -> str:
        return self.section.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(section=self.section, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "content": queries.content_of(self.referral),
            "section": self.section,
            "answers": queries.written_answers(self.referral),
            "is_saving": self.is_saving,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Save; where an answer has made another question needful, show that before going on."""
        if self.is_saving or not form.appeared:
            response: HttpResponse = super().form_valid(form)
            return response
        try:
            self.act(form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        count = len(form.appeared)
        words = "one more question" if count == 1 else f"{count} more questions"
        messages.info(self.request, f"Saved. Your answer leads to {words} on this page.")
        return redirect(self.request.path)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong; the rest is saved, so that nothing is lost with the window."""
        try:
            if form.answers:
                actions.write_answers(referral=self.referral, answers=form.answers, by=self.user)
        except NotAllowed as refused:
            if not form.non_field_errors():
                form.add_error(None, refused.reason)
        return super().form_invalid(form)

    def act(self, form: Any) -> None:
        actions.write_answers(referral=self.referral, answers=form.answers, by=self.user)
