"""Copies of whole databases: PostgreSQL makes one in a third of a second.

Every test database begins as a copy of one in which all migrations, most of a minute's work, were
applied before. It is named by a hash over them, so a changed migration makes a new one by itself;
where only migrations were added, the new one begins as a copy of the old. And after a test that commits, the test database is copied anew from what it was before: rows that
migrations made, and numbers that sequences gave, are there again, and no table that refuses to be
emptied has to be.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

PREFIX = "accord_tests_"
# Any number, as long as nothing else locks by it.
LOCK = 4_715_200
# What a test wrote and rolled back looks to autovacuum like a large table without any row, and the
# plans made from that take minutes for the next test that fills it. Without, sizes are estimated.
WITHOUT_AUTOVACUUM = """
    DO $$ DECLARE name regclass; BEGIN
        FOR name IN SELECT oid FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', name); END LOOP;
    END $$
"""


def ingredients() -> dict[str, str]:
    """Return what decides how an empty database looks: each file with a hash of it."""
    files = [
        settings.BASE_DIR / "requirements.lock",
        settings.BASE_DIR / "permissions" / "appendonly.py",
        Path(__file__),
        *(
            path
            for package in ("portal", "pages", "workflows", "permissions", "tests")
            for path in sorted((settings.BASE_DIR / package).glob("**/migrations/*.py"))
        ),
    ]
    return {
        str(path.relative_to(settings.BASE_DIR)): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in files
    } | dict.fromkeys(settings.INSTALLED_APPS, "installed")


def fingerprint(ingredients: dict[str, str]) -> str:
    """Return a hash over all ingredients."""
    return hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:16]


def name() -> str:
    """Return the name of the database to copy, after making it where it is missing.

    Several test processes may ask at once: one makes it and the others wait.
    """
    needed = ingredients()
    wanted = PREFIX + fingerprint(needed)
    with connection._nodb_cursor() as cursor, locked(cursor):
        there = databases(cursor)
        if wanted not in there:
            nearest = max(
                (old for old, made_of in there.items() if made_of and made_of <= needed.items()),
                key=lambda old: len(there[old]),
                default=None,
            )
            for old in there.keys() - {nearest}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            make(cursor, wanted, nearest)
            cursor.execute(f'COMMENT ON DATABASE "{wanted}" IS %s', [json.dumps(needed)])
    return wanted


def keep_clean() -> None:
    """Keep a copy of the test database, which no test that commits has touched yet."""
    test, clean = names()
    with connection._nodb_cursor() as cursor:
        if clean not in _kept:
            copy(cursor, test, clean)
            _kept.add(clean)


def begin_again() -> None:
    """Put the clean copy in place of the test database."""
    test, clean = names()
    with connection._nodb_cursor() as cursor:
        copy(cursor, clean, test)


def drop_clean() -> None:
    """Drop what keep_clean made."""
    for clean in _kept:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{clean}"')
    _kept.clear()


_kept: set[str] = set()


def names() -> tuple[str, str]:
    """Return the names of the test database and of its clean copy, with nobody connected."""
    connection.close()
    test = connection.settings_dict["NAME"]
    return test, f"{test}_clean"


def copy(cursor: CursorWrapper, old: str, new: str) -> None:
    """Make a copy of a database under a name, in place of what had the name."""
    cursor.execute(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')


def databases(cursor: CursorWrapper) -> dict[str, set[tuple[str, str]]]:
    """Return the databases of this kind with what they were made of: nothing, if half-made."""
    cursor.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE starts_with(datname, %s)",
        [PREFIX],
    )
    return {name: set(json.loads(made_of or "{}").items()) for name, made_of in cursor.fetchall()}


def make(cursor: CursorWrapper, wanted: str, nearest: str | None) -> None:
    """Apply every migration to a new database, which gets its name when it is complete."""
    building = wanted + "_building"
    cursor.execute(f'CREATE DATABASE "{building}" TEMPLATE "{nearest or "template1"}"')
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = building
    try:
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as tables:
            tables.execute(WITHOUT_AUTOVACUUM)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{wanted}"')


@contextmanager
def locked(cursor: CursorWrapper) -> Iterator[None]:
    """Let one process at a time inside, on all machines that use the server."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
