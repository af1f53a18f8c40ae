"""Rules of questions to the school: whether what was answered is what was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def why_not_answers(asked: Collection[int], answers: Mapping[int, str]) -> str | None:
    """Explain why answers, by the number of their question, do not answer what is asked."""
    if set(answers) - set(asked):
        return "The questions have changed since you opened this page. Reload it to see them."
    if any(not answers.get(pk, "").strip() for pk in asked):
        if len(asked) == 1:
            return "Enter an answer to the question."
        return "Enter an answer to every question."
    return None
