"""Objections to single clauses, what was said about them, and the variations they ended in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements.models.agreements import Agreement
from workflows.agreements.models.versions import AgreementVersion
from workflows.agreements.states import MessageKind, ReservationStatus

if TYPE_CHECKING:
    from permissions.queries import Person


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Filters of reservations."""

    def open(self) -> ReservationQuerySet:
        """Keep the reservations that are not ended."""
        return self.filter(status__in=sorted(ReservationStatus.open()))

    def visible_to(self, user: Person) -> ReservationQuerySet:
        """Keep those of the person's organisations, and those raised with their partnerships."""
        return self.filter(
            Q(organisation__in=permissions.organisations_where(user, "view_agreement"))
            | Q(
                agreement__partnership__in=permissions.organisations_where(user, "view_acceptances")
            )
        )


class Reservation(models.Model):
    """An organisation's objection to one clause of an agreement.

    Only its status, and how it ended, ever change; what was said about it is in its messages.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reservations")
    # The version whose clause it objects to.
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="reservations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reservations"
    )
    clause_id = models.UUIDField()
    reason = models.TextField()
    # What the organisation would rather read there, if it said so.
    proposed_text = models.TextField(blank=True)
    status = models.CharField(
        max_length=20, choices=ReservationStatus.choices, default=ReservationStatus.RAISED
    )
    raised_at = models.DateTimeField(default=timezone.now)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    # Nobody when the clause, or the agreement, went away.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation", "clause_id"],
                condition=Q(status__in=sorted(ReservationStatus.open())),
                name="reservation_open_once_per_clause",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReservationStatus.values), name="reservation_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(ReservationStatus.open()), ended_at=None)
                | (~Q(status__in=sorted(ReservationStatus.open())) & Q(ended_at__isnull=False)),
                name="reservation_ended_pair",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reservation_has_a_reason"),
        ]
        ordering = ["-raised_at", "-pk"]

    def __str__(self) -> str:
        return f"Reservation of {self.organisation} on {self.agreement}"

    def get_absolute_url(self) -> str:
        """Address of its page, where it is discussed."""
        return reverse("agreements:reservation", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is not ended."""
        return self.status in ReservationStatus.open()


class ReservationMessage(models.Model):
    """Something said or done about a reservation; never changed.

    A proposal carries the words offered (`text`) and the numbers offered (`terms`, as in a
    version's content), which an agreement to it refers to.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    # Nobody when Accord itself ended it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    text = models.TextField(blank=True)
    terms = models.JSONField(default=list)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="reservation_message_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=MessageKind.PROPOSAL) | ~Q(text=""),
                name="reservation_proposal_has_words",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[MessageKind.PROPOSAL, MessageKind.AGREEMENT]) | ~Q(body=""),
                name="reservation_message_says_something",
            ),
        ]
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on reservation {self.reservation_id}"


class Variation(models.Model):
    """The words and numbers of one clause as agreed with one organisation; never changed.

    Holds from `in_force_at`, also over later versions, while the clause is in them; a later
    variation of the same clause takes its place. `terms` are the numbers that differ.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="variations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="variations"
    )
    clause_id = models.UUIDField()
    reservation = models.OneToOneField(
        Reservation, on_delete=models.PROTECT, related_name="variation"
    )
    proposal = models.OneToOneField(
        ReservationMessage, on_delete=models.PROTECT, related_name="variation"
    )
    # The version whose clause was varied.
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="variations"
    )
    text = models.TextField()
    terms = models.JSONField(default=list)
    wording = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # As the account said on the day.
    agreed_name = models.CharField(max_length=200)
    in_force_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="variation_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=~(Q(text="") | Q(wording="") | Q(agreed_name="")),
                name="variation_evidence_complete",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agreement", "organisation", "clause_id", "-in_force_at"],
                name="variation_in_force",
            )
        ]
        ordering = ["-in_force_at", "-pk"]

    def __str__(self) -> str:
        return f"Variation for {self.organisation} of {self.agreement}"
