"""Making many cases out of the demonstration's sixty, by copying rows inside PostgreSQL.

Each copy is a whole case with everything that hangs on it. Twenty copies of the cases share one
copy of the area: its organisations, people, roles and grants; only the local authority and its own
people stay the same, so that they see everything. What belongs here: which tables are copied, and
what must differ between copies. Identifiers are moved by a fixed step, which keeps every reference
between copied rows true without looking any of them up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from permissions.models import Membership, Organisation
from permissions.roles import OrganisationKind

# Higher than any identifier in the demonstration.
STEP: Final = 10_000
# So many copies of the cases share the organisations of one area.
CASES_PER_AREA: Final = 20

OF_AREA: Final = (
    "permissions.Organisation",
    "permissions.User",
    "permissions.Membership",
    "auth.Group",
    "permissions.RoleGroup",
    "permissions.OrganisationGroupPermission",
    "permissions.User_groups",
)
OF_CASE: Final = (
    "cases.Pupil",
    "cases.Case",
    "cases.Participation",
    "cases.CaseShare",
    "cases.Document",
    "cases.Note",
    "cases.Exclusion",
    "cases.ContactEntry",
    "cases.FamilyWords",
    "engine.Process",
    "engine.Task",
    "engine.Task_previous",
    "engine.TaskNote",
    "engine.Event",
    "referrals.Referral",
    "referrals.Answer",
    "referrals.ClockPause",
    "referrals.Question",
    "referrals.Screening",
    "referrals.PanelConsideration",
    "referrals.PanelSeat",
    "referrals.Vote",
    "referrals.ConflictOfInterest",
    "referrals.Decision",
    "referrals.Condition",
    "referrals.Letter",
    "placements.Allocation",
    "placements.Offer",
    "placements.Placement",
    "reviews.Review",
    "reviews.Action",
    "reintegration.ReintegrationPlan",
    "reintegration.Phase",
    "reintegration.PhaseRecord",
)
# Values that may be there once only, or by which people find a case: how a copy writes them.
WRITTEN: Final = {
    ("permissions.Organisation", "slug"): "slug || '-' || {area}",
    ("permissions.Organisation", "name"): "name || ' ' || {area}",
    ("permissions.User", "email"): "'u' || {area} || '.' || email",
    ("auth.Group", "name"): "name || ' ' || {area}",
    # A number for one pupil each; none is allowed.
    ("cases.Pupil", "upn"): "''",
    ("cases.Case", "reference"): "reference || '-' || {copy}",
    # By which a case finds its processes: with all of its copies' the page would not end.
    ("engine.Process", "reference"): (
        "CASE WHEN reference LIKE 'AC-%%' THEN reference || '-' || {copy} ELSE reference END"
    ),
    ("engine.Task", "reference"): (
        "CASE WHEN reference LIKE 'AC-%%' THEN reference || '-' || {copy} ELSE reference END"
    ),
}
# Which rows of the engine's tables are about a case, and not about an agreement.
_PROCESSES: Final = "(SELECT id FROM engine_process WHERE subject_type_id IN ({types}))"
_TASKS: Final = f"(SELECT id FROM engine_task WHERE process_id IN {_PROCESSES})"  # noqa: S608  (ours)
ABOUT_A_CASE: Final = {
    "engine.Process": "subject_type_id IN ({types})",
    "engine.Event": "subject_type_id IN ({types})",
    "engine.Task": "process_id IN " + _PROCESSES,
    "engine.Task_previous": "from_task_id IN " + _TASKS + " AND to_task_id IN " + _TASKS,
}


@dataclass(frozen=True)
class Staying:
    """Identifiers of what every copy shares."""

    organisations: list[int]
    people: list[int]
    groups: list[int]


def multiply(cases: int) -> int:
    """Copy the demonstration's cases until there are at least so many; returns how many there are.

    Needs a superuser: triggers and foreign keys are not asked for each of millions of rows.
    """
    there = apps.get_model("cases.Case").objects.count()
    copies = max(0, -(-cases // there) - 1)
    areas = copies // CASES_PER_AREA
    staying = _staying()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for label in OF_AREA:
            if areas:
                _copy(cursor, label, staying, f"generate_series(1, {areas}) AS area", "area", "0")
        series = f"generate_series(1, {copies}) AS copy"
        for label in OF_CASE:
            if copies:
                _copy(cursor, label, staying, series, f"(copy / {CASES_PER_AREA})", "copy")
        cursor.execute("SET session_replication_role = DEFAULT")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return there * (copies + 1)


def left_behind() -> list[str]:
    """Name the tables with rows about a case that are not copied: their pages look too light."""
    return sorted(
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in OF_CASE
        and not hasattr(model, "pgh_tracked_model")
        and _needs_a_case(model)
        and model._default_manager.exists()
    )


def _needs_a_case(model: Any) -> bool:
    return any(
        field.many_to_one and not field.null and field.related_model._meta.label in OF_CASE
        for field in model._meta.local_concrete_fields
    )


def add_grants(number: int) -> int:
    """Add so many grants that mean nothing, of roles elsewhere; returns how many there are then.

    A role counts in its own organisation alone, so nobody may do more than before: what the pages
    cost may not depend on how long the table is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO permissions_organisationgrouppermission"
            " (permission_id, group_id, content_object_id)"
            " SELECT permission.id, role.group_id, organisation.id"
            " FROM auth_permission AS permission LEFT JOIN"
            " (SELECT DISTINCT permission_id FROM permissions_organisationgrouppermission)"
            " AS granted ON granted.permission_id = permission.id,"
            " permissions_rolegroup AS role, permissions_organisation AS organisation"
            " WHERE role.organisation_id <> organisation.id"
            # Those that somebody asks for come first: few organisations do not give a million.
            " ORDER BY granted.permission_id IS NULL, permission.id LIMIT %s"
            " ON CONFLICT DO NOTHING",
            [number],
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE permissions_organisationgrouppermission")
    return apps.get_model("permissions.OrganisationGroupPermission").objects.count()


