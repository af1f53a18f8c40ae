"""Reads of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from permissions.models import Organisation
from permissions.roles import OrganisationKind

from .models import DirectoryEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet


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
