"""The missing-information loop: the partnership asks, the clocks stand still, the school answers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit
from workflows.calendar import queries as calendar
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.actions.advising import record_screening
from workflows.referrals.actions.moving import announce, begin, finish, lock
from workflows.referrals.actions.transferring import require_no_transfer
from workflows.referrals.models import ClockPause, Question, Referral
from workflows.referrals.states import ScreeningOutcome, Status

if TYPE_CHECKING:
    from permissions.models import User


def ask_question(*, referral: Referral, text: str, by: User) -> Question:
    """Send the referral back to the school with one question. Raises as `ask_questions`."""
    return ask_questions(referral=referral, texts=[text], by=by)[0]


def ask_questions(
    *, referral: Referral, texts: Sequence[str], by: User, seen: int | None = None
) -> list[Question]:
    """Send the referral back to the school with questions; until they are answered no clock runs.

    `seen` is the version of the criteria that the officer was shown. Raises NotPermitted, or
    NotAllowed without a question.
    """
    with audit.acting(by), transaction.atomic():
        partnership = referral.case.partnership
        begin("ask_question", referral, by, "screen_referral", partnership)
        require_no_transfer(referral)
        asked = [text.strip() for text in texts if text.strip()]
        if not asked:
            raise NotAllowed("Enter the question that the school should answer.")
        record_screening(referral, ScreeningOutcome.ASKED, by, seen=seen)
        now = timezone.now()
        questions = [
            Question.objects.create(referral=referral, text=text, asked_by=by, asked_at=now)
            for text in asked
        ]
        finish("ask_question", referral, by)
        what = "a question" if len(asked) == 1 else f"{len(asked)} questions"
        announce(
            "question_asked",
            referral,
            by,
            partnership,
            f"{partnership} asked the school {what}",
        )
    return questions


def answer_question(*, referral: Referral, answer: str, by: User) -> Question:
    """Answer the open question where there is one alone. Raises as `answer_questions`."""
    answers = {question.pk: answer for question in queries.open_questions(referral)}
    return answer_questions(referral=referral, answers=answers, by=by)[0]


def answer_questions(*, referral: Referral, answers: Mapping[int, str], by: User) -> list[Question]:
    """Answer every open question, by its number, and send the referral back to be screened.

    Raises NotPermitted, or NotAllowed for an answer without words or one that is left out, and for
    questions that were asked or answered meanwhile.
    """
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        begin("answer_question", referral, by, "answer_question", school)
        questions = queries.open_questions(referral)
        if reason := rules.why_not_answers({question.pk for question in questions}, answers):
            raise NotAllowed(reason)
        now = timezone.now()
        for question in questions:
            question.answer = answers[question.pk].strip()
            question.answered_by = by
            question.answered_at = now
            question.save()
        finish("answer_question", referral, by)
        what = "the question" if len(questions) == 1 else f"{len(questions)} questions"
        announce("question_answered", referral, by, school, f"{school} answered {what}")
    return questions


def remind_of_questions(*, today: datetime.date) -> int:
    """Remind each school whose answer is nearly due, once; answer how many were reminded."""
    return sum(_remind(pause, today) for pause in queries.unreminded(today))


def _remind(pause: ClockPause, today: datetime.date) -> bool:
    with transaction.atomic():
        referral = pause.referral
        lock(referral)
        pause.refresh_from_db(from_queryset=ClockPause.objects.select_for_update())
        if referral.status != Status.QUESTIONED or pause.ended_at or pause.reminded_at:
            return False
        task = tasks.open_tasks(referral, "answer_question").first()
        if task is None or task.due_at is None:
            return False
        due = timezone.localdate(task.due_at)
        lead = queries.panel_settings(referral.case.partnership).reminder_working_days
        if today < calendar.add_working_days(due, -lead):
            return False
        pause.reminded_at = timezone.now()
        pause.save(update_fields=["reminded_at"])
        announce(
            "question_reminded",
            referral,
            None,
            referral.case.pupil.school,
            f"The school was reminded to answer by {due.day} {due:%B %Y}",
        )
    return True
