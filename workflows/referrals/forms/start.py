"""What the school types before a referral exists: which school, which pupil, and why another case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from permissions.models import Organisation
from workflows.cases.forms import PupilForm
from workflows.engine import fields, searches

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workflows.cases.models import Pupil

NEW_PUPIL = "new"


class SchoolForm(forms.Form):
    """Which school refers: asked of those who refer for several."""

    submit_label = "Continue"
    school = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="Which school is referring the pupil?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select the school that is referring the pupil"},
    )

    def __init__(self, *args: Any, schools: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # it is a choice of rows


class FindPupilForm(forms.Form):
    """Whom the school looks for among the pupils it has recorded."""

    submit_label = "Find the pupil"
    q = forms.CharField(
        label="Name or unique pupil number (UPN)",
        help_text="The beginning of a first or last name is enough",
        max_length=searches.LONGEST,
        error_messages={"required": "Enter a name or a unique pupil number (UPN)"},
    )


class StartForm(PupilForm):
    """The pupil's page once more, asking whether it is a pupil recorded, and why another case.

    `pupils` are those recorded who may be this one, `with_case` the ids of those who have an open
    case. `elsewhere` says that another school has one, so that a reason is needed anyway.
    """

    asked = forms.CharField(required=False, initial="1", widget=forms.HiddenInput)
    another_because = fields.LongTextField(
        label="Why do you open another case?",
        required=False,
        max_length=500,
        rows=3,
    )

    def __init__(
        self,
        *args: Any,
        pupils: list[Pupil],
        with_case: set[int],
        elsewhere: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.with_case = with_case
        self.elsewhere = elsewhere
        reason = self.fields.pop("another_because")
        if pupils:
            self.fields["same_pupil"] = fields.RadioField(
                label="Is this one of the pupils already recorded by your school?",
                choices=[
                    *((str(pupil.pk), f"Yes, {_who(pupil)}") for pupil in pupils),
                    (NEW_PUPIL, "No, this is a different pupil"),
                ],
                error_messages={"required": "Select whether this is a pupil already recorded"},
            )
        if with_case or elsewhere:
            self.fields["another_because"] = reason
            reason.required = elsewhere
            reason.error_messages["required"] = "Enter why you open another case"
            if not elsewhere:
                reason.label = "If you open another case for a pupil who has one, why?"

    def clean(self) -> dict[str, Any]:
        """Ask why another case is opened where the pupil chosen has one."""
        cleaned = super().clean()
        chosen = cleaned.get("same_pupil", "")
        if (
            chosen.isdigit()
            and int(chosen) in self.with_case
            and not (cleaned.get("another_because") or self.has_error("another_because"))
        ):
            self.add_error("another_because", "Enter why you open another case for this pupil")
        return cleaned


class KnownPupilForm(PupilForm):
    """The page of a pupil whom the school has recorded, with why there is another case."""

    another_because = fields.LongTextField(
        label="Why do you open another case?",
        max_length=500,
        rows=3,
        error_messages={"required": "Enter why you open another case for this pupil"},
    )

    def __init__(self, *args: Any, ask_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_why:
            del self.fields["another_because"]


def _who(pupil: Pupil) -> str:
    born = pupil.date_of_birth
    return f"{pupil.full_name}, born {born.day} {born:%B %Y}"
