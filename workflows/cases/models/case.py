"""Pupils, cases, who takes part in them, who is let in or kept out.

The one access rule lives here: `Case.objects.visible_to(user)` and, for what is inside a case,
`narrow`. Every list, page, file, export and search starts from one of the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from permissions import queries as permissions
from permissions.audit import track
from permissions.models import Organisation
from workflows.cases.audiences import AUDIENCES
from workflows.cases.states import (
    FINAL_STAGES,
    ULN_SHAPE,
    UPN_SHAPE,
    YEAR_GROUPS,
    Audience,
    Outcome,
    ParticipationKind,
    PrimaryNeed,
    SenStatus,
    Stage,
)

if TYPE_CHECKING:
    from typing import Self

    from permissions.models import User

M = TypeVar("M", bound=models.Model)


@track
class Pupil(models.Model):
    """A pupil on the roll of a school. Read and changed through the pupil's cases only."""

    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pupils")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    date_of_birth = models.DateField()
    upn = models.CharField("unique pupil number (UPN)", max_length=13, blank=True)
    uln = models.CharField("unique learner number (ULN)", max_length=10, blank=True)
    year_group = models.PositiveSmallIntegerField(choices=YEAR_GROUPS)
    sen_status = models.CharField(
        "SEN status", max_length=1, choices=SenStatus.choices, default=SenStatus.NONE
    )
    primary_need = models.CharField(max_length=4, choices=PrimaryNeed.choices, blank=True)
    looked_after = models.BooleanField("looked after by a local authority", default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["school", "upn"],
                condition=~models.Q(upn=""),
                name="pupil_upn_once_per_school",
                violation_error_message=(
                    "Another pupil of your school has this unique pupil number (UPN). Check the "
                    "number, or choose the pupil already recorded."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(upn="") | models.Q(upn__regex=UPN_SHAPE), name="pupil_upn_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(uln="") | models.Q(uln__regex=ULN_SHAPE), name="pupil_uln_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(year_group__gte=1, year_group__lte=11),
                name="pupil_year_group_of_compulsory_age",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "last_name", "first_name"], name="pupil_school_name"),
            models.Index(fields=["school", "date_of_birth"], name="pupil_school_birth"),
            # Serves the search by the beginnings of names.
            models.Index(
                OpClass(Upper("last_name"), name="text_pattern_ops"), name="pupil_last_name_begins"
            ),
            models.Index(
                OpClass(Upper("first_name"), name="text_pattern_ops"),
                name="pupil_first_name_begins",
            ),
            models.Index(fields=["upn"], name="pupil_upn", condition=~models.Q(upn="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, as written by the school."""
        return f"{self.first_name} {self.last_name}"

    @property
    def has_ehc_plan(self) -> bool:
        """Whether the pupil has an education, health and care (EHC) plan."""
        return self.sen_status == SenStatus.PLAN


class CaseQuerySet(models.QuerySet["Case"]):
    """Filters of cases."""

    def visible_to(self, user: User) -> CaseQuerySet:
        """Keep the cases that a person may see: the one access rule.

        A case is visible when an organisation in which the person holds `view_case` takes part in it
        now, or when it is shared with the person now; never to a person who is excluded from it.
        One SQL query, whatever the number of organisations.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        by_participation = (
            Participation.objects.open()
            .filter(permissions.held_by(user, "view_case", "organisation"))
            .values("case")
        )
        by_share = CaseShare.objects.open().filter(user=user).values("case")
        kept_out = Exclusion.objects.filter(user=user, case=models.OuterRef("pk"))
        return self.filter(
            # A union keeps the two ways in apart, so that each uses its own index.
            ~models.Exists(kept_out),
            pk__in=by_participation.union(by_share),
        )

    def open(self) -> CaseQuerySet:
        """Keep the cases that have not ended."""
        return self.exclude(stage__in=FINAL_STAGES)


@track
class Case(models.Model):
    """One pupil's journey from referral to closure."""

    reference = models.CharField(max_length=20, unique=True)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="cases")
    partnership = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    # Why it was opened although the child had an open case already.
    another_because = models.TextField(max_length=500, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=sorted(FINAL_STAGES), closed_at__isnull=False)
                & ~models.Q(outcome="")
                | ~models.Q(stage__in=sorted(FINAL_STAGES))
                & models.Q(closed_at__isnull=True, outcome=""),
                name="case_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="case_newest_first"),
            models.Index(fields=["stage", "-opened_at", "-id"], name="case_stage_newest_first"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Address of the case's page; it names no pupil."""
        return reverse("cases:detail", args=[self.reference])

    @property
    def headline(self) -> str:
        """Whose case it is, in the few words that a task shows to those who may do it."""
        school = self.pupil.school
        return f"{self.pupil.full_name}, {school.short_name or school.name}"


class OpenQuerySet(models.QuerySet[M]):
    """Filters of rows that begin and end."""

    def open(self) -> Self:
        """Keep what has not ended."""
        return self.filter(ended_at__isnull=True)


@track
class Participation(models.Model):
    """An organisation's part in a case, from a date until, perhaps, another."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations"
    )
    kind = models.CharField(max_length=20, choices=ParticipationKind.choices)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="participation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="participation_ends_after_start",
            ),
        ]
        indexes = [
            # Serves the access rule: an organisation's present cases, read from the index alone.
            models.Index(
                fields=["organisation", "case"],
                include=["kind"],
                condition=models.Q(ended_at__isnull=True),
                name="participation_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_kind_display().lower()})"


@track(organisation="case__partnership")
class CaseShare(models.Model):
    """A case shown to one person for a while, for the audiences named."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_shares"
    )
    audiences = ArrayField(models.CharField(max_length=30, choices=Audience.choices))
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user", "reason"],
                condition=models.Q(ended_at__isnull=True),
                name="share_open_once_per_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "case"],
                condition=models.Q(ended_at__isnull=True),
                name="share_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} shared: {self.reason}"


@track(organisation="case__partnership")
class Exclusion(models.Model):
    """Hides a case from a person, whatever else the person holds: a conflict of interest."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exclusions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_exclusions"
    )
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="exclusion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: one person kept out"


def let_in(audience: Audience, user: User, *, case_field: str) -> models.Q:
    """Build the condition that a person belongs to one audience of the row's case."""
    rule = AUDIENCES[audience]
    taking_part = Participation.objects.open().filter(
        permissions.held_by(user, rule.permission, "organisation"),
        case=models.OuterRef(case_field),
        kind__in=sorted(rule.kinds),
    )
    shared = CaseShare.objects.open().filter(
        user=user, case=models.OuterRef(case_field), audiences__contains=[audience]
    )
    return models.Q(models.Exists(taking_part)) | models.Q(models.Exists(shared))


def narrow(
    queryset: models.QuerySet[M], user: User, *, case_field: str = "case_id"
) -> models.QuerySet[M]:
    """Keep the rows of a case whose `audience` the person belongs to, in one SQL query.

    `case_field` names the column that holds the case's id. Every row's case must be visible to the
    person as well: a permission for papers opens no case.
    """
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    belongs = models.Q()
    for audience in AUDIENCES:
        belongs |= models.Q(audience=audience) & let_in(audience, user, case_field=case_field)
    visible = Case.objects.visible_to(user).values("pk")
    return queryset.filter(belongs, **{f"{case_field}__in": visible})


class NarrowedQuerySet(models.QuerySet[M]):
    """Filters of what is inside a case."""

    def visible_to(self, user: User) -> Self:
        """Keep what a person may see: the access rule, narrowed by audience."""
        return narrow(self, user)  # type: ignore[return-value]  # a filter keeps the class
