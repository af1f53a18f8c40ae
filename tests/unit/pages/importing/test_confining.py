"""What the process that reads uploaded documents can still do: compute, and write its answer."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from typing import Any

import pytest

from pages.importing import apart, confining

TRIES = """
import ctypes, json, os, pathlib, socket, subprocess, sys
from pages.importing import confining

is_filtered = confining.confine()
said = {"filtered": is_filtered, "environment": sorted(os.environ)}
tries = {
    "read": lambda: pathlib.Path("/etc/passwd").read_bytes(),
    "list": lambda: os.listdir("/"),
    "write": lambda: pathlib.Path("/tmp/accord-was-here").write_text("x"),
    "call somebody": lambda: socket.socket(socket.AF_INET),
    "call the database": lambda: socket.socket(socket.AF_UNIX),
    "begin a process": lambda: os.fork(),
    "become another": lambda: os.execv("/bin/true", ["true"]),
    "end another": lambda: os.kill(os.getppid(), 0),
    "remove": lambda: os.unlink("/tmp/accord-is-not-here"),
}
for name, attempt in tries.items():
    try:
        attempt()
        said[name] = "done"
    except OSError as error:
        said[name] = type(error).__name__
said["compute"] = len(bytearray(30_000_000)) + len("é".encode("mac_roman"))
sys.stdout.write(json.dumps(said))
"""


def has_filter() -> bool:
    return sys.platform == "linux" and platform.machine() in confining.MACHINES


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """What a shut-in process says of all that it has tried."""
    done = subprocess.run(
        [sys.executable, "-c", TRIES],
        capture_output=True,
        check=True,
        cwd=apart.ROOT,
        env=apart.environment(),
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_it_is_told_nothing(said: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    assert "SECRET_KEY" not in apart.environment()
    # The last two are Python's own, where the system gives no language.
    assert set(said["environment"]) <= {"PYTHONPATH", "PYTHONIOENCODING", "LC_CTYPE"}


@pytest.mark.skipif(not has_filter(), reason="this system has no filter that we know")
@pytest.mark.parametrize(
    "deed",
    [
        "read",
        "list",
        "write",
        "call somebody",
        "call the database",
        "begin a process",
        "become another",
        "end another",
        "remove",
    ],
)
def test_it_can_do_nothing_to_the_system(said: dict[str, Any], deed: str) -> None:
    assert said["filtered"] is True
    assert said[deed] == "PermissionError"


def test_it_can_still_compute(said: dict[str, Any]) -> None:
    assert said["compute"] == 30_000_001
