"""Read a file into numbered lines: which kind it is, how it is encoded, whether it is text at all.

What the lines mean is not decided here.
"""

from __future__ import annotations

import codecs
import re

from .records import Source

LARGEST_FILE = 5 * 1024 * 1024  # bytes

SAVE_AS_TEXT = "Save it as plain text or as a web page (HTML), then import that file."

HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
HTML_CLOSING_TAGS = re.compile(r"</(?:p|li|h[1-6]|td|div|ul|ol|table|body)\s*>", re.I)
MARKDOWN_SIGNS = re.compile(r"^(?:#{1,6}\s|\s*\*\*\S|\|.*\|\s*$|.*\]\(https?://)", re.M)
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f]")

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# The first bytes of formats people try to import, with what to call them in the refusal.
BINARY_STARTS = (
    (b"PK\x03\x04", "a Word document or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text (RTF) file"),
)


class CannotRead(Exception):
    """The file cannot be imported; the message is a sentence that says what to do."""


def read(data: bytes, name: str) -> Source:
    """Read a plain-text, Markdown or HTML file of at most 5 MB into numbered lines.

    Raises CannotRead for an empty, binary or over-large file.
    """
    if len(data) > LARGEST_FILE:
        raise CannotRead(
            f"{name} is larger than 5 MB. Take pictures and appendices out, then import it again."
        )
    for start, called in BINARY_STARTS:
        if data.startswith(start):
            raise CannotRead(f"{name} is {called}. {SAVE_AS_TEXT}")
    text, encoding = _decode(data)
    if not text.strip():
        raise CannotRead(f"{name} is empty. Choose the file that holds the agreement.")
    odd = len(CONTROL_CHARACTERS.findall(text))
    if "\x00" in text or odd > len(text) // 50:
        raise CannotRead(f"{name} is not a text file. {SAVE_AS_TEXT}")
    lines = re.split(r"\r\n|\r|\n", text)
    if lines and lines[-1] == "":
        lines.pop()  # the end of the last line is not a line of its own
    return Source(name=name, kind=_kind(text, name), lines=tuple(lines), encoding=encoding)


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Windows text; its five undefined bytes become a replacement character.
        return data.decode("cp1252", errors="replace"), "cp1252"


def _kind(text: str, name: str) -> str:
    ending = name.lower().rpartition(".")[2]
    if ending in ("html", "htm", "xhtml") or HTML_START.match(text):
        return "html"
    if ending in ("md", "markdown"):
        return "markdown"
    if len(HTML_CLOSING_TAGS.findall(text)) >= 3:
        return "html"
    return "markdown" if MARKDOWN_SIGNS.search(text) else "text"
