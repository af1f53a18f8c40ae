"""Agreements, their published versions, and who has accepted them.

What is published is never changed: versions, clauses, terms, acceptances and receipts are protected
by triggers in the database. An `Agreement` row itself only says which page it comes from and
whether it is still offered.
"""

from workflows.agreements.models.acceptances import (
    Acceptance,
    AcceptanceRequest,
    ReadingPosition,
    Receipt,
)
from workflows.agreements.models.agreements import (
    Agreement,
    AgreementParty,
    AgreementQuerySet,
)
from workflows.agreements.models.legal import (
    LegalEdition,
    LegalReference,
)
from workflows.agreements.models.life import (
    PolicyAct,
    ReviewRecord,
    TextReview,
)
from workflows.agreements.models.questions import (
    Question,
    QuestionQuerySet,
)
from workflows.agreements.models.reservations import (
    Reservation,
    ReservationMessage,
    ReservationQuerySet,
    Variation,
)
from workflows.agreements.models.versions import (
    AgreementVersion,
    Clause,
    Term,
)

__all__ = [
    "Acceptance",
    "AcceptanceRequest",
    "Agreement",
    "AgreementParty",
    "AgreementQuerySet",
    "AgreementVersion",
    "Clause",
    "LegalEdition",
    "LegalReference",
    "PolicyAct",
    "Question",
    "QuestionQuerySet",
    "ReadingPosition",
    "Receipt",
    "Reservation",
    "ReservationMessage",
    "ReservationQuerySet",
    "ReviewRecord",
    "Term",
    "TextReview",
    "Variation",
]
