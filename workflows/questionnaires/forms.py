"""What people type: answers to a section's questions, and the questions themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from workflows.cases.states import Audience
from workflows.engine import fields
from workflows.questionnaires import rules
from workflows.questionnaires.states import (
    AUDIENCE_HINTS,
    AUDIENCES,
    DECIDING,
    LARGEST_NUMBER,
    MAX_CHOICES,
    MAX_LENGTHS,
    WITH_CHOICES,
    Kind,
)


class NumberField(forms.DecimalField):
    """A number in a box as wide as most numbers are."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {
            "invalid": "Enter a number, for example 12",
            "max_value": "Enter a smaller number",
            "min_value": "Enter a larger number",
        }
        kwargs.update(min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER)
        attributes = {"class": "govuk-input--width-5", "inputmode": "decimal"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)


def field_for(question: rules.Question) -> forms.Field:
    """Make the form field by which a question is answered."""
    field = _bare_field_for(question)
    # Named for every kind: a page has several questions.
    field.error_messages["required"] = f"Answer the question ‘{question.label}’"
    return field


def _bare_field_for(question: rules.Question) -> forms.Field:
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": question.required,
    }
    choices = [(one.value, one.label) for one in question.choices]
    longest = MAX_LENGTHS.get(question.kind)
    match question.kind:
        case Kind.LONG_TEXT:
            return fields.LongTextField(max_length=longest, rows=4, **common)
        case Kind.YES_NO:
            return fields.YesNoField(**common)
        case Kind.CHOOSE_ONE:
            return fields.RadioField(choices=choices, **common)
        case Kind.CHOOSE_SEVERAL:
            return fields.CheckboxesField(choices=choices, **common)
        case Kind.DATE:
            return fields.DateInputField(**common)
        case Kind.NUMBER:
            return NumberField(**common)
        case Kind.EMAIL:
            box = forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            return forms.EmailField(max_length=longest, widget=box, **common)
        case Kind.PHONE:
            attributes = {"type": "tel", "class": "govuk-input--width-20"}
            return forms.CharField(
                max_length=longest, widget=forms.TextInput(attrs=attributes), **common
            )
        case _:
            return forms.CharField(max_length=longest, **common)


class SectionForm(forms.Form):
    """The questions of one section that are asked, given all answers so far and those just typed.

    Works without JavaScript: a question that an answer on the same page makes needful appears when
    the page is sent, and is not complained about before it was seen. The hidden field `asked` says
    which questions stood on the page.
    """

    submit_label = "Save and continue"
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        content: rules.Content,
        section: rules.Section,
        answers: Mapping[str, Any],
        is_saving: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.is_saving = is_saving
        self.questions = {question.key: question for question in section.questions}
        before = self._shown(content, answers)
        posted = str(self.data.get("asked", "")).split() if self.is_bound else []
        self.were_asked = {key for key in posted if key in self.questions} or set(before)
        self.answers = self._typed() if self.is_bound else {}
        self.now_asked = self._shown(content, {**answers, **self.answers})
        for key in self.now_asked:
            self.fields[key] = field_for(self.questions[key])
            self.initial[key] = self._first_value(self.questions[key], answers.get(key))
        # The page that is shown says which questions it shows, whatever the page before said.
        self.initial["asked"] = " ".join(self.now_asked)
        if self.is_bound:
            posted_too: Any = self.data.copy()  # type: ignore[attr-defined]  # what was posted is a QueryDict
            posted_too["asked"] = self.initial["asked"]
            self.data = posted_too

    @property
    def appeared(self) -> list[str]:
        """The keys of the questions that an answer on this page has made needful."""
        return [key for key in self.now_asked if key not in self.were_asked]

    def _shown(self, content: rules.Content, answers: Mapping[str, Any]) -> list[str]:
        asked = (question.key for question in rules.shown(content, answers))
        return [key for key in asked if key in self.questions]

    def _typed(self) -> dict[str, Any]:
        """Read what makes sense of what was typed, None where an answer was taken away."""
        found: dict[str, Any] = {}
        for key in self.were_asked:
            question = self.questions[key]
            field = field_for(question)
            field.required = False
            typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(key))
            try:
                found[key] = rules.clean(question, field.clean(typed))
            except (ValidationError, ValueError):
                continue
        return found

    @staticmethod
    def _first_value(question: rules.Question, value: Any) -> Any:
        return "" if value is None and question.kind != Kind.YES_NO else value

    def full_clean(self) -> None:
        """Judge what was asked; what was not on the page, or is left for later, may be missing."""
        super().full_clean()
        for name, errors in list(self.errors.as_data().items()):
            is_missing = all(error.code == "required" for error in errors)
            if name in self.appeared or (self.is_saving and is_missing):
                del self.errors[name]


