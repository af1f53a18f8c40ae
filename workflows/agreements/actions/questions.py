"""Asking about an agreement, or remarking on it, and answering."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from permissions.checks import require
from permissions.models import Organisation, User
from workflows.agreements import queries, rules
from workflows.agreements.models import Agreement, Question
from workflows.agreements.states import QuestionKind
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed


def ask_question(
    *,
    agreement: Agreement,
    organisation: Organisation,
    text: str,
    kind: str = QuestionKind.QUESTION,
    clause_id: uuid.UUID | None = None,
    by: User,
) -> Question:
    """Ask, or remark, something about an agreement or one of its clauses, as one of its parties.

    Raises NotPermitted, and NotAllowed when the agreement or the clause is not in force, when the
    organisation is no party, or when nothing is said.
    """
    with transaction.atomic():
        require(by, "view_agreement", organisation)
        version = queries.version_in_force(agreement)
        if refusal := rules.why_cannot_question(
            is_party=agreement.parties.filter(organisation=organisation).exists(),
            is_there=version is not None
            and (
                clause_id is None
                or rules.clause_named(version.snapshot["content"], clause_id) is not None
            ),
            text=text,
        ):
            raise NotAllowed(refusal)
        assert version is not None  # the rule has just refused that
        question = Question.objects.create(
            agreement=agreement,
            version=version,
            organisation=organisation,
            clause_id=clause_id,
            kind=kind,
            text=text.strip(),
            asked_by=by,
        )
        _announce("agreement_question_asked", question, f"{organisation.name} wrote", by)
        return question


def answer_question(*, question: Question, answer: str, by: User) -> Question:
    """Answer a question or a remark. Raises NotPermitted, and NotAllowed once it is answered."""
    with transaction.atomic():
        question = (
            Question.objects.select_for_update(of=("self",), no_key=True)
            .select_related("agreement__partnership", "organisation")
            .get(pk=question.pk)
        )
        partnership = question.agreement.partnership
        require(by, "answer_agreement_question", partnership)
        if refusal := rules.why_cannot_answer(
            answer=answer, is_answered=question.answered_at is not None
        ):
            raise NotAllowed(refusal)
        question.answer = answer.strip()
        question.answered_by, question.answered_at = by, timezone.now()
        question.save(update_fields=["answer", "answered_by", "answered_at"])
        _announce("agreement_question_answered", question, f"{partnership.name} answered", by)
        return question


def _announce(kind: str, question: Question, who_did_what: str, by: User) -> None:
    agreement = question.agreement
    events.announce(
        kind,
        subject=question,
        by=by,
        organisation=agreement.partnership,
        summary=f"{who_did_what} about “{agreement.title}”.",
        data={
            "question": question.pk,
            "agreement": agreement.pk,
            "organisation": question.organisation_id,
            "partnership": agreement.partnership_id,
            "asker": question.asked_by_id,
        },
        question=question,
    )