def _staying() -> Staying:
    authorities = Organisation.objects.filter(kind=OrganisationKind.LOCAL_AUTHORITY)
    groups = apps.get_model("permissions.RoleGroup").objects.filter(organisation__in=authorities)
    return Staying(
        organisations=list(authorities.values_list("pk", flat=True)),
        people=list(
            Membership.objects.filter(organisation__in=authorities).values_list("user", flat=True)
        ),
        groups=list(groups.values_list("group", flat=True)),
    )


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _copy(
    cursor: CursorWrapper, label: str, staying: Staying, series: str, area: str, copy: str
) -> None:
    """Copy a table's first rows once for each number of the series."""
    model = _model(label)
    table = model._meta.db_table
    by_area = label in OF_AREA
    columns, values = [], []
    for field in model._meta.local_concrete_fields:
        columns.append(f'"{field.column}"')
        written = WRITTEN.get((label, field.name))
        value = f'"{table}"."{field.column}"'
        if written:
            values.append(written.format(area=area, copy=copy))
        elif field.primary_key:
            values.append(f"{value} + {area if by_area else copy} * {STEP}")
        else:
            values.append(_reference(field, value, staying, area, copy))
    target = f'INSERT INTO "{table}" ({", ".join(columns)})'
    source = f'SELECT {", ".join(values)} FROM "{table}", {series}'  # noqa: S608  (names of our own)
    cursor.execute(f"{target} {source} WHERE {_copied(label, model, table, staying)}")
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table}\"))",  # noqa: S608  (the name is our model's)
        [table],
    )


def _reference(field: models.Field, value: str, staying: Staying, area: str, copy: str) -> str:
    """Give what a copy's column says: the copy of what the row refers to, where there is one."""
    if field.name == "subject_id":
        # Only what is about a case is copied at all.
        return f"{value} + {copy} * {STEP}"
    to = field.related_model
    if to is None or isinstance(to, str):
        return value
    label = to._meta.label
    if label in OF_CASE:
        return f"{value} + {copy} * {STEP}"
    if label in OF_AREA:
        shared = {
            "permissions.Organisation": staying.organisations,
            "permissions.User": staying.people,
            "auth.Group": staying.groups,
        }.get(label, [])
        return f"CASE WHEN {_is_in(value, shared)} THEN {value} ELSE {value} + {area} * {STEP} END"
    return value


def _copied(label: str, model: type[models.Model], table: str, staying: Staying) -> str:
    """Say which rows are copied: those of the demonstration, without what every copy shares."""
    conditions = [f'"{table}".id < {STEP}']
    if label in ABOUT_A_CASE:
        subjects = ContentType.objects.get_for_models(*map(_model, OF_CASE)).values()
        types = ", ".join(str(one.pk) for one in subjects)
        conditions.append(ABOUT_A_CASE[label].format(types=types))
    if label in OF_AREA:
        own = {
            "permissions.Organisation": staying.organisations,
            "permissions.User": staying.people,
            "auth.Group": staying.groups,
        }.get(label)
        if own is not None:
            conditions.append(f"NOT {_is_in(f'{chr(34)}{table}{chr(34)}.id', own)}")
        for field in model._meta.local_concrete_fields:
            if field.name == "group":
                conditions.append(
                    f"NOT {_is_in(f'{chr(34)}{field.column}{chr(34)}', staying.groups)}"
                )
            if field.name == "organisation":
                column = f'"{field.column}"'
                conditions.append(f"NOT {_is_in(column, staying.organisations)}")
    return " AND ".join(conditions)


def _is_in(value: str, numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers)) or "NULL"
    return f"COALESCE({value} IN ({listed}), false)"
