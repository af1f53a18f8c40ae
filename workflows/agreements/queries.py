"""Reads of agreements: what is in force, who has accepted it, and the numbers processes obey."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import slugify

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements import measures, rules
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementParty,
    AgreementVersion,
    Clause,
    Term,
)
from workflows.agreements.states import Kind, RequestStatus
from workflows.calendar import queries as calendar

if TYPE_CHECKING:
    from permissions.queries import Person


class UnderAgreement(Protocol):
    """What a term is asked for: anything that has an agreement and a provider, as a placement."""

    @property
    def agreement(self) -> Agreement: ...

    @property
    def provider(self) -> Organisation: ...


@dataclass(frozen=True)
class TermInForce:
    """A number that a process obeys, and the clause that says so."""

    measure: str
    value: Decimal
    unit: str
    clause: Clause
    version: AgreementVersion

    @property
    def in_words(self) -> str:
        """The number with its unit, as in “12 weeks”."""
        return measures.in_words(self.value, self.unit)


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


def version_in_force(agreement: Agreement) -> AgreementVersion | None:
    """Give the latest published version; None before the first one and after withdrawal."""
    if agreement.withdrawn_at is not None:
        return None
    return latest_version(agreement)


def latest_version(agreement: Agreement) -> AgreementVersion | None:
    """Give the version published last, whether or not the agreement is still offered."""
    return agreement.versions.order_by("-number").first()


def last_material_number(agreement: Agreement) -> int | None:
    """Give the number of the version since which acceptances count; None when nothing is in force."""
    if agreement.withdrawn_at is not None:
        return None
    return (
        agreement.versions.filter(is_material=True)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )


def accepted_version(agreement: Agreement, organisation: Organisation) -> AgreementVersion | None:
    """Give the newest version that an organisation has accepted."""
    return (
        AgreementVersion.objects.filter(agreement=agreement, acceptances__organisation=organisation)
        .order_by("-number")
        .first()
    )


def has_accepted(agreement: Agreement, organisation: Organisation) -> bool:
    """Say whether an organisation is bound by the version in force.

    An acceptance of the latest material version, or of any version since, counts.
    """
    since = last_material_number(agreement)
    if since is None:
        return False
    return Acceptance.objects.filter(
        version__agreement=agreement, version__number__gte=since, organisation=organisation
    ).exists()


def agreement_for(partnership: Organisation, kind: str = Kind.SLA) -> Agreement | None:
    """Give the agreement of a kind that a partnership works by: the newest published one."""
    return (
        Agreement.objects.published()
        .filter(partnership=partnership, kind=kind)
        .order_by("-created_at", "-pk")
        .first()
    )


def term_in_force(placement: UnderAgreement, measure: str) -> TermInForce | None:
    """Give the number a placement obeys: from the version that its provider accepted last."""
    version = accepted_version(placement.agreement, placement.provider)
    return None if version is None else _term(version, measure)


def published_term(
    partnership: Organisation, measure: str, kind: str = Kind.SLA
) -> TermInForce | None:
    """Give the number a partnership's published agreement sets, before any provider is involved."""
    agreement = agreement_for(partnership, kind)
    version = None if agreement is None else version_in_force(agreement)
    return None if version is None else _term(version, measure)


def _term(version: AgreementVersion, measure: str) -> TermInForce | None:
    if measure not in measures.REGISTER:
        raise ValueError(f"{measure!r} is not in the register of measures.")
    term = Term.objects.select_related("clause").filter(version=version, measure=measure).first()
    if term is None:
        return None
    return TermInForce(measure, term.value, term.unit, term.clause, version)


def due_date(version: AgreementVersion, organisation: Organisation) -> datetime.date | None:
    """Give the last of the days of grace, from today, when the version sets any."""
    grace = _term(version, "acceptance_grace")
    if grace is None:
        return None
    return calendar.add_working_days(timezone.localdate(), int(grace.value), organisation)


def free_slug(partnership: Organisation, title: str) -> str:
    """Give an address for a new agreement that none of the partnership's agreements has."""
    stem = slugify(title)[:200] or "agreement"
    taken = set(
        Agreement.objects.filter(partnership=partnership, slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    number = 2
    slug = stem
    while slug in taken:
        slug = f"{stem}-{number}"
        number += 1
    return slug


def unchanged_since(version: AgreementVersion) -> datetime.date:
    """Give the date of issue since which the clauses read as they do in a version."""
    since = version
    older = AgreementVersion.objects.filter(
        agreement=version.agreement_id, number__lt=version.number
    )
    for earlier in older.order_by("-number"):
        if earlier.snapshot["content"]["sections"] != version.snapshot["content"]["sections"]:
            break
        since = earlier
    return since.issued_date


def statement(version: AgreementVersion, organisation: Organisation) -> str:
    """Give the exact sentence that a signatory of an organisation agrees to for a version."""
    return rules.statement(
        organisation=organisation.name,
        title=version.snapshot["content"]["title"],
        number=version.number,
        issued_date=version.issued_date,
    )


def verify(version: AgreementVersion) -> bool:
    """Say whether a version is still what was published.

    Both the snapshot's hash and the rows that processes read are compared with it.
    """
    if rules.fingerprint(version.snapshot) != version.sha256:
        return False
    published = [
        (heading, clause) for heading, clause in rules.clauses_of(version.snapshot["content"])
    ]
    rows = list(version.clauses.order_by("position").prefetch_related("terms"))
    return len(rows) == len(published) and all(
        _same(row, heading, clause) for row, (heading, clause) in zip(rows, published, strict=True)
    )


def _same(row: Clause, heading: str, clause: rules.Content) -> bool:
    said = {(term["measure"], Decimal(term["value"]), term["unit"]) for term in clause["terms"]}
    kept = {(term.measure, term.value, term.unit) for term in row.terms.all()}
    return said == kept and (
        str(row.clause_id),
        row.printed_number,
        row.section,
        row.party,
        row.text,
        row.legal_reference,
    ) == (
        clause["clause_id"],
        clause["printed_number"],
        heading,
        clause["party"],
        clause["text"],
        clause["legal_reference"],
    )


def version_with_hash(sha256: str) -> AgreementVersion | None:
    """Give the published version with a hash, for the public check of a receipt."""
    return (
        AgreementVersion.objects.select_related("agreement__partnership")
        .filter(sha256=sha256.strip().lower())
        .first()
    )


def versions_in_force() -> QuerySet[AgreementVersion]:
    """Give the version in force of every agreement that has one."""
    newest = (
        AgreementVersion.objects.filter(agreement=OuterRef("agreement"))
        .order_by("-number")
        .values("number")[:1]
    )
    return AgreementVersion.objects.filter(number=Subquery(newest), agreement__withdrawn_at=None)


def search_clauses(q: str) -> QuerySet[Clause]:
    """Give the clauses in force that contain the words of a search, in the order of publication."""
    if not q.strip():
        return Clause.objects.none()
    return (
        Clause.objects.annotate(words=SearchVector("section", "text", config="english"))
        .filter(
            words=SearchQuery(q, search_type="websearch", config="english"),
            version__in=versions_in_force(),
        )
        .select_related("version__agreement__partnership")
        .order_by("version__agreement__title", "version_id", "position")
    )


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
