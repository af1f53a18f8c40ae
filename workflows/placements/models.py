"""The data of placements: the search for a provider, its offers, and the place itself.

Whoever sees the case sees these rows, with one narrowing: a provider sees only what concerns
itself, never which other providers were asked or what they answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from permissions import audit
from permissions import queries as permissions
from permissions.models import Organisation
from workflows.cases.audiences import AUDIENCES
from workflows.cases.models import Case, CaseShare, Participation
from workflows.cases.states import Audience

from .states import AllocationStatus, OfferStatus, PlacementStatus

if TYPE_CHECKING:
    from permissions.models import User

M = TypeVar("M", bound=models.Model)


def narrow_to_provider(
    queryset: models.QuerySet[M], user: User, *, case: str, provider: str
) -> models.QuerySet[M]:
    """Keep the rows that a person may see: the access rule, and a provider its own rows only.

    `case` and `provider` are the paths from the row to the ids of its case and of its provider.
    """
    visible = queryset.filter(**{f"{case}__in": Case.objects.visible_to(user).values("pk")})
    organisations = permissions.organisations_where(user, "view_case")
    taking_part = Participation.objects.open().filter(
        case=OuterRef(case),
        kind__in=sorted(AUDIENCES[Audience.SCHOOL_AND_COMMISSIONER].kinds),
        organisation__in=organisations,
    )
    shares = CaseShare.objects.open().filter(
        user_id=user.pk,
        case=OuterRef(case),
        audiences__contains=[Audience.SCHOOL_AND_COMMISSIONER],
    )
    own = Q(**{f"{provider}__in": organisations.values("pk")})
    return visible.filter(Q(Exists(taking_part)) | Q(Exists(shares)) | own)


class AllocationQuerySet(models.QuerySet["Allocation"]):
    """Filters of allocations."""

    def open(self) -> AllocationQuerySet:
        """Keep the allocations that are not over."""
        return self.exclude(status=AllocationStatus.ENDED)


@audit.track(organisation="case__partnership")
class Allocation(models.Model):
    """The search for a provider for one accepted case. Begun by the chair's decision."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allocations")
    status = models.CharField(
        max_length=10, choices=AllocationStatus.choices, default=AllocationStatus.OPEN
    )
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(status=AllocationStatus.ENDED),
                name="allocation_open_once_per_case",
            ),
            models.CheckConstraint(
                condition=Q(status=AllocationStatus.ENDED, ended_at__isnull=False)
                | ~Q(status=AllocationStatus.ENDED) & Q(ended_at__isnull=True),
                name="allocation_ended_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"Allocation of {self.case}"


class OfferQuerySet(models.QuerySet["Offer"]):
    """Filters of offers."""

    def visible_to(self, user: User) -> OfferQuerySet:
        """Keep the offers that a person may see."""
        return narrow_to_provider(  # type: ignore[return-value]  # a filter keeps the class
            self, user, case="allocation__case", provider="provider"
        )


@audit.track(organisation="allocation__case__partnership")
class Offer(models.Model):
    """A place, on stated terms, that a provider is asked to take."""

    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="offers")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers")
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1)
    starts_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True)
    message = models.TextField(max_length=4000, blank=True)
    status = models.CharField(max_length=10, choices=OfferStatus.choices, default=OfferStatus.MADE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers_made"
    )
    reasons = models.TextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["allocation"],
                condition=Q(status__in=[OfferStatus.MADE, OfferStatus.ACCEPTED]),
                name="offer_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="offer_answered_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(status=OfferStatus.MADE, answered_at__isnull=True)
                | Q(
                    status__in=[OfferStatus.ACCEPTED, OfferStatus.DECLINED],
                    answered_at__isnull=False,
                )
                | Q(status=OfferStatus.WITHDRAWN),
                name="offer_answered_when_answered",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=OfferStatus.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                )
                | ~Q(status=OfferStatus.WITHDRAWN)
                & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True),
                name="offer_withdrawn_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[OfferStatus.DECLINED, OfferStatus.WITHDRAWN])
                | ~Q(reasons=""),
                name="offer_refused_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week__gt=0), name="offer_hours_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(ends_date__isnull=True) | Q(ends_date__gt=models.F("starts_date")),
                name="offer_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["provider", "-made_at"], name="offer_provider_newest")]

    def __str__(self) -> str:
        return f"Offer to {self.provider}"


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Filters of placements."""

    def visible_to(self, user: User) -> PlacementQuerySet:
        """Keep the placements that a person may see."""
        return narrow_to_provider(  # type: ignore[return-value]  # a filter keeps the class
            self, user, case="case", provider="provider"
        )

    def open(self) -> PlacementQuerySet:
        """Keep the placements that are agreed or running."""
        return self.exclude(status=PlacementStatus.ENDED)


@audit.track(organisation="case__partnership")
class Placement(models.Model):
    """A case at a provider, with agreed hours and dates, under one agreement."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="placements")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="placements"
    )
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="placement")
    starts_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1)
    status = models.CharField(
        max_length=10, choices=PlacementStatus.choices, default=PlacementStatus.AGREED
    )
    agreed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(status=PlacementStatus.ENDED),
                name="placement_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, started_by__isnull=True)
                | Q(started_at__isnull=False, started_by__isnull=False),
                name="placement_started_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="placement_ended_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=PlacementStatus.AGREED, started_at__isnull=True, ended_at__isnull=True
                )
                | Q(
                    status=PlacementStatus.STARTED,
                    started_at__isnull=False,
                    ended_at__isnull=True,
                )
                | Q(status=PlacementStatus.ENDED, ended_at__isnull=False),
                name="placement_dates_fit_status",
            ),
            models.CheckConstraint(
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=models.F("starts_date")),
                name="placement_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "status"], name="placement_provider_status"),
        ]

    def __str__(self) -> str:
        return f"Placement of {self.case} at {self.provider}"

    def get_absolute_url(self) -> str:
        """Address of the placement's page; it names no pupil."""
        return reverse("placements:detail", args=[self.pk])


@audit.track(organisation="partnership", show_values=True)
class Timings(models.Model):
    """A partnership's own numbers for what its agreement says nothing about.

    An agreement's term always comes first. A partnership without a row has the defaults below.
    """

    partnership = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="timings"
    )
    allocate_within = models.PositiveSmallIntegerField(
        default=5, help_text="Working days from the panel's decision to an offer."
    )
    answer_offer_within = models.PositiveSmallIntegerField(
        default=5, help_text="Working days for a provider to answer an offer."
    )
    start_within = models.PositiveSmallIntegerField(
        default=5, help_text="Working days to start a placement that nothing holds up any more."
    )
    review_every = models.PositiveSmallIntegerField(
        default=6, help_text="Weeks from one review to the next."
    )
    review_opens_before = models.PositiveSmallIntegerField(
        default=14, help_text="Days before a review is due that its task appears."
    )
    write_plan_within = models.PositiveSmallIntegerField(
        default=10, help_text="Working days for the school to write a reintegration plan."
    )
    close_within = models.PositiveSmallIntegerField(
        default=5, help_text="Working days to close a case when its plan is complete."
    )

    class Meta:
        verbose_name_plural = "timings"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    allocate_within__gt=0,
                    answer_offer_within__gt=0,
                    start_within__gt=0,
                    review_every__gt=0,
                    write_plan_within__gt=0,
                    close_within__gt=0,
                ),
                name="timings_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"Timings of {self.partnership}"
