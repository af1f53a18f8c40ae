"""An agreement, and the organisations that are party to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements.models.versions import AgreementVersion
from workflows.agreements.states import Kind, Mode, Scope

# The fewest and the most days between the task to review a text and its date: a task that is open
# for longer than half a year is looked at by nobody.
REVIEW_NOTICE_DAYS = (1, 182)


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
    # One acceptance holds for everything, for one pupil's case, or for one named activity.
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.STANDING)
    # Whoever accepts also names the safeguarding lead and says that the policy copy is received.
    asks_safeguarding_lead = models.BooleanField(default=False)
    # Whether a pupil may be placed while a reservation on a clause is open.
    places_while_reserved = models.BooleanField(default=False)
    # How many days before its text is to be reviewed the task appears.
    review_notice_days = models.PositiveSmallIntegerField(default=28)
    # The number of the page it is written on. Not a foreign key: processes never ask a page.
    page_id = models.BigIntegerField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Read by anybody who follows an old address.
    withdrawal_reason = models.TextField(blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawal_reason="") | models.Q(withdrawn_at__isnull=False),
                name="agreement_withdrawal_pair",
            ),
            models.UniqueConstraint(
                fields=["partnership", "slug"], name="agreement_slug_once_per_partnership"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="agreement_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="agreement_mode_known"
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=Scope.values), name="agreement_scope_known"
            ),
            models.CheckConstraint(
                condition=models.Q(review_notice_days__range=REVIEW_NOTICE_DAYS),
                name="agreement_review_notice_sensible",
            ),
        ]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the list that shows the reader's own part in it."""
        return reverse("agreements:list")

    @property
    def is_accepted_by_case(self) -> bool:
        """Whether every case (or every activity) needs an acceptance of its own."""
        return self.mode == Mode.AT_COMMISSIONING or self.scope != Scope.STANDING

    @property
    def is_shared(self) -> bool:
        """Whether it is a local authority's, for its partnerships to take over: nobody accepts it."""
        return self.partnership.kind == OrganisationKind.LOCAL_AUTHORITY

    @property
    def needs_both_signatures(self) -> bool:
        """Whether the partnership signs as well. A policy is the partnership's own word already."""
        return self.mode == Mode.SIGNATURE and self.kind != Kind.POLICY


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
    # When the first pupil was placed with, or from, the organisation: reservations come before.
    first_pupil_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="agreement_party_once"
            )
        ]
        verbose_name_plural = "agreement parties"

    def __str__(self) -> str:
        return f"{self.organisation} in {self.agreement}"
