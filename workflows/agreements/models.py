"""Agreements, their published versions, and who has accepted them.

What is published is never changed: versions, clauses, terms, acceptances and receipts are protected
by triggers in the database. An `Agreement` row itself only says which page it comes from and
whether it is still offered.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from workflows.agreements import measures
from workflows.agreements.states import Kind, Mode, Party, RequestStatus


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Filters of agreements."""

    def published(self) -> AgreementQuerySet:
        """Keep the agreements that have a version in force."""
        versions = AgreementVersion.objects.filter(agreement=models.OuterRef("pk"))
        return self.filter(models.Exists(versions), withdrawn_at=None)

    def locked(self, *, skip_locked: bool = False) -> AgreementQuerySet:
        """Lock the rows; not their keys, so that what only refers to them may still be written."""
        return self.select_for_update(
            of=("self",), no_key=True, skip_locked=skip_locked
        ).select_related("partnership")


@track
class Agreement(models.Model):
    """A service level agreement, data-sharing agreement or policy of one partnership."""

    partnership = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements"
    )
    title = models.CharField(max_length=255)
    slug = models.SlugField(max_length=255)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SLA)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.SIGNATURE)
    # The number of the page it is written on. Not a foreign key: processes never ask a page.
    page_id = models.BigIntegerField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "slug"], name="agreement_slug_once_per_partnership"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="agreement_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="agreement_mode_known"
            ),
        ]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the list that shows the reader's own part in it."""
        return reverse("agreements:list")


class AgreementParty(models.Model):
    """An organisation that the partnership holds an agreement with."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreement_parties"
    )
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="agreement_party_once"
            )
        ]
        verbose_name_plural = "agreement parties"

    def __str__(self) -> str:
        return f"{self.organisation} in {self.agreement}"


class AgreementVersion(models.Model):
    """One published text of an agreement: an immutable, hashed snapshot."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
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


class Acceptance(models.Model):
    """An organisation's acceptance of one version, with the evidence."""

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="acceptances"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="acceptances"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances"
    )
    # As typed on the day: a later change of the account does not change the evidence.
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200)
    organisation_name = models.CharField(max_length=255)
    wording = models.TextField()
    sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation"], name="acceptance_once_per_organisation"
            ),
            models.CheckConstraint(
                condition=~(models.Q(name="") | models.Q(position="") | models.Q(wording="")),
                name="acceptance_evidence_complete",
            ),
        ]
        ordering = ["-accepted_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation_name}: {self.version}"


class Receipt(models.Model):
    """The PDF receipt of an acceptance. In the database, so that it has no address of its own."""

    acceptance = models.OneToOneField(Acceptance, on_delete=models.PROTECT, related_name="receipt")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Receipt of {self.acceptance}"


class AcceptanceRequest(models.Model):
    """A request to one organisation to accept one version: what the inbox task is about."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="requests")
    # The version's agreement, so that an organisation has at most one open request for each.
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="acceptance_requests"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="acceptance_requests"
    )
    # The case that made it necessary, when a placement is waiting for it.
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, related_name="acceptance_requests"
    )
    due_date = models.DateField(null=True)
    status = models.CharField(
        max_length=20, choices=RequestStatus.choices, default=RequestStatus.REQUESTED
    )
    asked_at = models.DateTimeField(default=timezone.now)
    # Nobody when Accord itself asked, for instance after a material change.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                condition=models.Q(status=RequestStatus.REQUESTED),
                name="acceptance_request_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=RequestStatus.values),
                name="acceptance_request_status_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status=RequestStatus.REQUESTED, ended_at=None)
                    | (~models.Q(status=RequestStatus.REQUESTED) & models.Q(ended_at__isnull=False))
                ),
                name="acceptance_request_ended_pair",
            ),
        ]
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation} to accept {self.version}"
