"""The screens of agreements: the step that accepts, my agreements, who has accepted, the check."""

from workflows.agreements.views.accepting import (
    Accept,
    OpenRequest,
)
from workflows.agreements.views.comparing import (
    Compare,
)
from workflows.agreements.views.managing import (
    AddParty,
)
from workflows.agreements.views.parties import (
    Acceptances,
    DownloadReceipt,
    MyAgreements,
)
from workflows.agreements.views.places import (
    KeepPlace,
)
from workflows.agreements.views.publics import (
    Check,
    CheckResult,
    Version,
    VersionPdf,
    linked_data,
    reading,
)
from workflows.agreements.views.questions import (
    AnswerQuestion,
    Ask,
    QuestionList,
    QuestionPage,
)
from workflows.agreements.views.reserving import (
    AnswerReservation,
    ConsiderVariation,
    OurText,
    ReservationList,
    ReservationPage,
    Reserve,
    WithdrawReservation,
)

__all__ = [
    "Accept",
    "Acceptances",
    "AddParty",
    "AnswerQuestion",
    "AnswerReservation",
    "Ask",
    "Check",
    "CheckResult",
    "Compare",
    "ConsiderVariation",
    "DownloadReceipt",
    "KeepPlace",
    "MyAgreements",
    "OpenRequest",
    "OurText",
    "QuestionList",
    "QuestionPage",
    "ReservationList",
    "ReservationPage",
    "Reserve",
    "Version",
    "VersionPdf",
    "WithdrawReservation",
    "linked_data",
    "reading",
]
