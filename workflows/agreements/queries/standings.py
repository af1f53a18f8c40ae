"""Where each party stands, and which acceptances a person may see."""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation, User
from permissions.roles import OrganisationKind
from workflows.agreements import states
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementParty,
    AgreementVersion,
    Reservation,
    Term,
    Variation,
)
from workflows.agreements.states import RequestStatus
from workflows.calendar import queries as calendar
from workflows.calendar import rules as calendar_rules
from workflows.cases.models import Case, Exclusion

if TYPE_CHECKING:
    from permissions.queries import Person


@dataclass(frozen=True)
class Standing:
    """Where one organisation stands with one agreement.

    `accepted` is its newest acceptance. `grace_ends_date` is the last day on which that is still
    enough for new placements, where a material version has come since. `is_signed_by_both` is false
    while the partnership has not signed a version that both sides sign.
    """

    agreement: Agreement
    organisation: Organisation
    in_force: AgreementVersion | None
    accepted: Acceptance | None
    request: AcceptanceRequest | None
    is_bound: bool
    grace_ends_date: datetime.date | None = None
    is_signed_by_both: bool = True
    # How many of its clauses are varied for the organisation, and how many it reserves.
    variations: int = 0
    reservations: int = 0

    @property
    def status(self) -> states.Standing:
        """Where it stands, in one word."""
        if self.in_force is None:
            return states.Standing.NOT_PUBLISHED
        if self.is_bound and self.request is None:
            return states.Standing.ACCEPTED
        if self.accepted is not None and not self.is_bound:
            in_time = self.grace_ends_date and timezone.localdate() <= self.grace_ends_date
            return states.Standing.GRACE if in_time else states.Standing.LAPSED
        return states.Standing.NOT_ASKED if self.request is None else states.Standing.TO_ACCEPT

    @property
    def is_waiting(self) -> bool:
        """Whether the organisation has been asked and has not answered."""
        return self.request is not None


def agreements_of(user: Person) -> list[Standing]:
    """Give every agreement that a person's organisations are party to, and where each stands."""
    parties = (
        AgreementParty.objects.filter(
            organisation__in=permissions.organisations_where(user, "view_agreement")
        )
        .annotate(
            variations=_count(Variation.objects.all(), "clause_id"),
            reservations=_count(Reservation.objects.open(), "pk"),
        )
        .select_related("agreement__partnership", "organisation")
        .order_by("organisation__name", "agreement__title", "pk")
    )
    return _standings(parties)


def _count(rows: QuerySet[Any], what: str) -> Coalesce:
    """Count different values among the rows of a party's agreement and organisation."""
    theirs = rows.filter(agreement=OuterRef("agreement"), organisation=OuterRef("organisation"))
    counted = theirs.order_by().values("agreement").annotate(count=Count(what, distinct=True))
    return Coalesce(Subquery(counted.values("count")), 0)


def standings(agreement: Agreement) -> list[Standing]:
    """Give where each party of one agreement stands, by the party's name."""
    parties = agreement.parties.select_related("agreement__partnership", "organisation")
    return _standings(parties.order_by("organisation__name", "pk"))


def _standings(parties: Iterable[AgreementParty]) -> list[Standing]:
    # Three more queries, however many parties there are, and two where days of grace are counted.
    parties = list(parties)
    agreement_ids = {party.agreement_id for party in parties}
    versions: dict[int, list[AgreementVersion]] = defaultdict(list)
    ordered = AgreementVersion.objects.filter(
        agreement__in=agreement_ids, agreement__withdrawn_at=None
    ).defer("snapshot")
    for version in ordered.order_by("number"):
        versions[version.agreement_id].append(version)
    # Where both sides sign, the partnership's own acceptance tells about all the others.
    accepted = {
        (acceptance.version.agreement_id, acceptance.organisation_id): acceptance
        for acceptance in Acceptance.objects.filter(version__agreement__in=agreement_ids)
        .select_related("version", "receipt", "case")
        .defer("version__snapshot", "receipt__pdf")
        .order_by("version__number", "accepted_at")
    }
    requests = {
        (request.agreement_id, request.organisation_id): request
        for request in AcceptanceRequest.objects.filter(
            agreement__in=agreement_ids, status=RequestStatus.REQUESTED
        ).order_by("-asked_at", "-pk")
    }
    grace = _Grace(versions)
    result = []
    for party in parties:
        agreement = party.agreement
        key = (agreement.pk, party.organisation_id)
        acceptance = accepted.get(key)
        material = [version for version in versions[agreement.pk] if version.is_material]
        bound = _reaches(acceptance, material)
        ours = accepted.get((agreement.pk, agreement.partnership_id))
        result.append(
            Standing(
                agreement=agreement,
                organisation=party.organisation,
                in_force=versions[agreement.pk][-1] if versions[agreement.pk] else None,
                accepted=acceptance,
                request=requests.get(key),
                is_bound=bound,
                grace_ends_date=None
                if acceptance is None or bound
                else grace.ends_date(acceptance.version.number, material),
                is_signed_by_both=not agreement.needs_both_signatures or _reaches(ours, material),
                variations=getattr(party, "variations", 0),
                reservations=getattr(party, "reservations", 0),
            )
        )
    return result


