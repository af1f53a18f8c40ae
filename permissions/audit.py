"""The audit trail: field changes, written by database triggers, and reads of records.

`track` decorates a model whose changes are kept; `record_read` notes that somebody looked. Neither
trail can be changed or deleted (appendonly.py). What does not belong here: the pages that show them,
and a case's timeline, which is workflows.engine's.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, overload

import pghistory
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from pghistory import runtime

from permissions.appendonly import RefuseRows, RefuseTruncate

if TYPE_CHECKING:
    from permissions.models import Organisation, ReadRecord, User

Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True)
class Tracked:
    """A model whose changes are kept, and how the audit page reads them."""

    model: type[models.Model]
    event_model: type[models.Model]
    organisation: str | None
    show_values: bool

    def organisation_path(self) -> str | None:
        """Return the look-up from a change to its organisation, by default the first such field."""
        if self.organisation:
            return self.organisation
        organisation = apps.get_model("permissions", "Organisation")
        for field in self.model._meta.fields:
            if field.related_model is organisation:
                return field.name
        return None


TRACKED: dict[str, Tracked] = {}


@overload
def track(model: type[Model], /) -> type[Model]: ...
@overload
def track(
    model: None = None,
    /,
    *,
    exclude: Iterable[str] = (),
    organisation: str | None = None,
    show_values: bool = False,
) -> Callable[[type[Model]], type[Model]]: ...
def track(
    model: type[Model] | None = None,
    /,
    *,
    exclude: Iterable[str] = (),
    organisation: str | None = None,
    show_values: bool = False,
) -> Any:
    """Keep every insert, update and delete of the decorated model; use as @track or @track(...).

    `exclude` names fields that are not kept (secrets, counters). `organisation` is the look-up from
    the model to the organisation whose auditor may see the change, such as "case__partnership"; by
    default it is the model's first field that refers to an organisation. The audit page names
    the changed fields; `show_values` lets it show their values as well: never for pupils' records.
    """

    def decorate(tracked: type[Model]) -> type[Model]:
        event_model = pghistory.create_event_model(
            tracked,
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude),
            # Ours instead: the library's can be turned off by a session setting.
            append_only=False,
            meta={
                "triggers": [RefuseRows(), RefuseTruncate()],
                "indexes": [models.Index(fields=["-pgh_created_at", "-pgh_id"])],
                "default_permissions": (),
            },
            abstract=False,
        )
        TRACKED[tracked._meta.label_lower] = Tracked(
            tracked, event_model, organisation, show_values
        )
        return tracked

    return decorate if model is None else decorate(model)


def record_read(
    user: "User",
    obj: models.Model,
    organisation: "Organisation | None" = None,
    purpose: str = "",
) -> "ReadRecord":
    """Note that the person read the record, for that organisation where one is given.

    One INSERT. `purpose` is a few words of ours ("case page"), never personal data.
    """
    record: ReadRecord = apps.get_model("permissions", "ReadRecord").objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        organisation=organisation,
        purpose=purpose,
    )
    return record


@contextmanager
def acting(by: "User | None") -> Iterator[None]:
    """Write the person beside every tracked change made inside the block.

    Inside a request the middleware has done so already, and the first name given stays. None is
    Accord itself.
    """
    if by is None or hasattr(runtime._tracker, "value"):
        yield
    else:
        with pghistory.context(user=by.pk):
            yield
