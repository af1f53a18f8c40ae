"""The role x status x action table of a slice: generated from its own tables, every cell tried.

A slice says in `states.py` and `grants.py` which action starts from which status and needs which
permission. From these and from the roles' grants follows what every role may do in every status. A
test builds a subject in each status and calls `Table.mismatches`: each role of each kind of organisation
tries each action, in a transaction that is rolled back, and the outcome is compared with the table.

    TABLE = tables.Table(
        permissions=grants.ACTION_PERMISSIONS,
        possible_from=tables.possible_from(states.TRANSITIONS, states.ALLOWED_IN),
        kinds={"submit": OrganisationKind.SCHOOL, ...},
        acts={"submit": lambda referral, by: actions.submit(referral=referral, by=by), ...},
    )
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import transaction

from permissions import grants as registry
from permissions.exceptions import NotPermitted
from permissions.models import Organisation, User
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import member
from workflows.engine.exceptions import NotAllowed

People = dict[tuple[OrganisationKind, Role], User]


class Outcome(Enum):
    """What a cell of the table says."""

    DONE = "done"
    NOT_PERMITTED = "not permitted"
    # The role may, the status does not let it: by a rule, or because the case is not theirs yet.
    REFUSED = "refused"


class _RolledBack(Exception):
    """Undo what an action did."""


def possible_from(
    transitions: Mapping[str, tuple[frozenset[Any], Any]],
    allowed_in: Mapping[str, frozenset[Any]] | None = None,
) -> dict[str, frozenset[Any]]:
    """Join a slice's two tables: action to the statuses in which it is possible."""
    starts = {action: sources for action, (sources, _target) in transitions.items()}
    return {**starts, **(allowed_in or {})}


def every_role() -> Iterator[tuple[OrganisationKind, Role]]:
    """Walk every role of every kind of organisation."""
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            yield kind, role


def one_of_each(organisations: Mapping[OrganisationKind, Organisation]) -> People:
    """Make one person for every role of the four organisations."""
    return {(kind, role): member(role, organisations[kind]) for kind, role in every_role()}


@dataclass(frozen=True)
class Table:
    """A slice's table: who may do what, when, and how to try it.

    `kinds` names the kind of organisation whose people do each action, or several; the same role
    elsewhere (an officer of the local authority, say) does not count. `acts` tries the action as a
    person. `takes_part` tells whether a kind of organisation is in the case in a status.
    """

    permissions: Mapping[str, str]
    possible_from: Mapping[str, frozenset[Any]]
    kinds: Mapping[str, OrganisationKind | frozenset[OrganisationKind]]
    acts: Mapping[str, Callable[[Any, User], Any]]
    takes_part: Callable[[OrganisationKind, Any], bool] = lambda kind, status: True

    def expected(self, kind: OrganisationKind, role: Role, status: Any, action: str) -> Outcome:
        """Read one cell."""
        holds = self.permissions[action] in registry.REGISTRY.grants.get(role, set())
        kinds = self.kinds[action]
        is_theirs = kind in kinds if isinstance(kinds, frozenset) else kind == kinds
        if not holds or not is_theirs or not self.takes_part(kind, status):
            return Outcome.NOT_PERMITTED
        return Outcome.DONE if status in self.possible_from[action] else Outcome.REFUSED

    def mismatches(self, subject: Any, status: Any, people: People) -> list[str]:
        """Try every cell of a status; answer a line for each whose outcome is not the table's."""
        wrong = []
        for (kind, role), person in people.items():
            for action, act in self.acts.items():
                expected = self.expected(kind, role, status, action)
                found = self._try(act, subject, person)
                if found != expected and not (
                    # Who may in principle can also be refused because the case is not theirs yet.
                    expected == Outcome.REFUSED and found == Outcome.NOT_PERMITTED
                ):
                    wrong.append(
                        f"{kind} {role} × {status} × {action}: {found.value}, "
                        f"the table says {expected.value}"
                    )
        return wrong

    @staticmethod
    def _try(act: Callable[[Any, User], Any], subject: Any, person: User) -> Outcome:
        fresh = type(subject).objects.get(pk=subject.pk)
        try:
            with transaction.atomic():
                act(fresh, person)
                raise _RolledBack
        except _RolledBack:
            return Outcome.DONE
        except NotPermitted:
            return Outcome.NOT_PERMITTED
        except NotAllowed:
            return Outcome.REFUSED


def check_grants(
    acts: Mapping[str, Any], permissions: Mapping[str, str], owners: Mapping[Any, Any]
) -> None:
    """Assert that the table is whole: every action is tried, held by a role, every status owned."""
    assert set(acts) == set(permissions), set(acts) ^ set(permissions)
    held = set().union(*registry.REGISTRY.grants.values())
    assert not set(permissions.values()) - held, "A permission that no role holds"
    assert all(owners.values()), "A status without an owner"
