"""Which role may do what with agreements, on its own organisation."""

from typing import Final

from permissions.roles import Role

PERMISSIONS: Final[dict[str, str]] = {
    "view_agreement": "Can see the agreements of the organisation, its acceptances and receipts",
    "accept_agreement": "Can accept an agreement for the organisation",
    "draft_agreement": "Can write the partnership's agreements",
    "publish_agreement": "Can publish the partnership's agreements",
    "manage_agreement_parties": "Can add parties to an agreement and ask them to accept it",
    "manage_legal_register": "Can keep the register of law and guidance",
    "view_acceptances": "Can see who has accepted the partnership's agreements",
}

_READING = {"view_agreement"}
_WATCHING = {"view_agreement", "view_acceptances"}

GRANTS: Final[dict[Role, set[str]]] = {
    # Providers
    Role.SIGNATORY: {"view_agreement", "accept_agreement"},
    Role.TUTOR: _READING,
    Role.SAFEGUARDING_LEAD: _READING,
    Role.FINANCE: _READING,
    # Schools
    Role.HEAD: {"view_agreement", "accept_agreement"},
    Role.REFERRER: _READING,
    Role.ATTENDANCE_OFFICER: _READING,
    # Commissioners
    Role.OFFICER: _WATCHING | {"manage_agreement_parties"},
    Role.QUALITY_OFFICER: _WATCHING,
    Role.PANEL_MEMBER: _READING,
    Role.PANEL_CHAIR: _READING,
    Role.EDITOR: _WATCHING | {"draft_agreement"},
    Role.ADMINISTRATOR: _WATCHING
    | {
        "draft_agreement",
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
