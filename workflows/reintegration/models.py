"""The data of reintegration: a school's plan for a pupil's return, and its phases.

Everyone who sees the case sees its plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from permissions import audit
from permissions.models import Organisation
from workflows.cases.models import Case
from workflows.placements.models import Placement, narrow_to_provider

from .states import PhaseStatus, PlanStatus

if TYPE_CHECKING:
    from permissions.models import User


class PlanQuerySet(models.QuerySet["ReintegrationPlan"]):
    """Filters of reintegration plans."""

    def visible_to(self, user: User) -> PlanQuerySet:
        """Keep the plans that a person may see."""
        return narrow_to_provider(  # type: ignore[return-value]  # a filter keeps the class
            self, user, case="case", provider="placement__provider"
        )

    def open(self) -> PlanQuerySet:
        """Keep the plans that are being written or under way."""
        return self.filter(status__in=[PlanStatus.WRITING, PlanStatus.ACTIVE])


@audit.track(organisation="case__partnership")
class ReintegrationPlan(models.Model):
    """How one pupil goes back to school, phase by phase. Written and tracked by the school."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reintegration_plans")
    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, related_name="reintegration_plans"
    )
    school = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reintegration_plans"
    )
    status = models.CharField(max_length=10, choices=PlanStatus.choices, default=PlanStatus.WRITING)
    adjustments = models.TextField(max_length=8000, blank=True)
    contacts = models.TextField(max_length=4000, blank=True)
    begun_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    stop_reason = models.TextField(max_length=4000, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=[PlanStatus.WRITING, PlanStatus.ACTIVE]),
                name="plan_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=Q(
                    # A plan may be stopped, with its case, before it was written.
                    status__in=[PlanStatus.WRITING, PlanStatus.STOPPED],
                    written_at__isnull=True,
                    written_by__isnull=True,
                )
                | ~Q(status=PlanStatus.WRITING)
                & Q(written_at__isnull=False, written_by__isnull=False),
                name="plan_written_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.COMPLETED, completed_at__isnull=False)
                | ~Q(status=PlanStatus.COMPLETED) & Q(completed_at__isnull=True),
                name="plan_completed_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=PlanStatus.STOPPED,
                    stopped_at__isnull=False,
                    stopped_by__isnull=False,
                )
                & ~Q(stop_reason="")
                | ~Q(status=PlanStatus.STOPPED)
                & Q(stopped_at__isnull=True, stopped_by__isnull=True, stop_reason=""),
                name="plan_stopped_at_by_and_why",
            ),
        ]
        indexes = [models.Index(fields=["school", "-begun_at"], name="plan_school_newest")]

    def __str__(self) -> str:
        return f"Reintegration plan of {self.case}"

    def get_absolute_url(self) -> str:
        """Address of the plan's page; it names no pupil."""
        return reverse("reintegration:detail", args=[self.pk])


@audit.track(organisation="plan__case__partnership")
class Phase(models.Model):
    """One stage of a return: from when, and for how many hours a week in school."""

    plan = models.ForeignKey(ReintegrationPlan, on_delete=models.PROTECT, related_name="phases")
    position = models.PositiveSmallIntegerField()
    planned_date = models.DateField(help_text="The date first written in the plan.")
    starts_date = models.DateField(help_text="The date that counts now.")
    hours_in_school = models.DecimalField(max_digits=4, decimal_places=1)
    support = models.TextField(max_length=2000)
    status = models.CharField(
        max_length=10, choices=PhaseStatus.choices, default=PhaseStatus.PLANNED
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="phase_position_once"),
            models.CheckConstraint(
                condition=Q(hours_in_school__gt=0), name="phase_hours_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"Phase {self.position}"


class PhaseRecord(models.Model):
    """What the school recorded about a phase, each time. Never changed, never deleted."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="records")
    status = models.CharField(
        max_length=10,
        choices=[choice for choice in PhaseStatus.choices if choice[0] != PhaseStatus.PLANNED],
    )
    note = models.TextField(max_length=2000)
    new_date = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=PhaseStatus.SET_BACK, new_date__isnull=False)
                | Q(status=PhaseStatus.REACHED, new_date__isnull=True),
                name="phase_record_new_date_when_set_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase}: {self.get_status_display()}"
