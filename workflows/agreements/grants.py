"""Which role may do what with agreements, on its own organisation."""

from typing import Final

from permissions.roles import Role

PERMISSIONS: Final[dict[str, str]] = {
    "view_agreement": "Can see the agreements of the organisation, its acceptances and receipts",
    "accept_agreement": "Can accept an agreement for the organisation",
    "draft_agreement": "Can write the partnership's agreements",
    "review_agreement": "Can review what the partnership has published, and say what came of it",
    "publish_agreement": "Can publish the partnership's agreements",
    "manage_agreement_parties": "Can add parties to an agreement and ask them to accept it",
    "manage_legal_register": "Can keep the register of law and guidance",
    "view_acceptances": "Can see who has accepted the partnership's agreements",
    "reserve_clause": "Can reserve a clause of an agreement for the organisation",
    "answer_reservation": "Can propose a variation of a reserved clause, or refuse it",
    "answer_agreement_question": "Can answer questions about the partnership's agreements",
}

_READING = {"view_agreement"}
_WATCHING = {"view_agreement", "view_acceptances"}
_ANSWERING = {"answer_reservation", "answer_agreement_question"}

GRANTS: Final[dict[Role, set[str]]] = {
    # Providers
    Role.SIGNATORY: {"view_agreement", "accept_agreement", "reserve_clause"},
    Role.TUTOR: _READING,
    Role.SAFEGUARDING_LEAD: _READING,
    Role.FINANCE: _READING,
    # Schools
    Role.HEAD: {"view_agreement", "accept_agreement", "reserve_clause"},
    Role.REFERRER: _READING,
    Role.ATTENDANCE_OFFICER: _READING,
    # Commissioners
    # The officer signs for the partnership: another person than the administrator who publishes.
    Role.OFFICER: _WATCHING | _ANSWERING | {"manage_agreement_parties", "accept_agreement"},
    Role.QUALITY_OFFICER: _WATCHING,
    Role.PANEL_MEMBER: _READING,
    Role.PANEL_CHAIR: _READING,
    Role.PANEL_SUBSTITUTE: _READING,
    Role.EDITOR: _WATCHING | {"draft_agreement", "review_agreement", "answer_agreement_question"},
    Role.ADMINISTRATOR: _WATCHING
    | _ANSWERING
    | {
        "draft_agreement",
        "review_agreement",
        "publish_agreement",
        "manage_agreement_parties",
        "manage_legal_register",
    },
    Role.AUDITOR: _WATCHING,
}

ACTION_PERMISSIONS: Final[dict[str, str]] = {
    "accept": "accept_agreement",
    "publish_version": "publish_agreement",
    "create_agreement": "draft_agreement",
    "add_party": "manage_agreement_parties",
    "ask_to_accept": "manage_agreement_parties",
    "withdraw": "publish_agreement",
}

# What is done about a reservation and a question, apart from talking about it: either side may.
RESERVATION_PERMISSIONS: Final[dict[str, str]] = {
    "reserve_clause": "reserve_clause",
    "propose_variation": "answer_reservation",
    "refuse_reservation": "answer_reservation",
    "agree_variation": "accept_agreement",
    "turn_down_variation": "accept_agreement",
    "withdraw_reservation": "reserve_clause",
}
QUESTION_PERMISSIONS: Final[dict[str, str]] = {
    "ask_question": "view_agreement",
    "answer_question": "answer_agreement_question",
}

# What is done when a published text is reviewed.
TEXT_REVIEW_PERMISSIONS: Final[dict[str, str]] = {
    "review_unchanged": "review_agreement",
    "review_needs_changes": "review_agreement",
    "withdraw_reviewed": "publish_agreement",
}
