"""May this person do this here? Yes or no, and the refusal.

Whether the state of things allows it is a rule of the slice and never asked here.
"""

from typing import TYPE_CHECKING

from permissions import queries
from permissions.exceptions import NotPermitted
from permissions.models import Organisation, User

if TYPE_CHECKING:
    from permissions.queries import Person

REFUSAL = (
    "Your account may not do this. Ask an administrator of your organisation "
    "if your role should include it."
)


def may(user: "Person", codename: str, organisation: Organisation | None) -> bool:
    """Tell whether the person holds the permission in the organisation; one query at most.

    Nobody signed in, an inactive person, an inactive organisation or none: no.
    """
    if organisation is None or not isinstance(user, User) or not user.is_active:
        return False
    return queries.organisations_where(user, codename).filter(pk=organisation.pk).exists()


def require(user: "Person", codename: str, organisation: Organisation | None) -> None:
    """Raise NotPermitted unless the person holds the permission in the organisation."""
    if not may(user, codename, organisation):
        raise NotPermitted(REFUSAL)


def may_here_or_above(user: "Person", codename: str, organisation: Organisation | None) -> bool:
    """Tell whether the person holds the permission in the organisation or in one it belongs to."""
    if organisation is None or not isinstance(user, User) or not user.is_active:
        return False
    held = queries.organisations_where(user, codename)
    return queries.with_those_beneath(held).filter(pk=organisation.pk).exists()


def require_here_or_above(user: "Person", codename: str, organisation: Organisation | None) -> None:
    """Raise NotPermitted unless the person holds it in the organisation or in one above it."""
    if not may_here_or_above(user, codename, organisation):
        raise NotPermitted(REFUSAL)


def may_manage(user: "Person", organisation: Organisation | None) -> bool:
    """Tell whether the person may add and end memberships of the organisation."""
    if organisation is None or not isinstance(user, User) or not user.is_active:
        return False
    return queries.managed_organisations(user).filter(pk=organisation.pk).exists()


def require_manage(user: "Person", organisation: Organisation | None) -> None:
    """Raise NotPermitted unless the person may add and end memberships of the organisation."""
    if not may_manage(user, organisation):
        raise NotPermitted(REFUSAL)
