"""The pages on which administrators change what their partnership asks."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from permissions.models import Organisation
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed
from workflows.questionnaires import actions, forms, queries, rules
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.questionnaires.states import AUDIENCES, Status


class Places(SignedIn, TemplateView):
    """The partnerships whose questions the person may change; with one alone, its versions."""

    template_name = "questionnaires/places.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partnerships = queries.partnerships_whose_questions(self.user)
        found = list(partnerships[:2])
        if len(found) == 1:
            return redirect("questionnaires:versions", found[0].slug)
        return self.render_to_response(self.get_context_data(partnerships=partnerships))


@method_decorator(never_cache, name="dispatch")
class OfPartnership(SignedIn):
    """A page about the questions of one partnership."""

    partnership: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those whose questions the person may change."""
        if request.user.is_authenticated:
            self.partnership = get_object_or_404(
                queries.partnerships_whose_questions(self.user), slug=kwargs["slug"]
            )
            answer = self.prepare(**kwargs)
            if answer is not None:
                return answer
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, **kwargs: Any) -> HttpResponseBase | None:
        """Load what the page is about; an answer of its own is given instead of the page."""
        return None

    def to(self, name: str, *arguments: Any) -> str:
        """Give the address of one of the partnership's pages."""
        return reverse(f"questionnaires:{name}", args=[self.partnership.slug, *arguments])


def described(content: rules.Content) -> list[dict[str, Any]]:
    """Describe the sections and their questions, for a list."""
    everything = content.questions
    return [
        {
            "section": section,
            "questions": [
                {
                    "question": question,
                    "kind": question.kind.label,
                    "audience": AUDIENCES.get(question.audience, question.audience.label),
                    "condition": rules.condition(question, content).strip(),
                    "is_first": question is everything[0],
                    "is_last": question is everything[-1],
                }
                for question in section.questions
            ],
        }
        for section in content.sections
    ]


class Versions(OfPartnership, TemplateView):
    """The versions of a partnership's questions, and the way to a draft."""

    template_name = "questionnaires/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        queries.version_for(self.partnership)
        found = list(queries.versions_of(self.partnership))
        return super().get_context_data(
            partnership=self.partnership,
            draft=next((one for one in found if one.status == Status.DRAFT), None),
            versions=[one for one in found if one.status != Status.DRAFT],
            **kwargs,
        )


class Version(OfPartnership, TemplateView):
    """The questions of a version that is or was in use."""

    template_name = "questionnaires/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = get_object_or_404(
            queries.versions_of(self.partnership).exclude(status=Status.DRAFT),
            number=self.kwargs["number"],
        )
        return super().get_context_data(
            partnership=self.partnership,
            version=version,
            described=described(rules.read(version.content)),
            **kwargs,
        )


class BeginDraft(OfPartnership):
    """Begin a draft, or go on with the one there is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Begin it and show it."""
        actions.begin_draft(partnership=self.partnership, by=self.user)
        return redirect("questionnaires:draft", slug)


class OfDraft(OfPartnership):
    """A page about the draft; where there is none any more, the versions."""

    draft: QuestionnaireVersion
    content: rules.Content

    def prepare(self, **kwargs: Any) -> HttpResponseBase | None:
        draft = queries.draft_of(self.partnership)
        if draft is None:
            messages.error(self.request, actions.NO_DRAFT)
            return redirect("questionnaires:versions", self.partnership.slug)
        self.draft = draft
        self.content = rules.read(draft.content)
        return None

    def facts(self, **more: Any) -> dict[str, Any]:
        """Give what every page of the draft shows."""
        return {
            "partnership": self.partnership,
            "draft": self.draft,
            "back_url": self.to("draft"),
            "back_text": "The draft",
            **more,
        }

    def section(self) -> rules.Section:
        """Find the section that the address names."""
        for section in self.content.sections:
            if section.key == self.kwargs["key"]:
                return section
        raise Http404

    def question(self) -> rules.Question:
        """Find the question that the address names."""
        found = self.content.by_key.get(self.kwargs["key"])
        if found is None:
            raise Http404
        return found


class Draft(OfDraft, TemplateView):
    """The whole draft, with what can be done to each part and what is still wrong with it."""

    template_name = "questionnaires/draft.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        in_use = rules.read(queries.version_for(self.partnership).content)
        return super().get_context_data(
            **self.facts(
                described=described(self.content),
                problems=rules.problems(self.content, queries.kinds_asked(self.partnership)),
                keys_of_questions=set(self.content.by_key),
                is_changed=bool(rules.changes(in_use, self.content)),
            ),
            **kwargs,
        )


