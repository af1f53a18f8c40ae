"""Reserving a clause, talking about it, and how it ends: withdrawn, varied or refused.

Each locks the agreement's row, as publishing and accepting do: of a variation agreed and a
reservation withdrawn at the same moment exactly one happens, and a version published meanwhile is
seen.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from permissions.checks import may, require
from permissions.models import Organisation, User
from workflows.agreements import queries, rules
from workflows.agreements.actions.locking import locked_soon
from workflows.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Reservation,
    ReservationMessage,
    Variation,
)
from workflows.agreements.states import (
    RESERVATION_TRANSITIONS,
    MessageKind,
    ReservationStatus,
)
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed


def reserve_clause(
    *,
    agreement: Agreement,
    organisation: Organisation,
    clause_id: uuid.UUID,
    reason: str,
    proposed_text: str = "",
    by: User,
) -> Reservation:
    """Object to one clause of the version in force, for an organisation.

    Raises NotPermitted; NotAllowed when the organisation is no party, has had its first pupil, or
    has reserved the clause already.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        require(by, "reserve_clause", organisation)
        if refusal := queries.why_cannot_reserve(agreement, organisation, clause_id, reason=reason):
            raise NotAllowed(refusal)
        version = queries.version_in_force(agreement)
        assert version is not None  # the rule has just refused that
        reservation = Reservation.objects.create(
            agreement=agreement,
            version=version,
            organisation=organisation,
            clause_id=clause_id,
            reason=reason.strip(),
            proposed_text=proposed_text.strip(),
            raised_by=by,
        )
        _announce(
            "clause_reserved",
            reservation,
            f"{organisation.name} reserved {_clause(reservation)} of “{agreement.title}”.",
            by,
        )
        return reservation


def discuss_reservation(*, reservation: Reservation, body: str, by: User) -> ReservationMessage:
    """Say something about a reservation, for the organisation or for the partnership.

    Raises NotPermitted, and NotAllowed once the reservation is ended or when nothing is said.
    """
    with transaction.atomic():
        reservation = _locked_row(reservation)
        speaker = _side_of(by, reservation)
        _possible("discuss_reservation", reservation)
        if not body.strip():
            raise NotAllowed("Enter what you want to say.")
        message = _say(reservation, MessageKind.COMMENT, speaker, by, body=body)
        _announce(
            "reservation_discussed",
            reservation,
            f"{speaker.name} wrote about a reservation on “{reservation.agreement.title}”.",
            by,
            speaker=speaker.pk,
        )
        return message


def propose_variation(
    *,
    reservation: Reservation,
    text: str,
    values: Mapping[str, Decimal],
    note: str = "",
    by: User,
) -> ReservationMessage:
    """Offer the organisation other words, or other numbers, for the clause that it reserved.

    `values` are the numbers by measure. Raises NotPermitted; NotAllowed when it is not the
    partnership's turn, or when the offer is no variation of the clause; Busy.
    """
    with transaction.atomic():
        reservation = _held(reservation)
        require(by, "answer_reservation", reservation.agreement.partnership)
        _possible("propose_variation", reservation)
        clause = queries.reserved_clause(reservation)
        if refusal := rules.why_cannot_propose(clause=clause, text=text, values=values):
            raise NotAllowed(refusal)
        assert clause is not None  # the rule has just refused that
        message = _say(
            reservation,
            MessageKind.PROPOSAL,
            reservation.agreement.partnership,
            by,
            body=note,
            text=text.strip(),
            terms=rules.varied_terms(clause, values),
        )
        _move(reservation, "propose_variation", by)
        _announce(
            "variation_proposed",
            reservation,
            f"{reservation.agreement.partnership.name} proposed a variation of "
            f"{_clause(reservation)} of “{reservation.agreement.title}”.",
            by,
        )
        return message


