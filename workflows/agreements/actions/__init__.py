"""The only writers of agreements, versions, parties, requests and acceptances.

Publishing and accepting lock the agreement's row: of two signatories one accepts, and a version
published in the meantime is seen.
"""

from workflows.agreements.actions.accepting import (
    accept,
)
from workflows.agreements.actions.asking import (
    add_party,
    ask_every_party,
    ask_to_accept,
    supersede_requests,
    tell_case,
)
from workflows.agreements.actions.publishing import (
    create_agreement,
    publish_version,
    withdraw,
)

__all__ = [
    "accept",
    "add_party",
    "ask_every_party",
    "ask_to_accept",
    "create_agreement",
    "publish_version",
    "supersede_requests",
    "tell_case",
    "withdraw",
]
