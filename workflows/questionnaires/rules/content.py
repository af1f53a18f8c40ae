"""What a questionnaire is made of, and how it is written down as JSON.

Sections hold questions. A question's key is what answers are kept under: it is made once and never
stands for another question of the same partnership.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from workflows.cases.states import Audience
from workflows.questionnaires.states import NO, YES, Kind


@dataclass(frozen=True)
class Choice:
    """One answer of a list: the value that is kept, and the words that are read."""

    value: str
    label: str


@dataclass(frozen=True)
class ShownIf:
    """A question is asked only where an earlier one was answered with one of these values."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question: how it is asked, how it is answered, who may see the answer."""

    key: str
    label: str
    kind: Kind
    help: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    shown_if: ShownIf | None = None
    audience: Audience = Audience.PARTIES

    @property
    def options(self) -> tuple[Choice, ...]:
        """The answers among which a person chooses; none for words, dates and numbers."""
        if self.kind == Kind.YES_NO:
            return (Choice(YES, "Yes"), Choice(NO, "No"))
        return self.choices


@dataclass(frozen=True)
class Section:
    """Questions that stand on one page."""

    key: str
    title: str
    questions: tuple[Question, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Content:
    """Everything a version asks, in its order."""

    sections: tuple[Section, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions of all sections, in the order in which they are asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """The questions by their key, in their order; the first, should a draft have a key twice."""
        found: dict[str, Question] = {}
        for question in self.questions:
            found.setdefault(question.key, question)
        return found


def read(written: Mapping[str, Any]) -> Content:
    """Make a content of its JSON. Raises KeyError or ValueError where it was never written by us."""
    return Content(tuple(_section(one) for one in written.get("sections", ())))


def _section(written: Mapping[str, Any]) -> Section:
    return Section(
        key=written["key"],
        title=written["title"],
        help=written.get("help", ""),
        questions=tuple(_question(one) for one in written["questions"]),
    )


def _question(written: Mapping[str, Any]) -> Question:
    shown_if = written.get("shown_if")
    return Question(
        key=written["key"],
        label=written["label"],
        help=written.get("help", ""),
        kind=Kind(written["kind"]),
        choices=tuple(Choice(one["value"], one["label"]) for one in written.get("choices", ())),
        required=bool(written.get("required", True)),
        shown_if=ShownIf(shown_if["key"], tuple(shown_if["values"])) if shown_if else None,
        audience=Audience(written.get("audience", Audience.PARTIES)),
    )


def write(content: Content) -> dict[str, Any]:
    """Write a content as JSON; `read` makes the same content of it."""
    return {
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "help": section.help,
                "questions": [_written(question) for question in section.questions],
            }
            for section in content.sections
        ]
    }


def _written(question: Question) -> dict[str, Any]:
    shown_if = question.shown_if
    return {
        "key": question.key,
        "label": question.label,
        "help": question.help,
        "kind": question.kind.value,
        "choices": [{"value": one.value, "label": one.label} for one in question.choices],
        "required": question.required,
        "shown_if": {"key": shown_if.key, "values": list(shown_if.values)} if shown_if else None,
        "audience": question.audience.value,
    }


def fingerprint(written: Mapping[str, Any]) -> str:
    """Answer the SHA-256 of a content, the same whatever the order of its JSON's names."""
    canonical = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def fingerprint_of(part: Section | Question) -> str:
    """Answer what tells whether a question, or a section without its questions, was changed."""
    if isinstance(part, Question):
        return fingerprint(_written(part))
    return fingerprint({"title": part.title, "help": part.help})


def renamed(question: Question, key: str) -> Question:
    """Answer the same question under another key."""
    return replace(question, key=key)
