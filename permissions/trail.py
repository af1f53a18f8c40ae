"""The audit trail as an administrator or auditor reads it: changes and reads, newest first.

Both lists are paged by keyset: a page costs the same however long the trail is, and rows that arrive
meanwhile move nothing. What writes the trail is in audit.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from permissions.audit import TRACKED, Tracked
from permissions.models import Organisation, ReadRecord, User

PAGE = 50
LABELS = {"insert": "Added", "update": "Changed", "delete": "Deleted"}


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; both dates are included, in the service's own time zone."""

    organisation_ids: Collection[int]
    person_id: int | None = None
    from_date: date | None = None
    to_date: date | None = None

    def period(self, field: str) -> Q:
        """Return the dates as a condition on a moment."""
        condition = Q()
        if self.from_date:
            condition &= Q(**{f"{field}__gte": _midnight(self.from_date)})
        if self.to_date:
            condition &= Q(**{f"{field}__lt": _midnight(self.to_date + timedelta(days=1))})
        return condition


@dataclass(frozen=True)
class Detail:
    """One field of a change; before and after are None where the values are not shown."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """One change of one record."""

    at: datetime
    label: str
    what: str
    number: int
    by: str
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class Read:
    """One look at one record."""

    at: datetime
    what: str
    number: int
    by: str
    organisation: str
    purpose: str


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next ones begin (None: these were the last)."""

    rows: tuple[Any, ...]
    next: str | None


