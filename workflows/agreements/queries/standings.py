"""Where each party stands, and which acceptances a person may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementParty,
    AgreementVersion,
)
from workflows.agreements.states import RequestStatus

if TYPE_CHECKING:
    from permissions.queries import Person


@dataclass(frozen=True)
class Standing:
    """Where one organisation stands with one agreement."""

    agreement: Agreement
    organisation: Organisation
    in_force: AgreementVersion | None
    accepted: Acceptance | None
    request: AcceptanceRequest | None
    is_bound: bool

    @property
    def status(self) -> str:
        """One of not_published, accepted, to_accept, not_asked."""
        if self.in_force is None:
            return "not_published"
        if self.is_bound:
            return "accepted"
        return "to_accept" if self.request else "not_asked"


def agreements_of(user: Person) -> list[Standing]:
    """Give every agreement that a person's organisations are party to, and where each stands."""
    parties = (
        AgreementParty.objects.filter(
            organisation__in=permissions.organisations_where(user, "view_agreement")
        )
        .select_related("agreement__partnership", "organisation")
        .order_by("organisation__name", "agreement__title", "pk")
    )
    return _standings(parties)


def standings(agreement: Agreement) -> list[Standing]:
    """Give where each party of one agreement stands, by the party's name."""
    parties = agreement.parties.select_related("agreement__partnership", "organisation")
    return _standings(parties.order_by("organisation__name", "pk"))


def _standings(parties: Iterable[AgreementParty]) -> list[Standing]:
    # Four more queries, however many parties there are.
    parties = list(parties)
    agreement_ids = {party.agreement_id for party in parties}
    versions: dict[int, AgreementVersion] = {}
    material: dict[int, int] = {}
    ordered = AgreementVersion.objects.filter(
        agreement__in=agreement_ids, agreement__withdrawn_at=None
    ).defer("snapshot")
    for version in ordered.order_by("number"):
        versions[version.agreement_id] = version
        if version.is_material:
            material[version.agreement_id] = version.number
    accepted = {
        (acceptance.version.agreement_id, acceptance.organisation_id): acceptance
        for acceptance in Acceptance.objects.filter(version__agreement__in=agreement_ids)
        .select_related("version", "receipt")
        .defer("version__snapshot", "receipt__pdf")
        .order_by("version__number")
    }
    requests = {
        (request.agreement_id, request.organisation_id): request
        for request in AcceptanceRequest.objects.filter(
            agreement__in=agreement_ids, status=RequestStatus.REQUESTED
        )
    }
    result = []
    for party in parties:
        key = (party.agreement_id, party.organisation_id)
        acceptance = accepted.get(key)
        since = material.get(party.agreement_id)
        bound = acceptance is not None and since is not None and acceptance.version.number >= since
        result.append(
            Standing(
                agreement=party.agreement,
                organisation=party.organisation,
                in_force=versions.get(party.agreement_id),
                accepted=acceptance,
                request=requests.get(key),
                is_bound=bound,
            )
        )
    return result


def acceptances_visible_to(user: Person) -> QuerySet[Acceptance]:
    """Give the acceptances a person may see: their organisations' own, and their partnerships'."""
    own = permissions.organisations_where(user, "view_agreement")
    ours = permissions.organisations_where(user, "view_acceptances")
    return Acceptance.objects.filter(organisation__in=own) | Acceptance.objects.filter(
        version__agreement__partnership__in=ours
    )


def agreements_watched_by(user: Person) -> QuerySet[Agreement]:
    """Give the agreements of the partnerships whose acceptances a person may see."""
    return (
        Agreement.objects.filter(
            partnership__in=permissions.organisations_where(user, "view_acceptances")
        )
        .select_related("partnership")
        .order_by("partnership__name", "title", "pk")
    )


def acceptances_of(agreement: Agreement) -> QuerySet[Acceptance]:
    """Give every acceptance of an agreement ever made, newest first."""
    return (
        Acceptance.objects.filter(version__agreement=agreement)
        .select_related("version", "organisation", "receipt")
        .defer("version__snapshot", "receipt__pdf")
        .annotate(version_number=F("version__number"))
    )
