"""That a parent or carer has taken permission back."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from workflows.referrals.models.columns import person
from workflows.referrals.models.referral import Referral
from workflows.referrals.states import PermissionMethod


class PermissionWithdrawal(models.Model):
    """Who withdrew permission, how and when. It stops the case for good; never changed."""

    referral = models.OneToOneField(
        Referral, on_delete=models.PROTECT, related_name="permission_withdrawal"
    )
    withdrawn_by = models.CharField(max_length=200)
    how = models.CharField(max_length=20, choices=PermissionMethod.choices)
    withdrawn_date = models.DateField()
    note = models.TextField(max_length=1000, blank=True)
    recorded_by = person()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(withdrawn_by=""), name="permission_withdrawn_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"Permission withdrawn on {self.withdrawn_date:%d %B %Y}"
