"""A referral handed from one partnership of a local authority to another."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from permissions.models import Organisation
from workflows.cases.models import Case
from workflows.referrals.models.columns import person
from workflows.referrals.models.referral import Referral
from workflows.referrals.states import TransferStatus


class Transfer(models.Model):
    """An officer's proposal that another partnership takes a referral, and what became of it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="transfers")
    from_partnership = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_partnership = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)
    # What the parent's permission covered, in the words that the officer confirmed.
    permission_covers = models.TextField()
    status = models.CharField(
        max_length=20, choices=TransferStatus.choices, default=TransferStatus.PROPOSED
    )
    proposed_by = person()
    proposed_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=2000, blank=True)
    # Nobody where it ended with the referral.
    ended_by = person(optional=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(status=TransferStatus.PROPOSED),
                name="transfer_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(status=TransferStatus.PROPOSED, ended_at__isnull=True)
                & models.Q(ended_by__isnull=True)
                | ~models.Q(status=TransferStatus.PROPOSED) & models.Q(ended_at__isnull=False),
                name="transfer_ended_when_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[TransferStatus.ACCEPTED, TransferStatus.REFUSED])
                | models.Q(ended_by__isnull=False),
                name="transfer_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_partnership=models.F("to_partnership")),
                name="transfer_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Transfer of {self.referral} to {self.to_partnership}"

    @property
    def reference(self) -> str:
        """The case's reference."""
        return self.case.reference

    @property
    def headline(self) -> str:
        """What the other partnership is told before it takes the referral: nobody's name."""
        pupil = self.case.pupil
        school = pupil.school
        return f"{pupil.get_year_group_display()}, {school.short_name or school.name}"

    @property
    def case(self) -> Case:
        """The case of the referral."""
        return self.referral.case

    @property
    def partnership(self) -> Organisation:
        """Who is asked."""
        return self.to_partnership
