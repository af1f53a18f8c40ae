"""Rules and tables of permissions, without a database."""

import pytest

from permissions import grants, rules
from permissions.models import contrast_with_white
from permissions.roles import PARENT_KIND, ROLES_BY_KIND, OrganisationKind, Role


def add(**changes):
    defaults = {
        "kind": OrganisationKind.SCHOOL,
        "role": Role.HEAD,
        "user_is_active": True,
        "organisation_is_active": True,
        "open_roles": set(),
    }
    return rules.why_cannot_add_membership(**{**defaults, **changes})


def end(**changes):
    defaults = {
        "is_ended": False,
        "is_own": True,
        "role": Role.ADMINISTRATOR,
        "other_administrators": 1,
    }
    return rules.why_cannot_end_membership(**{**defaults, **changes})


def test_add_membership_is_allowed_when_everything_fits():
    assert add() is None
    assert add(open_roles={Role.REFERRER}) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"role": Role.TUTOR}, "Choose one of: referrer, head"),
        ({"organisation_is_active": False}, "organisation is closed"),
        ({"user_is_active": False}, "account is closed"),
        ({"open_roles": {Role.HEAD}}, "head here already"),
    ],
)
def test_add_membership_says_why_not(changes, says):
    assert says in add(**changes)


def test_end_membership_refuses_the_last_administrator_alone():
    assert end() is None
    assert "last administrator" in end(other_administrators=0)
    assert end(other_administrators=0, is_own=False) is None
    assert end(other_administrators=0, role=Role.OFFICER) is None
    assert "ended already" in end(is_ended=True)


def test_every_kind_has_roles_and_every_role_a_kind():
    assert set(ROLES_BY_KIND) == set(PARENT_KIND) == set(OrganisationKind)
    assert {role for roles in ROLES_BY_KIND.values() for role in roles} == set(Role)


def test_every_permission_is_held_by_some_role():
    held = set().union(*grants.REGISTRY.grants.values())
    assert set(grants.REGISTRY.permissions) - held == set()


def test_register_refuses_what_another_slice_has_and_what_nobody_has():
    with pytest.raises(ValueError, match="another slice"):
        grants.register("somebody", {"view_audit": "See"}, {})
    with pytest.raises(ValueError, match="not registered"):
        grants.register("somebody", {}, {Role.HEAD: {"no_such_permission"}})


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#ffffff", 1), ("#000000", 21), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_with_white_is_that_of_wcag(colour, ratio):
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)
