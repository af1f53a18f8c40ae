"""Who was asked, who accepted, and the receipt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.models import Organisation
from workflows.agreements.models.agreements import Agreement
from workflows.agreements.models.versions import AgreementVersion
from workflows.agreements.states import RequestStatus


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
