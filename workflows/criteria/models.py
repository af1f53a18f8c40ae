"""The data of criteria: a table for each partnership, its versions, and trials on past referrals.

A version that has been in use is never changed: a trigger refuses it, and every screening keeps the
version that advised it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from workflows.cases.models import Case
from workflows.criteria.states import Advice, Progress, Status


def _person(*, optional: bool = True) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=optional,
        blank=optional,
    )


class DecisionTable(models.Model):
    """The criteria by which a partnership screens what is referred to it."""

    partnership = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="decision_table"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Criteria of {self.partnership}"


@track(organisation="table__partnership", show_values=False)
class DecisionTableVersion(models.Model):
    """The rules as they were from one publication to the next, or a draft of the next."""

    table = models.ForeignKey(DecisionTable, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    # As `rules.read` understands it.
    content = models.JSONField()
    # Of the content, from publication on.
    sha256 = models.CharField(max_length=64, blank=True)
    # How often the draft was changed: who saves on top of a change they have not seen is told.
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = _person()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = _person()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="decisiontable_number"),
            models.UniqueConstraint(
                fields=["table"],
                condition=models.Q(status=Status.DRAFT),
                name="decisiontable_one_draft",
            ),
            models.UniqueConstraint(
                fields=["table"],
                condition=models.Q(status=Status.PUBLISHED),
                name="decisiontable_one_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=Status.DRAFT, published_at__isnull=True, published_by__isnull=True
                )
                & models.Q(sha256="")
                | ~models.Q(status=Status.DRAFT)
                & models.Q(published_at__isnull=False, published_by__isnull=False)
                & ~models.Q(sha256=""),
                name="decisiontable_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}, version {self.number}"


class Simulation(models.Model):
    """A trial of a draft on the referrals of the past; gone with its draft or with the next trial."""

    version = models.ForeignKey(
        DecisionTableVersion, on_delete=models.CASCADE, related_name="simulations"
    )
    # What was tried: the draft may have changed since.
    content = models.JSONField()
    revision = models.PositiveIntegerField()
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = _person(optional=False)
    status = models.CharField(max_length=10, choices=Progress.choices, default=Progress.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # How many referrals got which advice: from the table in use, and from the draft.
    counts = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version"], name="simulation_one_for_a_draft"),
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="simulation_done_of_total"
            ),
        ]

    def __str__(self) -> str:
        return f"Trial of {self.version}"


class SimulatedCase(models.Model):
    """A past referral for which the draft says something else than the table in use, or than people.

    Shown to those alone who may see its case.
    """

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    # Empty where no table is in use.
    before = models.CharField(max_length=20, choices=Advice.choices, blank=True)
    after = models.CharField(max_length=20, choices=Advice.choices)
    rule = models.PositiveSmallIntegerField(null=True, blank=True)
    # What was decided in the end, in words; empty while nothing is.
    decided = models.CharField(max_length=40, blank=True)
    is_against_decision = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["simulation", "case"], name="simulated_case_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_after_display().lower()}"

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else than the table in use."""
        return self.before != self.after
