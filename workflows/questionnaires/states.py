"""The tables of a questionnaire: how far a version is, the kinds of question, who may see an answer.

Tables only. The code that obeys them is in `rules` and `actions`.
"""

from __future__ import annotations

from django.db import models

from workflows.cases.states import Audience


class Status(models.TextChoices):
    """How far a version of a questionnaire is."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "In use"
    SUPERSEDED = "superseded", "Replaced"


class Kind(models.TextChoices):
    """How a question is answered."""

    SHORT_TEXT = "short_text", "A few words"
    LONG_TEXT = "long_text", "Sentences"
    YES_NO = "yes_no", "Yes or no"
    CHOOSE_ONE = "choose_one", "Choose one of a list"
    CHOOSE_SEVERAL = "choose_several", "Choose any of a list"
    DATE = "date", "A date"
    NUMBER = "number", "A number"
    EMAIL = "email", "An email address"
    PHONE = "phone", "A telephone number"


# Kinds with a list of choices of their own.
WITH_CHOICES = frozenset({Kind.CHOOSE_ONE, Kind.CHOOSE_SEVERAL})
# Kinds on whose answer it can depend whether a later question is asked.
DECIDING = WITH_CHOICES | {Kind.YES_NO}

YES, NO = "yes", "no"

# How long an answer may be, in characters.
MAX_LENGTHS: dict[Kind, int] = {
    Kind.SHORT_TEXT: 200,
    Kind.LONG_TEXT: 4000,
    Kind.EMAIL: 254,
    Kind.PHONE: 40,
}

# Numbers are kept as JSON has them: none that would lose its last figures.
LARGEST_NUMBER = 10**12

# Who may see an answer, in the words of the editor. Whoever writes a referral sees what is written
# while it is with the school; audiences that leave the school out altogether make no sense here.
AUDIENCES: dict[Audience, str] = {
    Audience.PARTIES: "Everyone in the case",
    Audience.SCHOOL_AND_COMMISSIONER: "School, partnership and local authority",
    Audience.MEDICAL: "People who may see medical evidence",
    Audience.SAFEGUARDING: "People who may see safeguarding records",
}
AUDIENCE_HINTS: dict[Audience, str] = {
    Audience.PARTIES: "Also the panel, and the provider from its offer on",
    Audience.SCHOOL_AND_COMMISSIONER: "Neither the panel’s members nor a provider",
    Audience.MEDICAL: "Also the panel’s members, while they consider the referral",
    Audience.SAFEGUARDING: "Heads, safeguarding leads, officers and auditors of those in the case",
}

# Facts about a pupil and a case that have these names already, and the names that a page posts
# besides its answers: a question takes none of them.
RESERVED_KEYS = frozenset(
    {
        "add",
        "age",
        "asked",
        "csrfmiddlewaretoken",
        "days_missed",
        "ehc_plan",
        "has_medical_evidence",
        "key_stage",
        "looked_after",
        "medical_evidence_age_days",
        "primary_need",
        "save",
        "school",
        "sen_status",
        "year_group",
    }
)

# Limits of a questionnaire: a form longer than this is not filled in.
MAX_SECTIONS = 20
MAX_QUESTIONS = 100
MAX_CHOICES = 40
