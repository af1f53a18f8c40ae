"""The data of panel meetings: meetings, agendas, attendance, minutes, substitutes, packs of papers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateRangeField,
    RangeOperators,
)
from django.db import models
from django.urls import reverse
from django.utils import timezone

from permissions import queries as permissions
from permissions.audit import track
from permissions.models import Organisation
from workflows.cases.models import Case, let_in
from workflows.cases.states import Audience
from workflows.referrals.models import PanelConsideration

from .states import LIVE, ItemEnd, Kind, PackStatus, Presence, Status

if TYPE_CHECKING:
    from permissions.models import User


def _person(*, optional: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=optional,
        blank=optional,
    )


def _one(field: str) -> models.Func:
    """Give a person or an organisation as a range of one: what the index of days can compare."""
    return models.Func(
        models.F(field),
        models.F(field),
        models.Value("[]"),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )


class MeetingQuerySet(models.QuerySet["PanelMeeting"]):
    """Filters of meetings."""

    def visible_to(self, user: User) -> MeetingQuerySet:
        """Keep the meetings of the panels that a person belongs to or works for."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(permissions.held_by(user, "view_panel_meeting", "partnership"))

    def live(self) -> MeetingQuerySet:
        """Keep what is still to come or under way."""
        return self.filter(status__in=sorted(LIVE))


@track
class PanelMeeting(models.Model):
    """One meeting of a partnership's panel; a virtual one is the time in which members vote."""

    partnership = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="panel_meetings"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField("place or link", max_length=300, blank=True)
    chair = _person(optional=True)
    planned_by = _person(optional=True)
    planned_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=500, blank=True)
    # When the chair was told that a virtual meeting ended without enough votes.
    lacked_votes_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="meeting_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.VIRTUAL) | ~models.Q(place=""),
                name="meeting_has_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.CLOSED, closed_at__isnull=False)
                | ~models.Q(status=Status.CLOSED) & models.Q(closed_at__isnull=True),
                name="meeting_closed_with_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.CANCELLED) & ~models.Q(cancelled_because="")
                | ~models.Q(status=Status.CANCELLED) & models.Q(cancelled_because=""),
                name="meeting_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "starts_at"], name="meeting_partnership_start"),
            models.Index(
                fields=["ends_at"],
                condition=models.Q(status__in=["planned", "open"]),
                name="meeting_live",
            ),
        ]

    def __str__(self) -> str:
        return f"Panel meeting of {timezone.localtime(self.starts_at):%-d %B %Y}"

    def get_absolute_url(self) -> str:
        """Address of the meeting's page."""
        return reverse("panels:meeting", args=[self.pk])

    @property
    def is_virtual(self) -> bool:
        """Whether members vote in their own time."""
        return self.kind == Kind.VIRTUAL

    @property
    def is_live(self) -> bool:
        """Whether it is still to come or under way."""
        return self.status in LIVE


class ItemQuerySet(models.QuerySet["AgendaItem"]):
    """Filters of what is on agendas."""

    def on_agenda(self) -> ItemQuerySet:
        """Keep what has not left the agenda."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: User) -> ItemQuerySet:
        """Keep the items whose case's panel papers a person may read."""
        case = "consideration__referral__case"
        return self.filter(
            let_in(Audience.PANEL, user, case_field=case),
            **{f"{case}__in": Case.objects.visible_to(user).values("pk")},
        )


class AgendaItem(models.Model):
    """A referral on a meeting's agenda."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="items")
    consideration = models.ForeignKey(
        PanelConsideration, on_delete=models.PROTECT, related_name="agenda_items"
    )
    position = models.PositiveSmallIntegerField()
    added_by = _person(optional=True)
    added_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, choices=ItemEnd.choices, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consideration"],
                condition=models.Q(ended_at__isnull=True),
                name="agenda_item_on_one_agenda",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_because="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_because="")),
                name="agenda_item_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Item {self.pk} of meeting {self.meeting_id}"


class Attendance(models.Model):
    """Whether one person came to a meeting; settled when the chair closes it."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="attendances")
    person = _person()
    presence = models.CharField(max_length=20, choices=Presence.choices)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once"),
        ]

    def __str__(self) -> str:
        return f"Attendance {self.pk}"


class Minute(models.Model):
    """What was written about a meeting, or about one item of it; never changed.

    Each saving is a row; the highest number stands. Once the meeting is closed only corrections
    follow, each shown beneath what it corrects.
    """

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="minutes")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="minutes", null=True, blank=True
    )
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=8000)
    is_correction = models.BooleanField(default=False)
    written_by = _person()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "item", "number"],
                name="minute_number_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"Minute {self.pk}"


@track
class Substitution(models.Model):
    """Who sits on a panel in a member's place: at one meeting, or from a day to a day."""

    partnership = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="panel_substitutions"
    )
    member = _person()
    substitute = _person()
    meeting = models.ForeignKey(
        PanelMeeting,
        on_delete=models.PROTECT,
        related_name="substitutions",
        null=True,
        blank=True,
    )
    starts_date = models.DateField(null=True, blank=True)
    ends_date = models.DateField(null=True, blank=True)
    named_by = _person(optional=True)
    named_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(member=models.F("substitute")),
                name="substitution_of_another",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    meeting__isnull=False, starts_date__isnull=True, ends_date__isnull=True
                )
                | models.Q(
                    meeting__isnull=True,
                    starts_date__isnull=False,
                    ends_date__gte=models.F("starts_date"),
                ),
                name="substitution_for_a_meeting_or_days",
            ),
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=models.Q(cancelled_at__isnull=True, meeting__isnull=False),
                name="substitution_once_a_meeting",
            ),
            ExclusionConstraint(
                name="substitution_no_overlap",
                expressions=[
                    (_one("partnership"), RangeOperators.OVERLAPS),
                    (_one("member"), RangeOperators.OVERLAPS),
                    (
                        models.Func(
                            models.F("starts_date"),
                            models.F("ends_date"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(cancelled_at__isnull=True, meeting__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Substitution {self.pk}"

    def get_absolute_url(self) -> str:
        """Address of the page of the panel's substitutes."""
        return reverse("panels:substitutes", args=[self.partnership.slug])


def _pack_name(_pack: PapersPack, _filename: str) -> str:
    """Name a stored pack at random."""
    name = uuid.uuid4().hex
    return f"papers/{name[:2]}/{name}"


class PapersPack(models.Model):
    """The papers of a meeting for one member, as one PDF; gone when the meeting is over."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="packs")
    member = _person()
    status = models.CharField(max_length=20, choices=PackStatus.choices, default=PackStatus.WAITING)
    file = models.FileField(upload_to=_pack_name, max_length=100, blank=True)
    pages = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0, help_text="Bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    done = models.PositiveSmallIntegerField(default=0, help_text="Items finished")
    items = models.PositiveSmallIntegerField(default=0)
    asked_by = _person(optional=True)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=models.Q(status__in=["waiting", "ready", "failed"]),
                name="pack_one_per_member",
            ),
            models.CheckConstraint(
                condition=models.Q(status=PackStatus.READY) & ~models.Q(file="")
                | ~models.Q(status=PackStatus.READY) & models.Q(file=""),
                name="pack_file_only_while_ready",
            ),
        ]

    def __str__(self) -> str:
        return f"Pack {self.pk}"


class PackContent(models.Model):
    """A case whose papers are in a pack: what a reading is noted against, and what withdraws it."""

    pack = models.ForeignKey(PapersPack, on_delete=models.PROTECT, related_name="contents")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["pack", "case"], name="pack_content_once"),
        ]

    def __str__(self) -> str:
        return f"Content {self.pk}"
