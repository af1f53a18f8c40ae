"""The screens of agreements: the step that accepts, my agreements, who has accepted, the check."""

from workflows.agreements.views.accepting import (
    Accept,
    OpenRequest,
)
from workflows.agreements.views.comparing import (
    Compare,
)
from workflows.agreements.views.life import (
    ChangeText,
    Life,
    ReviewNotice,
    ReviewNow,
    ReviewText,
    Withdraw,
    editor_address,
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
    text_for,
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
    "ChangeText",
    "Check",
    "CheckResult",
    "Compare",
    "ConsiderVariation",
    "DownloadReceipt",
    "KeepPlace",
    "Life",
    "MyAgreements",
    "OpenRequest",
    "OurText",
    "QuestionList",
    "QuestionPage",
    "ReservationList",
    "ReservationPage",
    "Reserve",
    "ReviewNotice",
    "ReviewNow",
    "ReviewText",
    "Version",
    "VersionPdf",
    "Withdraw",
    "WithdrawReservation",
    "editor_address",
    "linked_data",
    "text_for",
]
