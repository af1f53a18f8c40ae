"""What a signatory types, what is said about a reservation, what is asked, and what is filtered."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from permissions.models import Organisation, User
from workflows.agreements import measures, rules
from workflows.agreements.models import Agreement
from workflows.agreements.states import PARTY_OF_KIND, ActKind, QuestionKind, Scope, Standing
from workflows.engine import fields

SORTS = {"": "Name", "status": "State", "newest": "Accepted last, newest first"}
LEAD = ("lead_name", "lead_contact", "lead_trained_date", "is_policy_received")


class AcceptForm(forms.Form):
    """The evidence of an acceptance: who, in which position, by what right, and that they mean it.

    The activity is asked where the agreement is for one, the safeguarding lead where it asks.
    """

    name = forms.CharField(label="Full name", max_length=200)
    position = forms.CharField(
        label="Position in the organisation", max_length=200, help_text="For example, head teacher."
    )
    authority = forms.CharField(
        label="Authority to accept",
        max_length=200,
        help_text=(
            "By what right you accept for the organisation. "
            "For example, head of the school, or director of the company."
        ),
        error_messages={"required": "Enter by what right you accept for the organisation"},
    )
    activity = forms.CharField(
        label="Activity",
        max_length=200,
        help_text="The activity that you accept the agreement for. Do not name a pupil.",
        error_messages={"required": "Enter the activity that you accept the agreement for"},
    )
    lead_name = forms.CharField(
        label="Name of your safeguarding lead",
        max_length=200,
        error_messages={"required": "Enter the name of your safeguarding lead"},
    )
    lead_contact = forms.CharField(
        label="How to reach your safeguarding lead",
        max_length=200,
        help_text="A telephone number or an e-mail address.",
        error_messages={"required": "Enter how to reach your safeguarding lead"},
    )
    lead_trained_date = fields.DateInputField(
        label="When was your safeguarding lead last trained?", in_the_past=True
    )
    is_policy_received = forms.BooleanField(
        label="We have received a copy of the safeguarding policy that goes with this agreement",
        error_messages={
            "required": "Tick the box to say that you have received the safeguarding policy"
        },
    )
    confirmed = forms.BooleanField(
        error_messages={"required": "Tick the box to say that you accept the agreement"}
    )
    # The version that was on the screen: what is accepted is what was read.
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        statement: str,
        sha256: str,
        signatory: User,
        asks_activity: bool = False,
        activity: str = "",
        asks_lead: bool = False,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        if not asks_activity:
            del self.fields["activity"]
        else:
            self.fields["activity"].initial = activity
        if not asks_lead:
            for name in LEAD:
                del self.fields[name]
        self.sha256 = sha256
        self.fields["confirmed"].label = statement
        self.fields["name"].initial = signatory.get_full_name()
        # Also over what was kept from an earlier look at an earlier version.
        self.initial["version"] = sha256

    def clean(self) -> dict[str, Any]:
        """Refuse when the text was published again after the page was opened."""
        cleaned = super().clean() or {}
        if cleaned.get("version") != self.sha256:
            raise forms.ValidationError(
                "The agreement was published again while you were reading. "
                "Open it again from your tasks and read the new text."
            )
        return cleaned

    @property
    def lead(self) -> rules.SafeguardingLead | None:
        """The safeguarding lead that a valid form names, where it was asked for."""
        if "lead_name" not in self.fields:
            return None
        given = self.cleaned_data
        return rules.SafeguardingLead(
            given["lead_name"],
            given["lead_contact"],
            given["lead_trained_date"],
            given["is_policy_received"],
        )


class CheckForm(forms.Form):
    """The hash printed on a receipt."""

    hash = forms.RegexField(
        label="Hash on the receipt",
        regex=r"^\s*[0-9a-fA-F]{64}\s*$",
        max_length=80,
        help_text="64 letters and digits, as printed on the receipt, or the hash of its file.",
        error_messages={
            "required": "Enter the hash on the receipt",
            "invalid": "The hash must be 64 characters long, with digits and the letters a to f",
        },
    )


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


class CompareForm(forms.Form):
    """Which two versions to compare."""

    before = forms.TypedChoiceField(label="From", coerce=int, required=False)
    after = forms.TypedChoiceField(label="To", coerce=int, required=False)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = [  # type: ignore[attr-defined]  # it is a choice
                (number, f"Version {number}") for number in numbers
            ]


def party_filters(given: QueryDict) -> dict[str, Any]:
    """Read the filters of the list of parties from an address; what makes no sense filters nothing."""
    number = given.get("version", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 6
    known = {"party": PARTY_OF_KIND, "status": Standing.values, "sort": SORTS}
    return {
        **{
            name: given.get(name, "") if given.get(name, "") in choices else ""
            for name, choices in known.items()
        },
        "version": int(number) if is_number else None,
        "show": "acceptances" if given.get("show") == "acceptances" else "parties",
    }


class PartyFilters(forms.Form):
    """Filters and order of the list of parties. Drawn only: the view reads the address."""

    party = forms.ChoiceField(
        label="Kind of party",
        required=False,
        choices=[
            ("", "All kinds"),
            ("provider", "Providers"),
            ("school", "Schools"),
            ("partnership", "The partnership itself"),
        ],
    )
    status = forms.ChoiceField(
        label="State", required=False, choices=[("", "All states"), *Standing.choices]
    )
    version = forms.ChoiceField(label="Version accepted", required=False)
    sort = forms.ChoiceField(label="Order", required=False, choices=list(SORTS.items()))

    def __init__(self, *, initial: dict[str, Any], numbers: list[int]) -> None:
        super().__init__(initial=initial, auto_id="filter_%s")
        self.fields["version"].choices = [  # type: ignore[attr-defined]  # a choice
            ("", "All versions"),
            *((str(number), f"Version {number}") for number in numbers),
        ]
        if initial["show"] == "acceptances":
            # Each acceptance stands for itself, the newest first.
            del self.fields["status"], self.fields["sort"]


class PartyForm(forms.Form):
    """Which organisation becomes a party, and whether it is asked to accept at once."""

    submit_label = "Continue"

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="Organisation",
        empty_label="Select an organisation",
        help_text="A school of the partnership, or a provider.",
        error_messages={"required": "Select an organisation"},
    )
    ask = fields.YesNoField(
        label="Ask it to accept now?",
        help_text="Its signatory, or the school’s head, gets a task and a message.",
        error_messages={"required": "Select yes if it is to be asked to accept now"},
    )
    activity = forms.CharField(
        label="Which activity is it for?",
        max_length=200,
        required=False,
        help_text="This agreement is accepted for each activity by its name. Do not name a pupil.",
    )

    def __init__(
        self,
        *args: Any,
        agreement: Agreement,
        organisations: QuerySet[Organisation],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a choice of rows
        if agreement.scope != Scope.ACTIVITY:
            del self.fields["activity"]
            # Accepted case by case: a placement asks by itself.
            if agreement.is_accepted_by_case:
                del self.fields["ask"]

    def clean(self) -> dict[str, Any]:
        """Ask for the activity's name where it is needed."""
        cleaned = super().clean() or {}
        if "activity" in self.fields and cleaned.get("ask") and not cleaned.get("activity"):
            self.add_error("activity", "Enter which activity it is for")
        return cleaned


