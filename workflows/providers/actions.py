"""The only writers of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.models import Organisation
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

from . import queries, rules
from .models import DirectoryEntry

if TYPE_CHECKING:
    from permissions.models import User


def list_provider(
    *,
    provider: Organisation,
    partnership: Organisation,
    places: int,
    by: User | None,
    subjects: str = "",
    notes: str = "",
) -> DirectoryEntry:
    """Put a provider into a partnership's directory. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        # One change of a partnership's directory at a time; a key lock, so references go on.
        Organisation.objects.select_for_update(no_key=True).get(pk=partnership.pk)
        if by is not None:
            checks.require(by, "change_directory", partnership)
        if reason := rules.why_cannot_list(
            kind=provider.kind,
            is_active=provider.is_active,
            is_listed=queries.is_listed(provider, partnership),
        ):
            raise NotAllowed(reason)
        entry = DirectoryEntry.objects.create(
            provider=provider,
            partnership=partnership,
            places=places,
            subjects=subjects.strip(),
            notes=notes.strip(),
        )
        _announce("provider_listed", entry, by, f"{provider} was added to the directory")
    return entry


def change_entry(
    *, entry: DirectoryEntry, places: int, subjects: str, notes: str, by: User | None
) -> None:
    """Correct what a directory says of a provider. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        _begin("change_entry", entry, by)
        entry.places = places
        entry.subjects = subjects.strip()
        entry.notes = notes.strip()
        entry.save(update_fields=["places", "subjects", "notes"])
        _announce("entry_changed", entry, by, f"The entry of {entry.provider} was changed")


def remove_entry(*, entry: DirectoryEntry, by: User | None) -> None:
    """Take a provider out of a directory: it gets no further offers; its placements go on.

    Raises NotPermitted, or NotAllowed where it has been removed already.
    """
    with audit.acting(by), transaction.atomic():
        _begin("remove_entry", entry, by)
        entry.removed_at = timezone.now()
        entry.save(update_fields=["removed_at"])
        _announce("provider_removed", entry, by, f"{entry.provider} was removed from the directory")


def _begin(action: str, entry: DirectoryEntry, by: User | None) -> None:
    entry.refresh_from_db(from_queryset=DirectoryEntry.objects.select_for_update())
    if by is not None:
        checks.require(by, "change_directory", entry.partnership)
    if reason := rules.why_cannot(action, entry.status):
        raise NotAllowed(reason)


def _announce(kind: str, entry: DirectoryEntry, by: User | None, summary: str) -> None:
    events.announce(
        kind,
        subject=entry.partnership,
        by=by,
        organisation=entry.partnership,
        audience="commissioner",
        summary=summary,
        data={"entry": entry.pk, "provider": entry.provider_id},
    )
