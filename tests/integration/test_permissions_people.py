"""The administrators' pages: people, roles and the audit trail."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pghistory.models import Context
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions import actions, audit, checks, trail
from permissions.models import User
from tests.factories import (
    LocalAuthorityFactory,
    PartnershipFactory,
    ProviderFactory,
    SchoolFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def people(organisation, rest=""):
    return f"/organisations/{organisation.slug}/people/{rest}"


@pytest.fixture
def partnership():
    return PartnershipFactory(name="Millrace Towns Partnership")


@pytest.fixture
def administrator(partnership, client):
    person = member("administrator", partnership, name="Ada Administrator")
    client.force_login(person)
    return person


# --- People and roles ---------------------------------------------------------------------------


def test_pages_ask_who_is_there(client, partnership):
    membership = member("officer", partnership).memberships.get()
    for path in [
        "/organisations/",
        people(partnership),
        people(partnership, "add/"),
        people(partnership, f"{membership.pk}/end/"),
        people(partnership, "999999/end/"),
        "/audit/",
        "/audit/reads/",
        "/account/",
    ]:
        response = client.get(path)
        assert response.status_code == 302
        assert response.headers["Location"] == f"/sign-in/?next={path}"


def test_other_organisations_do_not_exist(client, administrator):
    other = SchoolFactory()
    membership = member("head", other).memberships.get()
    for path in [people(other), people(other, "add/"), people(other, f"{membership.pk}/end/")]:
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)
    assert membership.ended_at is None
    assert other.name not in text(client.get("/organisations/"))


def test_a_membership_is_found_in_its_own_organisation_alone(client, administrator, partnership):
    elsewhere = member("head", SchoolFactory()).memberships.get()
    assert client.post(people(partnership, f"{elsewhere.pk}/end/")).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at is None


def test_who_manages_nothing_is_refused(client, partnership):
    client.force_login(member("officer", partnership))
    assert client.get("/organisations/").status_code == 403
    assert client.get(people(partnership)).status_code == 404
    assert client.get("/audit/").status_code == 403


def test_the_list_shows_mine_and_those_beneath(client, administrator, partnership):
    school = SchoolFactory(parent=partnership, name="Canal Side School")
    ProviderFactory(name="Forge Lane Skills")
    page = text(client.get("/organisations/"))
    assert partnership.name in page
    assert school.name in page
    assert "Forge Lane Skills" not in page
    found = text(client.get("/organisations/?q=canal"))
    assert school.name in found
    assert people(partnership) not in found


def test_a_local_authoritys_administrator_manages_providers(client):
    client.force_login(member("administrator", LocalAuthorityFactory()))
    provider = ProviderFactory()
    assert client.get(people(provider)).status_code == 200


def test_adding_a_new_person_invites_them(client, administrator, partnership):
    page = client.post(
        people(partnership, "add/"),
        {"name": "Olu Officer", "email": "Olu@Example.org", "role": "officer"},
        follow=True,
    )
    assert "Olu Officer is now officer. An e-mail with a link" in text(page)
    person = User.objects.get(email="olu@example.org")
    assert not person.has_usable_password()
    assert person.memberships.get().added_by == administrator
    job = ProcrastinateJob.objects.get(task_name="permissions.send_password_link")
    assert job.args == {"user_id": person.pk, "invited": True}


def test_adding_somebody_with_an_account_sends_nothing(client, administrator, partnership):
    person = UserFactory(name="Ann")
    page = client.post(
        people(partnership, "add/"),
        {"name": "Whoever", "email": person.email, "role": "auditor"},
        follow=True,
    )
    assert "Ann is now auditor." in text(page)
    assert not ProcrastinateJob.objects.filter(task_name="permissions.send_password_link").exists()


def test_adding_refuses_in_the_form_and_keeps_what_was_typed(client, administrator, partnership):
    person = member("auditor", partnership)
    typed = {"name": "Ann", "email": person.email, "role": "auditor"}
    page = text(client.post(people(partnership, "add/"), typed))
    assert "This person is auditor here already. Choose another role." in page
    assert person.email in page
    page = text(client.post(people(partnership, "add/"), {**typed, "role": "head"}))
    assert "select one of the answers" in page


def test_ending_asks_first_and_then_ends_at_once(client, administrator, partnership):
    person = member("auditor", partnership, name="Ann")
    membership = person.memberships.get()
    path = people(partnership, f"{membership.pk}/end/")
    assert "Do you want to end the role of Ann as auditor?" in text(client.get(path))
    assert checks.may(person, "view_audit", partnership)

    assert "Ann is no longer auditor." in text(client.post(path, follow=True))
    assert not checks.may(person, "view_audit", partnership)
    assert "ended already" in text(client.post(path, follow=True))


def test_the_last_administrator_reads_what_to_do_first(client, administrator, partnership):
    path = people(partnership, f"{administrator.memberships.get().pk}/end/")
    assert "Make somebody else an administrator first." in text(client.post(path, follow=True))
    member("administrator", partnership)
    page = client.post(path, follow=True)
    assert page.redirect_chain[-1][0] == "/account/"
    assert "is no longer administrator" in text(page)


def test_lists_cost_the_same_at_two_sizes(client, administrator, partnership):
    def cost(path):
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ["/organisations/", people(partnership), "/audit/", "/audit/reads/", "/account/"]

    def grow(number):
        for _ in range(number):
            school = SchoolFactory(parent=partnership)
            member("head", school)
            audit.record_read(member("officer", partnership), school, organisation=school)

    grow(2)
    small = [cost(path) for path in paths]
    grow(30)
    assert [cost(path) for path in paths] == small
    assert max(small) <= 12


# --- Audit trail --------------------------------------------------------------------------------


def test_changes_are_shown_with_who_made_them(client, administrator, partnership):
    client.post(
        people(partnership, "add/?noise=secret"),
        {"name": "Olu Officer", "email": "olu@example.org", "role": "officer"},
    )
    page = text(client.get("/audit/"))
    assert "Added: membership" in page
    assert "Ada Administrator" in page
    assert "Olu Officer" in page
    context = Context.objects.get(metadata__user=administrator.pk)
    assert context.metadata == {"user": administrator.pk, "url": people(partnership, "add/")}


def test_changes_name_the_fields_and_both_values(client, administrator, partnership):
    partnership.name = "Millrace Partnership"
    partnership.save()
    assert "name: from Millrace Towns Partnership to Millrace Partnership" in text(
        client.get("/audit/")
    )


def test_changes_and_reads_of_other_organisations_are_not_shown(client, administrator):
    other = SchoolFactory(name="Far Away School")
    audit.record_read(member("head", other, name="Far Away Head"), other, organisation=other)
    for path in ["/audit/", "/audit/reads/"]:
        assert "Far Away" not in text(client.get(path))


def test_reads_are_shown_to_the_auditor(client, partnership):
    auditor = member("auditor", partnership)
    reader = member("officer", partnership, name="Rita Reader")
    audit.record_read(reader, partnership, organisation=partnership, purpose="case page")
    client.force_login(auditor)
    page = text(client.get("/audit/reads/"))
    assert "case page" in page
    assert f"Organisation {partnership.pk}" in page
    rows = page.split("<tbody", 1)[1]
    assert "Rita Reader" in rows


def test_the_trail_is_narrowed_by_person_and_days(client, administrator, partnership):
    one, two = member("officer", partnership), member("officer", partnership)
    for day, person in [(1, one), (2, one), (3, two)]:
        with time_machine.travel(datetime.datetime(2026, 3, day, 23, 30, tzinfo=datetime.UTC)):
            audit.record_read(person, partnership, organisation=partnership, purpose=f"day {day}")

    def shown(query):
        return re.findall(r"day \d", text(client.get(f"/audit/reads/?{query}")))

    assert shown("") == ["day 3", "day 2", "day 1"]
    assert shown(f"person={one.pk}") == ["day 2", "day 1"]
    assert shown("from_date=2/3/2026&to_date=2/3/2026") == ["day 2"]
    assert shown("from_date=3/3/2026&to_date=2/3/2026") == []
    assert "not before the first day" in text(
        client.get("/audit/reads/?from_date=3/3/2026&to_date=2/3/2026")
    )
    by = actions.add_membership(
        user=one, organisation=partnership, role="auditor", by=administrator
    )
    page = text(client.get(f"/audit/?person={administrator.pk}"))
    assert f"Added: membership {by.pk}" in page
    assert page.count("<time") == 1


@pytest.mark.parametrize("path", ["/audit/", "/audit/reads/"])
def test_pages_of_the_trail_meet_without_gap_or_repetition(
    client, administrator, partnership, path, monkeypatch
):
    monkeypatch.setattr(trail, "PAGE", 7)
    for _ in range(9):
        school = SchoolFactory(parent=partnership)
        audit.record_read(member("head", school), school, organisation=school)

    def rows(address):
        page = client.get(address)
        body = re.findall(r"<tbody.*</tbody>", text(page))
        found = re.findall(r"<tr.*?</tr>", body[0]) if body else []
        following = re.search(r'href="(\?after=[^"]+)">Older', page.content.decode())
        return found, following and path + following[1]

    monkeypatch.setattr(trail, "PAGE", 1_000)
    whole, nothing = rows(path)
    assert nothing is None
    monkeypatch.setattr(trail, "PAGE", 7)
    pieces, address = [], path
    while address:
        found, address = rows(address)
        assert len(found) <= 7
        pieces += found
    assert pieces == whole
    assert len(whole) >= 9


@pytest.mark.parametrize("path", ["/audit/", "/audit/reads/"])
def test_a_made_up_page_is_not_found(client, administrator, path):
    assert client.get(f"{path}?after=nonsense").status_code == 404