def refuse_reservation(*, reservation: Reservation, reason: str, by: User) -> Reservation:
    """End a reservation by keeping the clause as it is. Raises as `propose_variation` does."""
    with transaction.atomic():
        reservation = _held(reservation)
        partnership = reservation.agreement.partnership
        require(by, "answer_reservation", partnership)
        _possible("refuse_reservation", reservation)
        if not reason.strip():
            raise NotAllowed("Say why the clause has to stay as it is.")
        _say(reservation, MessageKind.REFUSAL, partnership, by, body=reason)
        _move(reservation, "refuse_reservation", by)
        _announce(
            "reservation_refused",
            reservation,
            f"{partnership.name} refused a reservation on {_clause(reservation)} of "
            f"“{reservation.agreement.title}”.",
            by,
        )
        return reservation


def agree_variation(
    *, reservation: Reservation, proposal: ReservationMessage, by: User
) -> Variation:
    """Agree to the proposal named: from now on the clause reads so for the organisation.

    Raises NotPermitted; NotAllowed when the reservation was withdrawn meanwhile, when another
    proposal has replaced this one or when the clause has gone; Busy.
    """
    with transaction.atomic():
        reservation = _held(reservation)
        agreement, organisation = reservation.agreement, reservation.organisation
        require(by, "accept_agreement", organisation)
        _possible("agree_variation", reservation)
        current = queries.proposal_of(reservation)
        if current is None or current.pk != proposal.pk:
            raise NotAllowed(
                "The proposal was replaced while you were reading. Read the new one and answer it."
            )
        clause = queries.reserved_clause(reservation)
        version = queries.latest_version(agreement)
        if clause is None or version is None:
            raise NotAllowed("This clause is not part of the agreement any more.")
        now = timezone.now()
        wording = rules.agreed_wording(
            organisation=organisation.name, title=agreement.title, clause=_clause(reservation)
        )
        variation = Variation(
            agreement=agreement,
            organisation=organisation,
            clause_id=reservation.clause_id,
            reservation=reservation,
            proposal=current,
            version=version,
            text=current.text,
            terms=current.terms,
            wording=wording,
            agreed_by=by,
            agreed_name=by.get_full_name(),
            in_force_at=now,
        )
        variation.sha256 = rules.variation_hash(queries.variation_content(variation))
        variation.save()
        _say(reservation, MessageKind.AGREEMENT, organisation, by, body=wording)
        _move(reservation, "agree_variation", by, now)
        _announce(
            "variation_agreed",
            reservation,
            f"{organisation.name} and {agreement.partnership.name} agreed a variation of "
            f"{_clause(reservation)} of “{agreement.title}”.",
            by,
            agreement=agreement,
            variation=variation,
        )
        return variation


def turn_down_variation(*, reservation: Reservation, reason: str, by: User) -> Reservation:
    """Turn the proposal down and say why: it is the partnership's turn again.

    Raises NotPermitted; NotAllowed when there is no proposal or no reason; Busy.
    """
    with transaction.atomic():
        reservation = _held(reservation)
        require(by, "accept_agreement", reservation.organisation)
        _possible("turn_down_variation", reservation)
        if not reason.strip():
            raise NotAllowed("Say what your organisation cannot agree to.")
        _say(reservation, MessageKind.TURNED_DOWN, reservation.organisation, by, body=reason)
        _move(reservation, "turn_down_variation", by)
        _announce(
            "variation_turned_down",
            reservation,
            f"{reservation.organisation.name} turned down a proposed variation of "
            f"“{reservation.agreement.title}”.",
            by,
        )
        return reservation


