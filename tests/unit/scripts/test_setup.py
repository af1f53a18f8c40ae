"""What is in the way of setting up is said in one sentence, never in a traceback."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup


class Silence:
    def going_on(self) -> None:
        """Say nothing."""


def test_a_port_in_use_is_refused_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(setup.CannotGoOn, match=f"{port} is in use.*PORT={port + 1}"):
            setup.check_port(str(port))


def test_a_free_port_is_accepted() -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    setup.check_port(str(port))


@pytest.mark.parametrize("text", ["", "eight", "0", "70000", "-1"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(setup.CannotGoOn, match="PORT must be a number"):
        setup.check_port(text)


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(setup.CannotGoOn, match=r"3\.11 or later and this is Python 3\.9"):
        setup.check_python()


def test_a_full_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 8, 1))
    with pytest.raises(setup.CannotGoOn, match="2 GB of free disk space"):
        setup.check_space()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("Failed to establish a new connection: refused", "cannot be reached"),
        ("npm error code ENOTFOUND", "cannot be reached"),
        ("something unheard of", "It failed."),
    ],
)
def test_a_failed_command_is_explained(
    said: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    command = [sys.executable, "-c", f"print({said!r}); raise SystemExit(1)"]
    with pytest.raises(setup.CannotGoOn, match=sentence):
        setup.run(command, Silence(), "It failed.")


def test_the_whole_script_says_one_sentence_and_fails() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, setup.__file__, "--port", str(taken.getsockname()[1])],
            check=False,
            capture_output=True,
            text=True,
            env=dict(os.environ),
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
