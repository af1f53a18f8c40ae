"""When the clocks of a referral stand still."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from workflows.referrals.models.referral import Referral
from workflows.referrals.states import PauseReason


class ClockPause(models.Model):
    """A time in which the partnership cannot go on, and its days do not count."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason.choices)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When the school was told that its answer is nearly due.
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(ended_at__isnull=True),
                name="pause_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="pause_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "started_at"], name="pause_referral"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} since {self.started_at:%d %B %Y}"
