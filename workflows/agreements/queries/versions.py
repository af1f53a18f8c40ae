"""Which version is in force, which an organisation has accepted, and whether one is intact."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import slugify

from permissions.models import Organisation
from workflows.agreements import rules
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementVersion,
    Clause,
    Receipt,
)
from workflows.agreements.states import PARTY_OF_KIND, Kind, Party, Scope

if TYPE_CHECKING:
    from workflows.cases.models import Case


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


def acceptances_by(
    agreement: Agreement, organisation: Organisation, case: Case | None = None
) -> QuerySet[Acceptance]:
    """Give an organisation's acceptances of any version of an agreement.

    For a case, only those that reach it: its own, and those that reach everything.
    """
    acceptances = Acceptance.objects.filter(version__agreement=agreement, organisation=organisation)
    if case is None:
        return acceptances
    return acceptances.filter(Q(case=case) | Q(case=None, activity=""))


def accepted_version(
    agreement: Agreement,
    organisation: Organisation,
    *,
    case: Case | None = None,
    at: datetime.datetime | None = None,
) -> AgreementVersion | None:
    """Give the newest version that an organisation has accepted (for a case, by a moment)."""
    acceptances = acceptances_by(agreement, organisation, case)
    if at is not None:
        acceptances = acceptances.filter(accepted_at__lte=at)
    newest = acceptances.select_related("version").order_by("-version__number").first()
    return None if newest is None else newest.version


def has_accepted(
    agreement: Agreement, organisation: Organisation, *, case: Case | None = None
) -> bool:
    """Say whether an organisation is bound by the version in force (for a case, where given).

    An acceptance of the latest material version, or of any version since, counts.
    """
    since = last_material_number(agreement)
    if since is None:
        return False
    return acceptances_by(agreement, organisation, case).filter(version__number__gte=since).exists()


def asks_lead(agreement: Agreement, organisation: Organisation) -> bool:
    """Say whether an agreement asks an organisation for its safeguarding lead.

    Those who have the pupils name their lead to the commissioner, not the other way round.
    """
    return (
        agreement.asks_safeguarding_lead and PARTY_OF_KIND[organisation.kind] != Party.COMMISSIONER
    )


def reaches(agreement: Agreement, organisation: Organisation) -> list[tuple[Case | None, str]]:
    """Give what an organisation's acceptances of an agreement reach: pairs of case and activity.

    One pair of nothing, unless the agreement is accepted by case: then every open case and every
    activity that it was accepted for or is to be.
    """
    if not agreement.is_accepted_by_case:
        return [(None, "")]
    acceptances = acceptances_by(agreement, organisation).select_related("case")
    requests = AcceptanceRequest.objects.filter(
        agreement=agreement, organisation=organisation
    ).select_related("case")
    found: dict[tuple[int | None, str], tuple[Case | None, str]] = {}
    for case, activity in [
        *((acceptance.case, acceptance.activity) for acceptance in acceptances),
        *((request.case, request.activity) for request in requests),
    ]:
        if (case is None or case.closed_at is None) and (case or activity):
            found[case.pk if case else None, activity] = (case, activity)
    return list(found.values())


def agreement_for(partnership: Organisation, kind: str = Kind.SLA) -> Agreement | None:
    """Give the agreement of a kind that a partnership works by: the newest published one.

    One for a single activity takes no other's place: it counts where there is nothing else.
    """
    return (
        Agreement.objects.published()
        .filter(partnership=partnership, kind=kind)
        .alias(is_for_activity=Q(scope=Scope.ACTIVITY))
        .order_by("is_for_activity", "-created_at", "-pk")
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


def version_with_hash(sha256: str) -> AgreementVersion | None:
    """Give the published version with a hash, for the public check of a receipt."""
    return (
        AgreementVersion.objects.select_related("agreement__partnership")
        .filter(sha256=sha256.strip().lower())
        .first()
    )


def receipt_with_hash(sha256: str) -> Receipt | None:
    """Give the receipt whose PDF has a hash, without the file, for the public check."""
    return (
        Receipt.objects.select_related("acceptance__version__agreement__partnership")
        .defer("pdf")
        .filter(sha256=sha256.strip().lower())
        .first()
    )


def verify_receipt(receipt: Receipt) -> bool:
    """Say whether a receipt's file is the one that was made, and its version the one published."""
    acceptance = receipt.acceptance
    return (
        hashlib.sha256(bytes(receipt.pdf)).hexdigest() == receipt.sha256
        and acceptance.sha256 == acceptance.version.sha256
        and verify(acceptance.version)
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


def statement(
    version: AgreementVersion,
    organisation: Organisation,
    *,
    case: Case | None = None,
    activity: str = "",
    act: str = "",
) -> str:
    """Give the exact sentence that a signatory of an organisation agrees to for a version."""
    return rules.statement(
        organisation=organisation.name,
        title=version.snapshot["content"]["title"],
        number=version.number,
        issued_date=version.issued_date,
        case=case.reference if case else "",
        activity=activity,
        act=act,
    )


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