def _reaches(acceptance: Acceptance | None, material: list[AgreementVersion]) -> bool:
    return (
        acceptance is not None
        and bool(material)
        and acceptance.version.number >= material[-1].number
    )


class _Grace:
    """The last day of grace after each version: asked of the database once, and only when needed."""

    def __init__(self, versions: dict[int, list[AgreementVersion]]) -> None:
        self._versions = versions

    @functools.cached_property
    def _days(self) -> dict[int, int]:
        shown = [version.pk for found in self._versions.values() for version in found]
        terms = Term.objects.filter(version__in=shown, measure="acceptance_grace")
        return {term.version_id: int(term.value) for term in terms}

    @functools.cached_property
    def _calendar(self) -> calendar_rules.SchoolCalendar:
        return calendar.calendar_of(None)

    def ends_date(self, accepted: int, material: list[AgreementVersion]) -> datetime.date | None:
        """Give the last day on which version `accepted` is enough: see `placing.grace_ends_date`."""
        after = next((version for version in material if version.number > accepted), None)
        days = None if after is None else self._days.get(after.pk)
        if after is None or days is None:
            return None
        published = timezone.localdate(after.published_at)
        return calendar_rules.add_working_days(published, days, self._calendar)


def chosen_standings(
    agreement: Agreement, *, party: str = "", status: str = "", version: int | None = None
) -> list[Standing]:
    """Give where the parties of a kind (`provider` ...) stand that are in a status or at a version."""
    return [
        standing
        for standing in standings(agreement)
        if party in ("", standing.organisation.kind)
        and status in ("", standing.status)
        and (
            version is None
            or (standing.accepted is not None and standing.accepted.version.number == version)
        )
    ]


def sorted_standings(rows: list[Standing], sort: str) -> list[Standing]:
    """Put standings into an order: by name, by state, or the latest acceptance first."""
    by_name = sorted(rows, key=lambda row: row.organisation.name.casefold())
    if sort == "status":
        order = list(states.Standing)
        return sorted(by_name, key=lambda row: order.index(row.status))
    if sort == "newest":
        return sorted(
            by_name,
            key=lambda row: row.accepted.accepted_at.timestamp() if row.accepted else 0,
            reverse=True,
        )
    return by_name


def acceptances_visible_to(user: Person) -> QuerySet[Acceptance]:
    """Give the acceptances a person may see: their organisations' own, and their partnerships'.

    Those for one case only to whoever may see the case.
    """
    own = permissions.organisations_where(user, "view_agreement")
    ours = permissions.organisations_where(user, "view_acceptances")
    return Acceptance.objects.filter(
        Q(organisation__in=own) | Q(version__agreement__partnership__in=ours),
        Q(case=None) | Exists(_case_seen_by(user)),
    )


def _case_seen_by(user: Person) -> QuerySet[Case]:
    """Give the case of an acceptance, if the person may see it or their organisation accepted for it.

    Whoever accepted keeps the evidence, also when its part in the case has ended; only those of its
    people who see its cases, and nobody who is kept out of this one.
    """
    if not isinstance(user, User):
        return Case.objects.none()
    own = permissions.organisations_where(user, "view_case")
    return Case.objects.filter(
        Q(pk__in=Case.objects.visible_to(user).values("pk"))
        | Exists(own.filter(pk=OuterRef(OuterRef("organisation")))),
        ~Exists(Exclusion.objects.filter(user=user, case=OuterRef("pk"))),
        pk=OuterRef("case"),
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


def acceptances_of(agreement: Agreement, reader: Person) -> QuerySet[Acceptance]:
    """Give every acceptance of an agreement ever made, newest first.

    `case_reference` is empty where the acceptance is for a case that the reader may not see.
    """
    return (
        Acceptance.objects.filter(version__agreement=agreement)
        .select_related("version", "organisation", "receipt")
        .defer("version__snapshot", "receipt__pdf")
        .order_by("-accepted_at", "-pk")
        .annotate(
            version_number=F("version__number"),
            case_reference=Subquery(_case_seen_by(reader).values("reference")),
        )
    )


def acceptances_by_organisation(
    agreement: Agreement, organisation: Organisation, reader: Person
) -> QuerySet[Acceptance]:
    """Give what one organisation has accepted of an agreement, newest first, with its receipts."""
    return acceptances_of(agreement, reader).filter(organisation=organisation)


def chosen_acceptances(
    agreement: Agreement, reader: Person, *, party: str = "", version: int | None = None
) -> QuerySet[Acceptance]:
    """Give the acceptances by parties of a kind, of one version, newest first."""
    found = acceptances_of(agreement, reader)
    if party:
        found = found.filter(organisation__kind=party)
    return found if version is None else found.filter(version__number=version)


def possible_parties(agreement: Agreement) -> QuerySet[Organisation]:
    """Give the organisations that can be added to an agreement: its schools, and every provider."""
    return Organisation.objects.filter(
        Q(kind=OrganisationKind.PROVIDER)
        | Q(kind=OrganisationKind.SCHOOL, parent=agreement.partnership_id),
        is_active=True,
    ).order_by("kind", "name")
