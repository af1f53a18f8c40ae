"""What panel members and chairs type, and how a panel is set up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from workflows.engine import fields
from workflows.referrals import rules
from workflows.referrals.forms.writing import _LONG
from workflows.referrals.states import Choice, Outcome, VotesShown

CONFLICT = "conflict"

LONGEST_CONDITION = 1000


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


class ChangeVoteForm(VoteForm):
    """A vote in the place of an earlier one; `replaces` is the number of the one that was shown."""

    submit_label = "Change my vote"
    replaces = forms.IntegerField(widget=forms.HiddenInput)


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
        help_text=(
            "Only if the panel accepts. One condition on each line, for example a report that must "
            "arrive before the start"
        ),
        max_length=_LONG,
        rows=4,
        required=False,
    )
    deferred_until = fields.DateInputField(
        label="Deferred until",
        help_text="Only if the panel defers. The officer is asked to bring the referral back by then",
        required=False,
    )
    deferred_for = forms.CharField(
        label="What the panel waits for",
        help_text="Only if the panel defers. For example, the consultant’s next letter",
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask until when or for what a referral is deferred, and for nothing that does not fit."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        until, what = cleaned.get("deferred_until"), cleaned.get("deferred_for") or ""
        if outcome == Outcome.DEFER:
            if "deferred_until" not in self.errors and (
                reason := rules.why_cannot_defer(until=until, what=what, today=timezone.localdate())
            ):
                self.add_error("deferred_until", reason.rstrip("."))
        elif outcome:
            if until:
                self.add_error("deferred_until", "Delete the date, or select to defer")
            if what:
                self.add_error(
                    "deferred_for", "Delete what the panel waits for, or select to defer"
                )
        if outcome and outcome != Outcome.ACCEPT and cleaned.get("conditions"):
            self.add_error("conditions", "Delete the conditions, or select to accept")
        if any(len(line) > LONGEST_CONDITION for line in self.conditions_listed()):
            self.add_error("conditions", "Each condition must be 1,000 characters or fewer")
        return cleaned

    def conditions_listed(self) -> list[str]:
        """Give the conditions, a line each."""
        written = self.cleaned_data.get("conditions") or ""
        return [line.strip() for line in written.splitlines() if line.strip()]


class PanelSettingsForm(forms.Form):
    """How a panel works."""

    submit_label = "Save"
    quorum = forms.IntegerField(
        label="How many votes does the panel need to decide?",
        min_value=1,
        max_value=30,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    votes_shown = fields.RadioField(
        label="When do members see how the others have voted?",
        choices=VotesShown.choices,
        initial=VotesShown.AFTER_DECISION,
        error_messages={"required": "Select when members see the votes"},
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
    ask_review_working_days = forms.IntegerField(
        label="Working days to ask for a review of a decision",
        help_text="Used while the published agreement has no clause with this number",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    review_working_days = forms.IntegerField(
        label="Working days to review a decision",
        help_text="Used while the published agreement has no clause with this number",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
