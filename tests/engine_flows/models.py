"""What the test process is about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Parcel(models.Model):
    """Something to pack, vote on, wait for and send."""

    reference = models.CharField(max_length=20)
    headline = models.CharField(max_length=200, blank=True)
    partnership = models.ForeignKey("permissions.Organisation", on_delete=models.PROTECT)
    status = models.CharField(max_length=20, default="new")
    note = models.TextField(blank=True)
    is_fragile = models.BooleanField(default=False)
    is_broken = models.BooleanField(default=False)
    has_arrived = models.BooleanField(default=False)
    send_at = models.DateTimeField(null=True)
    enough_votes = models.PositiveIntegerField(null=True)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return self.reference
