"""The register of law and guidance, read whole: it is small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements import rules
from workflows.agreements.models import LegalEdition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.queries import Person


def legal_register() -> rules.LegalRegister:
    """Give every edition as of today, the newest of each law first: one query."""
    rows = LegalEdition.objects.select_related("reference", "superseded_by__reference")
    return rules.LegalRegister(
        editions=tuple(
            rules.Edition(
                code=row.code,
                title=row.reference.title,
                edition=row.edition,
                names=tuple(
                    name.strip() for name in row.reference.other_names.splitlines() if name.strip()
                ),
                address=row.address,
                superseded_date=row.superseded_date,
                replaced_by=str(row.superseded_by or ""),
            )
            for row in rows
        ),
        today=timezone.localdate(),
    )


def authorities_keeping_the_register(user: Person) -> QuerySet[Organisation]:
    """Give the local authorities for which a person may keep the register of law."""
    return permissions.organisations_where(user, "manage_legal_register").filter(
        kind=OrganisationKind.LOCAL_AUTHORITY
    )
