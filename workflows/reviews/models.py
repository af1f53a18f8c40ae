"""The data of reviews: when each is due and why, what was said, and what was agreed.

A review belongs to a placement and is seen by whoever sees that placement: its minutes go to
everyone in the case, but a provider reads those of its own placements only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from permissions import audit
from permissions.models import Organisation
from workflows.placements.models import Placement, narrow_to_provider

from .states import Outcome, ReviewStatus

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case


class ReviewQuerySet(models.QuerySet["Review"]):
    """Filters of reviews."""

    def visible_to(self, user: User) -> ReviewQuerySet:
        """Keep the reviews that a person may see."""
        return narrow_to_provider(  # type: ignore[return-value]  # a filter keeps the class
            self, user, case="placement__case", provider="placement__provider"
        )

    def open(self) -> ReviewQuerySet:
        """Keep the reviews that are still to be held."""
        return self.filter(status__in=[ReviewStatus.SCHEDULED, ReviewStatus.DUE])


@audit.track(organisation="placement__case__partnership")
class Review(models.Model):
    """One meeting about one placement, due by the number in the agreement."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    opens_date = models.DateField()
    weeks = models.PositiveSmallIntegerField(
        help_text="The number of weeks that the due date was counted with."
    )
    # The day that the weeks are counted from; unknown for those scheduled before it was kept.
    counted_date = models.DateField(null=True, blank=True)
    # The clause that gave the number; none where the agreement says nothing about reviews.
    clause = models.ForeignKey(
        "agreements.Clause", on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.SCHEDULED
    )
    scheduled_at = models.DateTimeField()
    held_date = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attended = models.TextField(max_length=2000, blank=True)
    minutes = models.TextField(max_length=20000, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="review_number_once"),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(status__in=[ReviewStatus.SCHEDULED, ReviewStatus.DUE]),
                name="review_one_open_per_placement",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="review_recorded_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ReviewStatus.HELD,
                    held_date__isnull=False,
                    recorded_at__isnull=False,
                    outcome__in=Outcome.values,
                )
                & ~Q(minutes="")
                | ~Q(status=ReviewStatus.HELD)
                & Q(held_date__isnull=True, recorded_at__isnull=True, outcome="", minutes=""),
                name="review_held_with_minutes_and_outcome",
            ),
            models.CheckConstraint(
                condition=Q(opens_date__lte=models.F("due_date")), name="review_opens_before_due"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_date"],
                condition=Q(status__in=[ReviewStatus.SCHEDULED, ReviewStatus.DUE]),
                name="review_open_by_due_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Review {self.number} of {self.placement.case}"

    def get_absolute_url(self) -> str:
        """Address of the review's page; it names no pupil."""
        return reverse("reviews:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.status in (ReviewStatus.SCHEDULED, ReviewStatus.DUE)

    @property
    def case(self) -> Case:
        """The case of the placement that is reviewed."""
        return self.placement.case


@audit.track(organisation="review__placement__case__partnership")
class Action(models.Model):
    """One thing that a review agreed somebody would do, and whether it is done."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="actions")
    description = models.CharField(max_length=500)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="review_actions")
    due_date = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["due_date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="review_action_done_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.description
