"""The panel: how it works, what it considers, who votes, and what was decided."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from workflows.referrals.models.columns import person
from workflows.referrals.models.referral import Referral
from workflows.referrals.states import TRANSITIONS, Choice, Outcome


@track(show_values=True)
class PanelSettings(models.Model):
    """How a partnership's panel works; an administrator changes it."""

    partnership = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="panel_settings"
    )
    quorum = models.PositiveSmallIntegerField(
        default=2,
        validators=[MinValueValidator(1)],
        help_text="Votes needed before the chair may accept or decline",
    )
    # Used while the partnership's agreement has no clause with these numbers.
    screen_working_days = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1)]
    )
    decide_working_days = models.PositiveSmallIntegerField(
        default=15, validators=[MinValueValidator(1)]
    )
    answer_working_days = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1)]
    )
    # How many working days before its answer is due the school is reminded.
    reminder_working_days = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1)]
    )

    class Meta:
        default_permissions = ()
        verbose_name_plural = "panel settings"
        constraints = [
            models.CheckConstraint(condition=models.Q(quorum__gte=1), name="panel_quorum_positive"),
        ]

    def __str__(self) -> str:
        return f"Panel of {self.partnership}"


class PanelConsideration(models.Model):
    """One time that a panel considers a referral, from its opening to the chair's decision."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="considerations")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    quorum = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(closed_at__isnull=True),
                name="consideration_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral}, panel of {self.opened_at:%d %B %Y}"


class PanelSeat(models.Model):
    """A person asked to vote in one consideration."""

    consideration = models.ForeignKey(
        PanelConsideration, on_delete=models.PROTECT, related_name="seats"
    )
    member = person()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["consideration", "member"], name="seat_once"),
        ]

    def __str__(self) -> str:
        return f"Seat {self.pk}"


class Vote(models.Model):
    """A panel member's vote, with reasons; cast once and never changed."""

    consideration = models.ForeignKey(
        PanelConsideration, on_delete=models.PROTECT, related_name="votes"
    )
    member = person()
    choice = models.CharField(max_length=10, choices=Choice.choices)
    reasons = models.TextField(max_length=2000)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["consideration", "member"], name="vote_once"),
        ]

    def __str__(self) -> str:
        return f"Vote {self.pk}"


class ConflictOfInterest(models.Model):
    """A panel member's declaration of a conflict of interest; never changed."""

    consideration = models.ForeignKey(
        PanelConsideration, on_delete=models.PROTECT, related_name="conflicts"
    )
    member = person()
    reason = models.TextField(max_length=1000)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "conflicts of interest"
        constraints = [
            models.UniqueConstraint(fields=["consideration", "member"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"Conflict of interest {self.pk}"


class Decision(models.Model):
    """What the chair decided for the panel in one consideration; never changed."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    consideration = models.OneToOneField(
        PanelConsideration, on_delete=models.PROTECT, related_name="decision"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField(max_length=4000)
    conditions = models.TextField(max_length=4000, blank=True)
    decided_by = person()
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["referral", "-decided_at"], name="decision_latest")]

    def __str__(self) -> str:
        return f"{self.result} ({self.referral})"

    @property
    def result(self) -> str:
        """The outcome as what has happened: accepted, declined, deferred."""
        return TRANSITIONS[self.outcome][1].label
