"""Which role may do what with referrals."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "refer_pupil": "Refer a pupil",
    "answer_question": "Answer a question about a referral",
    "screen_referral": "Screen referrals",
    "sit_on_panel": "Have a seat of their own on the panel",
    "vote_on_referral": "Vote on referrals in the panel",
    "decide_referral": "Decide referrals for the panel",
    "change_panel_settings": "Change how the panel works",
    "review_decision": "Review a panel's decision",
}

GRANTS: dict[Role, set[str]] = {
    Role.REFERRER: {"refer_pupil", "answer_question"},
    Role.HEAD: {"refer_pupil", "answer_question"},
    # In the local authority, that is: a partnership does not review its own panel.
    Role.OFFICER: {"screen_referral", "review_decision"},
    Role.PANEL_MEMBER: {"sit_on_panel", "vote_on_referral"},
    Role.PANEL_CHAIR: {"sit_on_panel", "vote_on_referral", "decide_referral"},
    # Votes in a member's place only.
    Role.PANEL_SUBSTITUTE: {"vote_on_referral"},
    Role.ADMINISTRATOR: {"change_panel_settings"},
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: dict[str, str] = {
    "start": "refer_pupil",
    "write": "refer_pupil",
    "record_permission": "refer_pupil",
    "submit": "refer_pupil",
    "withdraw": "refer_pupil",
    "withdraw_permission": "refer_pupil",
    "answer_question": "answer_question",
    "ask_question": "screen_referral",
    "send_to_panel": "screen_referral",
    "return_to_panel": "screen_referral",
    "propose_transfer": "screen_referral",
    "cast_vote": "vote_on_referral",
    "change_vote": "vote_on_referral",
    "declare_conflict": "vote_on_referral",
    "accept": "decide_referral",
    "decline": "decide_referral",
    "defer": "decide_referral",
}

# The same for the review of a decision.
REVIEW_PERMISSIONS: dict[str, str] = {
    "ask_for_review": "refer_pupil",
    "withdraw_review": "refer_pupil",
    "uphold_decision": "review_decision",
    "return_decision": "review_decision",
}
