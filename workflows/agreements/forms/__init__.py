"""The forms of agreements, by what they are for."""

from workflows.agreements.forms.accepting import (
    AcceptForm,
    CheckForm,
)
from workflows.agreements.forms.life import (
    PolicyActForm,
    ReviewNoticeForm,
    ReviewTextForm,
    WithdrawTextForm,
)
from workflows.agreements.forms.parties import (
    CompareForm,
    PartyFilters,
    PartyForm,
    party_filters,
)
from workflows.agreements.forms.questions import (
    AnswerForm,
    AskForm,
)
from workflows.agreements.forms.reserving import (
    AnswerReservationForm,
    CommentForm,
    ConsiderForm,
    ReserveForm,
    WithdrawForm,
)

__all__ = [
    "AcceptForm",
    "AnswerForm",
    "AnswerReservationForm",
    "AskForm",
    "CheckForm",
    "CommentForm",
    "CompareForm",
    "ConsiderForm",
    "PartyFilters",
    "PartyForm",
    "PolicyActForm",
    "ReserveForm",
    "ReviewNoticeForm",
    "ReviewTextForm",
    "WithdrawForm",
    "WithdrawTextForm",
    "party_filters",
]
