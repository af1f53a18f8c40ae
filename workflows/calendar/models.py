"""The days on which school is, and is not: terms, closure days, bank holidays.

Terms and closure days belong to a local authority; schools, partnerships and (for a placement)
providers follow their own local authority's.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class BankHoliday(models.Model):
    """A bank holiday in England. Known ones are added by themselves, others by hand."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.name} {self.date}"


class Term(models.Model):
    """A school term of a local authority, first and last day included, with its half-term break."""

    organisation = models.ForeignKey(
        "permissions.Organisation", on_delete=models.PROTECT, related_name="terms"
    )
    name = models.CharField(max_length=60)
    starts_date = models.DateField()
    ends_date = models.DateField()
    break_starts_date = models.DateField(null=True, blank=True)
    break_ends_date = models.DateField(null=True, blank=True)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["starts_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "starts_date"], name="calendar_term_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_date__gte=F("starts_date")), name="calendar_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(break_starts_date__isnull=True, break_ends_date__isnull=True)
                | Q(
                    # Without these two, a half-empty pair would be neither true nor false.
                    break_starts_date__isnull=False,
                    break_ends_date__isnull=False,
                    break_starts_date__gt=F("starts_date"),
                    break_ends_date__gte=F("break_starts_date"),
                    break_ends_date__lt=F("ends_date"),
                ),
                name="calendar_break_inside_term",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClosureDay(models.Model):
    """A day inside a term on which the schools of a local authority are closed."""

    organisation = models.ForeignKey(
        "permissions.Organisation", on_delete=models.PROTECT, related_name="closure_days"
    )
    date = models.DateField()
    reason = models.CharField(max_length=100)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "date"], name="calendar_closure_day_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.date}"
