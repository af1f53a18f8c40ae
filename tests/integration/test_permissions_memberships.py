"""Memberships and what they give, through the real actions."""

import pytest

from permissions import actions, checks, queries
from permissions.exceptions import NotAllowed, NotPermitted
from permissions.models import Membership, Role
from tests.factories import (
    LocalAuthorityFactory,
    PartnershipFactory,
    ProviderFactory,
    SchoolFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db


def test_membership_gives_and_its_end_takes_away_at_once():
    partnership = PartnershipFactory()
    person = member("administrator", partnership)
    assert checks.may(person, "manage_members", partnership)
    assert person.groups.count() == 1

    actions.end_membership(membership=person.memberships.get(), by=None)

    assert not checks.may(person, "manage_members", partnership)
    assert person.groups.count() == 0
