"""Does the state of things allow it? Pure functions: no database, no clock."""

from collections.abc import Collection

from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role


def why_cannot_add_membership(
    *,
    kind: OrganisationKind,
    role: Role,
    user_is_active: bool,
    organisation_is_active: bool,
    open_roles: Collection[str],
) -> str | None:
    """Return why the person cannot be given the role, or None. `open_roles` are held here now."""
    if role not in ROLES_BY_KIND[kind]:
        labels = ", ".join(one.label.lower() for one in ROLES_BY_KIND[kind])
        return f"A {kind.label.lower()} has no such role. Choose one of: {labels}."
    if not organisation_is_active:
        return "This organisation is closed. Choose another one."
    if not user_is_active:
        return "This account is closed. Ask the operator of the service to open it first."
    if role in open_roles:
        return already_a_member(role)
    return None


def already_a_member(role: Role) -> str:
    """Return the refusal of a second membership of the same role."""
    return f"This person is {role.label.lower()} here already. Choose another role."


def why_cannot_end_membership(
    *, is_ended: bool, is_own: bool, role: Role, other_administrators: int
) -> str | None:
    """Return why the membership cannot be ended, or None."""
    if is_ended:
        return "This membership has ended already. Go back to the list of people."
    if is_own and role == Role.ADMINISTRATOR and other_administrators == 0:
        return (
            "You are the last administrator of this organisation. "
            "Make somebody else an administrator first."
        )
    return None
