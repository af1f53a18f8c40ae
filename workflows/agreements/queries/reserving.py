"""Reservations, agreed variations and questions: what there is, and whose turn it is."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements import rules
from workflows.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Question,
    Reservation,
    ReservationMessage,
    Variation,
)
from workflows.agreements.queries.versions import (
    accepted_version,
    latest_version,
    version_in_force,
)
from workflows.agreements.states import MessageKind

if TYPE_CHECKING:
    from permissions.queries import Person


@dataclass(frozen=True)
class OurText:
    """How an agreement stands for one organisation: the text, its variations, what it reserves."""

    agreement: Agreement
    organisation: Organisation
    in_force: AgreementVersion
    accepted: AgreementVersion | None
    variations: Sequence[Variation] = ()
    reservations: Sequence[Reservation] = field(default=())
    first_pupil_date: datetime.date | None = None

    @property
    def may_be_reserved(self) -> bool:
        """Whether there may be a clause to reserve: before the first pupil, or in a new version."""
        return self.first_pupil_date is None or self.accepted != self.in_force

    @property
    def version(self) -> AgreementVersion:
        """The version to read: the one in force."""
        return self.in_force


def variations_in_force(
    agreement: Agreement, organisation: Organisation, at: datetime.datetime | None = None
) -> list[Variation]:
    """Give the newest variation of each clause that is agreed with an organisation.

    `at` is the instant to judge by; without it, now. Clauses that have gone keep theirs: whether
    one holds for a version depends on the clause being there.
    """
    agreed = Variation.objects.filter(agreement=agreement, organisation=organisation)
    if at is not None:
        agreed = agreed.filter(in_force_at__lte=at)
    return list(
        agreed.order_by("clause_id", "-in_force_at", "-pk")
        .distinct("clause_id")
        .select_related("organisation")
    )


def variations_of_version(
    version: AgreementVersion, organisation: Organisation, at: datetime.datetime | None = None
) -> list[Variation]:
    """Give the variations that hold for an organisation where it is bound by a version."""
    there = {clause["clause_id"] for _, clause in rules.clauses_of(version.snapshot["content"])}
    return [
        variation
        for variation in variations_in_force(version.agreement, organisation, at)
        if str(variation.clause_id) in there
    ]


def verify_variation(variation: Variation) -> bool:
    """Say whether an agreed variation is still what was agreed."""
    return rules.variation_hash(variation_content(variation)) == variation.sha256


def variation_content(variation: Variation) -> rules.Content:
    """Give what the hash of a variation is made of."""
    agreement = variation.agreement
    return rules.variation_content(
        agreement=f"{agreement.partnership.slug}/{agreement.slug}",
        organisation=variation.organisation.slug,
        clause_id=variation.clause_id,
        reservation=variation.reservation_id,
        text=variation.text,
        terms=variation.terms,
        wording=variation.wording,
        in_force_at=variation.in_force_at,
    )


def open_reservations(agreement: Agreement, organisation: Organisation) -> QuerySet[Reservation]:
    """Give the reservations of an organisation that are not ended."""
    return Reservation.objects.open().filter(agreement=agreement, organisation=organisation)


def reserved_at(
    agreement: Agreement, organisation: Organisation, at: datetime.datetime
) -> list[uuid.UUID]:
    """Give the clauses that an organisation had reserved, and nobody had settled, at a moment."""
    raised = Reservation.objects.filter(
        agreement=agreement, organisation=organisation, raised_at__lte=at
    )
    return list(
        raised.filter(Q(ended_at=None) | Q(ended_at__gt=at)).values_list("clause_id", flat=True)
    )


def why_reserved(agreement: Agreement, organisation: Organisation) -> str | None:
    """Say that open reservations keep placements from starting, where the agreement has it so."""
    if agreement.places_while_reserved:
        return None
    count = open_reservations(agreement, organisation).count()
    return rules.why_not_while_reserved(organisation.name, count)


def proposal_of(reservation: Reservation) -> ReservationMessage | None:
    """Give the proposal made last about a reservation."""
    return reservation.messages.filter(kind=MessageKind.PROPOSAL).order_by("pk").last()


def reservations_visible_to(user: Person) -> QuerySet[Reservation]:
    """Give the reservations that a person may read, the open ones first."""
    return (
        Reservation.objects.visible_to(user)
        .select_related("agreement__partnership", "organisation", "version")
        .order_by(F("ended_at").desc(nulls_first=True), "-raised_at", "-pk")
    )


def questions_visible_to(user: Person) -> QuerySet[Question]:
    """Give the questions that a person may read, the unanswered ones first."""
    return (
        Question.objects.visible_to(user)
        .select_related("agreement__partnership", "organisation", "version", "asked_by")
        .order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "-pk")
    )


def our_text(user: Person, agreement_id: int, organisation_id: int) -> OurText | None:
    """Give how an agreement stands for one of its parties, to a person of it or of the partnership.

    None when the person may not see it, when the organisation is no party, or nothing is in force.
    """
    party = (
        AgreementParty.objects.filter(agreement=agreement_id, organisation=organisation_id)
        .filter(organisation__in=permissions.organisations_where(user, "view_agreement"))
        .select_related("agreement__partnership", "organisation")
        .first()
    )
    if party is None:
        party = (
            AgreementParty.objects.filter(
                agreement=agreement_id,
                organisation=organisation_id,
                agreement__partnership__in=permissions.organisations_where(
                    user, "view_acceptances"
                ),
            )
            .select_related("agreement__partnership", "organisation")
            .first()
        )
    if party is None:
        return None
    agreement, organisation = party.agreement, party.organisation
    version = version_in_force(agreement)
    if version is None:
        return None
    return OurText(
        agreement=agreement,
        organisation=organisation,
        in_force=version,
        accepted=accepted_version(agreement, organisation),
        variations=variations_of_version(version, organisation),
        reservations=list(open_reservations(agreement, organisation)),
        first_pupil_date=party.first_pupil_date,
    )


def why_cannot_reserve(
    agreement: Agreement, organisation: Organisation, clause_id: uuid.UUID, *, reason: str
) -> str | None:
    """Explain why an organisation cannot reserve a clause, or return None when it can."""
    version = version_in_force(agreement)
    content = None if version is None else version.snapshot["content"]
    clause = None if content is None else rules.clause_named(content, clause_id)
    party = AgreementParty.objects.filter(agreement=agreement, organisation=organisation).first()
    return rules.why_cannot_reserve(
        is_party=party is not None,
        is_in_force=version is not None,
        is_clause=clause is not None,
        first_pupil_date=None if party is None else party.first_pupil_date,
        is_new_to_them=clause is not None and _is_new_to(agreement, organisation, clause),
        is_reserved=open_reservations(agreement, organisation).filter(clause_id=clause_id).exists(),
        reason=reason,
    )


def _is_new_to(agreement: Agreement, organisation: Organisation, clause: rules.Content) -> bool:
    accepted = accepted_version(agreement, organisation)
    if accepted is None:
        return False
    before = rules.clause_named(accepted.snapshot["content"], clause["clause_id"])
    return before is None or any(before[key] != clause[key] for key in ("text", "terms", "party"))


def reserved_clause(reservation: Reservation) -> rules.Content | None:
    """Give the clause of a reservation as the newest version has it; None when it has gone."""
    version = latest_version(reservation.agreement)
    if version is None:
        return None
    return rules.clause_named(version.snapshot["content"], reservation.clause_id)
