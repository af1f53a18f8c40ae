"""Agreements for tests: texts, versions, parties and acceptances, made by the real actions."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from permissions.models import Organisation, User
from permissions.roles import Role
from tests.factories.permissions import member
from workflows.agreements import actions
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import Acceptance, Agreement, AgreementVersion
from workflows.engine import tasks

TERMS: dict[str, str] = {
    "review_every": "12",
    "weekly_hours_at_most": "10",
    "screen_within": "5",
    "decide_within": "15",
    "answer_offer_within": "5",
    "acceptance_grace": "10",
}


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


def accept(agreement: Agreement, organisation: Organisation, by: User | None = None) -> Acceptance:
    """Ask an organisation to accept the version in force, and do its task."""
    role = Role.SIGNATORY if organisation.kind == "provider" else Role.HEAD
    person = by or member(role, organisation)
    request = actions.ask_to_accept(agreement=agreement, organisation=organisation, by=None)
    assert request is not None, "It has accepted already"
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
            confirmed=True,
        ),
    )
