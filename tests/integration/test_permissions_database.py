"""What the database itself refuses and writes, asked by raw SQL."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState

from permissions import actions, audit, grants
from permissions.appendonly import Protect
from permissions.audit import TRACKED
from permissions.models import (
    OrganisationGroupPermission,
    ReadRecord,
    RoleGroup,
    User,
)
from permissions.roles import PARENT_KIND, ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import (
    LocalAuthorityFactory,
    PartnershipFactory,
    ProviderFactory,
    SchoolFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db


def execute(sql, *params):
    """Run SQL in a savepoint of its own, so that a refusal leaves the test's transaction usable."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def one_of_each_kind():
    authority = LocalAuthorityFactory()
    partnership = PartnershipFactory(parent=authority)
    return {
        OrganisationKind.LOCAL_AUTHORITY: authority,
        OrganisationKind.PARTNERSHIP: partnership,
        OrganisationKind.SCHOOL: SchoolFactory(parent=partnership),
        OrganisationKind.PROVIDER: ProviderFactory(),
    }


# --- Shape --------------------------------------------------------------------------------------


def test_the_database_knows_which_role_fits_which_kind():
    person = UserFactory()
    for kind, organisation in one_of_each_kind().items():
        for role in Role:
            insert = (
                "INSERT INTO permissions_membership (user_id, organisation_id, role, started_at) "
                "VALUES (%s, %s, %s, now())"
            )
            if role in ROLES_BY_KIND[kind]:
                execute(insert, person.pk, organisation.pk, role)
            else:
                with pytest.raises(IntegrityError, match="no role"):
                    execute(insert, person.pk, organisation.pk, role)


def test_the_database_knows_which_kind_belongs_to_which():
    organisations = one_of_each_kind()
    for kind in OrganisationKind:
        for parent_kind in [None, *OrganisationKind]:
            insert = (
                "INSERT INTO permissions_organisation "
                "(kind, name, short_name, slug, parent_id, colour, urn, email, is_active) "
                "VALUES (%s, 'A', 'A', %s, %s, '#000000', '', '', true)"
            )
            slug = f"{kind}-{parent_kind}"
            parent = parent_kind and organisations[parent_kind].pk
            if parent_kind == PARENT_KIND[kind]:
                execute(insert, kind, slug, parent)
            else:
                with pytest.raises(IntegrityError):
                    execute(insert, kind, slug, parent)


def test_an_organisation_keeps_its_kind():
    with pytest.raises(IntegrityError, match="keeps its kind"):
        execute(
            "UPDATE permissions_organisation SET kind = 'provider', parent_id = NULL WHERE id = %s",
            SchoolFactory().pk,
        )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "school"}, "Choose a partnership"),
        ({"kind": "provider"}, "Leave this empty"),
        ({"kind": "partnership", "colour": "#ffff00"}, "darker colour"),
        ({"kind": "partnership", "colour": "red"}, "six digits"),
    ],
)
def test_an_organisation_that_does_not_fit_is_refused_in_words(fields, says):
    with pytest.raises(ValidationError, match=says):
        actions.create_organisation(by=None, name="A", parent=LocalAuthorityFactory(), **fields)


def test_addresses_are_unique_whatever_their_capitals():
    person = User.objects.create_user("Ann@Example.ORG", "Ann")
    assert person.email == "ann@example.org"
    assert User.objects.get_by_natural_key("ANN@example.org ") == person
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ANN@example.org", "Other")
    with pytest.raises(IntegrityError):
        execute("UPDATE permissions_user SET email = 'Ann@example.org' WHERE id = %s", person.pk)


def test_a_membership_says_who_ended_it_only_when_it_has_ended():
    membership = member("head", SchoolFactory()).memberships.get()
    for change in [
        "ended_by_id = user_id",
        "ended_at = started_at - interval '1 second'",
    ]:
        with pytest.raises(IntegrityError):
            execute(f"UPDATE permissions_membership SET {change} WHERE id = %s", membership.pk)


# --- Append-only --------------------------------------------------------------------------------


def protected_tables():
    history = [tracked.event_model._meta.db_table for tracked in TRACKED.values()]
    return ["permissions_readrecord", *sorted(history)]


@pytest.mark.parametrize("table", protected_tables())
def test_truncate_is_refused(table):
    with pytest.raises(IntegrityError, match="stay as they were written"):
        execute(f'TRUNCATE "{table}" CASCADE')


def test_read_records_can_be_added_and_nothing_else(django_assert_num_queries):
    person, school = UserFactory(), SchoolFactory()
    audit.record_read(person, school)
    with django_assert_num_queries(1):
        record = audit.record_read(person, school, organisation=school, purpose="school page")
    assert record.what == school
    for sql in [
        "UPDATE permissions_readrecord SET purpose = 'other'",
        "UPDATE permissions_readrecord SET purpose = purpose",
        "DELETE FROM permissions_readrecord",
    ]:
        with pytest.raises(IntegrityError, match="stay as they were written"):
            execute(sql)
        # The switch that turns off the library's own triggers does not reach ours.
        with pytest.raises(IntegrityError):
            execute(f"SET LOCAL pgtrigger.ignore = '{{protect_rows}}'; {sql}")
    assert ReadRecord.objects.count() == 2


