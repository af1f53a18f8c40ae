"""`manage.py serve`: everything Accord needs on one machine, until Ctrl-C.

The database, the migrations, the demonstration (once), the web server and the background worker.
For a developer's machine and for demonstrations; in production each of them is a service of its
own (docs/operating.md).
"""

import contextlib
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connections

from portal import database

ADDRESS = "127.0.0.1"
# Seconds: for the web server's first answer, and for a process to end by itself.
LONGEST_START = 60
LONGEST_STOP = 15
# Seconds between two signs of life of a long step.
SAY_EVERY = 15


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C, a closed terminal, or a service manager."""


@dataclass
class Child:
    """One process under supervision."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Command(BaseCommand):
    """Serve Accord on this machine."""

    help = "Serve Accord on this machine: database, web server and worker, until Ctrl-C."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        with stop_signals(), terminal_of_our_own():
            children: list[Child] = []
            try:
                self.require_free(port)
                self.prepare()
                children += [self.start_worker(), self.start_web(port)]
                self.wait_until_ready(port, children)
                self.say_where(port)
                self.watch(children)
            except Stopped:
                self.stdout.write("\nStopping ...")
            finally:
                stop(children)
            self.stdout.write("Stopped. Nothing is running any more.")

    def require_free(self, port: int) -> None:
        """Raise CommandError when something else listens on the port."""
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((ADDRESS, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is in use. Stop what uses it, or choose another: "
                    f"make run PORT={port + 1}"
                ) from error

    def prepare(self) -> None:
        """Bring tables, static files and the demonstration up to date."""
        with self.step("bring the database up to date"):
            call_command("migrate", verbosity=0, interactive=False)
        if not static_files_are_collected():
            with self.step("collect the static files"):
                call_command("collectstatic", verbosity=0, interactive=False, clear=True)
                STAMP.write_text(static_fingerprint())
        if "load_demonstration" in get_commands() and not get_user_model().objects.exists():
            with self.step("load the demonstration"):
                call_command("load_demonstration")
        connections.close_all()

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Say what is being done and how long it took."""
        began = time.monotonic()
        done = threading.Event()

        def say(state: str) -> None:
            self.stdout.write(f"Accord: {text} {state}")
            self.stdout.flush()

        def go_on_saying() -> None:
            while not done.wait(SAY_EVERY):
                say(f"... {time.monotonic() - began:.0f} s")

        say("...")
        threading.Thread(target=go_on_saying, daemon=True).start()
        try:
            yield
        finally:
            done.set()
        say(f"done in {time.monotonic() - began:.0f} s")

    def start_web(self, port: int) -> Child:
        """Start granian."""
        return start(
            "web server",
            "granian",
            "--interface=wsgi",
            f"--host={ADDRESS}",
            f"--port={port}",
            "--blocking-threads=4",
            "--workers-kill-timeout=5",
            "portal.wsgi:application",
        )

    def start_worker(self) -> Child:
        """Start the procrastinate worker."""
        return start("worker", "django", "procrastinate", "worker", "--shutdown-graceful-timeout=5")

    def wait_until_ready(self, port: int, children: list[Child]) -> None:
        """Return once the web server has answered a request."""
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            require_alive(children)
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection(ADDRESS, port, timeout=LONGEST_START)
                connection.request("GET", "/")
                connection.getresponse().read()
                return
            time.sleep(0.1)
        raise CommandError(
            f"The web server did not answer within {LONGEST_START} seconds. "
            f"The details are in {children[-1].log}."
        )

    def say_where(self, port: int) -> None:
        """Print the address and who can sign in."""
        if "demonstration_accounts" in get_commands():
            call_command("demonstration_accounts", stdout=self.stdout)
        logs = settings.VAR / "log"
        self.stdout.write(
            f"\nAccord is ready: http://{ADDRESS}:{port}\n"
            f"What it does, and the e-mail it would send, is written to {logs}.\n"
            "Press Ctrl-C to stop.\n"
        )
        self.stdout.flush()

    def watch(self, children: list[Child]) -> None:
        """Wait for the end, or raise CommandError when a child ends first."""
        while True:
            require_alive(children)
            time.sleep(0.5)


def require_alive(children: list[Child]) -> None:
    """Raise CommandError naming the first child that is not running any more."""
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise CommandError(
                f"The {child.name} ended unexpectedly (exit code {code}), so everything was "
                f"stopped. The details are in {child.log}."
            )


def start(name: str, module: str, *arguments: str) -> Child:
    """Start a Python module as a child with its own log file and process group."""
    path = settings.VAR / "log" / f"{name.replace(' ', '-')}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ)
    environment["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"]
    environment["PYTHONUNBUFFERED"] = "1"
    # Told where the database is, a child does not become one of those that keep it running.
    environment.setdefault("DATABASE_URL", database.embedded_url(settings.VAR / "postgres"))
    log: IO[bytes]
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # So that Ctrl-C reaches this command alone, which then ends them in order.
            process_group=0,
        )
    return Child(name, process, path)


def stop(children: list[Child]) -> None:
    """End the children, last one first, and whatever they started."""
    for child in reversed(children):
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
    until = time.monotonic() + LONGEST_STOP
    for child in reversed(children):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, until - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the first signal to stop into Stopped; ignore any more while stopping."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def raise_stopped(_number: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in signals:
        signal.signal(each, raise_stopped)
    yield


@contextlib.contextmanager
def terminal_of_our_own() -> Iterator[None]:
    """Take the terminal's Ctrl-C for ourselves while we run, then give it back.

    Otherwise `make` hears it too and reports an interrupted recipe for what was a clean stop.
    """
    terminal = foreground_terminal()
    if terminal is None:
        yield
        return
    before = os.tcgetpgrp(terminal)
    # A process outside the foreground is stopped for touching the terminal unless it ignores this.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    # Stopped by Ctrl-Z, we would leave the shell waiting for a group that still runs.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    if os.getpid() != os.getpgrp():
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(terminal, before)
        os.close(terminal)


def foreground_terminal() -> int | None:
    """Open the terminal that we are in the foreground of; None in the background or without one."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return None
    if os.tcgetpgrp(terminal) == os.getpgrp():
        return terminal
    os.close(terminal)
    return None


STAMP = Path(settings.STATIC_ROOT) / ".stamp"


def static_fingerprint() -> str:
    """Return a hash over name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_files_are_collected() -> bool:
    """Tell whether the collected files are those of the present code."""
    return STAMP.exists() and STAMP.read_text() == static_fingerprint()
