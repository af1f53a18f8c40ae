"""Who becomes a party, and how the lists of parties and versions are narrowed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from permissions.models import Organisation
from workflows.agreements.models import Agreement
from workflows.agreements.states import PARTY_OF_KIND, Scope, Standing
from workflows.engine import fields

SORTS = {"": "Name", "status": "State", "newest": "Accepted last, newest first"}


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
