"""What the partnership asks the school while screening."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from workflows.referrals.models.columns import both_or_neither, person
from workflows.referrals.models.referral import Referral


class Question(models.Model):
    """What the partnership asked the school while screening, and the answer."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(max_length=2000)
    asked_by = person()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = person(optional=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            both_or_neither("answered_at", "answered_by", name="question_answered_pair"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | ~models.Q(answer=""),
                name="question_answered_with_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["referral"],
                condition=models.Q(answered_at__isnull=True),
                name="question_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Question of {self.asked_at:%d %B %Y}"
