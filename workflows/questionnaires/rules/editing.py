"""How a content is changed: each function answers a new content, and leaves the old one alone.

Raises KeyError for a section or question that is not there: somebody else has removed it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from workflows.questionnaires.rules.content import Choice, Content, Question, Section
from workflows.questionnaires.states import RESERVED_KEYS

T = TypeVar("T")


def new_key(words: str, taken: Collection[str], *, otherwise: str = "question") -> str:
    """Make a key of the first words of a text that nothing has or ever had."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    plain = plain.replace("'", "")
    start = "_".join(re.findall(r"[a-z0-9]+", plain)[:6])[:50].strip("_")
    if not start or not start[0].isalpha():
        start = f"{otherwise}_{start}".rstrip("_")
    key, number = start, 2
    while key in taken or key in RESERVED_KEYS:
        key, number = f"{start}_{number}", number + 1
    return key


def choices_of(lines: Iterable[str], known: Iterable[Choice]) -> tuple[Choice, ...]:
    """Make choices of lines. One that had the same words before keeps the value it is kept under."""
    before = {one.label.strip().casefold(): one.value for one in known}
    found: list[Choice] = []
    for line in lines:
        label = line.strip()
        if not label:
            continue
        taken = {*before.values(), *(one.value for one in found)}
        value = before.get(label.casefold()) or new_key(label, taken, otherwise="choice")
        found.append(Choice(value, label))
    return tuple(found)


def section_with(content: Content, key: str) -> Section:
    """Find the section that holds a question."""
    for section in content.sections:
        if any(question.key == key for question in section.questions):
            return section
    raise KeyError(key)


def add_section(content: Content, section: Section) -> Content:
    """Put a section at the end."""
    return Content((*content.sections, section))


def change_section(content: Content, key: str, *, title: str, hint: str) -> Content:
    """Name a section anew."""
    _place(content, key)
    return _with_sections(content, {key: {"title": title, "help": hint}})


def remove_section(content: Content, key: str) -> Content:
    """Take a section out, with its questions."""
    _place(content, key)
    return Content(tuple(one for one in content.sections if one.key != key))


def move_section(content: Content, key: str, step: int) -> Content:
    """Move a section up (-1) or down (1); at the end of the way it stays."""
    return Content(_moved(content.sections, _place(content, key), step))


def add_question(content: Content, section_key: str, question: Question) -> Content:
    """Put a question at the end of a section."""
    place = _place(content, section_key)
    questions = (*content.sections[place].questions, question)
    return _with_sections(content, {section_key: {"questions": questions}})


def change_question(content: Content, question: Question, section_key: str) -> Content:
    """Ask a question in another way; in another section it stands last."""
    section = section_with(content, question.key)
    if section.key != section_key:
        return add_question(remove_question(content, question.key), section_key, question)
    questions = tuple(question if one.key == question.key else one for one in section.questions)
    return _with_sections(content, {section.key: {"questions": questions}})


def remove_question(content: Content, key: str) -> Content:
    """Take a question out."""
    section = section_with(content, key)
    questions = tuple(one for one in section.questions if one.key != key)
    return _with_sections(content, {section.key: {"questions": questions}})


def move_question(content: Content, key: str, step: int) -> Content:
    """Move a question up (-1) or down (1), at a section's edge into the next section."""
    section = section_with(content, key)
    place = next(n for n, one in enumerate(section.questions) if one.key == key)
    if 0 <= place + step < len(section.questions):
        questions = _moved(section.questions, place, step)
        return _with_sections(content, {section.key: {"questions": questions}})
    target = _place(content, section.key) + step
    if not 0 <= target < len(content.sections):
        return content
    other, question = content.sections[target], section.questions[place]
    joined = (*other.questions, question) if step < 0 else (question, *other.questions)
    return _with_sections(remove_question(content, key), {other.key: {"questions": joined}})


def _place(content: Content, key: str) -> int:
    for number, section in enumerate(content.sections):
        if section.key == key:
            return number
    raise KeyError(key)


def _with_sections(content: Content, changes: dict[str, dict[str, object]]) -> Content:
    return Content(
        tuple(
            replace(section, **changes[section.key]) if section.key in changes else section  # type: ignore[arg-type]  # fields of a section
            for section in content.sections
        )
    )


def _moved(items: tuple[T, ...], place: int, step: int) -> tuple[T, ...]:
    target = place + step
    if not 0 <= target < len(items):
        return items
    rest = [*items[:place], *items[place + 1 :]]
    return (*rest[:target], items[place], *rest[target:])