class SectionTitleForm(forms.Form):
    """A section's name, and what stands above its questions."""

    submit_label = "Save the section"
    title = forms.CharField(
        label="Title of the section",
        max_length=120,
        error_messages={"required": "Enter the title of the section"},
    )
    help = fields.LongTextField(
        label="Text above the questions", required=False, max_length=1000, rows=3
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class QuestionForm(forms.Form):
    """One question: how it is asked and answered, when, and who may see the answer."""

    submit_label = "Save the question"
    label = forms.CharField(
        label="Question",
        max_length=300,
        error_messages={"required": "Enter the question"},
    )
    help = fields.LongTextField(
        label="Help text",
        help_text="Shown under the question, for example what the answer should mention",
        required=False,
        max_length=1000,
        rows=2,
    )
    kind = fields.RadioField(
        label="How is it answered?",
        choices=Kind.choices,
        error_messages={"required": "Select how the question is answered"},
    )
    choices = fields.LongTextField(
        label="Choices",
        help_text="One on each line. Only for questions with a list",
        required=False,
        max_length=8000,
        rows=5,
    )
    required = fields.YesNoField(
        label="Must it be answered before the referral is submitted?",
        error_messages={"required": "Select whether the question must be answered"},
    )
    audience = fields.RadioField(
        label="Who may see the answer?",
        help_text="The school’s staff who write a referral always see it while they write",
        choices=[(audience.value, label) for audience, label in AUDIENCES.items()],
        hints={audience.value: hint for audience, hint in AUDIENCE_HINTS.items()},
        error_messages={"required": "Select who may see the answer"},
    )
    shown_if = fields.CheckboxesField(
        label="Ask it only after one of these answers",
        help_text="Leave all empty to ask it always. Tick answers to one question only",
        required=False,
    )
    section = forms.ChoiceField(label="Section")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        content: rules.Content,
        section: rules.Section,
        question: rules.Question | None = None,
        is_published: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.content = content
        self.fields["section"].choices = [  # type: ignore[attr-defined]  # it is a choice
            (one.key, one.title) for one in content.sections
        ]
        self.initial.update(section=section.key, required="yes", audience=Audience.PARTIES)
        if question is not None:
            self.initial.update(self._values(question))
        if is_published:
            # Answers are kept as what the question asked for.
            del self.fields["kind"]
        ticks = self._conditions(section)
        if ticks:
            self.fields["shown_if"].choices = ticks  # type: ignore[attr-defined]  # it is a choice
        else:
            del self.fields["shown_if"]

    @staticmethod
    def _values(question: rules.Question) -> dict[str, Any]:
        condition = question.shown_if
        return {
            "label": question.label,
            "help": question.help,
            "kind": question.kind,
            "choices": "\n".join(one.label for one in question.choices),
            "required": "yes" if question.required else "no",
            "audience": question.audience,
            "shown_if": [f"{condition.key}:{one}" for one in condition.values] if condition else [],
            "seen": rules.fingerprint_of(question),
        }

    def _conditions(self, section: rules.Section) -> list[tuple[str, str]]:
        """List the answers on which the question can depend: to questions asked before it."""
        before: list[rules.Question] = []
        for one in self.content.questions:
            if self.question is not None and one.key == self.question.key:
                break
            before.append(one)
        if self.question is None:
            keys = [one.key for one in self.content.sections]
            until = self.content.sections[: keys.index(section.key) + 1]
            before = [one for each in until for one in each.questions]
        kept = self.question.shown_if if self.question else None
        if kept and kept.key in self.content.by_key and kept.key not in {q.key for q in before}:
            # It was moved in front of what it depends on: shown, so that it can be mended.
            before.append(self.content.by_key[kept.key])
        return [
            (f"{one.key}:{option.value}", f"{one.label} — {option.label}")
            for one in before
            if one.kind in DECIDING
            for option in one.options
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for choices where there is a list, and for answers to one question alone."""
        cleaned = super().clean() or {}
        kind = self._kind(cleaned)
        lines = [line for line in cleaned.get("choices", "").splitlines() if line.strip()]
        if kind in WITH_CHOICES and not 2 <= len(lines) <= MAX_CHOICES:
            self.add_error(
                "choices", f"Enter between 2 and {MAX_CHOICES} choices, one on each line"
            )
        if kind in WITH_CHOICES and len({line.strip().casefold() for line in lines}) < len(lines):
            self.add_error("choices", "Enter every choice once only")
        if any(len(line.strip()) > 200 for line in lines):
            self.add_error("choices", "Each choice must be 200 characters or fewer")
        if kind and kind not in WITH_CHOICES and lines:
            self.add_error("choices", "Delete the choices, or select a list for how it is answered")
        if len({tick.split(":")[0] for tick in cleaned.get("shown_if", [])}) > 1:
            self.add_error("shown_if", "Tick answers to one question only")
        return cleaned

    def _kind(self, cleaned: Mapping[str, Any]) -> Kind | None:
        if "kind" not in self.fields and self.question is not None:
            return self.question.kind
        return Kind(cleaned["kind"]) if cleaned.get("kind") else None

    def as_question(self) -> rules.Question:
        """Make the question that was described."""
        cleaned = self.cleaned_data
        kind = self._kind(cleaned)
        assert kind is not None  # the form is valid
        ticks = [tick.split(":", 1) for tick in cleaned.get("shown_if", [])]
        return rules.Question(
            key=self.question.key if self.question else "new",
            label=cleaned["label"].strip(),
            help=cleaned["help"].strip(),
            kind=kind,
            choices=rules.choices_of(
                cleaned["choices"].splitlines() if kind in WITH_CHOICES else [],
                self.question.choices if self.question else (),
            ),
            required=cleaned["required"],
            audience=Audience(cleaned["audience"]),
            shown_if=rules.ShownIf(ticks[0][0], tuple(tick[1] for tick in ticks))
            if ticks
            else None,
        )


class PublishForm(forms.Form):
    """Nothing is typed: what is posted is which state of the draft was read."""

    submit_label = "Publish"
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