class DraftForm(OfDraft, FormView[Any]):
    """A page that makes one change to the draft."""

    template_name = "questionnaires/form.html"
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    success_message: ClassVar[str] = "The draft is saved."

    def act(self, form: Any) -> object:
        """Call the one action of this page."""
        raise NotImplementedError

    def now(self) -> list[tuple[str, str]]:
        """Say what stands in the draft now, for whoever was about to overwrite it."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("title", self.title)
        kwargs.setdefault("about", self.about)
        return super().get_context_data(**self.facts(), **kwargs)

    def get_success_url(self) -> str:
        return self.to("draft")

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Make the change; where somebody was faster, show their words beside the person's own."""
        try:
            self.act(form)
        except actions.ChangedMeanwhile as refused:
            form.add_error(None, refused.reason)
            form.data = form.data.copy()  # type: ignore[attr-defined]  # what was posted is a QueryDict
            form.data["seen"] = self.fingerprint()  # type: ignore[index]  # and its copy can be changed
            return self.render_to_response(self.get_context_data(form=form, now=self.now()))
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())

    def fingerprint(self) -> str:
        """Answer what tells whether the words were changed since they were read."""
        return ""


class AddSection(DraftForm):
    """Put a section at the end."""

    form_class = forms.SectionTitleForm
    title = "Add a section"
    about = "Each section is one page of the referral."
    success_message = "The section is in the draft. Add its questions."

    def act(self, form: Any) -> object:
        return actions.add_section(
            partnership=self.partnership,
            title=form.cleaned_data["title"],
            hint=form.cleaned_data["help"],
            by=self.user,
        )


class ChangeSection(DraftForm):
    """Name a section anew."""

    form_class = forms.SectionTitleForm
    title = "Change the section"

    def get_initial(self) -> dict[str, Any]:
        section = self.section()
        return {"title": section.title, "help": section.help, "seen": self.fingerprint()}

    def fingerprint(self) -> str:
        return rules.fingerprint_of(self.section())

    def now(self) -> list[tuple[str, str]]:
        section = self.section()
        return [("Title", section.title), ("Text above the questions", section.help)]

    def act(self, form: Any) -> None:
        actions.change_section(
            partnership=self.partnership,
            key=self.kwargs["key"],
            title=form.cleaned_data["title"],
            hint=form.cleaned_data["help"],
            seen=form.cleaned_data["seen"],
            by=self.user,
        )


class AddQuestion(DraftForm):
    """Put a question at the end of a section."""

    form_class = forms.QuestionForm
    title = "Add a question"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "content": self.content, "section": self.section()}

    def act(self, form: forms.QuestionForm) -> object:
        return actions.add_question(
            partnership=self.partnership,
            section=form.cleaned_data["section"],
            question=form.as_question(),
            by=self.user,
        )


