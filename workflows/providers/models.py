"""The data of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from permissions import queries as permissions
from permissions.audit import track
from permissions.models import Organisation

from .states import Status

if TYPE_CHECKING:
    from permissions.models import User


class DirectoryEntryQuerySet(models.QuerySet["DirectoryEntry"]):
    """Filters of directory entries."""

    def open(self) -> DirectoryEntryQuerySet:
        """Keep the entries that are listed now."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user: User) -> DirectoryEntryQuerySet:
        """Keep the entries of directories that a person may read."""
        return self.filter(partnership__in=permissions.organisations_where(user, "view_directory"))


@track(organisation="partnership", show_values=True)
class DirectoryEntry(models.Model):
    """A provider in a partnership's directory, from a date until, perhaps, another."""

    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="directory_entries"
    )
    partnership = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="directory"
    )
    listed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(help_text="Pupils the provider can take at once")
    subjects = models.TextField(max_length=1000, blank=True)
    notes = models.TextField(max_length=2000, blank=True)

    objects = DirectoryEntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "directory entries"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "partnership"],
                condition=models.Q(removed_at__isnull=True),
                name="directory_listed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True)
                | models.Q(removed_at__gte=models.F("listed_at")),
                name="directory_removed_after_listed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "provider"],
                condition=models.Q(removed_at__isnull=True),
                name="directory_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} for {self.partnership}"

    @property
    def status(self) -> Status:
        """Whether the provider is in the directory now."""
        return Status.LISTED if self.removed_at is None else Status.REMOVED
