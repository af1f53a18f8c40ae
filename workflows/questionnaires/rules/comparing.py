"""What differs between two contents, in sentences: what an administrator reads before publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.questionnaires.rules.content import Content, Question, Section
from workflows.questionnaires.rules.editing import section_with
from workflows.questionnaires.states import AUDIENCES, YES


@dataclass(frozen=True)
class Change:
    """One difference: what it concerns, and what becomes of it."""

    subject: str
    text: str


def changes(before: Content, after: Content) -> list[Change]:
    """List what the second content asks otherwise than the first."""
    return [*_of_sections(before, after), *_of_questions(before, after)]


def lost_choices(
    before: Content, after: Content, used: Mapping[str, frozenset[str]]
) -> list[Change]:
    """List what others go by and the second content has no more: questions, and choices of them.

    `used` names the values by the questions' keys. A choice named anew is another choice.
    """
    found = []
    for key, values in used.items():
        was = before.by_key.get(key)
        if was is None:
            continue
        now = after.by_key.get(key)
        if now is None or now.kind != was.kind:
            found.append(Change(was.label, "Is not asked so any more"))
            continue
        are = {one.value for one in now.options}
        gone = [one.label for one in was.options if one.value in values and one.value not in are]
        found += [Change(was.label, f"The choice “{label}” goes") for label in gone]
    return found


def _of_sections(before: Content, after: Content) -> Iterator[Change]:
    were = {section.key: section for section in before.sections}
    are = {section.key: section for section in after.sections}
    for key, section in are.items():
        was = were.get(key)
        if was is None:
            yield Change(section.title, "New section")
            continue
        if was.title != section.title:
            yield Change(section.title, f"The section was called “{was.title}”")
        if was.help != section.help:
            yield Change(section.title, "The section has another help text")
    for key, section in were.items():
        if key not in are:
            yield Change(section.title, "The section goes")
    if _order(were, are) != _order(are, were):
        yield Change("Sections", "They stand in another order")


def _of_questions(before: Content, after: Content) -> Iterator[Change]:
    were, are = before.by_key, after.by_key
    for key, question in are.items():
        was = were.get(key)
        if was is None:
            need = "needs an answer" if question.required else "may be left out"
            yield Change(question.label, f"New question, {need}{condition(question, after)}")
            continue
        for text in _differences(was, question, before, after):
            yield Change(question.label, text)
    for key, question in were.items():
        if key not in are:
            yield Change(question.label, "Is not asked any more; answers given stay")
    for section in after.sections:
        was_section = next((one for one in before.sections if one.key == section.key), None)
        if was_section is not None and _moved_within(was_section, section):
            yield Change(section.title, "Its questions stand in another order")


def _differences(
    was: Question, question: Question, before: Content, after: Content
) -> Iterator[str]:
    if was.label != question.label:
        yield f"Was asked as “{was.label}”"
    if was.help != question.help:
        yield f"Help text: “{question.help}”" if question.help else "Has no help text any more"
    if was.kind != question.kind:
        yield f"Is answered by: {question.kind.label.lower()}"
    if was.required != question.required:
        yield "Needs an answer now" if question.required else "May be left out now"
    if was.audience != question.audience:
        yield f"New answers are seen by: {AUDIENCES[question.audience].lower()}"
    yield from _differences_of_choices(was, question)
    if was.shown_if != question.shown_if:
        yield f"Is asked{condition(question, after) or ' always'}"
    if section_with(before, was.key).key != section_with(after, question.key).key:
        yield f"Stands in the section “{section_with(after, question.key).title}”"


def _differences_of_choices(was: Question, question: Question) -> Iterator[str]:
    were = {one.value: one.label for one in was.choices}
    are = {one.value: one.label for one in question.choices}
    for value, label in are.items():
        if value not in were:
            yield f"New choice: “{label}”"
    for value, label in were.items():
        if value not in are:
            yield f"The choice “{label}” goes"
    if [value for value in were if value in are] != [value for value in are if value in were]:
        yield "Its choices stand in another order"


def condition(question: Question, content: Content) -> str:
    """Say on what it depends whether a question is asked; empty where it is asked always."""
    if question.shown_if is None:
        return ""
    decides = content.by_key.get(question.shown_if.key)
    if decides is None:
        return " only if a question that is not there any more is answered so"
    labels = [one.label for one in decides.options if one.value in question.shown_if.values]
    return f" only if “{decides.label}” is answered “{'” or “'.join(labels or [YES])}”"


def _order(some: dict[str, Section], others: dict[str, Section]) -> list[str]:
    return [key for key in some if key in others]


def _moved_within(was: Section, section: Section) -> bool:
    before = [one.key for one in was.questions]
    after = [one.key for one in section.questions]
    return [key for key in before if key in after] != [key for key in after if key in before]
