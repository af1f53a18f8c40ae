"""Referrals in every status, reached by the real actions and tasks."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from permissions.roles import Role
from tests.factories import files
from tests.factories.cases import Area, pupil_details
from workflows.cases.states import DocumentKind
from workflows.engine import tasks
from workflows.questionnaires.states import Kind
from workflows.referrals import actions, queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import Referral
from workflows.referrals.states import PART_FIELDS, Status


def fill(referral: Referral, *, by: Any) -> None:
    """Write every page of a draft."""
    actions.record_permission(
        referral=referral,
        given_by="Jo O’Sample, parent",
        how="signed_form",
        date=timezone.localdate() - datetime.timedelta(days=3),
        covers="Sharing the referral with the partnership, its panel and a provider",
        by=by,
    )
    actions.add_evidence(
        referral=referral,
        kind=DocumentKind.MEDICAL_EVIDENCE,
        title="Letter from the consultant",
        files=[files.PDF],
        author="Dr Example",
        by=by,
    )
    what_is_asked = queries.content_of(referral).questions
    actions.write_answers(
        referral=referral,
        answers={
            question.key: f"What the school’s staff wrote about {question.key.replace('_', ' ')}"
            for question in what_is_asked
            if question.kind in (Kind.LONG_TEXT, Kind.SHORT_TEXT)
        },
        by=by,
    )
    words = {
        name: f"What the school’s staff wrote about {name.replace('_', ' ')}"
        for names in PART_FIELDS.values()
        for name in names
        if name != "no_medical_evidence_reason"
    }
    actions.write(referral=referral, by=by, **words)


def make_referral(
    area: Area | None = None,
    status: Status | str = Status.DRAFT,
    *,
    complete: bool = True,
    members: int = 2,
    **pupil: Any,
) -> Referral:
    """A referral in a status; the panel is the area's chair and so many members, the quorum 2."""
    area = area or Area()
    referrer = area.person(Role.REFERRER)
    referral = actions.start(school=area.school, by=referrer, **pupil_details(**pupil))
    if complete:
        fill(referral, by=referrer)
    advance(area, referral, Status(status), members=members)
    return Referral.objects.get(pk=referral.pk)


def advance(area: Area, referral: Referral, status: Status, *, members: int = 2) -> None:
    """Take a complete draft to a status."""
    referrer, officer = area.person(Role.REFERRER), area.person(Role.OFFICER)
    if status == Status.DRAFT:
        return
    if status == Status.WITHDRAWN:
        actions.withdraw(referral=referral, reason="The family has moved away", by=referrer)
        return
    shown = queries.implied_version(referral)
    actions.submit(referral=referral, by=referrer, sha256=shown.sha256 if shown else None)
    if status == Status.SUBMITTED:
        return
    screening = tasks.find(referral, ReferralFlow, "screen")
    if status == Status.QUESTIONED:
        tasks.perform(
            screening,
            by=officer,
            act=lambda: actions.ask_question(
                referral=referral, text="Which sessions does the pupil come to?", by=officer
            ),
        )
        return
    panel = area.panel(members)
    tasks.perform(
        screening,
        by=officer,
        act=lambda: actions.send_to_panel(referral=referral, by=officer),
    )
    if status == Status.AT_PANEL:
        return
    outcome = {
        Status.ACCEPTED: "accept",
        Status.DECLINED: "decline",
        Status.DEFERRED: "defer",
    }[status]
    for person in panel[1:]:
        if tasks.open_tasks(referral, "vote", ReferralFlow).filter(owner=person).exists():
            vote(referral, person, outcome)
    decide(referral, panel[0], outcome)


def vote(referral: Referral, person: Any, choice: str = "accept") -> None:
    """Have a panel member vote by their own task."""
    tasks.perform(
        tasks.find(referral, ReferralFlow, "vote", owner=person),
        by=person,
        act=lambda: actions.cast_vote(
            referral=referral, choice=choice, reasons="It fits the criteria", by=person
        ),
    )


def decide(referral: Referral, chair: Any, outcome: str = "accept") -> None:
    """Have the chair decide by the task."""
    tasks.perform(
        tasks.find(referral, ReferralFlow, "decide"),
        by=chair,
        act=lambda: actions.decide(
            referral=referral,
            outcome=outcome,
            reasons="The evidence meets the criteria.",
            conditions=["A risk assessment before the start"] if outcome == "accept" else [],
            deferred_for="The consultant’s next letter" if outcome == "defer" else "",
            by=chair,
        ),
    )
