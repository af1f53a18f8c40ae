"""The five demonstration agreements, written for the demonstration.

Each agreement is plain data: sections of clauses, each clause with the party that owes it and, where
it promises something measurable, its terms as (measure, value, unit). The figures follow what real
agreements of five different kinds commonly promise; the sentences are Accord's own.
"""

from portal.demonstration.texts.alternative import ALTERNATIVE_EDUCATION, INCLUSION
from portal.demonstration.texts.shape import (
    HEALTH_LAW,
    SAFEGUARDING_LAW,
    AgreementText,
    ClauseText,
    SectionText,
    TermText,
)
from portal.demonstration.texts.teaching import HEALTH_NEEDS, HOME_TUITION, OUTREACH

__all__ = [
    "ALTERNATIVE_EDUCATION",
    "HEALTH_LAW",
    "HEALTH_NEEDS",
    "HOME_TUITION",
    "INCLUSION",
    "OUTREACH",
    "SAFEGUARDING_LAW",
    "AgreementText",
    "ClauseText",
    "SectionText",
    "TermText",
]
