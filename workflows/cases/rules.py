"""Rules of cases: pure functions without a database and without a clock of their own.

A `why_cannot_…` function answers `None` when the act is allowed, and otherwise the sentence that a
person reads: what is wrong and what to do.
"""

from __future__ import annotations

import datetime
import difflib
import io
import re
import unicodedata
import zipfile
from typing import TYPE_CHECKING

import filetype

from .states import (
    DOCUMENT_CHOICES,
    FILE_TYPES,
    FINAL_STAGES,
    MOVES,
    ULN_SHAPE,
    UPN_SHAPE,
    Audience,
    DocumentKind,
    Stage,
)

if TYPE_CHECKING:
    from .models import Case

UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def normal_identifier(value: str) -> str:
    """Answer a UPN or ULN without spaces and in capitals."""
    return re.sub(r"\s+", "", value).upper()


def spellings(name: str) -> tuple[str, ...]:
    """Give a name as it is and with each of the apostrophes that people type, without repeating it."""
    name = name.strip()
    straight = name.replace("’", "'").replace("‘", "'").replace("`", "'")
    return tuple(dict.fromkeys((name, straight, straight.replace("'", "’"))))


# How alike two names are, from 0 to 1, from which a person is asked whether they are one.
ALIKE = 0.72


def is_similar_name(one: str, other: str) -> bool:
    """Tell whether two whole names could be one person's: accents, apostrophes, typing errors.

    The order of the names does not matter, so that a family name typed first is found too.
    """
    first, second = _bare(one), _bare(other)
    if first == second or set(first) == set(second):
        return True
    # Of short names one letter is much, so that the words are compared in one go.
    ratio = difflib.SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio()
    return ratio >= ALIKE


def _bare(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(
        character if character.isalpha() else " "
        for character in letters
        if not (unicodedata.combining(character) or character in "'’‘`")
    )
    return kept.split()


def why_cannot_open_another(*, open_here: int, open_elsewhere: int, because: str) -> str | None:
    """Explain why a child who has an open case gets no second one without a reason."""
    if because.strip() or not (open_here or open_elsewhere):
        return None
    if open_here:
        return (
            "The pupil has an open case already. Use that case, or enter why you open another one."
        )
    return (
        "Another school has an open case for this unique pupil number (UPN). Ask the partnership, "
        "or enter why you open another case."
    )


def upn_check_letter(body: str) -> str:
    """Compute the check letter for positions 2 to 13 of a unique pupil number (UPN).

    A final letter, as temporary numbers have, counts as its index in the alphabet without I, O and S.
    """
    total = 0
    for position, character in enumerate(body, start=2):
        value = int(character) if character.isdigit() else UPN_ALPHABET.index(character)
        total += position * value
    return UPN_ALPHABET[total % 23]


def why_not_upn(value: str) -> str | None:
    """Explain why a value is not a unique pupil number; blank is allowed."""
    if not value:
        return None
    if not re.match(UPN_SHAPE, value):
        return (
            "Enter a unique pupil number (UPN) of 13 characters: a letter followed by 12 numbers, "
            "or by 11 numbers and a letter"
        )
    if upn_check_letter(value[1:]) != value[0]:
        return (
            "The first letter of the unique pupil number (UPN) does not match its numbers. "
            "Check it against your school's records"
        )
    return None


def why_not_uln(value: str) -> str | None:
    """Explain why a value is not a unique learner number (ULN); blank is allowed."""
    if not value:
        return None
    if not re.match(ULN_SHAPE, value):
        return "Enter a unique learner number (ULN) of 10 digits that does not start with 0"
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), value, strict=True))
    if total % 11 != 10:
        return "The unique learner number (ULN) has a wrong digit. Check it and type it again"
    return None


def why_not_date_of_birth(born: datetime.date, today: datetime.date) -> str | None:
    """Explain why a date cannot be the birth date of somebody of school age (3 to 19)."""
    if born >= today:
        return "Date of birth must be in the past"
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not 3 <= age <= 19:
        return "Date of birth must make the pupil between 3 and 19 years old"
    return None


def why_cannot_move(case: Case, stage: Stage) -> str | None:
    """Explain why a case cannot go to a stage from where it is."""
    if stage in MOVES[Stage(case.stage)]:
        return None
    if case.stage in FINAL_STAGES:
        return f"This case is {case.get_stage_display().lower()} and cannot change any more."
    return (
        f"This case is at “{case.get_stage_display()}”, and cannot go to “{stage.label}” from "
        "there. Open the case to see what happens next."
    )


def why_cannot_write(case: Case) -> str | None:
    """Explain why nothing can be added to a case."""
    if case.stage in FINAL_STAGES:
        return f"This case is {case.get_stage_display().lower()}, so nothing can be added to it."
    return None


def why_cannot_link(
    *, is_same_case: bool, is_linked: bool, is_same_pupil: bool, is_sibling: bool
) -> str | None:
    """Explain why two cases cannot be linked."""
    if is_same_case:
        return "This is the case itself. Enter the reference of another one."
    if is_linked:
        return "The two cases are linked already."
    if is_same_pupil and is_sibling:
        return "Both cases are of the same child. They are shown with each other by themselves."
    return None


def content_type_of(content: bytes) -> str | None:
    """Tell a file's type from its bytes: one of `FILE_TYPES`, or `None` for anything else.

    A Word document is a zip archive with a document inside; one that carries macros is not accepted.
    """
    kind = filetype.guess(content)
    mime = kind.mime if kind else None
    if content[:4] == b"PK\x03\x04":
        return _DOCX if _is_word_document(content) else None
    return mime if mime in FILE_TYPES and mime != _DOCX else None


def _is_word_document(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return {"[Content_Types].xml", "word/document.xml"} <= names and not has_macros


def why_not_file(*, size: int, content_type: str | None, limit: int) -> str | None:
    """Explain why a file is not accepted; `size` and `limit` are in bytes."""
    if size == 0:
        return "The selected file is empty"
    if size > limit:
        return f"The selected file must be smaller than {limit // (1024 * 1024)}MB"
    if content_type is None:
        return "The selected file must be a PDF, Word (DOCX), JPEG or PNG"
    return None


def why_not_audience(kind: DocumentKind, audience: Audience) -> str | None:
    """Explain why a document of a kind is not for an audience."""
    allowed = DOCUMENT_CHOICES[kind]
    if audience in allowed:
        return None
    names = " or ".join(f"“{one.label}”" for one in allowed)
    return f"{kind.label} can be for {names} only"


def why_not_valid_until(
    document_date: datetime.date | None, valid_until: datetime.date | None
) -> str | None:
    """Explain why a document cannot be valid until a day before it was written."""
    if document_date is not None and valid_until is not None and valid_until < document_date:
        return "The date until which the document is valid must be after the date of the document"
    return None


def why_not_contact(
    *, contact_date: datetime.date, today: datetime.date, is_corrected: bool, is_of_case: bool
) -> str | None:
    """Explain why an entry cannot go into the log of contact with a family."""
    if contact_date > today:
        return "The day of the contact must be today or in the past"
    if not is_of_case:
        return "The entry belongs to another case. Open the log of its own case."
    if is_corrected:
        return "Somebody has corrected this entry already. Correct the newer entry instead."
    return None
