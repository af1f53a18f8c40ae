"""What is typed about the review of a decision."""

from __future__ import annotations

from django import forms

from workflows.engine import fields
from workflows.referrals.states import AskedFor, ReviewStatus


class AskForReviewForm(forms.Form):
    """Why a decision should be looked at again."""

    submit_label = "Ask for a review"
    asked_for = fields.RadioField(
        label="Who asks for the review?",
        choices=AskedFor.choices,
        error_messages={"required": "Select who asks for the review"},
    )
    reasons = fields.LongTextField(
        label="Why should the decision be looked at again?",
        help_text="If the family asks, write down what they say in their own words",
        max_length=4000,
        rows=8,
        error_messages={"required": "Enter why the decision should be looked at again"},
    )


class ReviewForm(forms.Form):
    """What came of the review."""

    submit_label = "Continue"
    outcome = fields.RadioField(
        label="What is the outcome of the review?",
        choices=[
            (ReviewStatus.UPHELD.value, "The decision stays"),
            (ReviewStatus.RETURNED.value, "The panel decides again"),
        ],
        hints={
            ReviewStatus.RETURNED.value: (
                "The case is open again, and the panel’s members vote anew at once"
            )
        },
        error_messages={"required": "Select the outcome of the review"},
    )
    reasons = fields.LongTextField(
        label="Reasons",
        help_text="They are in the letters to the school and the family",
        max_length=4000,
        rows=6,
        error_messages={"required": "Enter the reasons for your decision"},
    )
