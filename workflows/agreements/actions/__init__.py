"""The only writers of agreements, versions, parties, requests and acceptances.

Publishing and accepting lock the agreement's row: of two signatories one accepts, and a version
published in the meantime is seen.
"""

from workflows.agreements.actions.accepting import (
    accept,
    accept_by_acting,
)
from workflows.agreements.actions.asking import (
    add_party,
    ask_every_party,
    ask_partnership,
    ask_to_accept,
    remind,
    stop_asking_for_case,
    supersede_requests,
    tell_case,
)
from workflows.agreements.actions.life import (
    end_text_review,
    open_text_review,
    record_policy_act,
    review_needs_changes,
    review_now,
    review_unchanged,
    schedule_text_review,
    set_review_notice,
    withdraw_reviewed,
)
from workflows.agreements.actions.publishing import (
    create_agreement,
    publish_version,
    withdraw,
)
from workflows.agreements.actions.questions import (
    answer_question,
    ask_question,
)
from workflows.agreements.actions.reading import (
    keep_place,
)
from workflows.agreements.actions.reserving import (
    agree_variation,
    discuss_reservation,
    propose_variation,
    record_first_pupil,
    refuse_reservation,
    reserve_clause,
    turn_down_variation,
    withdraw_reservation,
)

__all__ = [
    "accept",
    "accept_by_acting",
    "add_party",
    "agree_variation",
    "answer_question",
    "ask_every_party",
    "ask_partnership",
    "ask_question",
    "ask_to_accept",
    "create_agreement",
    "discuss_reservation",
    "end_text_review",
    "keep_place",
    "open_text_review",
    "propose_variation",
    "publish_version",
    "record_first_pupil",
    "record_policy_act",
    "refuse_reservation",
    "remind",
    "reserve_clause",
    "review_needs_changes",
    "review_now",
    "review_unchanged",
    "schedule_text_review",
    "set_review_notice",
    "stop_asking_for_case",
    "supersede_requests",
    "tell_case",
    "turn_down_variation",
    "withdraw",
    "withdraw_reservation",
    "withdraw_reviewed",
]
