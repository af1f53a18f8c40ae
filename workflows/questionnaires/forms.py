"""What a person types: the answers to a section's questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from workflows.engine import fields
from workflows.questionnaires import rules
from workflows.questionnaires.states import LARGEST_NUMBER, MAX_LENGTHS, Kind


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
