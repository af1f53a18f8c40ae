"""Agreements for tests: texts, versions, parties and acceptances, made by the real actions."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from permissions import queries as permissions
from permissions.models import Organisation, User
from permissions.roles import Role
from tests.factories.permissions import member
from workflows.agreements import actions
from workflows.agreements.flows import AcceptanceFlow, ReservationFlow
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementVersion,
    Reservation,
    ReservationMessage,
    Variation,
)
from workflows.cases.models import Case
from workflows.engine import tasks

TERMS: dict[str, str] = {
    "review_every": "12",
    "weekly_hours_at_most": "10",
    "screen_within": "5",
    "decide_within": "15",
    "answer_offer_within": "5",
    "acceptance_grace": "10",
}

# The same without days of grace: what a material version replaces is not enough from that moment.
NO_GRACE = {code: value for code, value in TERMS.items() if code != "acceptance_grace"}


def clause_id(number: int) -> str:
    """The id of the clause with a number, the same in every text."""
    return str(uuid.UUID(int=number))


def text(
    title: str = "Tuition agreement",
    *,
    terms: dict[str, str] | None = None,
    wording: str = "Do what is agreed",
    **changes: Any,
) -> dict[str, Any]:
    """A publishable text: one clause of each party, and one for each term."""
    measured = TERMS if terms is None else terms
    duties = [
        {
            "clause_id": clause_id(number),
            "printed_number": str(number),
            "party": party,
            "text": f"{wording}, as the {party}.",
        }
        for number, party in enumerate(("provider", "school", "commissioner"), start=1)
    ]
    promises = [
        {
            "clause_id": clause_id(100 + number),
            "printed_number": str(number),
            "party": "all",
            "text": f"Keep to the number for {measure}.",
            "terms": [{"measure": measure, "value": value}],
        }
        for number, (measure, value) in enumerate(measured.items(), start=1)
    ]
    return {
        "title": title,
        "kind": "sla",
        "mode": "signature",
        "issued_date": datetime.date(2026, 9, 1),
        "review_date": datetime.date(2027, 9, 1),
        "sections": [
            {"heading": "Duties", "clauses": duties},
            {"heading": "Numbers", "clauses": promises},
        ],
        **changes,
    }


def make_agreement(
    partnership: Organisation, *, terms: dict[str, str] | None = None, **changes: Any
) -> Agreement:
    """A published agreement of a partnership, version 1."""
    content = text(terms=terms, **changes)
    agreement = actions.create_agreement(
        partnership=partnership, title=content["title"], kind=content["kind"], by=None
    )
    publish(agreement, content)
    agreement.refresh_from_db()
    return agreement


def publish(
    agreement: Agreement,
    content: dict[str, Any],
    *,
    is_material: bool = True,
    change_note: str = "The duties changed.",
    by: User | None = None,
) -> AgreementVersion:
    """Publish a text as the next version."""
    return actions.publish_version(
        agreement=agreement,
        content=content,
        is_material=is_material,
        change_note=change_note,
        by=by,
    )


def accept(
    agreement: Agreement,
    organisation: Organisation,
    by: User | None = None,
    *,
    case: Case | None = None,
    **evidence: Any,
) -> Acceptance:
    """Ask an organisation to accept the version in force, and do its task.

    Where both sides sign, the partnership signs as well, so that placements may start.
    """
    request = actions.ask_to_accept(
        agreement=agreement, organisation=organisation, case=case, by=None
    )
    assert request is not None, "It has accepted already"
    acceptance = do_request(request, by, **evidence)
    countersign(agreement, case=request.only_case, activity=acceptance.activity)
    return acceptance


def countersign(agreement: Agreement, *, case: Case | None = None, activity: str = "") -> None:
    """Let the partnership sign too, where both sides do and it has not yet."""
    request = actions.ask_partnership(agreement, case, activity, None)
    if request is not None:
        do_request(request)


SIGNATORIES = {"provider": Role.SIGNATORY, "school": Role.HEAD, "partnership": Role.OFFICER}


def do_request(request: AcceptanceRequest, by: User | None = None, **evidence: Any) -> Acceptance:
    """Accept through the task of a request, as one of those who may."""
    organisation = request.organisation
    person = (
        by
        or permissions.people_with("accept_agreement", organisation).first()
        or member(SIGNATORIES[organisation.kind], organisation)
    )
    task = tasks.find(request, AcceptanceFlow, "accept")
    return tasks.perform(
        task,
        by=person,
        act=lambda: actions.accept(
            version=request.version,
            organisation=organisation,
            by=person,
            name=person.name,
            position="Signatory",
            **{
                "authority": "Director of the company",
                "confirmed": True,
                "case": request.only_case,
                "activity": request.activity,
                **evidence,
            },
        ),
    )


def reserve(
    agreement: Agreement, organisation: Organisation, number: int = 1, *, by: User | None = None
) -> Reservation:
    """A reservation of the clause with a number, waiting for the partnership."""
    actions.add_party(agreement=agreement, organisation=organisation, by=None)
    role = Role.SIGNATORY if organisation.kind == "provider" else Role.HEAD
    return actions.reserve_clause(
        agreement=agreement,
        organisation=organisation,
        clause_id=uuid.UUID(clause_id(number)),
        reason="We cannot do it like that.",
        by=by or member(role, organisation),
    )


def propose(
    reservation: Reservation,
    *,
    text: str = "Do it in our own way.",
    values: dict[str, Decimal] | None = None,
    by: User | None = None,
) -> ReservationMessage:
    """Do the partnership's task: propose a variation."""
    officer = by or member(Role.OFFICER, reservation.agreement.partnership)
    return tasks.perform(
        tasks.find(reservation, ReservationFlow, "answer"),
        by=officer,
        act=lambda: actions.propose_variation(
            reservation=reservation,
            text=text,
            values=values or {},
            note="Would this do?",
            by=officer,
        ),
    )


def agree(reservation: Reservation, *, by: User | None = None) -> Variation:
    """Do the organisation's task: agree to what is proposed."""
    organisation = reservation.organisation
    role = Role.SIGNATORY if organisation.kind == "provider" else Role.HEAD
    person = by or member(role, organisation)
    proposal = reservation.messages.filter(kind="proposal").latest("pk")
    return tasks.perform(
        tasks.find(reservation, ReservationFlow, "consider"),
        by=person,
        act=lambda: actions.agree_variation(reservation=reservation, proposal=proposal, by=person),
    )


def vary(
    agreement: Agreement,
    organisation: Organisation,
    number: int = 1,
    *,
    text: str = "Do it in our own way.",
    values: dict[str, Decimal] | None = None,
) -> Variation:
    """An agreed variation of the clause with a number."""
    reservation = reserve(agreement, organisation, number)
    propose(reservation, text=text, values=values)
    return agree(reservation)
