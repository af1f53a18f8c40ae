"""Ask ClamAV's daemon whether a file carries a virus.

The daemon is named by the setting `CLAMD`, `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; where
it is empty nothing is scanned, and pages say so. The content goes over as it is (clamd's INSTREAM),
so that the daemon needs no access to our files. What follows from an answer is for the slices.
"""

from __future__ import annotations

import socket
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

# Seconds to connect, and to wait for each answer.
PATIENCE: Final = 30
PIECE: Final = 64 * 1024  # bytes
LONGEST_ANSWER: Final = 4096  # bytes


class Unreachable(Exception):
    """The scanner cannot be asked now, or gave no answer that decides."""


def is_configured() -> bool:
    """Tell whether there is a scanner."""
    return bool(settings.CLAMD)


def find_virus(content: bytes) -> str | None:
    """Return the name of the virus found in the content, or None. Raises Unreachable."""
    try:
        with _connect(settings.CLAMD) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                connection.sendall(len(piece).to_bytes(4, "big") + piece)
            connection.sendall((0).to_bytes(4, "big"))
            answer = _read(connection)
    except OSError as error:
        raise Unreachable(f"The virus scanner cannot be reached: {error}") from error
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise Unreachable(f"The virus scanner answered: {answer[:200] or 'nothing'}")


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=PATIENCE)
    if parts.scheme == "unix" and parts.path:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    raise Unreachable(f"CLAMD is not an address: {address}")


def _read(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
