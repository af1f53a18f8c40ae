"""What parties of the demonstration reserve, agree otherwise and ask, in every partnership.

The first provider has agreed a variation and had a question answered; the last one, with which
nobody is placed, waits for an answer to both.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from permissions.models import Organisation
from permissions.roles import Role
from portal.demonstration.area import Area
from workflows.agreements import actions, measures, queries
from workflows.agreements.flows import QuestionFlow, ReservationFlow
from workflows.agreements.models import Agreement, Clause, Reservation
from workflows.agreements.states import QuestionKind
from workflows.engine import tasks


def tell(area: Area) -> None:
    """Reserve, vary and ask in each partnership."""
    for partnership in area.partnerships:
        agreement = area.agreements[partnership.pk]
        first, last = area.providers[partnership.pk][0], area.providers[partnership.pk][-1]
        _vary(area, agreement, first)
        _ask(area, agreement, first, is_answered=True)
        _reserve(area, agreement, last, _clause(agreement, is_measured=False))
        _ask(area, agreement, last, is_answered=False)


def _clause(agreement: Agreement, *, is_measured: bool) -> Clause:
    """Give a clause, best of the provider's: with a number that no story needs, or without one."""
    quiet = [
        code for code, measure in measures.REGISTER.items() if measure.obeyed_by == "attendance"
    ]
    clauses = list(
        Clause.objects.filter(version=queries.latest_version(agreement))
        .prefetch_related("terms")
        .order_by("position")
    )

    def fitness(clause: Clause) -> tuple[bool, bool]:
        codes = [term.measure for term in clause.terms.all()]
        is_fit = all(code in quiet for code in codes) and bool(codes) == is_measured
        return not is_fit, clause.party != "provider"

    return min(clauses, key=fitness)


def _reserve(
    area: Area, agreement: Agreement, provider: Organisation, clause: Clause
) -> Reservation:
    return actions.reserve_clause(
        agreement=agreement,
        organisation=provider,
        clause_id=clause.clause_id,
        reason=(
            "We are a small team, and two of us teach in pupils’ homes all day. "
            "We can do this, but not in the way and by the time it says here."
        ),
        by=area.person(provider, Role.SIGNATORY),
    )


def _vary(area: Area, agreement: Agreement, provider: Organisation) -> None:
    clause = _clause(agreement, is_measured=True)
    reservation = _reserve(area, agreement, provider, clause)
    officer = area.person(agreement.partnership, Role.OFFICER)
    signatory = area.person(provider, Role.SIGNATORY)
    values: dict[str, Decimal] = {}
    for term in clause.terms.all():
        bounds = measures.REGISTER[term.measure]
        values[term.measure] = min(bounds.upper, term.value * 2)
    actions.discuss_reservation(
        reservation=reservation, body="Would more time help, or another way?", by=officer
    )
    actions.discuss_reservation(
        reservation=reservation, body="More time would. The rest we can do.", by=signatory
    )
    proposal: Any = tasks.perform(
        tasks.find(reservation, ReservationFlow, "answer"),
        by=officer,
        act=lambda: actions.propose_variation(
            reservation=reservation,
            text=f"{clause.text} When all tutors are in pupils’ homes, the next working day counts.",
            values=values,
            note="This gives you the time that you asked for.",
            by=officer,
        ),
    )
    tasks.perform(
        tasks.find(reservation, ReservationFlow, "consider"),
        by=signatory,
        act=lambda: actions.agree_variation(
            reservation=reservation, proposal=proposal, by=signatory
        ),
    )


def _ask(area: Area, agreement: Agreement, provider: Organisation, *, is_answered: bool) -> None:
    clause = _clause(agreement, is_measured=False)
    question = actions.ask_question(
        agreement=agreement,
        organisation=provider,
        clause_id=clause.clause_id if is_answered else None,
        kind=QuestionKind.QUESTION if is_answered else QuestionKind.FEEDBACK,
        text=(
            "Does this hold on training days as well?"
            if is_answered
            else "A one-page summary for new tutors would help us to keep to it."
        ),
        by=area.person(provider, Role.TUTOR),
    )
    if is_answered:
        editor = area.person(agreement.partnership, Role.EDITOR)
        tasks.perform(
            tasks.find(question, QuestionFlow, "answer"),
            by=editor,
            act=lambda: actions.answer_question(
                question=question,
                answer="No. On training days nobody is expected, so there is nothing to do.",
                by=editor,
            ),
        )
