"""The embedded database survives long paths and killed processes; a wrong address is a sentence."""

import json
import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import database


def test_the_socket_is_beside_the_data_where_the_path_is_short() -> None:
    folder = Path("/srv/accord/var/postgres")
    assert database._socket_folder(folder, folder) == folder


@pytest.mark.parametrize("name", ["x" * 120, "with a space", "with'quote", "ünïcode " * 10])
def test_the_socket_moves_to_a_private_folder_where_the_path_would_not_do(
    tmp_path: Path, name: str
) -> None:
    found = database._socket_folder(tmp_path / name, tmp_path)
    assert len(os.fsencode(found / database.SOCKET_NAME)) <= database.LONGEST_SOCKET_PATH
    assert found.parent.stat().st_uid == os.geteuid()
    assert database._socket_folder(tmp_path / name, tmp_path) == found


def test_processes_that_are_gone_no_longer_keep_the_database_running(tmp_path: Path) -> None:
    users = tmp_path / ".handle_pids.json"
    users.write_text(json.dumps([os.getpid(), 2**22 + 1]))
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    database._forget_the_dead(tmp_path)
    assert json.loads(users.read_text()) == [os.getpid()]
    assert not (tmp_path / "postmaster.pid").exists()


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://x/y", "nonsense", "postgresql"])
def test_another_engine_or_no_address_is_refused_in_one_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database.settings(url, tmp_path)


def test_an_address_becomes_djangos_settings(tmp_path: Path) -> None:
    found = database.settings("postgresql://ada:secret@db.example:5433/accord", tmp_path)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "accord")
    assert found["ATOMIC_REQUESTS"] is False
    assert found["CONN_HEALTH_CHECKS"] is True