def test_history_can_be_added_and_nothing_else():
    member("head", SchoolFactory())
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(tgname, ',') FROM pg_trigger WHERE NOT tgisinternal")
        every_trigger = cursor.fetchone()[0]
    for table in ["userevent", "organisationevent", "membershipevent"]:
        for sql in [
            f"UPDATE permissions_{table} SET pgh_label = 'other'",
            f"DELETE FROM permissions_{table}",
        ]:
            with pytest.raises(IntegrityError, match="stay as they were written"):
                execute(sql)
            with pytest.raises(IntegrityError):
                execute(f"SET LOCAL pgtrigger.ignore = '{{{every_trigger}}}'; {sql}")


def test_who_made_a_change_cannot_be_rewritten():
    partnership = PartnershipFactory()
    administrator = member("administrator", partnership)
    actions.add_membership(
        user=UserFactory(), organisation=partnership, role="officer", by=administrator
    )
    for sql in [
        "UPDATE pghistory_context SET metadata = '{\"user\": 0}'",
        "UPDATE pghistory_context SET metadata = '{}'",
        "UPDATE pghistory_context SET created_at = now() + interval '1 day'",
        "DELETE FROM pghistory_context",
        "TRUNCATE pghistory_context CASCADE",
    ]:
        with pytest.raises(IntegrityError):
            execute(sql)
    execute("UPDATE pghistory_context SET metadata = metadata || '{\"more\": 1}'")


def test_protect_is_a_reversible_operation_and_can_leave_columns_out():
    execute("CREATE TABLE receipt (id int, file text, name text)")
    execute("INSERT INTO receipt VALUES (1, '', 'Ann')")
    operation, state = Protect("receipt", except_columns=["file"]), ProjectState()
    assert "receipt" in operation.describe()
    with connection.schema_editor() as editor:
        operation.database_forwards("permissions", editor, state, state)
    execute("UPDATE receipt SET file = 'one.pdf'")
    for sql in [
        "UPDATE receipt SET name = 'Bob'",
        "UPDATE receipt SET file = 'two.pdf', name = 'Bob'",
        "DELETE FROM receipt",
        "TRUNCATE receipt",
    ]:
        with pytest.raises(IntegrityError, match="Rows of receipt stay as they were written"):
            execute(sql)
    with connection.schema_editor() as editor:
        operation.database_backwards("permissions", editor, state, state)
    execute("UPDATE receipt SET name = 'Bob'")
    execute("DELETE FROM receipt")


# --- Field changes ------------------------------------------------------------------------------


def test_each_change_of_a_membership_is_kept_with_who_made_it():
    partnership = PartnershipFactory()
    administrator = member("administrator", partnership)
    membership = actions.add_membership(
        user=UserFactory(), organisation=partnership, role="officer", by=administrator
    )
    actions.end_membership(membership=membership, by=administrator)
    history = TRACKED["permissions.membership"].event_model
    kept = history.objects.filter(pgh_obj_id=membership.pk).order_by("pgh_id")
    assert [one.pgh_label for one in kept] == ["insert", "update"]
    assert [one.ended_at is None for one in kept] == [True, False]
    assert {one.pgh_context.metadata["user"] for one in kept} == {administrator.pk}


def test_the_history_of_accounts_holds_no_password():
    fields = {field.name for field in TRACKED["permissions.user"].event_model._meta.fields}
    assert {"email", "name", "is_active"} <= fields
    assert not fields & {"password", "last_login"}


# --- Grants -------------------------------------------------------------------------------------


def granted():
    return set(
        OrganisationGroupPermission.objects.values_list(
            "group__role_group__role", "permission__codename", "content_object_id"
        )
    )


def test_sync_makes_the_database_say_what_the_tables_say(django_assert_max_num_queries):
    for organisation in one_of_each_kind().values():
        for role in organisation.roles:
            member(role, organisation)
    wanted = {
        (one.role, codename, one.organisation_id)
        for one in RoleGroup.objects.all()
        for codename in grants.REGISTRY.grants.get(Role(one.role), ())
    }
    assert granted() == wanted
    with django_assert_max_num_queries(8):
        grants.sync()
    assert granted() == wanted


def test_sync_removes_what_is_in_no_table_and_puts_back_what_is_missing():
    administrator = member("administrator", PartnershipFactory())
    before = granted()
    grant = OrganisationGroupPermission.objects.first()
    assert grant is not None
    stray = grant.permission._meta.model.objects.create(
        codename="own_everything", name="Own", content_type=grant.permission.content_type
    )
    OrganisationGroupPermission.objects.create(
        group=administrator.groups.get(), permission=stray, content_object=grant.content_object
    )
    other = SchoolFactory()
    OrganisationGroupPermission.objects.create(
        group=administrator.groups.get(), permission=grant.permission, content_object=other
    )
    grant.delete()
    grants.sync()
    assert granted() == before
    assert not type(stray).objects.filter(codename="own_everything").exists()
