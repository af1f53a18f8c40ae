"""A parent or carer takes permission back: the case stops everywhere."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit
from workflows.cases.states import Outcome
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.actions.moving import announce, begin, close_consideration, finish, lock
from workflows.referrals.actions.reviewing import end_review
from workflows.referrals.models import PermissionWithdrawal, Referral
from workflows.referrals.states import PermissionMethod

if TYPE_CHECKING:
    from permissions.models import User


def withdraw_permission(
    *,
    referral: Referral,
    withdrawn_by: str,
    how: PermissionMethod | str,
    date: datetime.date,
    note: str = "",
    by: User,
) -> PermissionWithdrawal:
    """Record that permission was withdrawn, by whom, how and when, and stop the case for good.

    The school does it, at any time before the case ends. The panel's consideration is closed, tasks
    timers go, offers are withdrawn and placements end (by the hand-overs), every provider leaves
    the case, a review of a decision ends undecided, and whoever had it is told. Raises NotPermitted,
    or NotAllowed where nothing was permitted, the case has ended, or the date makes no sense.
    """
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        lock(referral)
        review = queries.open_review(referral)
        action = "stop_in_review" if review else "withdraw_permission"
        begin(action, referral, by, "refer_pupil", school)
        if reason := rules.why_cannot_withdraw_permission(
            referral,
            stage=referral.case.stage,
            is_in_review=review is not None,
            date=date,
            today=timezone.localdate(),
        ):
            raise NotAllowed(reason)
        if not withdrawn_by.strip():
            raise NotAllowed("Enter who withdrew permission.")
        withdrawal = PermissionWithdrawal.objects.create(
            referral=referral,
            withdrawn_by=withdrawn_by.strip(),
            how=PermissionMethod(how),
            withdrawn_date=date,
            note=note.strip(),
            recorded_by=by,
        )
        close_consideration(referral)
        if review is not None:
            end_review(review, by)
        # The hand-overs first: offers and placements are ended while the case is still open.
        announce(
            "permission_withdrawn",
            referral,
            by,
            school,
            "Parental permission was withdrawn, so the case has stopped",
            withdrawal=withdrawal,
        )
        finish(action, referral, by, outcome=Outcome.PERMISSION_WITHDRAWN)
    return withdrawal
