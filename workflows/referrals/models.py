"""The data of referrals: the form, questions, the panel's consideration, votes and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from workflows.cases.models import Case, Document

from .states import TRANSITIONS, Choice, Outcome, PermissionMethod, Status

if TYPE_CHECKING:
    from permissions.models import User


def _both_or_neither(first: str, second: str, *, name: str) -> models.CheckConstraint:
    """Tie a pair such as "submitted at" and "submitted by" together."""
    neither = models.Q((f"{first}__isnull", True), (f"{second}__isnull", True))
    both = models.Q((f"{first}__isnull", False), (f"{second}__isnull", False))
    return models.CheckConstraint(condition=neither | both, name=name)


def _person(*, optional: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=optional,
        blank=optional,
    )


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Filters of referrals."""

    def visible_to(self, user: User) -> ReferralQuerySet:
        """Keep the referrals whose case a person may see."""
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))

    def waiting_for_school(self) -> ReferralQuerySet:
        """Keep what the school still has to finish: drafts and questions."""
        return self.filter(status__in=[Status.DRAFT, Status.QUESTIONED])


@track(organisation="case__partnership")
class Referral(models.Model):
    """A school's request for a place for one pupil, written page by page."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="referral")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    reason = models.TextField("why the pupil is being referred", max_length=4000, blank=True)

    # Parental permission: recorded before anything leaves the school and its local authority.
    permission_given_by = models.CharField(max_length=200, blank=True)
    permission_how = models.CharField(max_length=20, choices=PermissionMethod.choices, blank=True)
    permission_date = models.DateField(null=True, blank=True)
    permission_covers = models.TextField(max_length=1000, blank=True)
    permission_recorded_at = models.DateTimeField(null=True, blank=True)
    permission_recorded_by = _person(optional=True)

    no_medical_evidence_reason = models.TextField(max_length=1000, blank=True)

    needs = models.TextField(max_length=4000, blank=True)
    strengths = models.TextField(max_length=4000, blank=True)
    aptitudes = models.TextField(max_length=4000, blank=True)
    behaviour = models.TextField(max_length=4000, blank=True)
    potential = models.TextField(max_length=4000, blank=True)
    working_at = models.TextField("working-at grades", max_length=4000, blank=True)

    tried_first = models.TextField(max_length=4000, blank=True)
    pupil_views = models.TextField(max_length=4000, blank=True)
    parent_views = models.TextField(max_length=4000, blank=True)

    # How to reach somebody: named person for the family, key contact for work, absence contact.
    named_person = models.CharField(max_length=200, blank=True)
    named_person_contact = models.CharField(max_length=200, blank=True)
    key_contact = models.CharField(max_length=200, blank=True)
    key_contact_contact = models.CharField(max_length=200, blank=True)
    absence_contact = models.CharField(max_length=200, blank=True)
    absence_contact_contact = models.CharField(max_length=200, blank=True)

    started_at = models.DateTimeField(default=timezone.now)
    started_by = _person(optional=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = _person(optional=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    screened_by = _person(optional=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["status", "-started_at"], name="referral_status")]
        constraints = [
            _both_or_neither("submitted_at", "submitted_by", name="referral_submitted_pair"),
            _both_or_neither("screened_at", "screened_by", name="referral_screened_pair"),
            _both_or_neither(
                "permission_recorded_at", "permission_recorded_by", name="referral_permission_pair"
            ),
            models.CheckConstraint(
                condition=models.Q(permission_recorded_at__isnull=True)
                | (
                    models.Q(permission_date__isnull=False)
                    & ~models.Q(permission_given_by="")
                    & ~models.Q(permission_how="")
                    & ~models.Q(permission_covers="")
                ),
                name="referral_permission_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[Status.DRAFT, Status.WITHDRAWN])
                | models.Q(permission_recorded_at__isnull=False, submitted_at__isnull=False),
                name="referral_leaves_school_with_permission",
            ),
        ]

    def __str__(self) -> str:
        return f"Referral {self.case.reference}"

    def get_absolute_url(self) -> str:
        """Address of the referral's task list; it names no pupil."""
        return reverse("referrals:detail", args=[self.case.reference])

    @property
    def decision(self) -> Decision | None:
        """The latest decision, if there is one."""
        return self.decisions.order_by("-decided_at", "-pk").first()


class Question(models.Model):
    """What the partnership asked the school while screening, and the answer."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(max_length=2000)
    asked_by = _person()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = _person(optional=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            _both_or_neither("answered_at", "answered_by", name="question_answered_pair"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | ~models.Q(answer=""),
                name="question_answered_with_words",
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(answered_at__isnull=True),
                name="question_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Question of {self.asked_at:%d %B %Y}"


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
    member = _person()

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
    member = _person()
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
    member = _person()
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
    decided_by = _person()
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


class Letter(models.Model):
    """The letter that tells the school a decision."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="letter")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Letter: {self.decision}"
