"""One database with every migration applied, which each test database begins as a copy of.

Applying all migrations takes most of a minute, copying their result a third of a second. The copy
is named by a hash over all migrations, so a changed one makes a new copy by itself.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

PREFIX = "accord_tests_"
# Any number, as long as nothing else locks by it.
LOCK = 4_715_200


def fingerprint() -> str:
    """Return a hash over what decides how an empty database looks."""
    digest = hashlib.sha256()
    files = [
        settings.BASE_DIR / "requirements.lock",
        settings.BASE_DIR / "permissions" / "appendonly.py",
        *(
            path
            for package in ("portal", "pages", "workflows", "permissions", "tests")
            for path in sorted((settings.BASE_DIR / package).glob("**/migrations/*.py"))
        ),
    ]
    for path in files:
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    digest.update(" ".join(settings.INSTALLED_APPS).encode())
    return digest.hexdigest()[:16]


def name() -> str:
    """Return the name of the database to copy, after making it where it is missing.

    Several test processes may ask at once: one makes it and the others wait.
    """
    wanted = PREFIX + fingerprint()
    with connection._nodb_cursor() as cursor, locked(cursor):
        there = databases(cursor)
        if wanted not in there:
            for old in there:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            make(cursor, wanted)
    return wanted


def databases(cursor: CursorWrapper) -> list[str]:
    """Return the databases of this kind, half-made ones among them."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    return [row[0] for row in cursor.fetchall()]


def make(cursor: CursorWrapper, wanted: str) -> None:
    """Apply every migration to a new database, which gets its name when it is complete."""
    building = wanted + "_building"
    cursor.execute(f'CREATE DATABASE "{building}"')
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = building
    try:
        call_command("migrate", verbosity=0, interactive=False)
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
