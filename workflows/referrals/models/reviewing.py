"""That a school has asked for a review of the panel's decision, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from permissions.audit import track
from workflows.referrals.models.columns import both_or_neither, person
from workflows.referrals.models.panel import Decision
from workflows.referrals.models.referral import Referral, ReferralQuerySet
from workflows.referrals.states import AskedFor, ReviewStatus

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case


class DecisionReviewQuerySet(models.QuerySet["DecisionReview"]):
    """Filters of reviews."""

    def visible_to(self, user: User) -> DecisionReviewQuerySet:
        """Keep the reviews of referrals whose case a person may see."""
        referrals: ReferralQuerySet = Referral.objects.visible_to(user)
        return self.filter(referral__in=referrals.values("pk"))


@track(organisation="referral__case__partnership")
class DecisionReview(models.Model):
    """A second look at a decision, by somebody who took no part in it."""

    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="decision_reviews"
    )
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reviews")
    status = models.CharField(
        max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.ASKED
    )
    asked_for = models.CharField(max_length=10, choices=AskedFor.choices)
    reasons = models.TextField(max_length=4000)
    asked_by = person()
    asked_at = models.DateTimeField(default=timezone.now)
    # Why the decision stays, or why the panel is to decide again.
    outcome_reasons = models.TextField(max_length=4000, blank=True)
    decided_by = person(optional=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = person(optional=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionReviewQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            both_or_neither("decided_at", "decided_by", name="decision_review_decided_pair"),
            both_or_neither("withdrawn_at", "withdrawn_by", name="decision_review_withdrawn_pair"),
            models.UniqueConstraint(
                fields=["decision"],
                condition=~models.Q(status=ReviewStatus.WITHDRAWN),
                name="decision_review_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[ReviewStatus.UPHELD, ReviewStatus.RETURNED],
                    decided_at__isnull=False,
                    withdrawn_at__isnull=True,
                )
                & ~models.Q(outcome_reasons="")
                | models.Q(
                    status=ReviewStatus.ASKED,
                    decided_at__isnull=True,
                    withdrawn_at__isnull=True,
                    outcome_reasons="",
                )
                | models.Q(
                    status=ReviewStatus.WITHDRAWN,
                    decided_at__isnull=True,
                    withdrawn_at__isnull=False,
                    outcome_reasons="",
                ),
                name="decision_review_status_is_true",
            ),
            models.CheckConstraint(
                condition=~models.Q(reasons=""), name="decision_review_asked_with_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"Review of the decision ({self.referral})"

    @property
    def case(self) -> Case:
        """The referral's case."""
        return self.referral.case
