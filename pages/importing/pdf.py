"""Read the printed lines of a PDF, each with where it stands on its page and how large it is.

What the lines belong to is not decided here but in `layout.py`.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from .layout import Page, Printed, Segment

MOST_PAGES: Final = 300
MOST_CHARACTERS: Final = 2_000_000
MOST_LINKS: Final = 200  # on one page
LONGEST_ADDRESS: Final = 2_000  # bytes
PASSWORD_NEEDED: Final = 4  # PDFium's number for it
# A gap between two words as wide as this many letters is one between two columns.
COLUMN_GAP: Final = 2.0

SOFT_HYPHENS: Final = "\x02\xad\ufffe"
PRINTED_AS: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "}
)


class Damaged(Exception):
    """This is no PDF, or one that cannot be opened."""


class Protected(Exception):
    """The PDF asks for a password."""


class TooLong(Exception):
    """The PDF has more pages or letters than any agreement."""


@dataclass(frozen=True)
class _Letter:
    sign: str
    left: float
    right: float
    base: float
    size: float


def read_pdf(data: bytes) -> list[Page]:
    """Return the pages of a PDF with their printed lines, in the order in which they are read.

    Raises Damaged, Protected or TooLong.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_NEEDED or "password" in str(error).lower():
            raise Protected from error
        raise Damaged from error
    try:
        if len(document) > MOST_PAGES:
            raise TooLong
        letters, pages = 0, []
        for number in range(len(document)):
            page, found = _read_page(document, number)
            letters += found
            if letters > MOST_CHARACTERS:
                raise TooLong
            pages.append(page)
        return pages
    except pypdfium2.PdfiumError as error:
        raise Damaged from error
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int) -> tuple[Page, int]:
    page = document[number]
    text = page.get_textpage()
    count = text.count_chars()
    if count > MOST_CHARACTERS:
        raise TooLong
    width, height = page.get_size()
    lines: list[list[_Letter]] = []
    current: list[_Letter] = []
    for at in range(count):
        letter = _letter(text, at)
        if letter.sign in "\r\n":
            lines.append(current)
            current = []
        else:
            current.append(letter)
    lines.append(current)
    for address, frame in _links(document, page):
        _add_address(lines, address, frame)
    printed = [line for letters in lines if (line := _line(number + 1, letters))]
    pictured = not printed and any(
        each.type == pdfium.FPDF_PAGEOBJ_IMAGE for each in page.get_objects(max_depth=3)
    )
    text.close()
    page.close()
    return Page(number + 1, width, height, tuple(printed), pictured), count


def _links(
    document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage
) -> list[tuple[str, pdfium.FS_RECTF]]:
    """Return the addresses that places of the page lead to."""
    found: list[tuple[str, pdfium.FS_RECTF]] = []
    at, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while len(found) < MOST_LINKS and pdfium.FPDFLink_Enumerate(page.raw, at, link):
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            continue
        room = ctypes.create_string_buffer(LONGEST_ADDRESS)
        size = pdfium.FPDFAction_GetURIPath(document.raw, action, room, LONGEST_ADDRESS)
        frame = pdfium.FS_RECTF()
        if 1 < size <= LONGEST_ADDRESS and pdfium.FPDFLink_GetAnnotRect(link, frame):
            found.append((room.value.decode("utf-8", "replace"), frame))
    return found


def _add_address(lines: list[list[_Letter]], address: str, frame: pdfium.FS_RECTF) -> None:
    """Put an address behind the last of the letters that lead to it, unless they say it."""
    low, high = sorted((frame.bottom, frame.top))
    for letters in reversed(lines):
        inside = [
            at
            for at, letter in enumerate(letters)
            if letter.size
            and not letter.sign.isspace()
            and low - letter.size / 2 <= letter.base <= high
            and frame.left - 1 <= letter.left <= frame.right
        ]
        if inside:
            plain = address.removeprefix("mailto:").rstrip("/")
            if plain not in "".join(letter.sign for letter in letters):
                added = [_Letter(sign, 0, 0, 0, 0) for sign in f" ({address})"]
                letters[inside[-1] + 1 : inside[-1] + 1] = added
            return


def _letter(text: pypdfium2.PdfTextPage, at: int) -> _Letter:
    code = pdfium.FPDFText_GetUnicode(text.raw, at)
    sign = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if sign in "\r\n" or pdfium.FPDFText_IsGenerated(text.raw, at) == 1:
        return _Letter(sign, 0, 0, 0, 0)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text.raw, at, left, right, bottom, top)
    across, base = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text.raw, at, across, base)
    size = pdfium.FPDFText_GetFontSize(text.raw, at)
    matrix = pdfium.FS_MATRIX()
    if pdfium.FPDFText_GetMatrix(text.raw, at, matrix):
        size *= abs(matrix.d) or abs(matrix.b) or 1.0
    return _Letter(sign, left.value, right.value, base.value, round(size, 1))


def _line(page: int, letters: list[_Letter]) -> Printed | None:
    """Put the letters of one line together, cut where a wide gap parts two columns."""
    placed = [each for each in letters if each.size and not each.sign.isspace()]
    if not placed:
        return None
    size = sorted(each.size for each in placed)[len(placed) // 2]
    segments, words, right = [], "", 0.0
    left = placed[0].left
    for letter in letters:
        if letter.size and not letter.sign.isspace():
            if words.strip() and letter.left - right > COLUMN_GAP * size:
                segments.append(Segment(left, right, _tidy(words)))
                words, left = "", letter.left
            right = max(letter.right, right) if words.strip() else letter.right
        words += letter.sign
    segments.append(Segment(left, right, _tidy(words)))
    kept = tuple(segment for segment in segments if segment.text)
    return Printed(page, placed[0].base, size, kept) if kept else None


def _tidy(words: str) -> str:
    """Put single spaces for all white space, and one sign for a hyphen that only divides a word."""
    text = " ".join(words.translate(PRINTED_AS).split())
    divided = text[-1:] in SOFT_HYPHENS and text[-1:] != ""
    plain = "".join(sign for sign in text if sign not in SOFT_HYPHENS and sign >= " ")
    return plain + "\xad" if divided and plain else plain
