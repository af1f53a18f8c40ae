"""Who may what, as querysets: nouns to filter other querysets with.

Every answer starts from open memberships of active people in active organisations, so that a
membership's end takes effect with the next query. Being a superuser, or in a group by hand, gives
nothing. What does not belong here: yes or no for one person and organisation (checks.py).
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.expressions import RawSQL
from django.http import HttpRequest

from permissions.models import Membership, Organisation, OrganisationGroupPermission, User
from permissions.roles import OrganisationKind, Role

if TYPE_CHECKING:
    Person = User | AnonymousUser | None


@dataclass(frozen=True)
class Permitted:
    """All that one person may do, read once: for menus and dashboards, not for decisions."""

    memberships: tuple[Membership, ...] = ()
    pairs: frozenset[tuple[str, int]] = frozenset()

    def may(self, codename: str, organisation_id: int | None) -> bool:
        """Tell whether the person holds the permission in the organisation."""
        return organisation_id is not None and (codename, organisation_id) in self.pairs

    def anywhere(self, codename: str) -> bool:
        """Tell whether the person holds the permission in any organisation."""
        return any(held == codename for held, _ in self.pairs)

    def organisation_ids(self, codename: str) -> frozenset[int]:
        """Return the organisations in which the person holds the permission."""
        return frozenset(pk for held, pk in self.pairs if held == codename)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that the person has, wherever."""
        return frozenset(Role(membership.role) for membership in self.memberships)

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations that the person is a member of, each once, by name."""
        return tuple({one.organisation_id: one.organisation for one in self.memberships}.values())


def memberships_of(user: "Person") -> QuerySet[Membership]:
    """Return the person's open memberships that count, with their organisations."""
    if user is None or not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.filter(
        user=user, user__is_active=True, ended_at__isnull=True, organisation__is_active=True
    ).select_related("organisation")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return the organisation's open memberships with their people, by name."""
    return (
        Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
        .select_related("user", "organisation")
        .order_by("user__name", "role", "pk")
    )


def holdings(codename: str) -> QuerySet[Membership]:
    """Return the memberships, of anybody, whose role holds the permission on its organisation.

    The roles are asked for per membership, through its own organisation's grants. Joined instead,
    the planner may start from all grants of the permission: minutes, where it has no statistics.
    """
    permission = Permission.objects.filter(codename=codename).order_by().values("pk")
    roles = (
        OrganisationGroupPermission.objects.filter(
            _among("permission_id", permission),
            content_object=OuterRef("organisation"),
            group__role_group__organisation=OuterRef("organisation"),
        )
        .order_by()
        .values("group__role_group__role")
    )
    return Membership.objects.filter(
        _among("role", roles),
        user__is_active=True,
        ended_at__isnull=True,
        organisation__is_active=True,
    )


def organisations_where(user: "Person", codename: str) -> QuerySet[Organisation]:
    """Return the organisations in which the person holds the permission; fit for a subquery."""
    if user is None or not user.is_authenticated:
        return Organisation.objects.none()
    return Organisation.objects.filter(held_by(user, codename, "pk"))


def held_by(user: "User | AnonymousUser", codename: str, field: str) -> Func:
    """Return the condition that a field is an organisation in which the person holds a permission.

    The organisations are an array, which the database makes once for a query: whatever its statistics
    say, it then walks the index of the field, and never asks the permission again for each row.
    """
    sql, parameters = _held_by_somebody(codename)
    numbers = RawSQL(  # noqa: S611  (Django's own SQL; who asks and for what are parameters)
        f"ARRAY({sql})",
        [user.pk if one == _SOMEBODY else one for one in parameters],
        ArrayField(BigIntegerField()),
    )
    return _is_one_of(field, numbers)


# Stands in a query for the person it will be asked about.
_SOMEBODY = -1


@cache
def _held_by_somebody(codename: str) -> tuple[str, tuple[Any, ...]]:
    """Return SQL and parameters of the organisations in which somebody holds the permission.

    Once for each permission: Django takes far longer to write this query than PostgreSQL to answer
    it, and every page asks it several times.
    """
    held = holdings(codename).filter(user=_SOMEBODY).order_by().values("organisation")
    sql, parameters = held.query.sql_with_params()
    return sql, tuple(parameters)


def people_with(codename: str, organisation: Organisation | int) -> QuerySet[User]:
    """Return the people who hold the permission in the organisation."""
    held = holdings(codename).filter(organisation=organisation).order_by().values("user")
    return User.objects.filter(_among("pk", held))


def _among(field: str, values: QuerySet[Any]) -> Func:
    """Return the condition that the field is one of the values, worked out once, as an array."""
    return _is_one_of(field, ArraySubquery(values))


def _is_one_of(field: str, array: ArraySubquery | RawSQL) -> Func:
    return Func(
        F(field),
        array,
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def permitted(user: "Person") -> Permitted:
    """Read all that the person may do, in one query."""
    codenames = OrganisationGroupPermission.objects.filter(
        content_object=OuterRef("organisation"),
        group__role_group__organisation=OuterRef("organisation"),
        group__role_group__role=OuterRef("role"),
    ).values("permission__codename")
    memberships = tuple(memberships_of(user).annotate(codenames=ArraySubquery(codenames)))
    return Permitted(
        memberships,
        frozenset(
            (codename, membership.organisation_id)
            for membership in memberships
            for codename in membership.codenames
        ),
    )


def permitted_for(request: HttpRequest) -> Permitted:
    """Return all that the signed-in person may do, read once for a page and its menu."""
    kept: Permitted | None = getattr(request, "accord_permitted", None)
    if kept is None:
        kept = permitted(getattr(request, "user", None))
        request.accord_permitted = kept  # type: ignore[attr-defined]  # our own mark on the request
    return kept


def with_those_beneath(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Return the organisations and all that belong to them, directly or through another."""
    chosen = organisations.values("pk")
    return Organisation.objects.filter(
        Q(pk__in=chosen) | Q(parent__in=chosen) | Q(parent__parent__in=chosen)
    )


def managed_organisations(user: "Person") -> QuerySet[Organisation]:
    """Return the organisations whose memberships the person may add and end.

    Those of which the person is an administrator, those that belong to them, and every provider for
    an administrator of a local authority: providers belong to nobody.
    """
    beneath = with_those_beneath(organisations_where(user, "manage_members"))
    local_authorities = organisations_where(user, "manage_providers").filter(
        kind=OrganisationKind.LOCAL_AUTHORITY
    )
    return Organisation.objects.filter(
        Q(pk__in=beneath.values("pk"))
        | Q(kind=OrganisationKind.PROVIDER) & Q(Exists(local_authorities))
    )


def open_memberships_count() -> Count:
    """Return an expression for a queryset of organisations: how many people are in each now."""
    return Count("memberships__user", filter=Q(memberships__ended_at__isnull=True), distinct=True)
