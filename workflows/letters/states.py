"""The tables of letters: which there are, to whom they go, and what may stand in each.

Tables, and how a letter is named. How its text is read, checked and filled in is in `rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models


class Kind(models.TextChoices):
    """What a letter tells."""

    DECISION_ACCEPTED = "decision-accepted", "Referral accepted"
    DECISION_DECLINED = "decision-declined", "Referral declined"
    DECISION_DEFERRED = "decision-deferred", "Referral deferred"
    REVIEW_UPHELD = "review-upheld", "Review: the decision stays"
    REVIEW_RETURNED = "review-returned", "Review: the panel decides again"
    PERMISSION_WITHDRAWN = "permission-withdrawn", "Parental permission withdrawn"


class Addressee(models.TextChoices):
    """To whom a letter is written."""

    SCHOOL = "school", "School"
    FAMILY = "family", "Family"


# Of no case: the numbers of a year begin with 1.
EXAMPLE_REFERENCE: Final = "AC-2026-0000"


@dataclass(frozen=True)
class Field:
    """A merge field: what it stands for, and an invented value for the example."""

    name: str
    description: str
    example: str


_EVERYWHERE = (
    Field("pupil first name", "The pupil’s first name", "Robin"),
    Field("pupil full name", "The pupil’s first and last name", "Robin O’Sample"),
    Field("pupil date of birth", "The pupil’s date of birth", "3 May 2014"),
    Field("pupil year group", "The pupil’s year group, as a number", "7"),
    Field("case reference", "The reference of the case", EXAMPLE_REFERENCE),
    Field("school name", "The school that referred the pupil", "Example School"),
    Field("partnership name", "The partnership", "Example Partnership"),
    Field(
        "partnership email",
        "The partnership’s email address; empty where it has none",
        "panel@partnership.example",
    ),
    Field("authority name", "The local authority", "Example County Council"),
    Field("date of letter", "The day on which the letter is made", "2 March 2026"),
)
_DECISION = (
    Field("decision date", "The day of the panel’s decision", "27 February 2026"),
    Field(
        "reasons",
        "The reasons for the decision, in as many paragraphs as the chair wrote",
        "The evidence was considered with what the school has tried first.\n\n"
        "The panel was grateful for the pupil’s own views.",
    ),
    Field(
        "conditions",
        "The conditions of the decision; empty where there are none",
        "- A report by the educational psychologist before the start\n- A named person at school",
    ),
    Field("chair name", "The chair who recorded the decision", "Sam Example"),
)
_REVIEWABLE = (
    Field(
        "ask for a review by",
        "The last day on which a review of the decision can be asked for",
        "27 March 2026",
    ),
)
_DEFERRED = (
    Field(
        "deferred until",
        "Until when, or until what arrives; empty where the panel has not said",
        "The medical report has arrived",
    ),
)
_REVIEW = (
    Field("decision date", "The day of the panel’s decision", "27 February 2026"),
    Field("review asked on", "The day on which the review was asked for", "9 March 2026"),
    Field("reviewed on", "The day on which the review was decided", "20 March 2026"),
    Field("reviewer name", "Who decided the review", "Alex Example"),
    Field(
        "reasons of the review",
        "The reasons of whoever decided the review",
        "The panel had all the evidence before it, and its reasons follow the criteria.",
    ),
)
_PERMISSION = (
    Field("withdrawn on", "The day on which permission was withdrawn", "2 March 2026"),
    Field("withdrawn by", "Who withdrew permission", "Jo O’Sample, parent"),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.DECISION_ACCEPTED: _EVERYWHERE + _DECISION,
    Kind.DECISION_DECLINED: _EVERYWHERE + _DECISION + _REVIEWABLE,
    Kind.DECISION_DEFERRED: _EVERYWHERE + _DECISION + _DEFERRED,
    Kind.REVIEW_UPHELD: _EVERYWHERE + _REVIEW,
    Kind.REVIEW_RETURNED: _EVERYWHERE + _REVIEW,
    Kind.PERMISSION_WITHDRAWN: _EVERYWHERE + _PERMISSION,
}

_PUPIL = ("pupil first name", "pupil full name")

# What must stand in a letter's text: at least one of each group.
REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.DECISION_ACCEPTED: (_PUPIL, ("conditions",)),
    Kind.DECISION_DECLINED: (_PUPIL, ("reasons",), ("ask for a review by",)),
    Kind.DECISION_DEFERRED: (_PUPIL, ("reasons",)),
    Kind.REVIEW_UPHELD: (_PUPIL, ("reasons of the review",)),
    Kind.REVIEW_RETURNED: (_PUPIL, ("reasons of the review",)),
    Kind.PERMISSION_WITHDRAWN: (_PUPIL, ("withdrawn on",)),
}


def slug(kind: Kind | str, addressee: Addressee | str) -> str:
    """Give the part of an address that names a letter."""
    return f"{Kind(kind).value}-{Addressee(addressee).value}"


def from_slug(value: str) -> tuple[Kind, Addressee] | None:
    """Find the letter that a part of an address names."""
    return next(
        (
            (kind, addressee)
            for kind in Kind
            for addressee in Addressee
            if slug(kind, addressee) == value
        ),
        None,
    )


def title(kind: Kind | str, addressee: Addressee | str) -> str:
    """Give a letter's name, as in “Referral accepted, to the school”."""
    return f"{Kind(kind).label}, to the {Addressee(addressee).label.lower()}"
