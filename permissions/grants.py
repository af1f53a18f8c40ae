"""What each role may do, as tables, and the rows in the database that follow from them.

Every slice registers its own table when it starts (`register` in its AppConfig.ready); `sync` makes the
database say the same: a permission row for each codename, and for each role's group a grant on its
own organisation. Codenames are written bare: "screen_referral".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from permissions.models import Organisation, OrganisationGroupPermission, RoleGroup
from permissions.roles import Role

# One sync at a time, in the whole database. The number is ours and means nothing.
LOCK = 7_340_021

PERMISSIONS = {
    "manage_members": "Add and end memberships of an organisation and of those that belong to it",
    "manage_providers": "Add and end memberships of providers (local authorities only)",
    "view_audit": "See what was changed and read",
}
GRANTS = {
    Role.ADMINISTRATOR: {"manage_members", "manage_providers", "view_audit"},
    Role.AUDITOR: {"view_audit"},
}


@dataclass
class Registry:
    """The tables of all slices, together."""

    permissions: dict[str, str] = field(default_factory=dict)
    grants: dict[Role, set[str]] = field(default_factory=dict)
    slices: dict[str, set[str]] = field(default_factory=dict)


REGISTRY = Registry()


def register(
    slice_name: str, permissions: Mapping[str, str], grants: Mapping[Role, Iterable[str]]
) -> None:
    """Add a slice's permissions (codename to label) and who holds them (role to codenames).

    Raises ValueError for a codename that another slice registered, and for a grant of a codename
    that no slice registered before: both are mistakes in a table.
    """
    taken = [
        codename
        for codename in permissions
        for other, codenames in REGISTRY.slices.items()
        if other != slice_name and codename in codenames
    ]
    if taken:
        raise ValueError(f"{slice_name} registers {taken}, which another slice has registered.")
    for role, codenames in grants.items():
        unknown = set(codenames) - set(permissions) - set(REGISTRY.permissions)
        if unknown:
            raise ValueError(f"{slice_name} grants {sorted(unknown)} to {role}: not registered.")
    REGISTRY.slices[slice_name] = set(permissions)
    REGISTRY.permissions.update(permissions)
    for role, codenames in grants.items():
        REGISTRY.grants.setdefault(Role(role), set()).update(codenames)


def sync(role_groups: Iterable[RoleGroup] | None = None) -> None:
    """Make permission rows and grants what the tables say; with role groups, only theirs.

    Adds what is missing and removes what is in no table. Running it again changes nothing, and two
    at once wait for each other. A handful of queries, whatever the number of organisations.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        permission_ids = _sync_permissions(whole=role_groups is None)
        _sync_grants(permission_ids, role_groups)


def _sync_permissions(*, whole: bool) -> dict[str, int]:
    """Return the row of each codename, made or relabelled or removed where needed."""
    content_type = ContentType.objects.get_for_model(Organisation)
    rows = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type=content_type)
    }
    missing = [
        Permission(content_type=content_type, codename=codename, name=label)
        for codename, label in REGISTRY.permissions.items()
        if codename not in rows
    ]
    if missing:
        Permission.objects.bulk_create(missing)
        rows.update((permission.codename, permission) for permission in missing)
    if whole:
        relabelled = [row for row in rows.values() if _relabel(row)]
        if relabelled:
            Permission.objects.bulk_update(relabelled, ["name"])
        gone = [row.pk for codename, row in rows.items() if codename not in REGISTRY.permissions]
        if gone:
            Permission.objects.filter(pk__in=gone).delete()
    return {codename: rows[codename].pk for codename in REGISTRY.permissions}


def _relabel(row: Permission) -> bool:
    """Take over the table's label; tell whether it was another."""
    label = REGISTRY.permissions.get(row.codename, row.name)
    changed = row.name != label
    row.name = label
    return changed


def _sync_grants(permission_ids: dict[str, int], role_groups: Iterable[RoleGroup] | None) -> None:
    existing = OrganisationGroupPermission.objects.all()
    if role_groups is None:
        role_groups = RoleGroup.objects.all()
    else:
        role_groups = list(role_groups)
        existing = existing.filter(group__in=[one.group_id for one in role_groups])
    wanted = {
        (one.group_id, permission_ids[codename], one.organisation_id)
        for one in role_groups
        for codename in REGISTRY.grants.get(Role(one.role), ())
    }
    have = {
        (group_id, permission_id, organisation_id): pk
        for pk, group_id, permission_id, organisation_id in existing.values_list(
            "pk", "group_id", "permission_id", "content_object_id"
        )
    }
    OrganisationGroupPermission.objects.bulk_create(
        [
            OrganisationGroupPermission(
                group_id=group_id, permission_id=permission_id, content_object_id=organisation_id
            )
            for group_id, permission_id, organisation_id in sorted(wanted - have.keys())
        ],
        batch_size=5_000,
    )
    too_many = [pk for key, pk in have.items() if key not in wanted]
    if too_many:
        OrganisationGroupPermission.objects.filter(pk__in=too_many).delete()
