"""The directory of providers: its actions, its table and its pages."""

import pytest
from django.urls import reverse

from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories import ProviderFactory
from tests.factories.cases import Area
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.providers import actions, grants, queries, rules, states
from workflows.providers.models import DirectoryEntry
from workflows.providers.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


def entry_of(area, status=Status.LISTED, provider=None):
    entry = actions.list_provider(
        provider=provider or area.provider, partnership=area.partnership, places=6, by=None
    )
    if status == Status.REMOVED:
        actions.remove_entry(entry=entry, by=None)
    return entry


def list_another(entry, by):
    return actions.list_provider(
        provider=ProviderFactory(), partnership=entry.partnership, places=2, by=by
    )


TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from={
        "list_provider": frozenset(Status),
        **tables.possible_from(states.TRANSITIONS, states.ALLOWED_IN),
    },
    kinds=dict.fromkeys(grants.ACTION_PERMISSIONS, OrganisationKind.PARTNERSHIP),
    acts={
        "list_provider": list_another,
        "change_entry": lambda entry, by: actions.change_entry(
            entry=entry, places=3, subjects="", notes="", by=by
        ),
        "remove_entry": lambda entry, by: actions.remove_entry(entry=entry, by=by),
    },
)


def test_the_table_is_whole():
    tables.check_grants(TABLE.acts, grants.ACTION_PERMISSIONS, states.OWNERS)
    assert set(states.OWNERS) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_every_role_can_do_what_the_table_says(area, status):
    people = tables.one_of_each(area.organisations)
    assert TABLE.mismatches(entry_of(area, status), status, people) == []


def test_a_removed_provider_is_no_longer_in_the_directory_and_can_come_back(area):
    entry = entry_of(area)
    assert queries.is_listed(area.provider, area.partnership)
    actions.remove_entry(entry=entry, by=area.person(Role.OFFICER))
    assert not queries.is_listed(area.provider, area.partnership)
    assert rules.why_cannot_offer(provider="Lantern", is_listed=False)
    entry_of(area)
    assert queries.directory(area.partnership).count() == 1
    assert DirectoryEntry.objects.count() == 2
    assert Event.objects.filter(kind="provider_removed", subject_id=area.partnership.pk).exists()


def test_a_provider_is_listed_once_and_only_providers_are(area):
    entry_of(area)
    with pytest.raises(NotAllowed, match="already"):
        entry_of(area)
    with pytest.raises(NotAllowed, match="Only a provider"):
        entry_of(area, provider=area.school)


def test_a_directory_is_each_partnerships_own(area):
    entry_of(area)
    assert not queries.is_listed(area.provider, Area().partnership)


def test_the_pages_list_add_change_and_remove(client, area, django_assert_max_num_queries):
    officer = area.person(Role.OFFICER)
    client.force_login(officer)
    response = client.post(
        reverse("providers:add", args=[area.partnership.slug]),
        {"provider": area.provider.pk, "places": "8", "subjects": "Art & d’esign", "notes": ""},
    )
    assert response.status_code == 302
    with django_assert_max_num_queries(12):
        shown = client.get("/providers/").content.decode()
    assert area.provider.name in shown
    assert "Art &amp; d’esign" in shown
    entry = DirectoryEntry.objects.get()
    response = client.post(reverse("providers:change", args=[entry.pk]), {"places": "x"})
    assert "Enter a whole number" in response.content.decode()
    client.post(reverse("providers:change", args=[entry.pk]), {"places": "9"})
    entry.refresh_from_db()
    assert entry.places == 9
    assert client.get(reverse("providers:remove", args=[entry.pk])).status_code == 200
    client.post(reverse("providers:remove", args=[entry.pk]))
    assert "No provider is listed" in client.get("/providers/").content.decode()


def test_other_people_read_or_are_refused(client, area):
    entry = entry_of(area)
    change = reverse("providers:change", args=[entry.pk])
    client.force_login(area.person(Role.OFFICER, area.local_authority))
    assert area.provider.name in client.get("/providers/").content.decode()
    assert client.get(change).status_code == 404
    client.force_login(area.person(Role.AUDITOR))
    assert area.provider.name in client.get("/providers/").content.decode()
    assert client.get(change).status_code == 403
    client.force_login(area.person(Role.REFERRER))
    assert client.get("/providers/").status_code == 403
    client.force_login(Area().person(Role.OFFICER))
    assert area.provider.name not in client.get("/providers/").content.decode()
    assert client.get(change).status_code == 404
