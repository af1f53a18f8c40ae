"""Every role, in every kind of organisation, tries every action on every organisation.

The expected cells come from one sentence: administrators manage their own organisation and those that
belong to it, and a local authority's administrators manage providers too.
"""

import pytest

from permissions import actions, checks
from permissions.exceptions import NotAllowed, NotPermitted
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import (
    LocalAuthorityFactory,
    PartnershipFactory,
    ProviderFactory,
    SchoolFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db

# The organisations that each kind's administrator manages, in the little world below.
MANAGED = {
    OrganisationKind.LOCAL_AUTHORITY: {"authority", "partnership", "school", "provider"},
    OrganisationKind.PARTNERSHIP: {"partnership", "school"},
}
AUDITED = {
    OrganisationKind.LOCAL_AUTHORITY: {"authority"},
    OrganisationKind.PARTNERSHIP: {"partnership"},
}
EVERY_ROLE = pytest.mark.parametrize(
    ("kind", "role"), [(kind, role) for kind, roles in ROLES_BY_KIND.items() for role in roles]
)


@pytest.fixture
def world():
    authority = LocalAuthorityFactory()
    partnership = PartnershipFactory(parent=authority)
    return {
        "authority": authority,
        "partnership": partnership,
        "school": SchoolFactory(parent=partnership),
        "provider": ProviderFactory(),
        "elsewhere": SchoolFactory(),
    }


def outcome(act):
    try:
        act()
    except NotPermitted:
        return "not permitted"
    except NotAllowed:
        return "not allowed"
    return "done"


@EVERY_ROLE
def test_who_may_add_and_end_where(world, kind, role):
    own = next(one for one in world.values() if one.kind == kind)
    person = member(role, own)
    expected = MANAGED.get(kind, set()) if role == Role.ADMINISTRATOR else set()
    for name, organisation in world.items():
        answer = "done" if name in expected else "not permitted"
        first = organisation.roles[0]
        newcomer = UserFactory()
        add = {"user": newcomer, "organisation": organisation, "role": first}
        assert outcome(lambda add=add: actions.add_membership(**add, by=person)) == answer, name
        if answer == "not permitted":
            member(first, organisation, user=newcomer)
        else:
            assert outcome(lambda add=add: actions.add_membership(**add, by=person)) == (
                "not allowed"
            ), name
        membership = newcomer.memberships.get()
        end = {"membership": membership, "by": person}
        assert outcome(lambda end=end: actions.end_membership(**end)) == answer, name
        if answer == "done":
            assert outcome(lambda end=end: actions.end_membership(**end)) == "not allowed", name


@EVERY_ROLE
def test_who_may_read_the_audit_trail(world, kind, role):
    own = next(one for one in world.values() if one.kind == kind)
    person = member(role, own)
    reads = role in (Role.ADMINISTRATOR, Role.AUDITOR)
    for name, organisation in world.items():
        expected = reads and name in AUDITED.get(kind, set())
        assert checks.may(person, "view_audit", organisation) == expected, name
