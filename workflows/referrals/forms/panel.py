"""What panel members and chairs type, and how a panel is set up."""

from __future__ import annotations

from django import forms

from workflows.engine import fields
from workflows.referrals.forms.writing import _LONG
from workflows.referrals.states import Choice, Outcome

CONFLICT = "conflict"


class VoteForm(forms.Form):
    """A panel member's vote, or declaration of a conflict of interest."""

    submit_label = "Continue"
    choice = fields.RadioField(
        label="What is your vote?",
        choices=[*Choice.choices, (CONFLICT, "I have a conflict of interest and cannot vote")],
        hints={
            CONFLICT: (
                "For example, you know the pupil or the family. You will not see the case any more"
            )
        },
        error_messages={"required": "Select your vote"},
    )
    reasons = fields.LongTextField(
        label="Reasons for your vote, or what your conflict of interest is",
        max_length=1000,
        rows=4,
        error_messages={"required": "Enter your reasons, or what your conflict of interest is"},
    )


class DecideForm(forms.Form):
    """The chair's decision."""

    submit_label = "Continue"
    outcome = fields.RadioField(
        label="What has the panel decided?",
        choices=Outcome.choices,
        error_messages={"required": "Select what the panel has decided"},
    )
    reasons = fields.LongTextField(
        label="Reasons",
        help_text="They are in the letter to the school",
        max_length=_LONG,
        rows=5,
        error_messages={"required": "Enter the reasons for the decision"},
    )
    conditions = fields.LongTextField(
        label="Conditions",
        help_text="For example, a report that must arrive before the start",
        max_length=_LONG,
        rows=3,
        required=False,
    )


class PanelSettingsForm(forms.Form):
    """How a panel works."""

    submit_label = "Save"
    quorum = forms.IntegerField(
        label="How many votes does the panel need to decide?",
        min_value=1,
        max_value=30,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    screen_working_days = forms.IntegerField(
        label="Working days to screen a referral",
        help_text="Used while the published agreement has no clause with this number",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    decide_working_days = forms.IntegerField(
        label="Working days for the panel to decide",
        help_text="Used while the published agreement has no clause with this number",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    answer_working_days = forms.IntegerField(
        label="Working days for the school to answer a question",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    reminder_working_days = forms.IntegerField(
        label="Working days before an answer is due on which the school is reminded",
        min_value=1,
        max_value=30,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
