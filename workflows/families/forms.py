"""What the school and the family type."""

from __future__ import annotations

from typing import Any

from django import forms

from workflows.cases.states import Voice
from workflows.engine import fields
from workflows.families import rules


class MakeLinkForm(forms.Form):
    """For whose words, and for how long."""

    submit_label = "Make the link"
    voice = fields.RadioField(
        label="Whose views do you ask for?",
        choices=Voice.choices,
        error_messages={"required": "Select whose views you ask for"},
    )
    days = forms.TypedChoiceField(
        label="How long is the link good for?",
        coerce=int,
        choices=[(days, f"{days} days") for days in rules.DAYS],
        initial=14,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how long the link is good for"},
    )


class DateOfBirthForm(forms.Form):
    """The second thing that a family must know, besides the link."""

    submit_label = "Continue"
    date_of_birth = fields.DateInputField(
        label="What is the young person’s date of birth?",
        in_the_past=True,
        help_text="For example, 27 3 2013. If you are the young person, enter your own",
        error_messages={"required": "Enter the date of birth"},
    )


_LABELS: dict[str, dict[str, str]] = {
    Voice.PUPIL: {
        "going_well": "What do you like, or what goes well?",
        "difficult": "What is hard for you at the moment?",
        "would_help": "What would help you to learn?",
        "anything_else": "Is there anything else you want people to know?",
    },
    Voice.PARENT: {
        "going_well": "What goes well for your child?",
        "difficult": "What is hard at the moment?",
        "would_help": "What would help, at school or elsewhere?",
        "anything_else": "Is there anything else people should know?",
    },
}


class WordsForm(forms.Form):
    """What a pupil or a parent thinks; none of the questions has to be answered."""

    submit_label = "Send"
    who = forms.CharField(
        label="Who are you?",
        help_text="Your name, and whether you are the mother, the father or somebody else",
        max_length=200,
        error_messages={"required": "Enter who you are"},
    )
    going_well = fields.LongTextField(required=False, max_length=4000, rows=4)
    difficult = fields.LongTextField(required=False, max_length=4000, rows=4)
    would_help = fields.LongTextField(required=False, max_length=4000, rows=4)
    anything_else = fields.LongTextField(required=False, max_length=4000, rows=4)

    def __init__(self, *args: Any, voice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if voice == Voice.PUPIL:
            del self.fields["who"]
        for name, label in _LABELS[voice].items():
            self.fields[name].label = label

    def clean(self) -> dict[str, Any]:
        """Ask for something in one of the boxes at least."""
        cleaned = super().clean() or {}
        if not self.errors and not any(
            str(cleaned.get(name, "")).strip() for name in _LABELS[Voice.PUPIL]
        ):
            self.add_error("going_well", "Write something in at least one of the boxes")
        return cleaned
