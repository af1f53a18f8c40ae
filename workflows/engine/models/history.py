"""What happened, and what somebody has typed and not sent yet."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Event(models.Model):
    """Something that happened, in a timeline. Never edited, never deleted: the database refuses."""

    kind = models.SlugField(max_length=60, db_index=False)
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty when Accord itself did it.",
    )
    by_name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        "permissions.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(default=timezone.now)
    audience = models.CharField(max_length=40, default="parties")
    summary = models.CharField(max_length=500)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="engine_event_subject"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(by__isnull=True) & Q(by_name=""))
                | (Q(by__isnull=False) & ~Q(by_name="")),
                name="engine_event_by_and_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Draft(models.Model):
    """What a person has typed into one form, kept so that they can come back to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="engine_one_draft_per_form"),
        ]

    def __str__(self) -> str:
        return self.key
