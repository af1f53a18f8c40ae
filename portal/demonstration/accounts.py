"""Who can sign in to the demonstration: one line per organisation, one account per role."""

from __future__ import annotations

from collections.abc import Iterator

from permissions.models import Membership, Organisation
from permissions.roles import OrganisationKind

ORDER = (
    OrganisationKind.LOCAL_AUTHORITY,
    OrganisationKind.PARTNERSHIP,
    OrganisationKind.SCHOOL,
    OrganisationKind.PROVIDER,
)


def lines() -> Iterator[tuple[str, str, str]]:
    """Yield kind, organisation, and its accounts as "role1, role2 @ domain", largest body first."""
    memberships = Membership.objects.filter(
        ended_at__isnull=True, user__email__endswith=".example"
    ).select_related("organisation", "user")
    by_organisation: dict[Organisation, list[str]] = {}
    for membership in memberships.order_by("pk"):
        names = by_organisation.setdefault(membership.organisation, [])
        names.append(membership.user.email.partition("@")[0])
    for kind in ORDER:
        for organisation, names in by_organisation.items():
            if organisation.kind == kind:
                yield (
                    organisation.get_kind_display(),
                    organisation.name,
                    f"{', '.join(names)} @{organisation.slug}.example",
                )
