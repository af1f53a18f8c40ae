"""What people arrange about their tasks: who covers for whom, what is escalated, mail, calendar feed.

Belongs here: the rows and their constraints. Who may make them, and what follows, stands in
`covers`, `escalation`, `preferences` and `feeds`.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from permissions.audit import track
from permissions.roles import Role

#: Whole hours of the day, in London, at which a daily digest may be sent.
FIRST_HOUR = 6
LAST_HOUR = 20

#: More days late than this is no rule but a mistake in typing.
MOST_WORKING_DAYS = 60


def _one(column: str) -> Func:
    """Return a number as a range of one: two are equal when they overlap.

    So that an exclusion constraint needs no extension of PostgreSQL.
    """
    return Func(
        F(column), F(column), Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


@track(organisation="organisation", show_values=True)
class Cover(models.Model):
    """Somebody does a colleague's tasks in one organisation between two dates, both included."""

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    covering = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers"
    )
    organisation = models.ForeignKey(
        "permissions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    first_date = models.DateField()
    last_date = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    # Ended before its time: from then on nobody covers, and the rest of the days are free again.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["first_date", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(absent=F("covering")), name="engine_cover_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="engine_cover_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="engine_cover_ended_pair",
            ),
            ExclusionConstraint(
                name="engine_cover_one_at_a_time",
                expressions=[
                    (_one("absent"), RangeOperators.OVERLAPS),
                    (_one("organisation"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("first_date"),
                            F("last_date"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message="Somebody already covers on some of these days.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["covering", "last_date"],
                condition=Q(ended_at__isnull=True),
                name="engine_cover_covering",
            ),
        ]

    def __str__(self) -> str:
        return f"Cover {self.pk}"

    def get_absolute_url(self) -> str:
        """Address of its page."""
        from django.urls import reverse

        return reverse("engine:cover", args=[self.pk])


@track(organisation="organisation", show_values=True)
class EscalationRule(models.Model):
    """Which role of an organisation is shown its tasks that are so many working days late."""

    organisation = models.ForeignKey(
        "permissions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(
        max_length=150, blank=True, help_text="The title of the task; empty for every kind."
    )
    working_days = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["organisation", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], name="engine_escalation_once_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(working_days__gte=1, working_days__lte=MOST_WORKING_DAYS),
                name="engine_escalation_working_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'Every kind of task'}: {self.get_role_display()}"


class MailPreference(models.Model):
    """How a person wants e-mail about what happens; nobody has one who has chosen nothing."""

    class How(models.TextChoices):
        """When it is sent."""

        AT_ONCE = "at_once", "At once, one e-mail for each thing"
        DAILY = "daily", "Once a day, in one e-mail"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preference"
    )
    how = models.CharField(max_length=10, choices=How.choices, default=How.AT_ONCE)
    hour = models.PositiveSmallIntegerField(default=8)
    working_days_only = models.BooleanField(default=True)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hour__gte=FIRST_HOUR, hour__lte=LAST_HOUR), name="engine_mail_hour"
            ),
            models.CheckConstraint(
                condition=Q(how__in=["at_once", "daily"]), name="engine_mail_how"
            ),
        ]

    def __str__(self) -> str:
        return f"Mail preference {self.pk}"


class WaitingMail(models.Model):
    """A message that waits for its person's daily digest; gone once that is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey("engine.Event", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="Which of the event's messages it is.")
    queued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "event"], name="engine_waiting_mail_once"),
        ]

    def __str__(self) -> str:
        return f"Waiting mail {self.pk}"


class CalendarFeed(models.Model):
    """A private address of somebody's calendar; of its secret part only a digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # What the feed said last, and since when: the answer to "has anything changed?".
    content = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="engine_one_feed_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar feed {self.pk}"
