"""The only writers of referrals: write, submit, screen, vote, decide, and the letter.

Every action locks the referral first, so that two people at once get one true outcome: the second
finds the status that the first has left.
"""

from workflows.referrals.actions.asking import (
    answer_question,
    answer_questions,
    ask_question,
    ask_questions,
    remind_of_questions,
)
from workflows.referrals.actions.chairing import keep_chaired
from workflows.referrals.actions.deciding import (
    cast_vote,
    change_vote,
    decide,
    declare_conflict,
    open_to_chairs,
)
from workflows.referrals.actions.moving import PANEL_AUDIENCES, PANEL_SHARE
from workflows.referrals.actions.permission import withdraw_permission
from workflows.referrals.actions.replaying import replay
from workflows.referrals.actions.reviewing import (
    ask_for_review,
    decide_review,
    withdraw_review,
)
from workflows.referrals.actions.screening import (
    change_panel_settings,
    return_to_panel,
    send_to_panel,
)
from workflows.referrals.actions.seating import close_voting, end_seat, give_seat, hold
from workflows.referrals.actions.telling import (
    make_letter,
    make_permission_letter,
    make_review_letter,
)
from workflows.referrals.actions.transferring import (
    accept_transfer,
    end_transfer,
    propose_transfer,
    refuse_transfer,
    withdraw_transfer,
)
from workflows.referrals.actions.writing import (
    add_evidence,
    record_permission,
    start,
    submit,
    withdraw,
    write,
    write_answers,
    write_pupil,
)

__all__ = [
    "PANEL_AUDIENCES",
    "PANEL_SHARE",
    "accept_transfer",
    "add_evidence",
    "answer_question",
    "answer_questions",
    "ask_for_review",
    "ask_question",
    "ask_questions",
    "cast_vote",
    "change_panel_settings",
    "change_vote",
    "close_voting",
    "decide",
    "decide_review",
    "declare_conflict",
    "end_seat",
    "end_transfer",
    "give_seat",
    "hold",
    "keep_chaired",
    "make_letter",
    "make_permission_letter",
    "make_review_letter",
    "open_to_chairs",
    "propose_transfer",
    "record_permission",
    "refuse_transfer",
    "remind_of_questions",
    "replay",
    "return_to_panel",
    "send_to_panel",
    "start",
    "submit",
    "withdraw",
    "withdraw_permission",
    "withdraw_review",
    "withdraw_transfer",
    "write",
    "write_answers",
    "write_pupil",
]
