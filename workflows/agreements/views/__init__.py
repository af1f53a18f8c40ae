"""The screens of agreements: the step that accepts, my agreements, who has accepted, the check."""

from workflows.agreements.views.accepting import (
    Accept,
    OpenRequest,
)
from workflows.agreements.views.parties import (
    Acceptances,
    DownloadReceipt,
    MyAgreements,
)
from workflows.agreements.views.publics import (
    Check,
    CheckResult,
    Version,
)

__all__ = [
    "Accept",
    "Acceptances",
    "Check",
    "CheckResult",
    "DownloadReceipt",
    "MyAgreements",
    "OpenRequest",
    "Version",
]
