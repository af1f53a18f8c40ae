"""What a public page needs to know of who reads it, and where a clause is to be found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements.models import Agreement, AgreementVersion, Clause, ReadingPosition
from workflows.agreements.states import PARTY_OF_KIND

if TYPE_CHECKING:
    from permissions.models import User
    from permissions.queries import Person


def our_parties(user: Person, agreement: Agreement) -> list[Organisation]:
    """Give the parties to an agreement that a reader belongs to, by name.

    Not the partnership: whoever publishes a text reads the whole of it.
    """
    parties = agreement.parties.filter(
        organisation__in=permissions.organisations_where(user, "view_agreement")
    ).exclude(organisation=agreement.partnership_id)
    found = parties.select_related("organisation").order_by("organisation__name")
    return [party.organisation for party in found]


def own_party(organisations: Iterable[Organisation]) -> str:
    """Give which party a reader of these organisations is in; empty for nobody's or for several."""
    parties = {str(PARTY_OF_KIND[organisation.kind]) for organisation in organisations}
    return parties.pop() if len(parties) == 1 else ""


def versions_with_clause(clause_id: uuid.UUID) -> QuerySet[AgreementVersion]:
    """Give the last version of each agreement that has a clause, those in force first."""
    newest = (
        Clause.objects.filter(clause_id=clause_id)
        .order_by("version__agreement_id", "-version__number")
        .distinct("version__agreement_id")
        .values("version")
    )
    return (
        AgreementVersion.objects.filter(pk__in=newest)
        .select_related("agreement__partnership")
        .defer("snapshot")
        .order_by("agreement__withdrawn_at", "agreement__title", "pk")
    )


def place_of(user: User, version: AgreementVersion) -> Clause | None:
    """Give the clause that a person had read a version up to; None for whoever has not begun."""
    position = ReadingPosition.objects.filter(user=user, version=version).first()
    if position is None:
        return None
    return Clause.objects.filter(version=version, clause_id=position.clause_id).first()
