"""The rules of the directory."""

import pytest

from permissions.roles import OrganisationKind
from workflows.providers import rules
from workflows.providers.states import Status


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, None),
        ({"kind": OrganisationKind.SCHOOL}, "Only a provider"),
        ({"is_active": False}, "closed in Accord"),
        ({"is_listed": True}, "already"),
    ],
)
def test_what_can_be_listed(facts, says):
    usual = {"kind": OrganisationKind.PROVIDER, "is_active": True, "is_listed": False}
    refusal = rules.why_cannot_list(**{**usual, **facts})
    assert (refusal is None) if says is None else says in refusal


@pytest.mark.parametrize("action", ["remove_entry", "change_entry"])
def test_a_removed_entry_stays_as_it_was(action):
    assert rules.why_cannot(action, Status.LISTED) is None
    assert "Add it again" in rules.why_cannot(action, Status.REMOVED)


def test_only_listed_providers_are_offered_a_pupil():
    assert rules.why_cannot_offer(provider="Lantern", is_listed=True) is None
    assert "Lantern" in rules.why_cannot_offer(provider="Lantern", is_listed=False)