class ReviewTextForm(forms.Form):
    """What the review of a published text came to, by whom and when."""

    UNCHANGED, CHANGES, WITHDRAW = "unchanged", "changes", "withdraw"

    submit_label = "Record the review"
    outcome = fields.RadioField(
        label="What did the review come to?",
        error_messages={"required": "Select what the review came to"},
    )
    name = forms.CharField(
        label="Who reviewed it?",
        max_length=200,
        error_messages={"required": "Enter who reviewed it"},
    )
    position = forms.CharField(
        label="Their position",
        max_length=200,
        help_text="For example, head teacher, or the full governing board",
        error_messages={"required": "Enter their position"},
    )
    reviewed_date = fields.DateInputField(
        label="When was it reviewed?",
        in_the_past=True,
        error_messages={"required": "Enter when it was reviewed"},
    )
    next_date = fields.DateInputField(
        label="When is it to be reviewed next?",
        help_text="Only if it stays as it is",
        in_the_future=True,
        required=False,
    )
    note = fields.LongTextField(
        label="Note",
        help_text="What needs to change, or why it is withdrawn. A reason for withdrawal is public.",
        max_length=2000,
        rows=4,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        may_ask_for_changes: bool,
        may_withdraw: bool,
        reviewer: User,
        today: datetime.date,
        next_date: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.UNCHANGED, "It stays as it is")]
        if may_ask_for_changes:
            choices.append((self.CHANGES, "It needs changes"))
        if may_withdraw:
            choices.append((self.WITHDRAW, "It is withdrawn"))
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]  # a choice
        self.fields["name"].initial = reviewer.get_full_name()
        self.fields["reviewed_date"].initial = today
        self.fields["next_date"].initial = next_date

    def clean(self) -> dict[str, Any]:
        """Ask for what goes with the outcome."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        asks_when = outcome == self.UNCHANGED and "next_date" not in self.errors
        if asks_when and not cleaned.get("next_date"):
            self.add_error("next_date", "Enter when it is to be reviewed next")
        if outcome == self.CHANGES and not cleaned.get("note"):
            self.add_error("note", "Enter what needs to change")
        if outcome == self.WITHDRAW and not cleaned.get("note"):
            self.add_error("note", "Enter why it is withdrawn")
        return cleaned


class WithdrawTextForm(forms.Form):
    """Why an agreement is taken out of force."""

    submit_label = "Withdraw it"
    reason = fields.LongTextField(
        label="Why is it withdrawn?",
        help_text="Anybody who follows an old link reads this. For example, what replaces it.",
        max_length=1000,
        rows=4,
        error_messages={"required": "Enter why it is withdrawn"},
    )


class PolicyActForm(forms.Form):
    """Who reviewed or approved a policy, and when."""

    submit_label = "Record it"
    kind = fields.RadioField(
        label="What was done?",
        choices=ActKind.choices,
        error_messages={"required": "Select what was done"},
    )
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="Of the head, or of whoever chaired the meeting of the board",
        error_messages={"required": "Enter a name"},
    )
    role = forms.CharField(
        label="Role",
        max_length=200,
        help_text="For example, head teacher, or chair of governors",
        error_messages={"required": "Enter a role"},
    )
    act_date = fields.DateInputField(
        label="When was it done?",
        in_the_past=True,
        error_messages={"required": "Enter when it was done"},
    )
    # The text that was on the screen: what is approved is what was read.
    text = forms.CharField(widget=forms.HiddenInput)