class ChangeQuestion(DraftForm):
    """Ask a question in another way, or move it to another section."""

    form_class = forms.QuestionForm
    title = "Change the question"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save; what somebody else has removed meanwhile can be added again with the same words."""
        if self.kwargs["key"] in self.content.by_key or not self.content.sections:
            return super().post(request, *args, **kwargs)
        sections = {section.key: section for section in self.content.sections}
        section = sections.get(request.POST.get("section", ""), self.content.sections[0])
        form = forms.QuestionForm(request.POST, content=self.content, section=section)
        form.add_error(None, "Somebody has removed this question meanwhile. Save to add it again.")
        return self.render_to_response(
            {
                **self.facts(title=AddQuestion.title, form=form, view=self),
                "action": self.to("add_question", section.key),
            }
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        question = self.question()
        return {
            **super().get_form_kwargs(),
            "content": self.content,
            "section": rules.section_with(self.content, question.key),
            "question": question,
            "is_published": question.key in queries.kinds_asked(self.partnership),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = self.question()
        kept = question.key in queries.kinds_asked(self.partnership)
        about = (
            f"Answered by: {question.kind.label.lower()}. Answers are kept so: to ask in another "
            "way, remove the question and add a new one. Small changes of wording are fine; for "
            "another meaning add a new question."
        )
        return super().get_context_data(about=about if kept else "", **kwargs)

    def fingerprint(self) -> str:
        return rules.fingerprint_of(self.question())

    def now(self) -> list[tuple[str, str]]:
        question = self.question()
        return [
            ("Question", question.label),
            ("Help text", question.help),
            ("How it is answered", question.kind.label),
            ("Choices", "\n".join(one.label for one in question.choices)),
            ("Must be answered", "Yes" if question.required else "No"),
            ("Who may see the answer", AUDIENCES[question.audience]),
            ("Asked", rules.condition(question, self.content).strip() or "always"),
        ]

    def act(self, form: forms.QuestionForm) -> None:
        actions.change_question(
            partnership=self.partnership,
            question=form.as_question(),
            section=form.cleaned_data["section"],
            seen=form.cleaned_data["seen"],
            by=self.user,
        )


class RemoveSection(DraftForm):
    """Take a section out, after asking once more."""

    form_class = django_forms.Form
    template_name = "questionnaires/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        section = self.section()
        count = len(section.questions)
        return super().get_context_data(
            title=f"Remove the section “{section.title}”?",
            about=f"Its {count} question{'' if count == 1 else 's'} "
            f"{'goes' if count == 1 else 'go'} with it. Answers already given stay where they are.",
            button="Remove the section",
            **kwargs,
        )

    def act(self, form: Any) -> None:
        actions.remove_section(partnership=self.partnership, key=self.kwargs["key"], by=self.user)


class RemoveQuestion(DraftForm):
    """Take a question out, after asking once more."""

    form_class = django_forms.Form
    template_name = "questionnaires/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = self.question()
        depending = [
            one.label
            for one in self.content.questions
            if one.shown_if is not None and one.shown_if.key == question.key
        ]
        return super().get_context_data(
            title=f"Remove the question “{question.label}”?",
            about="Answers already given stay where they are.",
            depending=depending,
            button="Remove the question",
            **kwargs,
        )

    def act(self, form: Any) -> None:
        actions.remove_question(partnership=self.partnership, key=self.kwargs["key"], by=self.user)


class Move(OfDraft):
    """Move a section or a question one place; without JavaScript, one button each way."""

    http_method_names = ["post"]
    part: ClassVar[str] = "question"

    def post(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        """Move it and go back to where it stands now."""
        step = -1 if request.POST.get("step") == "up" else 1
        move = actions.move_section if self.part == "section" else actions.move_question
        try:
            move(partnership=self.partnership, key=key, step=step, by=self.user)
        except NotAllowed as refused:
            messages.error(request, refused.reason)
        return redirect(f"{self.to('draft')}#{self.part}-{key}")


class Discard(DraftForm):
    """Throw the draft away, after asking once more."""

    form_class = django_forms.Form
    template_name = "questionnaires/remove.html"
    title = "Discard the draft?"
    about = "Everything that was changed since the version in use is lost."
    success_message = "The draft is discarded."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(button="Discard the draft", **kwargs)

    def get_success_url(self) -> str:
        return self.to("versions")

    def act(self, form: Any) -> None:
        actions.discard_draft(partnership=self.partnership, by=self.user)


class Publish(DraftForm):
    """Say what changes, and put the draft into use."""

    form_class = forms.PublishForm
    template_name = "questionnaires/publish.html"
    title = "Publish the draft"
    success_message = "Published. Referrals begun from now on ask these questions."

    def get_initial(self) -> dict[str, Any]:
        return {"seen": str(self.draft.revision)}

    def fingerprint(self) -> str:
        return str(self.draft.revision)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        in_use = queries.version_for(self.partnership)
        return super().get_context_data(
            in_use=in_use,
            changes=rules.changes(rules.read(in_use.content), self.content),
            problems=rules.problems(self.content, queries.kinds_asked(self.partnership)),
            lost=rules.lost_choices(
                rules.read(in_use.content), self.content, queries.used_answers(self.partnership)
            ),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return self.to("versions")

    def act(self, form: forms.PublishForm) -> object:
        return actions.publish(
            partnership=self.partnership, revision=form.cleaned_data["seen"] or 0, by=self.user
        )


class Preview(OfPartnership, FormView[forms.SectionForm]):
    """A version as the school meets it; what is typed stays in the person's session alone."""

    form_class = forms.SectionForm
    template_name = "questionnaires/preview.html"
    version: QuestionnaireVersion
    content: rules.Content

    def prepare(self, **kwargs: Any) -> HttpResponseBase | None:
        self.version = get_object_or_404(
            queries.versions_of(self.partnership), number=kwargs["number"]
        )
        self.content = rules.read(self.version.content)
        if not 1 <= kwargs["page"] <= max(1, len(self.content.sections)):
            raise Http404
        return None

    @property
    def kept_under(self) -> str:
        """Where in the session the answers are."""
        return f"questionnaire-preview-{self.version.pk}"

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed on the pages of this preview so far."""
        found: dict[str, Any] = self.request.session.get(self.kept_under, {})
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        sections = self.content.sections
        return {
            **super().get_form_kwargs(),
            "content": self.content,
            "section": sections[self.kwargs["page"] - 1] if sections else rules.Section("", ""),
            "answers": self.answers,
            "is_saving": "save" in self.request.POST,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, sections = self.kwargs["page"], self.content.sections
        return super().get_context_data(
            partnership=self.partnership,
            version=self.version,
            section=sections[page - 1] if sections else None,
            sections=sections,
            number=page,
            total=len(sections),
            back_url=self.to("draft")
            if self.version.status == Status.DRAFT
            else self.to("version", self.version.number),
            **kwargs,
        )

    def form_valid(self, form: forms.SectionForm) -> HttpResponse:
        """Go on as the school would."""
        given = {**self.answers, **form.answers}
        self.request.session[self.kept_under] = {
            key: value for key, value in given.items() if value is not None
        }
        page = self.kwargs["page"]
        if not form.appeared:
            page += 1
        if page > len(self.content.sections):
            messages.info(self.request, "That was the last page of questions. Contacts come next.")
            page = 1
        return redirect(self.to("preview", self.version.number, page))
