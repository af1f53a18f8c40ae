"""Read Word and PDF files in a process of its own, with limits on its memory and its time.

Such files come from anybody, and their formats are large. The process limits the memory and the
time that a made-up one takes, and what a crash takes along. It gets no environment, no open file
but the three it speaks through, and its answer is plain JSON. Before it looks at the file it shuts
itself in (`confining.py`): it runs as the same user as Accord, but can open nothing, call nobody
and touch no other process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from . import archive, confining, layout, pdf, word
from .blocks import Block
from .records import Doubt, Source
from .sentences import Passage

ROOT: Final = Path(__file__).resolve().parents[2]
LONGEST: Final = 60  # seconds
MOST_MEMORY: Final = 2 * 1024**3  # bytes, what the program itself takes included

# What may go wrong, as said from one process to the other.
REASONS: Final[dict[type[Exception], str]] = {
    archive.Damaged: "damaged",
    archive.TooLarge: "too large",
    word.TooLong: "too large",
    pdf.Damaged: "damaged",
    pdf.Protected: "protected",
    pdf.TooLong: "too large",
    MemoryError: "too large",
}

Read = tuple[tuple[str, ...], tuple[Block, ...], tuple[Doubt, ...]]


class Refused(Exception):
    """The file could not be read; the message is one of `REASONS`, or "too slow"."""


def read_apart(data: bytes, kind: str, name: str) -> Source:
    """Read a Word (docx) or PDF (pdf) file in another process. Raises Refused."""
    command = [sys.executable, "-c", "from pages.importing.apart import main; main()", kind]
    try:
        done = subprocess.run(  # noqa: S603  (every word of the command is above)
            command,
            input=data,
            capture_output=True,
            timeout=LONGEST,
            cwd=ROOT,
            env=environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("too slow") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        # Ended by the limits, or by a fault in the reading library.
        raise Refused("damaged") from error
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Source(
        name=name,
        kind=kind,
        lines=tuple(answer["lines"]),
        encoding="",
        blocks=tuple(_block(each) for each in answer["blocks"]),
        doubts=tuple(Doubt(**each) for each in answer["doubts"]),
    )


def environment() -> dict[str, str]:
    """Give the process's environment: where the program is, and nothing of the worker's own."""
    given = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    # Windows starts no program without it.
    return given | {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}


def _block(plain: dict[str, Any]) -> Block:
    pieces = plain.pop("passage")["pieces"]
    return Block(passage=Passage(tuple((line, text) for line, text in pieces)), **plain)


def main() -> None:
    """Read the file on standard input; write what was read, or why not, to standard output."""
    _limit()
    read = READERS[sys.argv[1]]
    data = sys.stdin.buffer.read()
    confining.confine()
    try:
        lines, blocks, doubts = read(data)
    except tuple(REASONS) as error:
        reason = next(words for kind, words in REASONS.items() if isinstance(error, kind))
        answer: dict[str, Any] = {"refused": reason}
    else:
        answer = {
            "lines": lines,
            "blocks": [asdict(block) for block in blocks],
            "doubts": [asdict(doubt) for doubt in doubts],
        }
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the time limit has to do
        return
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, LONGEST)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):  # macOS refuses some limits
            continue


def _read_pdf(data: bytes) -> Read:
    return layout.lay_out(pdf.read_pdf(data))


READERS: Final[dict[str, Callable[[bytes], Read]]] = {"docx": word.read_word, "pdf": _read_pdf}
