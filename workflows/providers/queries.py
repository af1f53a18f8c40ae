"""Reads of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from permissions import queries as permissions
from permissions.models import Organisation
from permissions.roles import OrganisationKind

from .models import DirectoryEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import User


def directory(partnership: Organisation) -> QuerySet[DirectoryEntry]:
    """List the providers a partnership may offer a pupil to, by name."""
    return (
        DirectoryEntry.objects.open()
        .filter(partnership=partnership, provider__is_active=True)
        .select_related("provider", "partnership")
        .order_by("provider__name")
    )


def is_listed(provider: Organisation, partnership: Organisation) -> bool:
    """Tell whether a provider is in a partnership's directory now."""
    return directory(partnership).filter(provider=provider).exists()


def not_listed(partnership: Organisation) -> QuerySet[Organisation]:
    """List the providers that could be added to a partnership's directory, by name."""
    listed = DirectoryEntry.objects.open().filter(partnership=partnership).values("provider")
    return (
        Organisation.objects.filter(kind=OrganisationKind.PROVIDER, is_active=True)
        .exclude(pk__in=listed)
        .order_by("name")
    )


def directories_of(user: User) -> list[tuple[Organisation, list[DirectoryEntry]]]:
    """List the partnerships whose directory a person may read, each with its entries; two queries.

    A person of a local authority reads those of all its partnerships.
    """
    reads = permissions.organisations_where(user, "view_directory")
    partnerships = list(
        Organisation.objects.filter(
            Q(pk__in=reads.values("pk")) | Q(parent__in=reads.values("pk")),
            kind=OrganisationKind.PARTNERSHIP,
            is_active=True,
        ).order_by("name")
    )
    entries: dict[int, list[DirectoryEntry]] = {partnership.pk: [] for partnership in partnerships}
    listed = (
        DirectoryEntry.objects.open()
        .filter(partnership__in=entries)
        .select_related("provider")
        .order_by("provider__name")
    )
    for entry in listed:
        entries[entry.partnership_id].append(entry)
    return [(partnership, entries[partnership.pk]) for partnership in partnerships]