def withdraw_reservation(*, reservation: Reservation, reason: str, by: User) -> Reservation:
    """End a reservation by taking it back: the clause holds as published.

    Raises NotPermitted, and NotAllowed when it is ended already or no reason is given.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=reservation.agreement_id)
        reservation = _locked_row(reservation)
        require(by, "reserve_clause", reservation.organisation)
        _possible("withdraw_reservation", reservation)
        if not reason.strip():
            raise NotAllowed("Say in a few words why you withdraw it.")
        _withdraw(reservation, agreement, reason, by)
        return reservation


def end_moot_reservations(
    agreement: Agreement, version: AgreementVersion | None, by: User | None
) -> None:
    """End what is reserved about clauses that have gone. Inside publication and withdrawal only.

    `version` is the version now in force, None when the agreement is withdrawn.
    """
    for reservation in Reservation.objects.open().filter(agreement=agreement).order_by("pk"):
        if version is None:
            reason = "The agreement was withdrawn."
        elif rules.clause_named(version.snapshot["content"], reservation.clause_id) is None:
            reason = f"The clause is not part of version {version.number} any more."
        else:
            continue
        _withdraw(_locked_row(reservation), agreement, reason, by, is_moot=True)


def record_first_pupil(
    *, agreement: Agreement, organisation: Organisation, first_date: datetime.date
) -> None:
    """Remember the day of a party's first pupil: what it reserves, it reserves before."""
    AgreementParty.objects.filter(
        agreement=agreement, organisation=organisation, first_pupil_date=None
    ).update(first_pupil_date=first_date)


def _withdraw(
    reservation: Reservation,
    agreement: Agreement,
    reason: str,
    by: User | None,
    *,
    is_moot: bool = False,
) -> None:
    # What Accord ends, because the clause has gone, nobody of the organisation has withdrawn.
    speaker = agreement.partnership if is_moot else reservation.organisation
    _say(reservation, MessageKind.WITHDRAWAL, speaker, None if is_moot else by, body=reason)
    _move(reservation, "withdraw_reservation", None if is_moot else by)
    _announce(
        "reservation_withdrawn",
        reservation,
        f"A reservation of {reservation.organisation.name} on “{agreement.title}” was withdrawn.",
        by,
        reason=reason,
    )


def _held(reservation: Reservation) -> Reservation:
    """Lock the agreement as whoever does a task must, then the reservation."""
    locked_soon(reservation.agreement)
    return _locked_row(reservation)


def _locked_row(reservation: Reservation) -> Reservation:
    return (
        Reservation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement__partnership", "organisation", "version")
        .get(pk=reservation.pk)
    )


def _possible(action: str, reservation: Reservation) -> None:
    if refusal := rules.why_not_now(action, reservation.status):
        raise NotAllowed(refusal)


def _side_of(by: User, reservation: Reservation) -> Organisation:
    """Give the organisation for which a person speaks; raises NotPermitted for everybody else."""
    if may(by, "reserve_clause", reservation.organisation):
        return reservation.organisation
    partnership: Organisation = reservation.agreement.partnership
    require(by, "answer_reservation", partnership)
    return partnership


def _say(
    reservation: Reservation,
    kind: str,
    organisation: Organisation,
    by: User | None,
    *,
    body: str = "",
    text: str = "",
    terms: list[rules.Content] | None = None,
) -> ReservationMessage:
    return ReservationMessage.objects.create(
        reservation=reservation,
        kind=kind,
        organisation=organisation,
        by=by,
        by_name="" if by is None else by.get_full_name(),
        body=body.strip(),
        text=text,
        terms=terms or [],
    )


def _move(
    reservation: Reservation, action: str, by: User | None, now: datetime.datetime | None = None
) -> None:
    reservation.status = RESERVATION_TRANSITIONS[action][1]
    if reservation.status not in ReservationStatus.open():
        reservation.ended_at = now or timezone.now()
        reservation.ended_by = by
    reservation.save(update_fields=["status", "ended_at", "ended_by"])


def _clause(reservation: Reservation) -> str:
    content = reservation.version.snapshot["content"]
    return rules.clause_label(content, reservation.clause_id)


def _announce(
    kind: str,
    reservation: Reservation,
    summary: str,
    by: User | None,
    *,
    speaker: int | None = None,
    **context: Any,
) -> None:
    agreement = reservation.agreement
    events.announce(
        kind,
        subject=reservation,
        by=by,
        organisation=agreement.partnership,
        summary=summary,
        data={
            "reservation": reservation.pk,
            "agreement": agreement.pk,
            "organisation": reservation.organisation_id,
            "partnership": agreement.partnership_id,
            "speaker": speaker,
        },
        reservation=reservation,
        **context,
    )
