"""What keeps a draft from being published: each problem with the question or section it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.questionnaires.rules.content import Content, Question
from workflows.questionnaires.states import (
    AUDIENCES,
    DECIDING,
    MAX_CHOICES,
    MAX_QUESTIONS,
    MAX_SECTIONS,
    RESERVED_KEYS,
    WITH_CHOICES,
    Kind,
)

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


@dataclass(frozen=True)
class Problem:
    """One thing to mend; `key` is the question's or section's, empty for the whole."""

    text: str
    key: str = ""


def problems(content: Content, published: Mapping[str, str] | None = None) -> list[Problem]:
    """List what is wrong with a content, in its order.

    `published` says of which kind each question was that any earlier version asked, removed ones
    as well: an answer kept under a key means for ever what it meant.
    """
    return [
        *_of_the_whole(content),
        *_of_questions(content, published or {}),
    ]


def _of_the_whole(content: Content) -> Iterator[Problem]:
    if not content.questions:
        yield Problem("Add at least one question.")
    if len(content.sections) > MAX_SECTIONS:
        yield Problem(f"Have at most {MAX_SECTIONS} sections.")
    if len(content.questions) > MAX_QUESTIONS:
        yield Problem(f"Have at most {MAX_QUESTIONS} questions.")
    titles: set[str] = set()
    for section in content.sections:
        if not section.title.strip():
            yield Problem("Give the section a title.", section.key)
        if section.title.strip().casefold() in titles:
            yield Problem(f"Two sections have the title “{section.title}”.", section.key)
        titles.add(section.title.strip().casefold())
        if not section.questions:
            yield Problem(
                f"Add a question to the section “{section.title}”, or remove the section.",
                section.key,
            )


def _of_questions(content: Content, published: Mapping[str, str]) -> Iterator[Problem]:
    earlier: dict[str, Question] = {}
    for question in content.questions:
        for text in _wrong(question, earlier, published):
            yield Problem(text, question.key)
        earlier.setdefault(question.key, question)


def _wrong(
    question: Question, earlier: Mapping[str, Question], published: Mapping[str, str]
) -> Iterator[str]:
    name = f"“{question.label}”"
    if not KEY.match(question.key) or question.key in RESERVED_KEYS:
        yield f"The key “{question.key}” of {name} cannot be used."
    if question.key in earlier:
        yield f"Two questions have the key “{question.key}”."
    was = published.get(question.key)
    if was is not None and was != question.kind:
        yield (
            f"{name} was asked as “{Kind(was).label.lower()}” before, and answers are kept so. "
            "Remove it and add a new question instead."
        )
    if not question.label.strip():
        yield "Enter the question."
    if question.audience not in AUDIENCES:
        yield f"Select who may see the answer to {name}."
    yield from _wrong_choices(question, name)
    yield from _wrong_condition(question, name, earlier)


def _wrong_choices(question: Question, name: str) -> Iterator[str]:
    if question.kind not in WITH_CHOICES:
        if question.choices:
            yield f"Only a question with a list can have choices: {name} has none."
        return
    if not 2 <= len(question.choices) <= MAX_CHOICES:
        yield f"Give {name} between 2 and {MAX_CHOICES} choices."
    values = [one.value for one in question.choices]
    labels = [one.label.strip().casefold() for one in question.choices]
    if not all(labels) or not all(values):
        yield f"Enter words for every choice of {name}."
    if len(set(values)) < len(values) or len(set(labels)) < len(labels):
        yield f"Two choices of {name} are the same."


def _wrong_condition(
    question: Question, name: str, earlier: Mapping[str, Question]
) -> Iterator[str]:
    condition = question.shown_if
    if condition is None:
        return
    decides = earlier.get(condition.key)
    if decides is None:
        yield (
            f"{name} is asked depending on a question that does not come before it. Move it down, "
            "or choose another question for it to depend on."
        )
        return
    if decides.kind not in DECIDING:
        yield (
            f"{name} can depend only on a question with a list, or with yes and no: "
            f"“{decides.label}” is neither."
        )
        return
    known = {one.value for one in decides.options}
    if not condition.values or not set(condition.values) <= known:
        yield f"Select the answers to “{decides.label}” for which {name} is asked."
