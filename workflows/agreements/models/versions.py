"""What was published: versions, clauses and terms, never changed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MinLengthValidator
from django.db import models

from workflows.agreements import measures
from workflows.agreements.states import Party


class AgreementVersion(models.Model):
    """One published text of an agreement: an immutable, hashed snapshot."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    issued_date = models.DateField()
    review_date = models.DateField(null=True)
    is_material = models.BooleanField()
    change_note = models.TextField(blank=True)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True, validators=[MinLengthValidator(64)])
    published_at = models.DateTimeField()
    # Nobody when a date set in advance published it.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="version_number_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="version_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gt=1) | models.Q(is_material=True),
                name="version_one_is_material",
            ),
        ]
        ordering = ["agreement", "number"]

    def __str__(self) -> str:
        return f"{self.agreement}, version {self.number}"


class Clause(models.Model):
    """One duty of one party in one version. `clause_id` is the same from version to version."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="clauses")
    clause_id = models.UUIDField(default=uuid.uuid4)
    printed_number = models.CharField(max_length=20, blank=True)
    section = models.CharField(max_length=255, blank=True)
    party = models.CharField(max_length=20, choices=Party.choices)
    text = models.TextField()
    position = models.PositiveIntegerField()
    legal_reference = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "clause_id"], name="clause_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["version", "position"], name="clause_position_once_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(party__in=Party.values), name="clause_party_known"
            ),
        ]
        indexes = [
            GinIndex(SearchVector("section", "text", config="english"), name="clause_words"),
        ]
        ordering = ["version", "position"]

    def __str__(self) -> str:
        return self.printed_number or f"Clause {self.position}"


class Term(models.Model):
    """The measurable number on a clause: a measure, a value, a unit."""

    # Held here as well as on the clause, so that a measure is looked up and kept single by version.
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="terms")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="terms")
    measure = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "measure"], name="term_measure_once_per_version"
            ),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="term_value_positive"),
        ]
        ordering = ["version", "pk"]

    def __str__(self) -> str:
        return measures.sentence(self.measure, self.value, self.unit)

    @property
    def in_words(self) -> str:
        """The number with its unit."""
        return measures.in_words(self.value, self.unit)
