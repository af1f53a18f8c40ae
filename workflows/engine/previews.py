"""Pictures of documents: a page of a PDF, or an image drawn anew.

A document is of somebody else's making, and its format is large: it is opened in a process of its
own, with limits on memory and time and nothing in its environment. What comes back is a PNG that we
have drawn, without whatever else the file carried (scripts, links, where a photograph was taken).
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
MOST_PAGES: Final = 10
LONGEST: Final = 20  # seconds
MOST_MEMORY: Final = 1024**3  # bytes
WIDTH: Final = 1100  # pixels
MOST_HEIGHT: Final = 4000  # pixels
MOST_PIXELS: Final = 60_000_000


class NoPreview(Exception):
    """The document cannot be drawn: damaged, protected, too large, or of another kind."""


@dataclass(frozen=True)
class Drawn:
    """One page as a picture, and how many pages there are."""

    png: bytes
    page: int
    pages: int


def draw(content: bytes, content_type: str, page: int = 1) -> Drawn:
    """Draw a page (from 1) of a PDF or an image in another process. Raises NoPreview."""
    kind = "pdf" if content_type == "application/pdf" else "image"
    command = [
        sys.executable,
        "-c",
        "from workflows.engine.previews import main; main()",
        kind,
        str(page),
    ]
    environment = {"PYTHONPATH": str(ROOT)}
    # Windows starts no program without it.
    environment |= {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  (every word of the command is above)
            command,
            input=content,
            capture_output=True,
            timeout=LONGEST,
            cwd=ROOT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoPreview from error
    number, _, png = done.stdout.partition(b"\n")
    if done.returncode or not number.isdigit() or not png:
        raise NoPreview
    return Drawn(png=png, page=page, pages=int(number))


def main() -> None:
    """Draw what is on standard input; write the number of pages, a line end, and the picture."""
    _limit()
    kind, page = sys.argv[1], int(sys.argv[2])
    content = sys.stdin.buffer.read()
    pages, png = _draw_pdf(content, page) if kind == "pdf" else _draw_image(content)
    sys.stdout.buffer.write(b"%d\n" % pages + png)


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


def _draw_pdf(content: bytes, page: int) -> tuple[int, bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    one = document[page - 1]
    width, height = one.get_size()
    scale = min(WIDTH / max(width, 1), MOST_HEIGHT / max(height, 1))
    return len(document), _png(one.render(scale=scale).to_pil())


def _draw_image(content: bytes) -> tuple[int, bytes]:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as found:
        if found.width * found.height > MOST_PIXELS:
            raise NoPreview
        found.draft("RGB", (WIDTH * 2, MOST_HEIGHT * 2))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((WIDTH, MOST_HEIGHT))
        # A new picture of the same dots: nothing else of the file comes along.
        return 1, _png(Image.frombytes("RGB", upright.size, upright.convert("RGB").tobytes()))


def _png(picture: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")  # type: ignore[attr-defined]  # a picture of Pillow's
    return written.getvalue()
