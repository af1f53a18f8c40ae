"""What people type about offers and placements, and the messages they get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from workflows.engine import fields
from workflows.providers import queries as providers

from . import queries, rules
from .states import PlacementStatus

if TYPE_CHECKING:
    from permissions.models import Organisation

    from .models import Placement

ACCEPT = "accept"
DECLINE = "decline"


class ProviderField(forms.ModelChoiceField):
    """A provider of the directory, shown with its free-text details."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the provider, and what it teaches where the directory says so."""
        return f"{obj.provider.name} ({obj.subjects})" if obj.subjects else str(obj.provider.name)


class OfferForm(forms.Form):
    """The terms on which a case is offered to a provider."""

    entry = ProviderField(
        queryset=None,
        label="Provider",
        help_text="Only providers in your directory can be offered a place.",
        error_messages={"required": "Select a provider"},
    )
    hours_per_week = forms.DecimalField(
        label="Hours a week",
        max_digits=4,
        decimal_places=1,
        min_value=0,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-4", "inputmode": "decimal", "autocomplete": "off"}
        ),
        error_messages={
            "required": "Enter the hours a week",
            "invalid": "Hours a week must be a number, like 5 or 2.5",
            "max_decimal_places": "Hours a week must have one decimal place at most, like 2.5",
            "min_value": "Hours a week must be more than 0",
        },
    )
    starts_date = fields.DateInputField(label="Start date", in_the_future=True)
    ends_date = fields.DateInputField(
        label="End date",
        required=False,
        help_text="Leave this empty if it is not known yet. Reviews decide how long it lasts.",
    )
    message = fields.LongTextField(
        label="What the provider should know",
        required=False,
        max_length=4000,
        help_text="The provider can read the pupil's profile from now on.",
    )

    submit_label = "Continue"

    def __init__(self, *args: Any, partnership: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["entry"]
        field.queryset = providers.directory(partnership)
        limit = queries.hours_limit(partnership)
        if limit is not None:
            self.fields["hours_per_week"].help_text = (
                f"Up to {rules.plain(limit.value)}: {queries.place_of(limit)} of your agreement. "
                "The number may differ for a provider with a variation of its own, or one that has "
                "not accepted this version yet."
            )


class AnswerForm(forms.Form):
    """A provider's answer to an offer."""

    answer = fields.RadioField(
        label="Do you accept this place?",
        choices=[(ACCEPT, "Yes, accept the place"), (DECLINE, "No, decline the place")],
        error_messages={"required": "Select whether you accept the place"},
    )
    reasons = fields.LongTextField(
        label="If you decline, why?",
        required=False,
        max_length=4000,
        help_text="The partnership and the school read this.",
    )

    # The version that was on the screen, where taking the place accepts it.
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    submit_label = "Continue"

    def __init__(self, *args: Any, sha256: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sha256:
            # Also over what was kept from an earlier look at an earlier version.
            self.initial["version"] = sha256
        else:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        """Ask for reasons when the place is declined."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == DECLINE and not cleaned.get("reasons"):
            self.add_error("reasons", "Enter why you decline the place")
        if cleaned.get("answer") == ACCEPT:
            cleaned["reasons"] = ""
        return cleaned


class StartForm(forms.Form):
    """The day on which a placement starts."""

    starts_date = fields.DateInputField(label="When does the placement start?")

    submit_label = "Continue"

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_date"].initial = max(
            placement.starts_date, timezone.localdate(placement.agreed_at)
        )
        self.fields[
            "starts_date"
        ].help_text = (
            f"Agreed: {placement.starts_date:%-d %B %Y}. Reviews are counted from this day."
        )


class WithdrawForm(forms.Form):
    """Why an offer is taken back."""

    reasons = fields.LongTextField(
        label="Why is the offer withdrawn?",
        max_length=4000,
        error_messages={"required": "Enter why the offer is withdrawn"},
    )

    submit_label = "Withdraw the offer"


class ListForm(forms.Form):
    """What narrows the list of placements."""

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "All"), *PlacementStatus.choices]
    )


def _number(label: str, help_text: str, *, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=200,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )


_UNLESS = "Used while the agreement has no clause with this number"


class TimingsForm(forms.Form):
    """A partnership's own numbers for what its agreement says nothing about."""

    submit_label = "Save"
    allocate_within = _number(
        "Working days to offer an accepted case to a provider", "From the panel’s decision"
    )
    answer_offer_within = _number("Working days for a provider to answer an offer", _UNLESS)
    start_within = _number(
        "Working days to start a placement", "From the day nothing holds it up any more"
    )
    review_every = _number("Weeks from one review to the next", _UNLESS)
    review_opens_before = _number(
        "Days before a review is due that its task appears", "0 means on the day", least=0
    )
    write_plan_within = _number(
        "Working days for the school to write a reintegration plan",
        "From the review that decided on the return",
    )
    close_within = _number(
        "Working days to close a case", "From the day its reintegration plan is complete"
    )
