"""The tables of criteria: how far a table is, what it may advise, what may be asked of which fact.

Tables only. The code that obeys them is in `rules` and `actions`.
"""

from __future__ import annotations

from django.db import models

from permissions.roles import Role


class Status(models.TextChoices):
    """How far a version of a decision table is."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "In use"
    SUPERSEDED = "superseded", "Replaced"


class Advice(models.TextChoices):
    """What a table may say of a referral. It advises; people decide."""

    MEETS = "meets", "Meets the criteria"
    DOES_NOT_MEET = "does_not_meet", "Does not meet the criteria"
    LOOK_CLOSER = "look_closer", "Look closer"


class Progress(models.TextChoices):
    """How far a trial on past referrals is."""

    QUEUED = "queued", "Waiting to start"
    RUNNING = "running", "Running"
    DONE = "done", "Finished"
    FAILED = "failed", "Failed"


class Kind(models.TextChoices):
    """What kind of thing a fact is."""

    CHOICE = "choice", "One of a list"
    SEVERAL = "several", "Any of a list"
    YES_NO = "yes_no", "Yes or no"
    NUMBER = "number", "A number"
    DATE = "date", "A date"


class Operator(models.TextChoices):
    """How a condition compares a fact with its value."""

    IS_ONE_OF = "is_one_of", "is one of"
    IS_NONE_OF = "is_none_of", "is none of"
    INCLUDES_ANY = "includes_any", "includes any of"
    INCLUDES_NONE = "includes_none", "includes none of"
    IS = "is", "is"
    AT_LEAST = "at_least", "is at least"
    AT_MOST = "at_most", "is at most"
    DAYS_AGO_AT_LEAST = "days_ago_at_least", "is at least so many days ago"
    DAYS_AGO_AT_MOST = "days_ago_at_most", "is at most so many days ago"
    ON_OR_BEFORE = "on_or_before", "is on or before"
    ON_OR_AFTER = "on_or_after", "is on or after"
    IS_KNOWN = "is_known", "is answered"
    IS_UNKNOWN = "is_unknown", "is not answered"


_ALWAYS = (Operator.IS_KNOWN, Operator.IS_UNKNOWN)

# What may be asked of each kind of fact, in the order in which it is offered.
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.CHOICE: (Operator.IS_ONE_OF, Operator.IS_NONE_OF, *_ALWAYS),
    Kind.SEVERAL: (Operator.INCLUDES_ANY, Operator.INCLUDES_NONE, *_ALWAYS),
    Kind.YES_NO: (Operator.IS, *_ALWAYS),
    Kind.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, *_ALWAYS),
    Kind.DATE: (
        Operator.DAYS_AGO_AT_LEAST,
        Operator.DAYS_AGO_AT_MOST,
        Operator.ON_OR_BEFORE,
        Operator.ON_OR_AFTER,
        *_ALWAYS,
    ),
}
WITHOUT_VALUE = frozenset(_ALWAYS)
WITH_LIST = frozenset(
    {Operator.IS_ONE_OF, Operator.IS_NONE_OF, Operator.INCLUDES_ANY, Operator.INCLUDES_NONE}
)
WITH_DATE = frozenset({Operator.ON_OR_BEFORE, Operator.ON_OR_AFTER})

YES, NO = "yes", "no"

# Limits: a table longer than this is read by nobody.
MAX_ROWS = 40
MAX_CONDITIONS = 10
MAX_EXPLANATION = 500

# What happens to a version, to the status it may start from and the status it leads to.
TRANSITIONS: dict[str, tuple[frozenset[Status], Status]] = {
    "publish": (frozenset({Status.DRAFT}), Status.PUBLISHED),
}
# Actions that change no status.
ALLOWED_IN: dict[str, frozenset[Status]] = {
    "change": frozenset({Status.DRAFT}),
    "discard": frozenset({Status.DRAFT}),
    "simulate": frozenset({Status.DRAFT}),
}

# Who has the next move in each status.
OWNERS: dict[Status, tuple[Role, ...]] = dict.fromkeys(Status, (Role.ADMINISTRATOR,))
