"""Every role × every status of a reservation × every action, and the same for a question."""

import uuid
from decimal import Decimal

import pytest

from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories import member
from tests.factories.agreements import agree, clause_id, make_agreement, propose, reserve
from tests.factories.cases import Area
from workflows.agreements import actions, grants, queries
from workflows.agreements.models import Question, Reservation
from workflows.agreements.states import (
    RESERVATION_ALLOWED_IN,
    RESERVATION_OWNERS,
    RESERVATION_TRANSITIONS,
    ReservationStatus,
)
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db


def _agree(reservation: Reservation, by: object) -> object:
    proposal = queries.proposal_of(reservation)
    if proposal is None:
        # Any message will do: the permission and the status are asked first.
        proposal = reservation.messages.model(pk=0)
    return actions.agree_variation(reservation=reservation, proposal=proposal, by=by)  # type: ignore[arg-type]  # a person of the table


ACTS = {
    "reserve_clause": lambda reservation, by: actions.reserve_clause(
        agreement=reservation.agreement,
        organisation=reservation.organisation,
        clause_id=uuid.UUID(clause_id(2)),
        reason="Neither this one.",
        by=by,
    ),
    "propose_variation": lambda reservation, by: actions.propose_variation(
        reservation=reservation, text="Other words", values={}, by=by
    ),
    "refuse_reservation": lambda reservation, by: actions.refuse_reservation(
        reservation=reservation, reason="It has to stay.", by=by
    ),
    "agree_variation": _agree,
    "turn_down_variation": lambda reservation, by: actions.turn_down_variation(
        reservation=reservation, reason="Not that either.", by=by
    ),
    "withdraw_reservation": lambda reservation, by: actions.withdraw_reservation(
        reservation=reservation, reason="It is settled.", by=by
    ),
}
ORGANISATION = {"reserve_clause", "agree_variation", "turn_down_variation", "withdraw_reservation"}
TABLE = tables.Table(
    permissions=grants.RESERVATION_PERMISSIONS,
    possible_from=tables.possible_from(
        RESERVATION_TRANSITIONS, {"reserve_clause": frozenset(ReservationStatus)}
    ),
    kinds={
        name: OrganisationKind.PROVIDER if name in ORGANISATION else OrganisationKind.PARTNERSHIP
        for name in ACTS
    },
    acts=ACTS,
)


def reservation_in(status: str, area: Area) -> Reservation:
    """A reservation of the area's provider, brought to a status by the real actions."""
    reservation = reserve(make_agreement(area.partnership), area.provider)
    if status in {ReservationStatus.PROPOSED, ReservationStatus.VARIED}:
        propose(reservation)
    if status == ReservationStatus.VARIED:
        agree(reservation)
    if status == ReservationStatus.REFUSED:
        ACTS["refuse_reservation"](reservation, member(Role.OFFICER, area.partnership))
    if status == ReservationStatus.WITHDRAWN:
        ACTS["withdraw_reservation"](reservation, member(Role.SIGNATORY, area.provider))
    reservation.refresh_from_db()
    assert reservation.status == status
    return reservation


@pytest.mark.parametrize("status", ReservationStatus.values)
def test_every_role_may_do_what_the_table_says(status: str) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    assert TABLE.mismatches(reservation_in(status, area), status, people) == []


@pytest.mark.parametrize("status", ReservationStatus.values)
def test_either_side_talks_about_it_while_it_is_open(status: str) -> None:
    area = Area()
    reservation = reservation_in(status, area)
    for role, organisation in (
        (Role.SIGNATORY, area.provider),
        (Role.OFFICER, area.partnership),
    ):
        person = member(role, organisation)
        if status in RESERVATION_ALLOWED_IN["discuss_reservation"]:
            message = actions.discuss_reservation(reservation=reservation, body="Well?", by=person)
            assert message.organisation == organisation
        else:
            with pytest.raises(NotAllowed):
                actions.discuss_reservation(reservation=reservation, body="Well?", by=person)


def test_the_table_is_whole() -> None:
    assert set(ACTS) == set(grants.RESERVATION_PERMISSIONS)
    assert set(RESERVATION_OWNERS) == set(ReservationStatus)
    ended = {status for status, owner in RESERVATION_OWNERS.items() if owner is None}
    assert ended == set(ReservationStatus) - ReservationStatus.open()


QUESTION_ACTS = {
    "ask_question": lambda question, by: actions.ask_question(
        agreement=question.agreement, organisation=question.organisation, text="And why?", by=by
    ),
    "answer_question": lambda question, by: actions.answer_question(
        question=question, answer="Because.", by=by
    ),
}
QUESTION_TABLE = tables.Table(
    permissions=grants.QUESTION_PERMISSIONS,
    possible_from={
        "ask_question": frozenset({"asked", "answered"}),
        "answer_question": frozenset({"asked"}),
    },
    kinds={
        "ask_question": OrganisationKind.PROVIDER,
        "answer_question": OrganisationKind.PARTNERSHIP,
    },
    acts=QUESTION_ACTS,
)


def question_in(status: str, area: Area) -> Question:
    """A question of the area's provider."""
    agreement = make_agreement(area.partnership)
    actions.add_party(agreement=agreement, organisation=area.provider, by=None)
    question = actions.ask_question(
        agreement=agreement,
        organisation=area.provider,
        text="Who is told?",
        by=member(Role.TUTOR, area.provider),
    )
    if status == "answered":
        editor = member(Role.EDITOR, area.partnership)
        actions.answer_question(question=question, answer="The school.", by=editor)
    return question


@pytest.mark.parametrize("status", ["asked", "answered"])
def test_every_role_may_ask_and_answer_what_the_table_says(status: str) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    assert QUESTION_TABLE.mismatches(question_in(status, area), status, people) == []


def test_the_number_of_a_proposal_is_kept_within_its_bounds() -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider, 101)
    with pytest.raises(NotAllowed, match="between 1 and 26 weeks"):
        propose(reservation, values={"review_every": Decimal(300)})
