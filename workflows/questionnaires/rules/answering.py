"""Which questions are asked given the answers so far, what is missing, and what an answer may be.

Answers are a mapping of key to value as JSON has it: words and choices are strings, several choices
a list of strings, yes and no are true and false, a date is written 2026-03-27, a number is a number.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from typing import Any

from workflows.questionnaires.rules.content import Content, Question
from workflows.questionnaires.states import LARGEST_NUMBER, MAX_LENGTHS, NO, WITH_CHOICES, YES, Kind


def is_given(value: Any) -> bool:
    """Tell whether a value answers anything: false and 0 do, empty words and lists do not."""
    if value is None:
        return False
    if isinstance(value, str):
        return bool(value.strip())
    return not (isinstance(value, list) and not value)


def as_choices(value: Any) -> frozenset[str]:
    """Answer which choices a value stands for, with yes and no for true and false."""
    if isinstance(value, bool):
        return frozenset({YES if value else NO})
    if isinstance(value, list):
        return frozenset(str(one) for one in value)
    return frozenset({str(value)}) if is_given(value) else frozenset()


def shown(content: Content, answers: Mapping[str, Any]) -> list[Question]:
    """List the questions that are asked, in their order.

    A question that depends on one which is not asked is not asked either, whatever was answered to
    that one before.
    """
    asked: dict[str, Question] = {}
    for question in content.questions:
        condition = question.shown_if
        if condition is None or (
            condition.key in asked
            and as_choices(answers.get(condition.key)) & frozenset(condition.values)
        ):
            asked[question.key] = question
    return list(asked.values())


def missing(content: Content, answers: Mapping[str, Any]) -> list[Question]:
    """List the questions that are asked, need an answer and have none."""
    return [
        question
        for question in shown(content, answers)
        if question.required and not is_given(answers.get(question.key))
    ]


def clean(question: Question, value: Any) -> Any:
    """Return an answer as it is kept, None where nothing is answered.

    Raises ValueError with a sentence for what is no answer to this question.
    """
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    if not is_given(value):
        return None
    if question.kind in WITH_CHOICES:
        return _chosen(question, value)
    if question.kind == Kind.YES_NO:
        if not isinstance(value, bool):
            raise ValueError(f"Select yes or no for “{question.label}”.")
        return value
    if question.kind == Kind.DATE:
        return _date(question, value)
    if question.kind == Kind.NUMBER:
        return _number(question, value)
    if not isinstance(value, str):
        raise ValueError(f"Enter words for “{question.label}”.")
    longest = MAX_LENGTHS[question.kind]
    if len(value) > longest:
        raise ValueError(f"“{question.label}” must be {longest} characters or fewer.")
    return value


def _chosen(question: Question, value: Any) -> Any:
    known = {one.value for one in question.choices}
    chosen = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) and one in known for one in chosen):
        raise ValueError(f"Select answers from the list for “{question.label}”.")  # noqa: S608  (no statement)
    if question.kind == Kind.CHOOSE_ONE:
        if len(chosen) != 1:
            raise ValueError(f"Select one answer for “{question.label}”.")
        return chosen[0]
    return [one.value for one in question.choices if one.value in chosen]


def _date(question: Question, value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(f"Enter a real date for “{question.label}”.") from None


def _number(question: Question, value: Any) -> int | float:
    try:
        number = decimal.Decimal(str(value))
    except decimal.InvalidOperation:
        number = decimal.Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number) > LARGEST_NUMBER:
        raise ValueError(f"Enter a number for “{question.label}”.")
    return int(number) if number == number.to_integral_value() else float(number)


def display(question: Question, value: Any) -> str:
    """Write an answer as people read it; empty where there is none."""
    if not is_given(value):
        return ""
    if question.options:
        chosen = as_choices(value)
        labels = [one.label for one in question.options if one.value in chosen]
        return "\n".join(labels)
    if question.kind == Kind.DATE:
        date = datetime.date.fromisoformat(str(value))
        return f"{date.day} {date:%B %Y}"
    return str(value)
