"""What every test stands on: the database between tests.

Factories are in tests/factories/, the browser is in tests/browser/conftest.py.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests import database_copies


@pytest.fixture(scope="session", autouse=True)
def tests_that_commit_leave_nothing_behind(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy the test database anew after each test that commits, instead of emptying its tables."""
    setup, teardown = TransactionTestCase._fixture_setup, TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_setup = classmethod(lambda cls: database_copies.keep_clean())
    TransactionTestCase._fixture_teardown = lambda self: database_copies.begin_again()
    yield
    TransactionTestCase._fixture_setup, TransactionTestCase._fixture_teardown = setup, teardown
    with django_db_blocker.unblock():
        database_copies.drop_clean()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Begin every test database as a copy of one with all migrations applied.

    It is dropped at the end whoever is still connected: a thread of a server that a test started
    may be.
    """
    with django_db_blocker.unblock():
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = database_copies.name()
    connections["default"].creation._destroy_test_db = drop_for_good


def drop_for_good(name: str, verbosity: int) -> None:
    """Drop a test database. The arguments are Django's, whose own does without FORCE."""
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later search for garbage: it took a third of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's journeys first: they are the longest, and several processes share the rest."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.fixture(autouse=True)
def media_in_a_folder_of_its_own(settings: Any, tmp_path: Any) -> None:
    """Keep the files that one test uploads from the next."""
    settings.MEDIA_ROOT = tmp_path / "media"
