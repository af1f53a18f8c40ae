"""How the school is told what was decided."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from workflows.cases.models import Document
from workflows.referrals.models.panel import Decision


class Letter(models.Model):
    """The letter that tells the school a decision."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="letter")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Letter: {self.decision}"
