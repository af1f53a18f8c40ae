"""Who was asked, who accepted, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.models import Organisation
from workflows.agreements.models.agreements import Agreement
from workflows.agreements.models.versions import AgreementVersion
from workflows.agreements.states import Mode, RequestStatus

if TYPE_CHECKING:
    from workflows.cases.models import Case


class Acceptance(models.Model):
    """An organisation's acceptance of one version, with the evidence.

    `case` and `activity` say what it reaches where the agreement is accepted case by case; without
    them it reaches everything. An acceptance that a referral or an offer implied carries its case.
    """

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="acceptances"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="acceptances"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances"
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, related_name="acceptances"
    )
    activity = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.SIGNATURE)
    # As typed on the day: a later change of the account does not change the evidence.
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200)
    authority = models.CharField(max_length=200)
    organisation_name = models.CharField(max_length=255)
    wording = models.TextField()
    sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    # Who leads on safeguarding there, where the agreement asks: all of it or nothing.
    lead_name = models.CharField(max_length=200, blank=True)
    lead_contact = models.CharField(max_length=200, blank=True)
    lead_trained_date = models.DateField(null=True)
    is_policy_received = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "case", "activity"],
                nulls_distinct=False,
                name="acceptance_once_per_reach",
            ),
            models.CheckConstraint(
                condition=~(
                    models.Q(name="")
                    | models.Q(position="")
                    | models.Q(authority="")
                    | models.Q(wording="")
                ),
                name="acceptance_evidence_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="acceptance_mode_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    lead_name="",
                    lead_contact="",
                    lead_trained_date=None,
                    is_policy_received=False,
                )
                | (
                    ~models.Q(lead_name="")
                    & ~models.Q(lead_contact="")
                    & models.Q(lead_trained_date__isnull=False, is_policy_received=True)
                ),
                name="acceptance_lead_whole_or_nothing",
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
    # Whether the acceptance is to reach that case alone, and which activity it is for.
    is_for_case = models.BooleanField(default=False)
    activity = models.CharField(max_length=200, blank=True)
    due_date = models.DateField(null=True)
    # When its people were last reminded, and when told that the days of grace were over.
    reminded_at = models.DateTimeField(null=True)
    lapse_told_at = models.DateTimeField(null=True)
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
                fields=["agreement", "organisation", "activity"],
                condition=models.Q(status=RequestStatus.REQUESTED, is_for_case=False),
                name="acceptance_request_open_once",
            ),
            models.UniqueConstraint(
                fields=["agreement", "organisation", "case", "activity"],
                condition=models.Q(status=RequestStatus.REQUESTED, is_for_case=True),
                name="acceptance_request_open_once_per_case",
            ),
            models.CheckConstraint(
                condition=models.Q(is_for_case=False) | models.Q(case__isnull=False),
                name="acceptance_request_for_a_case_has_one",
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

    @property
    def only_case(self) -> Case | None:
        """The one case that the acceptance is to reach, if it is for one."""
        return self.case if self.is_for_case else None


class ReadingPosition(models.Model):
    """The clause that a person had read one version up to: where to go on."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_positions"
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.CASCADE, related_name="reading_positions"
    )
    clause_id = models.UUIDField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "version"], name="reading_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.version}"
