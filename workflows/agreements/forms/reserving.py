"""What is said about a reservation: by whoever reserves, by the partnership, and until it is settled."""

from decimal import Decimal
from typing import Any

from django import forms

from workflows.agreements import measures, rules
from workflows.engine import fields

# The most characters that may be said at once.
LONG = 4000


class ReserveForm(forms.Form):
    """Why an organisation cannot accept a clause, and what it would rather read."""

    submit_label = "Reserve the clause"

    reason = fields.LongTextField(
        label="Why can your organisation not accept this clause as it is?",
        max_length=LONG,
        error_messages={"required": "Say why your organisation cannot accept the clause"},
    )
    proposed_text = fields.LongTextField(
        label="What should the clause say instead?",
        max_length=LONG,
        required=False,
        help_text="Leave this empty if you would rather talk about it first.",
    )


class AnswerReservationForm(forms.Form):
    """The partnership's answer: other words and numbers, or a refusal."""

    PROPOSE = "propose"
    REFUSE = "refuse"

    decision = fields.RadioField(
        label="What is your answer?",
        choices=[
            (PROPOSE, "Propose a variation for this organisation"),
            (REFUSE, "Refuse: the clause stays as it is"),
        ],
        hints={
            PROPOSE: "Enter the words below. It holds once the organisation agrees.",
            REFUSE: "Say why below. The organisation can still accept the agreement.",
        },
        error_messages={"required": "Select your answer"},
    )
    text = fields.LongTextField(
        label="Words of the clause for this organisation",
        max_length=LONG,
        help_text="Only for a variation.",
        error_messages={"required": "Enter the words of the clause for this organisation"},
    )

    def __init__(self, *args: Any, clause: rules.Content | None, offered: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.clause = clause or {"text": "", "terms": []}
        self.fields["text"].initial = offered or self.clause["text"]
        for term in self.clause["terms"]:
            measure = measures.REGISTER[term["measure"]]
            self.fields[f"number_{measure.code}"] = forms.DecimalField(
                label=f"{measure.label} ({measure.unit_label})",
                initial=term["value"],
                max_digits=8,
                decimal_places=2,
                widget=forms.TextInput(
                    attrs={"class": "govuk-input--width-4", "inputmode": "decimal"}
                ),
                error_messages={
                    "required": f"Enter the number for “{measure.label}”",
                    "invalid": f"“{measure.label}” must be a number, like 6 or 2.5",
                },
            )
        self.fields["note"] = fields.LongTextField(
            label="Why",
            max_length=LONG,
            required=False,
            help_text="Needed when you refuse. The organisation reads it.",
        )

    @property
    def values(self) -> dict[str, Decimal]:
        """The proposed numbers by measure."""
        return {
            term["measure"]: value
            for term in self.clause["terms"]
            if (value := self.cleaned_data.get(f"number_{term['measure']}")) is not None
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal, and for a proposal that changes something."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.REFUSE and not cleaned.get("note"):
            self.add_error("note", "Say why the clause has to stay as it is")
        if cleaned.get("decision") == self.PROPOSE and not self.errors:
            for code, value in self.values.items():
                if reason := measures.why_not(code, value):
                    self.add_error(f"number_{code}", reason)
            if not self.errors and (
                reason := rules.why_cannot_propose(
                    clause=self.clause, text=cleaned.get("text", ""), values=self.values
                )
            ):
                self.add_error("text", reason)
        return cleaned


class ConsiderForm(forms.Form):
    """The organisation's answer to a proposed variation."""

    AGREE = "agree"
    TURN_DOWN = "turn_down"

    decision = fields.RadioField(
        label="What is your answer?",
        choices=[
            (AGREE, "Agree to the variation"),
            (TURN_DOWN, "Turn it down"),
        ],
        hints={
            AGREE: "It holds for your organisation at once, also in later versions.",
            TURN_DOWN: "The partnership can then propose something else, or refuse.",
        },
        error_messages={"required": "Select your answer"},
    )
    reason = fields.LongTextField(
        label="What can your organisation not agree to?",
        max_length=LONG,
        required=False,
        help_text="Needed when you turn the proposal down.",
    )
    # The proposal that was on the screen: what is agreed to is what was read.
    proposal = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposal_id: int, wording: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proposal_id = proposal_id
        self.fields["decision"].choice_hints[self.AGREE] = wording  # type: ignore[attr-defined]  # a RadioField
        # Also over what was kept from an earlier look at an earlier proposal.
        self.initial["proposal"] = proposal_id

    def clean(self) -> dict[str, Any]:
        """Ask why it is turned down; refuse when another proposal came meanwhile."""
        cleaned = super().clean() or {}
        if cleaned.get("proposal") != self.proposal_id:
            raise forms.ValidationError(
                "The proposal was replaced while you were reading. "
                "Open it again from your tasks and read the new one."
            )
        if cleaned.get("decision") == self.TURN_DOWN and not cleaned.get("reason"):
            self.add_error("reason", "Say what your organisation cannot agree to")
        return cleaned


class CommentForm(forms.Form):
    """Something said about a reservation."""

    submit_label = "Send"

    body = fields.LongTextField(
        label="Say something about it",
        max_length=LONG,
        help_text="The organisation and the partnership can read it. It cannot be changed later.",
        error_messages={"required": "Enter what you want to say"},
    )


class WithdrawForm(forms.Form):
    """Why a reservation is taken back."""

    submit_label = "Withdraw the reservation"

    reason = fields.LongTextField(
        label="Why do you withdraw it?",
        max_length=LONG,
        rows=3,
        error_messages={"required": "Say in a few words why you withdraw it"},
    )
