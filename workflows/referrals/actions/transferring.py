"""Handing a referral to another partnership of the same local authority: proposed, then answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.agreements import actions as agreements
from workflows.cases import actions as cases
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.actions.moving import announce, begin, lock
from workflows.referrals.models import Referral, Transfer
from workflows.referrals.states import TransferStatus

if TYPE_CHECKING:
    from permissions.models import Organisation, User


def propose_transfer(
    *, referral: Referral, to: Organisation, reason: str, is_permitted: bool, by: User
) -> Transfer:
    """Ask another partnership to take a referral; it learns no name before it does.

    `is_permitted` is the officer's word that the parent's permission covers it. Raises NotPermitted,
    or NotAllowed with what is wrong.
    """
    with audit.acting(by), transaction.atomic():
        partnership = referral.case.partnership
        begin("propose_transfer", referral, by, "screen_referral", partnership)
        if refusal := rules.why_cannot_propose(
            is_proposed=queries.open_transfer(referral) is not None,
            is_same=to == partnership,
            is_of_authority=queries.sister_partnerships(partnership).filter(pk=to.pk).exists(),
            is_permitted=is_permitted,
        ):
            raise NotAllowed(refusal)
        if not reason.strip():
            raise NotAllowed("Enter why the referral belongs to the other partnership.")
        transfer = Transfer.objects.create(
            referral=referral,
            from_partnership=partnership,
            to_partnership=to,
            reason=reason.strip(),
            permission_covers=referral.permission_covers,
            proposed_by=by,
        )
        announce(
            "transfer_proposed",
            referral,
            by,
            partnership,
            f"{partnership} asked {to} to take the referral",
            transfer=transfer,
        )
    return transfer


def accept_transfer(*, transfer: Transfer, by: User) -> None:
    """Take the referral over: the other partnership's part ends, the new one screens it anew.

    What happened stays in the case, and the referral keeps its questions. By referring the school
    has accepted the old partnership's agreement; where referring accepts the new one's too, the
    school has not read that, and is asked to accept it. Raises NotPermitted, or NotAllowed where the
    proposal is not open any more.
    """
    with audit.acting(by), transaction.atomic():
        referral = _hold(transfer, transfer.to_partnership, by)
        if refusal := rules.why_cannot("propose_transfer", referral.status):
            raise NotAllowed(refusal)
        _end(transfer, TransferStatus.ACCEPTED, by)
        case = referral.case
        cases.transfer(case=case, partnership=transfer.to_partnership, by=by)
        implied = queries.implied_version(referral)
        if implied is not None and not implied.agreement.is_shared:
            agreements.ask_to_accept(
                agreement=implied.agreement, organisation=case.pupil.school, case=case, by=None
            )
        announce(
            "referral_transferred",
            referral,
            by,
            transfer.to_partnership,
            f"{transfer.to_partnership} took the referral over from {transfer.from_partnership}",
            transfer=transfer,
        )


def refuse_transfer(*, transfer: Transfer, reason: str, by: User) -> None:
    """Refuse to take a referral, with a reason. Raises as `accept_transfer`."""
    with audit.acting(by), transaction.atomic():
        referral = _hold(transfer, transfer.to_partnership, by)
        if not reason.strip():
            raise NotAllowed("Enter why you do not take the referral.")
        _end(transfer, TransferStatus.REFUSED, by, reason)
        announce(
            "transfer_refused",
            referral,
            by,
            transfer.to_partnership,
            f"{transfer.to_partnership} did not take the referral",
            transfer=transfer,
        )


def withdraw_transfer(*, transfer: Transfer, by: User) -> None:
    """Take a proposal back. Raises as `accept_transfer`."""
    with audit.acting(by), transaction.atomic():
        referral = _hold(transfer, transfer.from_partnership, by)
        _end(transfer, TransferStatus.WITHDRAWN, by)
        announce(
            "transfer_withdrawn",
            referral,
            by,
            transfer.from_partnership,
            f"{transfer.from_partnership} took its proposal of a transfer back",
            transfer=transfer,
        )


def end_transfer(*, referral: Referral) -> Transfer | None:
    """End an open proposal because the referral has ended; answer it where there was one."""
    with transaction.atomic():
        transfer = queries.open_transfer(referral)
        if transfer is not None:
            _end(transfer, TransferStatus.WITHDRAWN, None)
    return transfer


def require_no_transfer(referral: Referral) -> None:
    """Raise NotAllowed while another partnership is asked to take the referral."""
    if refusal := rules.why_cannot_go_on(is_proposed=queries.open_transfer(referral) is not None):
        raise NotAllowed(refusal)


def _hold(transfer: Transfer, organisation: Organisation, by: User) -> Referral:
    referral = transfer.referral
    lock(referral)
    checks.require(by, "screen_referral", organisation)
    transfer.refresh_from_db()
    if refusal := rules.why_cannot_end(is_open=transfer.status == TransferStatus.PROPOSED):
        raise NotAllowed(refusal)
    return referral


def _end(transfer: Transfer, status: TransferStatus, by: User | None, answer: str = "") -> None:
    transfer.status = status
    transfer.answer = answer.strip()
    transfer.ended_by = by
    transfer.ended_at = timezone.now()
    transfer.save()
