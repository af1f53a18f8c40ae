"""The panel: how it works, what it considers, who votes, and what was decided."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from workflows.referrals.models.columns import person
from workflows.referrals.models.referral import Referral
from workflows.referrals.states import TRANSITIONS, Choice, Outcome, SeatEnd, VotesShown


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
    votes_shown = models.CharField(
        max_length=20, choices=VotesShown.choices, default=VotesShown.AFTER_DECISION
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
    ask_review_working_days = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(1)]
    )
    review_working_days = models.PositiveSmallIntegerField(
        default=15, validators=[MinValueValidator(1)]
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
    # Set where voting ends before the chair decides, as it does at the end of a virtual meeting.
    votes_closed_at = models.DateTimeField(null=True, blank=True)
    # Since when nobody is left who could decide, as the administrators were told.
    chair_missed_at = models.DateTimeField(null=True, blank=True)
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
    """A person asked to vote in one consideration, perhaps in another's place."""

    consideration = models.ForeignKey(
        PanelConsideration, on_delete=models.PROTECT, related_name="seats"
    )
    member = person()
    in_place_of = person(optional=True)
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, choices=SeatEnd.choices, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["consideration", "member"],
                condition=models.Q(ended_at__isnull=True),
                name="seat_once_at_a_time",
            ),
            # One person at most votes in a member's place.
            models.UniqueConstraint(
                fields=["consideration", "in_place_of"],
                condition=models.Q(ended_at__isnull=True, in_place_of__isnull=False),
                name="seat_one_substitute",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_because="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_because="")),
                name="seat_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.pk}"


class Vote(models.Model):
    """A panel member's vote, with reasons; never changed: a new one takes its place.

    A member may vote again until the chair closes. Every vote stays; the one with the highest
    number counts.
    """

    consideration = models.ForeignKey(
        PanelConsideration, on_delete=models.PROTECT, related_name="votes"
    )
    member = person()
    number = models.PositiveSmallIntegerField(default=1)
    choice = models.CharField(max_length=10, choices=Choice.choices)
    reasons = models.TextField(max_length=2000)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["consideration", "member", "number"], name="vote_once_per_number"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="vote_number_positive"),
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
    # Until when, or until what arrives, a referral is deferred.
    deferred_until = models.DateField(null=True, blank=True)
    deferred_for = models.CharField(max_length=500, blank=True)
    decided_by = person()
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["referral", "-decided_at"], name="decision_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.DEFER)
                | models.Q(deferred_until__isnull=True, deferred_for=""),
                name="decision_until_only_deferred",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} ({self.referral})"

    @property
    def result(self) -> str:
        """The outcome as what has happened: accepted, declined, deferred."""
        return TRANSITIONS[self.outcome][1].label


class Condition(models.Model):
    """One condition of an acceptance; never changed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="condition_number_once"),
        ]

    def __str__(self) -> str:
        return f"Condition {self.number} of decision {self.decision_id}"
