"""The only writers of organisations and memberships.

A membership and its place in the role's group change in one transaction. `by` is the person who does
it; None is Accord itself (set-up, the demonstration) and is not asked for a permission.
"""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from permissions import audit, checks, grants, rules
from permissions.exceptions import NotAllowed, NotPermitted
from permissions.models import Membership, Organisation, RoleGroup, User
from permissions.roles import OrganisationKind, Role


def create_organisation(
    *,
    by: User | None,
    kind: str,
    name: str,
    parent: Organisation | None = None,
    short_name: str = "",
    slug: str = "",
    colour: str = "#1d70b8",
    urn: str = "",
    email: str = "",
) -> Organisation:
    """Make an organisation beneath its parent.

    Raises NotPermitted unless `by` manages the parent (local authorities and providers have none:
    Accord itself makes them), and ValidationError for fields that do not fit together.
    """
    if by is not None:
        if parent is None:
            raise NotPermitted(checks.REFUSAL)
        checks.require_manage(by, parent)
    organisation = Organisation(
        kind=kind,
        name=name,
        short_name=short_name or name[:60],
        slug=slug or slugify(name)[:100],
        parent=parent,
        colour=colour,
        urn=urn,
        email=email,
    )
    organisation.full_clean()
    with audit.acting(by), transaction.atomic():
        organisation.save()
    return organisation


def create_account(*, email: str, name: str, by: User | None) -> User:
    """Make an account that nobody can sign in to until its password is set by e-mail.

    Raises NotAllowed when the address has an account already.
    """
    with audit.acting(by):
        try:
            with transaction.atomic():
                return User.objects.create_user(email=email, name=name)
        except IntegrityError as error:
            raise NotAllowed(
                "There is an account with this e-mail address already. Add its roles instead."
            ) from error


def add_membership(
    *, user: User, organisation: Organisation, role: str, by: User | None
) -> Membership:
    """Give the person the role in the organisation, from now on.

    Raises NotPermitted unless `by` manages the organisation, and NotAllowed when the role does not
    exist there, is held already, or the account or organisation is closed.
    """
    with audit.acting(by), transaction.atomic():
        # One change of a person's memberships at a time; a key lock, so references go on.
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if by is not None:
            checks.require_manage(by, organisation)
        try:
            role = Role(role)
        except ValueError as error:
            raise NotAllowed("There is no such role. Choose one from the list.") from error
        open_roles = Membership.objects.filter(
            user=user, organisation=organisation, ended_at__isnull=True
        ).values_list("role", flat=True)
        if reason := rules.why_cannot_add_membership(
            kind=OrganisationKind(organisation.kind),
            role=role,
            user_is_active=user.is_active,
            organisation_is_active=organisation.is_active,
            open_roles=set(open_roles),
        ):
            raise NotAllowed(reason)
        role_group = _role_group(organisation, role)
        try:
            with transaction.atomic():
                membership = Membership.objects.create(
                    user=user, organisation=organisation, role=role, added_by=by
                )
        except IntegrityError as error:
            # Written past this action, by SQL; the constraint has the last word.
            raise NotAllowed(rules.already_a_member(role)) from error
        user.groups.add(role_group.group_id)
        return membership


def end_membership(*, membership: Membership, by: User | None) -> Membership:
    """Take the role away, at once.

    Raises NotPermitted unless `by` manages the organisation, and NotAllowed when it has ended already
    or is the administrator's own and the organisation would have none left.
    """
    with audit.acting(by), transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
        membership = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .get(pk=membership.pk)
        )
        role = Role(membership.role)
        if by is not None:
            checks.require_manage(by, membership.organisation)
        if reason := rules.why_cannot_end_membership(
            is_ended=membership.ended_at is not None,
            is_own=by is not None and by.pk == membership.user_id,
            role=role,
            other_administrators=_other_administrators(membership),
        ):
            raise NotAllowed(reason)
        membership.ended_at = timezone.now()
        membership.ended_by = by
        membership.save(update_fields=["ended_at", "ended_by"])
        user.groups.remove(
            *Group.objects.filter(
                role_group__organisation=membership.organisation, role_group__role=role
            )
        )
        return membership


def invite(
    *, email: str, name: str, organisation: Organisation, role: str, by: User | None
) -> tuple[Membership, bool]:
    """Give the role to whoever has the e-mail address; tell whether an account was made for it.

    Raises what add_membership raises. Sending the link to set a password is the caller's.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require_manage(by, organisation)
        user = User.objects.filter(email=email.strip().lower()).first()
        is_new = user is None
        if user is None:
            user = create_account(email=email, name=name, by=by)
        membership = add_membership(user=user, organisation=organisation, role=role, by=by)
        return membership, is_new


def _other_administrators(membership: Membership) -> int:
    return (
        Membership.objects.filter(
            organisation=membership.organisation,
            role=Role.ADMINISTRATOR,
            ended_at__isnull=True,
            user__is_active=True,
        )
        .exclude(user=membership.user_id)
        .count()
    )


def _role_group(organisation: Organisation, role: Role) -> RoleGroup:
    """Return the role's group in the organisation, made and granted when it is new."""
    role_group = RoleGroup.objects.filter(organisation=organisation, role=role).first()
    if role_group is not None:
        return role_group
    # The number keeps the name unique; the rest is for people who see it in a list.
    name = f"{organisation.name[:90]}: {role.label} ({organisation.pk})"
    group, _ = Group.objects.get_or_create(name=name)
    role_group, is_new = RoleGroup.objects.get_or_create(
        organisation=organisation, role=role, defaults={"group": group}
    )
    if is_new:
        grants.sync([role_group])
    return role_group
