"""Memberships and what they give, through the real actions."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from permissions import actions, checks, grants, queries
from permissions.exceptions import NotAllowed, NotPermitted
from permissions.models import (
    Membership,
    Organisation,
    OrganisationGroupPermission,
    RoleGroup,
    User,
)
from permissions.roles import Role
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


def test_ending_one_of_two_roles_keeps_what_the_other_gives():
    partnership = PartnershipFactory()
    person = member("auditor", partnership, user=member("administrator", partnership))
    actions.end_membership(membership=person.memberships.get(role="administrator"), by=None)

    assert not checks.may(person, "manage_members", partnership)
    assert checks.may(person, "view_audit", partnership)
    assert [group.role_group.role for group in person.groups.all()] == ["auditor"]


def test_a_role_counts_in_its_own_organisation_alone():
    partnership, other = PartnershipFactory(), PartnershipFactory()
    member("auditor", other)
    person = member("administrator", partnership)
    assert not checks.may(person, "manage_members", other)
    assert not checks.may(person, "view_audit", other)
    assert list(queries.organisations_where(person, "view_audit")) == [partnership]
    assert list(queries.people_with("view_audit", partnership)) == [person]


def test_nobody_inactive_or_super_gets_anything():
    partnership = PartnershipFactory()
    superuser = User.objects.create_superuser("root@example.org", "Root", "correct horse battery")
    inactive = member("administrator", partnership)
    inactive.is_active = False
    inactive.save()
    closed = PartnershipFactory()
    of_closed = member("administrator", closed)
    closed.is_active = False
    closed.save()

    for person, organisation in [
        (superuser, partnership),
        (inactive, partnership),
        (of_closed, closed),
        (None, partnership),
        (superuser, None),
    ]:
        assert not checks.may(person, "manage_members", organisation)
        assert not queries.organisations_where(person, "manage_members")
        assert not queries.managed_organisations(person)
        assert not queries.permitted(person).pairs
    assert not queries.people_with("manage_members", partnership)
    assert not queries.people_with("manage_members", closed)


def test_being_in_a_group_by_hand_gives_nothing():
    partnership = PartnershipFactory()
    group = member("administrator", partnership).groups.get()
    outsider = UserFactory()
    outsider.groups.add(group)
    assert not checks.may(outsider, "manage_members", partnership)
    assert not queries.organisations_where(outsider, "manage_members")


def test_require_raises_with_a_sentence():
    with pytest.raises(NotPermitted, match="Ask an administrator"):
        checks.require(UserFactory(), "view_audit", PartnershipFactory())


def test_administrators_manage_their_own_and_what_belongs_to_it():
    authority = LocalAuthorityFactory()
    partnership = PartnershipFactory(parent=authority)
    school = SchoolFactory(parent=partnership)
    other, provider = SchoolFactory(), ProviderFactory()

    of_authority = member("administrator", authority)
    assert set(queries.managed_organisations(of_authority)) == {
        authority,
        partnership,
        school,
        provider,
    }
    of_partnership = member("administrator", partnership)
    assert set(queries.managed_organisations(of_partnership)) == {partnership, school}
    assert not queries.managed_organisations(member("head", school))
    assert not checks.may_manage(of_partnership, other)


def test_add_membership_refuses_who_does_not_manage():
    school = SchoolFactory()
    for outsider in [member("head", school), member("administrator", PartnershipFactory())]:
        with pytest.raises(NotPermitted):
            actions.add_membership(
                user=UserFactory(), organisation=school, role="referrer", by=outsider
            )
    with pytest.raises(NotPermitted):
        actions.end_membership(membership=member("head", school).memberships.get(), by=outsider)


def test_add_membership_refuses_twice_and_allows_again_after_the_end():
    school = SchoolFactory()
    person = member("head", school)
    with pytest.raises(NotAllowed, match="head here already"):
        member("head", school, user=person)
    actions.end_membership(membership=person.memberships.get(), by=None)
    member("head", school, user=person)
    assert person.memberships.count() == 2
    assert queries.memberships_of(person).count() == 1


def test_add_membership_refuses_a_role_that_is_no_role_here():
    for role in ["tutor", "king"]:
        with pytest.raises(NotAllowed, match="Choose one"):
            member(role, SchoolFactory())


def test_end_membership_keeps_who_ended_it_and_refuses_twice():
    partnership = PartnershipFactory()
    administrator = member("administrator", partnership)
    membership = member("officer", partnership).memberships.get()
    ended = actions.end_membership(membership=membership, by=administrator)
    assert ended.ended_by == administrator
    assert ended.ended_at is not None
    with pytest.raises(NotAllowed, match="ended already"):
        actions.end_membership(membership=membership, by=administrator)


def test_the_last_administrator_cannot_end_their_own_role():
    partnership = PartnershipFactory()
    last = member("administrator", partnership)
    with pytest.raises(NotAllowed, match="last administrator"):
        actions.end_membership(membership=last.memberships.get(), by=last)
    member("administrator", partnership)
    actions.end_membership(membership=last.memberships.get(), by=last)
    assert not checks.may(last, "manage_members", partnership)


def test_create_organisation_asks_for_the_parents_administrator():
    partnership = PartnershipFactory()
    administrator = member("administrator", partnership)
    school = actions.create_organisation(
        by=administrator, kind="school", name="Canal Side School", parent=partnership
    )
    assert school.slug == "canal-side-school"
    assert school.local_authority == partnership.parent
    for parent in [PartnershipFactory(), None]:
        with pytest.raises(NotPermitted):
            actions.create_organisation(by=administrator, kind="school", name="X", parent=parent)


def test_invite_uses_the_account_that_has_the_address():
    school = SchoolFactory()
    person = UserFactory(email="head@example.org", name="Ann Real")
    membership, is_new = actions.invite(
        email=" HEAD@Example.org", name="Ann Typed", organisation=school, role="head", by=None
    )
    assert (membership.user, membership.user.name, is_new) == (person, "Ann Real", False)
    with pytest.raises(NotAllowed, match="an account with this e-mail"):
        actions.create_account(email="Head@example.org", name="Other", by=None)


# --- Numbers of queries -------------------------------------------------------------------------


def test_permitted_reads_all_in_one_query(django_assert_num_queries):
    partnership = PartnershipFactory()
    person = member("auditor", partnership, user=member("administrator", partnership))
    member("head", SchoolFactory(), user=person)
    with django_assert_num_queries(1):
        permitted = queries.permitted(person)
        assert permitted.may("manage_members", partnership.pk)
        assert not permitted.may("manage_members", None)
        assert permitted.anywhere("view_audit")
        assert permitted.organisation_ids("view_audit") == {partnership.pk}
        assert permitted.roles == {Role.AUDITOR, Role.ADMINISTRATOR, Role.HEAD}
        assert len(permitted.organisations) == 2
    for codename, organisation_id in permitted.pairs:
        assert queries.organisations_where(person, codename).filter(pk=organisation_id).exists()


def administrator_of_a_thousand():
    """Return an administrator of 1,000 partnerships; written in bulk, granted by sync."""
    authority, person = LocalAuthorityFactory(), UserFactory()
    partnerships = Organisation.objects.bulk_create(
        Organisation(kind="partnership", name=f"P {n}", slug=f"p-{n}", parent=authority)
        for n in range(1_000)
    )
    groups = Group.objects.bulk_create(Group(name=one.slug) for one in partnerships)
    RoleGroup.objects.bulk_create(
        RoleGroup(organisation=organisation, role=Role.ADMINISTRATOR, group=group)
        for organisation, group in zip(partnerships, groups, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(user=person, organisation=organisation, role=Role.ADMINISTRATOR)
        for organisation in partnerships
    )
    grants.sync()
    return person, partnerships[-1]


def test_three_thousand_grants_cost_one_query(django_assert_num_queries):
    everywhere, partnership = administrator_of_a_thousand()
    assert OrganisationGroupPermission.objects.count() >= 3_000

    with django_assert_num_queries(1):
        assert len(queries.organisations_where(everywhere, "view_audit")) == 1_000
    with django_assert_num_queries(1):
        assert checks.may(everywhere, "view_audit", partnership)
    with django_assert_num_queries(1):
        assert list(queries.people_with("view_audit", partnership)) == [everywhere]
    with django_assert_num_queries(1):
        assert len(queries.permitted(everywhere).pairs) >= 3_000


# --- Two at once --------------------------------------------------------------------------------


def both_at_once(act):
    """Run the callable twice at the same moment, on two connections; return what each raised."""
    barrier = threading.Barrier(2)
    raised = []

    def run():
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            act()
            raised.append(None)
        except Exception as error:  # noqa: BLE001  (the test looks at whatever it was)
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(raised, key=lambda one: one is not None)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_add_one_membership_and_the_second_reads_why_not():
    school, person = SchoolFactory(), UserFactory()
    first, second = both_at_once(lambda: member("head", school, user=person))
    assert first is None
    assert isinstance(second, NotAllowed)
    assert "head here already" in second.reason
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_group_for_a_new_role():
    school = SchoolFactory()
    first, second = both_at_once(lambda: member("head", school))
    assert (first, second) == (None, None)
    assert school.role_groups.count() == 1
    assert len(queries.people_with("view_audit", school)) == 0
    assert Membership.objects.filter(organisation=school).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_syncs_at_once_wait_for_each_other():
    member("administrator", PartnershipFactory())
    before = OrganisationGroupPermission.objects.count()
    OrganisationGroupPermission.objects.all().delete()
    assert both_at_once(grants.sync) == [None, None]
    assert OrganisationGroupPermission.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_at_once_end_one_membership_and_the_second_reads_why_not():
    membership = member("head", SchoolFactory()).memberships.get()
    first, second = both_at_once(lambda: actions.end_membership(membership=membership, by=None))
    assert first is None
    assert isinstance(second, NotAllowed)


def test_the_constraint_itself_becomes_a_sentence(monkeypatch):
    """Another program adds the row after the rule was asked: the database has the last word."""
    school, person = SchoolFactory(), UserFactory()
    ask = actions.rules.why_cannot_add_membership

    def ask_and_let_somebody_in(**facts):
        answer = ask(**facts)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO permissions_membership (user_id, organisation_id, role, started_at) "
                "VALUES (%s, %s, 'head', %s)",
                [person.pk, school.pk, timezone.now()],
            )
        return answer

    monkeypatch.setattr(actions.rules, "why_cannot_add_membership", ask_and_let_somebody_in)
    with pytest.raises(NotAllowed, match="head here already"), transaction.atomic():
        member("head", school, user=person)
