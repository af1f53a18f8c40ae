"""A question about an agreement, and its answer."""

from django import forms

from workflows.agreements.forms.reserving import LONG
from workflows.agreements.states import QuestionKind
from workflows.engine import fields


class AskForm(forms.Form):
    """A question or a remark."""

    submit_label = "Send"

    kind = fields.RadioField(
        label="What do you want to send?",
        choices=[
            (QuestionKind.QUESTION, "A question"),
            (QuestionKind.FEEDBACK, "Feedback: something that could be better, or is good"),
        ],
        error_messages={"required": "Select whether it is a question or feedback"},
    )
    text = fields.LongTextField(
        label="Your question or feedback",
        max_length=LONG,
        help_text="Do not name a pupil. Your organisation and the partnership can read it.",
        error_messages={"required": "Enter your question or feedback"},
    )


class AnswerForm(forms.Form):
    """The answer to a question or a remark."""

    submit_label = "Send the answer"

    answer = fields.LongTextField(
        label="Your answer", max_length=LONG, error_messages={"required": "Enter the answer"}
    )
