"""What a table may ask about: facts of pupil and case, and the answers to a partnership's questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.cases.states import YEAR_GROUPS, Audience, PrimaryNeed, SenStatus
from workflows.criteria.states import NO, YES, Kind
from workflows.questionnaires import states as questions

if TYPE_CHECKING:
    from workflows.questionnaires.rules import Content

_YES_NO = ((YES, "Yes"), (NO, "No"))


@dataclass(frozen=True)
class Fact:
    """One thing known about a referral.

    `whole` says of a number that it has no fractions, `always` that it is known of every referral.
    """

    key: str
    label: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    always: bool = False

    def named(self, value: str) -> str:
        """Give one of the choices in words; what is no choice any more, as it was kept."""
        return dict(self.choices).get(value, value)


Catalogue = Mapping[str, Fact]


def _choices(pairs: Iterable[tuple[Any, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in pairs)


BUILT_IN: dict[str, Fact] = {
    fact.key: fact
    for fact in (
        Fact("year_group", "Year group", Kind.CHOICE, _choices(YEAR_GROUPS), always=True),
        Fact(
            "key_stage",
            "Key stage",
            Kind.CHOICE,
            _choices((number, f"Key stage {number}") for number in range(1, 5)),
            always=True,
        ),
        Fact("age", "Age in years", Kind.NUMBER, whole=True, always=True),
        Fact(
            "sen_status",
            "Special educational needs",
            Kind.CHOICE,
            _choices(SenStatus.choices),
            always=True,
        ),
        Fact("primary_need", "Primary need", Kind.CHOICE, _choices(PrimaryNeed.choices)),
        Fact(
            "looked_after", "Looked after by a local authority", Kind.YES_NO, _YES_NO, always=True
        ),
        Fact(
            "has_medical_evidence", "There is medical evidence", Kind.YES_NO, _YES_NO, always=True
        ),
        Fact(
            "medical_evidence_age_days",
            "Age of the newest medical evidence in days",
            Kind.NUMBER,
            whole=True,
        ),
    )
}

_KINDS: dict[str, Kind] = {
    questions.Kind.CHOOSE_ONE: Kind.CHOICE,
    questions.Kind.CHOOSE_SEVERAL: Kind.SEVERAL,
    questions.Kind.YES_NO: Kind.YES_NO,
    questions.Kind.NUMBER: Kind.NUMBER,
    questions.Kind.DATE: Kind.DATE,
}


def catalogue(content: Content) -> dict[str, Fact]:
    """List what may be asked: the facts there always are, and the questions of a form.

    Questions answered in sentences decide nothing by themselves, and what is kept to
    safeguarding must not be read off an officer's advice: both are left out.
    """
    asked = {
        question.key: Fact(
            question.key,
            question.label,
            _KINDS[question.kind],
            tuple((one.value, one.label) for one in question.options),
        )
        for question in content.questions
        if question.kind in _KINDS and question.audience != Audience.SAFEGUARDING
    }
    return {**BUILT_IN, **asked}


def key_stage(year_group: int) -> int:
    """Answer in which key stage (1 to 4) a year group is."""
    return next(stage for stage, last in ((1, 2), (2, 6), (3, 9), (4, 11)) if year_group <= last)