def changes(filters: Filters, after: str | None = None) -> Page:
    """Return a page of changes in the organisations; three queries.

    `after` is the `next` of the page before. Raises django.core.signing.BadSignature for one that this
    function did not give.
    """
    position = signing.loads(after, salt="trail.changes") if after else None
    arms = [
        _arm(label, tracked, filters, position)
        for label, tracked in sorted(TRACKED.items())
        if tracked.organisation_path()
    ]
    found = list(
        arms[0]
        .union(*arms[1:], all=True)
        .order_by("-trail_at", "trail_model", "-trail_event")[: PAGE + 1]
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    names = _Names(found[:PAGE])
    key = last and [last["trail_at"].isoformat(), last["trail_model"], last["trail_event"]]
    return Page(
        tuple(_change(row, names) for row in found[:PAGE]),
        signing.dumps(key, salt="trail.changes") if key else None,
    )


def reads(filters: Filters, after: str | None = None) -> Page:
    """Return a page of reads for the organisations; one query. `after` as in changes."""
    records = ReadRecord.objects.filter(
        filters.period("at"), organisation__in=filters.organisation_ids
    ).select_related("user", "organisation")
    if filters.person_id:
        records = records.filter(user=filters.person_id)
    if after:
        at, pk = signing.loads(after, salt="trail.reads")
        moment = datetime.fromisoformat(at)
        records = records.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk))
    found = list(records.order_by("-at", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(
        tuple(
            Read(
                record.at,
                _verbose(ContentType.objects.get_for_id(record.content_type_id).model_class()),
                record.object_id,
                str(record.user),
                str(record.organisation),
                record.purpose,
            )
            for record in found[:PAGE]
        ),
        signing.dumps([last.at.isoformat(), last.pk], salt="trail.reads") if last else None,
    )


def people(organisation_ids: Collection[int]) -> QuerySet[User]:
    """Return who is or was a member of the organisations."""
    return User.objects.filter(
        pk__in=User.objects.filter(memberships__organisation__in=organisation_ids).values("pk")
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _arm(
    label: str, tracked: Tracked, filters: Filters, position: list[Any] | None
) -> QuerySet[Any, dict[str, Any]]:
    """Return one model's newest changes, in the shape that all models share."""
    event_model: Any = tracked.event_model
    events = event_model.objects.filter(
        filters.period("pgh_created_at"), _in_organisations(tracked, filters.organisation_ids)
    )
    if filters.person_id:
        events = events.filter(pgh_context__metadata__user=filters.person_id)
    if position:
        moment, model, event = datetime.fromisoformat(position[0]), position[1], position[2]
        same_moment = Q(pgh_created_at=moment)
        if label == model:
            same_moment &= Q(pgh_id__lt=event)
        condition = Q(pgh_created_at__lt=moment)
        events = events.filter(condition | same_moment if label >= model else condition)
    row = JSONObject(**{field.attname: F(field.attname) for field in _fields(event_model)})
    before = (
        event_model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values(trail_row=row)[:1]
    )
    annotated: QuerySet[Any, dict[str, Any]] = (
        events.annotate(
            trail_at=F("pgh_created_at"),
            trail_model=Value(label, output_field=models.TextField()),
            trail_event=F("pgh_id"),
            trail_label=F("pgh_label"),
            trail_number=F("pgh_obj_id"),
            trail_by=F("pgh_context__metadata__user"),
            trail_row=row,
            trail_before=Subquery(before, output_field=models.JSONField()),
        )
        .order_by("-pgh_created_at", "-pgh_id")
        .values(
            "trail_at",
            "trail_model",
            "trail_event",
            "trail_label",
            "trail_number",
            "trail_by",
            "trail_row",
            "trail_before",
        )[: PAGE + 1]
    )
    return annotated


def _in_organisations(tracked: Tracked, organisation_ids: Collection[int]) -> Q:
    path = tracked.organisation_path() or ""
    if path == "pgh_obj":
        return Q(pgh_obj_id__in=organisation_ids)
    if path.startswith("pgh_obj__"):
        # Through the record itself, which may reach the organisation along several rows.
        record: Any = tracked.model
        reached = {f"{path.removeprefix('pgh_obj__')}__in": organisation_ids}
        return Q(pgh_obj_id__in=record.objects.filter(**reached).values("pk"))
    return Q(**{f"{path}__in": organisation_ids})


def _fields(event_model: type[models.Model]) -> list[models.Field]:
    return [field for field in event_model._meta.fields if not field.name.startswith("pgh_")]


class _Names:
    """The names of the people and organisations that a page of changes mentions: two queries."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        people_ids: set[Any] = {row["trail_by"] for row in rows if row["trail_by"]}
        organisation_ids: set[Any] = set()
        for row in rows:
            tracked = TRACKED[row["trail_model"]]
            if not tracked.show_values:
                continue
            for field in _fields(tracked.event_model):
                ids = {
                    (one or {}).get(field.attname)
                    for one in (row["trail_row"], row["trail_before"])
                }
                if field.related_model is User:
                    people_ids |= ids - {None}
                elif field.related_model is Organisation:
                    organisation_ids |= ids - {None}
        self.people = {one.pk: one.name for one in User.objects.filter(pk__in=people_ids)}
        self.organisations = {
            one.pk: one.name for one in Organisation.objects.filter(pk__in=organisation_ids)
        }

    def person(self, number: int | None) -> str:
        """Return who made a change."""
        return self.people.get(number, f"Account {number}") if number else "Accord"

    def value(self, field: models.Field, value: Any) -> str:
        """Return a field's value as people write it."""
        if value is None or value == "":
            return "nothing"
        if field.related_model is User:
            return self.people.get(value, f"account {value}")
        if field.related_model is Organisation:
            return self.organisations.get(value, f"organisation {value}")
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(field, models.DateTimeField):
            return timezone.localtime(datetime.fromisoformat(value)).strftime("%-d %B %Y, %H:%M")
        return str(dict(field.flatchoices).get(value, value))


def _change(row: dict[str, Any], names: _Names) -> Change:
    tracked = TRACKED[row["trail_model"]]
    before = row["trail_before"] if row["trail_label"] == "update" else None
    details = []
    for field in _fields(tracked.event_model):
        value = row["trail_row"][field.attname]
        if before is not None and before.get(field.attname) == value:
            continue
        # A record that was added or deleted is shown whole, or by its number alone.
        if before is None and (not tracked.show_values or value in (None, "")):
            continue
        details.append(
            Detail(
                str(field.verbose_name),
                names.value(field, before[field.attname])
                if before is not None and tracked.show_values
                else None,
                names.value(field, value) if tracked.show_values else None,
            )
        )
    return Change(
        row["trail_at"],
        LABELS.get(row["trail_label"], row["trail_label"]),
        _verbose(tracked.model),
        row["trail_number"],
        names.person(row["trail_by"]),
        tuple(details),
    )


def _verbose(model: type[models.Model] | None) -> str:
    name = str(model._meta.verbose_name) if model else "record"
    return name[:1].upper() + name[1:]
