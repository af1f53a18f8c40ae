"""Read a file into numbered lines: which kind it is, how it is encoded, whether it is text at all.

What the lines mean is not decided here.
"""

from __future__ import annotations

import codecs
import re

from . import apart, archive
from .records import Source

LARGEST_TEXT = 5 * 1024 * 1024  # bytes
LARGEST_FILE = 10 * 1024 * 1024  # bytes; a Word file or PDF carries its pictures and letters

SAVE_AS_WORD = "Save it as a Word document (.docx) or as plain text, then import that file."

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
    (b"\xd0\xcf\x11\xe0", "an old Word document (.doc)"),
    (b"{\\rtf", "a rich text (RTF) file"),
)
# What is in a zip archive says what it is: the first that fits.
ZIPPED = (
    ("xl/workbook.xml", "a spreadsheet"),
    ("ppt/presentation.xml", "a presentation"),
    ("content.xml", "an OpenDocument file"),
    ("", "a zipped folder"),
)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # where Office keeps what a password protects

REFUSALS = {
    "damaged": "cannot be opened: it is damaged or not complete. Save it again from the program "
    "that made it, then import that file.",
    "protected": "is protected by a password. Save it without one, then import that file.",
    "too large": "holds far more than an agreement. Take appendices out, then import it again.",
    "too slow": f"takes too long to read. {SAVE_AS_WORD}",
}
NO_WORDS = {
    "pdf": "has no text, only pictures of pages, as a scanner makes them. Have the text recognised "
    "(OCR) or ask for the Word document, then import that file.",
    "docx": "has no text. Choose the file that holds the agreement.",
}


class CannotRead(Exception):
    """The file cannot be imported; the message is a sentence that says what to do."""


def read(data: bytes, name: str) -> Source:
    """Read a Word, PDF, HTML, Markdown or plain-text file into numbered lines.

    What it is, its content says and not its name. Raises CannotRead for a file that is empty, too
    large (10 MB, text 5 MB), damaged, protected, of another kind, or a scan without text.
    """
    kind = check(data, name)
    return _read_binary(data, kind, name) if kind in apart.READERS else _read_text(data, name)


def check(data: bytes, name: str) -> str:
    """Return what a file is, docx, pdf or text, without opening it.

    Raises CannotRead for what can be seen at once: as `read` does, but for damage, passwords of
    PDFs and scans.
    """
    if len(data) > LARGEST_FILE:
        raise CannotRead(too_large(name))
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        _check_zip(data, name)
        return "docx"
    for start, called in BINARY_STARTS:
        if data.startswith(start):
            if ENCRYPTED in data:
                raise CannotRead(f"{name} {REFUSALS['protected']}")
            raise CannotRead(f"{name} is {called}. {SAVE_AS_WORD}")
    _check_text(data, name)
    return "text"


def too_large(name: str, limit: int = LARGEST_FILE) -> str:
    """Say of a file that it is too large."""
    return (
        f"{name} is larger than {limit // 1024**2} MB. Take pictures and appendices out, then "
        "import it again."
    )


def _check_zip(data: bytes, name: str) -> None:
    """Refuse a zip archive that is no Word document."""
    try:
        names = archive.Archive(data).names
    except archive.Damaged as error:
        raise CannotRead(f"{name} {REFUSALS['damaged']}") from error
    except archive.TooLarge as error:
        raise CannotRead(f"{name} {REFUSALS['too large']}") from error
    if not any(part.startswith("word/") for part in names):
        called = next(called for part, called in ZIPPED if not part or part in names)
        raise CannotRead(f"{name} is {called}. {SAVE_AS_WORD}")


def _read_binary(data: bytes, kind: str, name: str) -> Source:
    try:
        source = apart.read_apart(data, kind, name)
    except apart.Refused as refusal:
        raise CannotRead(f"{name} {REFUSALS[str(refusal)]}") from refusal
    if not any(source.lines):
        raise CannotRead(f"{name} {NO_WORDS[kind]}")
    return source


def _check_text(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file and how it is encoded; refuse what is no text."""
    if len(data) > LARGEST_TEXT:
        raise CannotRead(too_large(name, LARGEST_TEXT))
    text, encoding = _decode(data)
    if not text.strip():
        raise CannotRead(f"{name} is empty. Choose the file that holds the agreement.")
    odd = len(CONTROL_CHARACTERS.findall(text))
    if "\x00" in text or odd > len(text) // 50:
        raise CannotRead(f"{name} is not a document with text. {SAVE_AS_WORD}")
    return text, encoding


def _read_text(data: bytes, name: str) -> Source:
    text, encoding = _check_text(data, name)
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
