"""The referral itself: the form that a school fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils import timezone

from permissions.audit import track
from workflows.cases.models import Case
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.referrals.models.columns import both_or_neither, person
from workflows.referrals.states import PermissionMethod, Status

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.referrals.models.panel import Decision


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Filters of referrals."""

    def visible_to(self, user: User) -> ReferralQuerySet:
        """Keep the referrals whose case a person may see."""
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))

    def waiting_for_school(self) -> ReferralQuerySet:
        """Keep what the school still has to finish: drafts and questions."""
        return self.filter(status__in=[Status.DRAFT, Status.QUESTIONED])


# The version of the questions is written once and never changed: there is no history of it.
@track(organisation="case__partnership", exclude=["questionnaire_version"])
class Referral(models.Model):
    """A school's request for a place for one pupil, written page by page."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="referral")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    # The questions that this referral answers, for its whole life; the answers are rows of their own.
    questionnaire_version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="referrals"
    )

    # Parental permission: recorded before anything leaves the school and its local authority.
    permission_given_by = models.CharField(max_length=200, blank=True)
    permission_how = models.CharField(max_length=20, choices=PermissionMethod.choices, blank=True)
    permission_date = models.DateField(null=True, blank=True)
    permission_covers = models.TextField(max_length=1000, blank=True)
    permission_recorded_at = models.DateTimeField(null=True, blank=True)
    permission_recorded_by = person(optional=True)

    no_medical_evidence_reason = models.TextField(max_length=1000, blank=True)

    # How to reach somebody: named person for the family, key contact for work, absence contact.
    named_person = models.CharField(max_length=200, blank=True)
    named_person_contact = models.CharField(max_length=200, blank=True)
    key_contact = models.CharField(max_length=200, blank=True)
    key_contact_contact = models.CharField(max_length=200, blank=True)
    absence_contact = models.CharField(max_length=200, blank=True)
    absence_contact_contact = models.CharField(max_length=200, blank=True)

    started_at = models.DateTimeField(default=timezone.now)
    started_by = person(optional=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = person(optional=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    screened_by = person(optional=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["status", "-started_at"], name="referral_status")]
        constraints = [
            both_or_neither("submitted_at", "submitted_by", name="referral_submitted_pair"),
            both_or_neither("screened_at", "screened_by", name="referral_screened_pair"),
            both_or_neither(
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
