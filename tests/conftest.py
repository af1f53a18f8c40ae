"""What every test stands on: the database between tests.

Factories are in tests/factories/, the browser is in tests/browser/conftest.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_django import DjangoDbBlocker

from tests import template_database

# The triggers that refuse TRUNCATE: 32 is TRIGGER_TYPE_TRUNCATE in PostgreSQL's pg_trigger.tgtype.
REFUSING_TRUNCATE = """
    SELECT tgrelid::regclass::text, quote_ident(tgname)
    FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND (tgtype & 32) <> 0
"""


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_can_be_emptied() -> Iterator[None]:
    """Let the emptying of tables between tests, and nothing else, pass the append-only triggers.

    The tables' owner may switch a trigger off, so this needs no superuser. It happens in the
    transaction that empties the tables: no test ever sees a table unprotected.
    """
    original = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with connections[self.connection.alias].cursor() as cursor:
            cursor.execute(REFUSING_TRUNCATE)
            triggers = cursor.fetchall()
        off = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in triggers]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in triggers]
        original(self, [*off, *sql_list, *on] if sql_list else [])

    DatabaseOperations.execute_sql_flush = execute_sql_flush
    yield
    DatabaseOperations.execute_sql_flush = original


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Begin every test database as a copy of one with all migrations applied."""
    with django_db_blocker.unblock():
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = template_database.name()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that commit the rows back that migrations made (Wagtail's root page, sites).

    Emptying the tables after such a test takes those rows too.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = dict(marker.kwargs) if marker else {}
        fixtures = set(getattr(item, "fixturenames", []))
        if asked.get("transaction") or fixtures & {"live_server", "transactional_db"}:
            commits = pytest.mark.django_db(
                **{**asked, "transaction": True, "serialized_rollback": True}
            )
            item.add_marker(commits, append=False)


@pytest.fixture(autouse=True)
def media_in_a_folder_of_its_own(settings: Any, tmp_path: Any) -> None:
    """Keep the files that one test uploads from the next."""
    settings.MEDIA_ROOT = tmp_path / "media"
