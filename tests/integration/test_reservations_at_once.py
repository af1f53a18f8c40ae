"""A reservation settled by two people at once, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import (
    accept,
    clause_id,
    make_agreement,
    propose,
    publish,
    reserve,
    text,
)
from tests.factories.cases import Area
from tests.integration.test_agreements_at_once import at_once
from workflows.agreements import actions, queries
from workflows.agreements.flows import ReservationFlow
from workflows.agreements.models import Reservation, Variation
from workflows.agreements.states import ReservationStatus
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)

REVIEW = 101  # the clause whose number is review_every


def agreeing(reservation: Reservation, person: Any) -> Callable[[], Any]:
    """Agree to the proposal through the task, as on the page."""
    task = tasks.find(reservation, ReservationFlow, "consider")
    proposal = queries.proposal_of(reservation)
    assert proposal is not None
    return lambda: tasks.perform(
        task,
        by=person,
        act=lambda: actions.agree_variation(reservation=reservation, proposal=proposal, by=person),
    )


@pytest.mark.parametrize("attempt", range(3))
def test_of_agreeing_and_withdrawing_exactly_one_happens(attempt: int) -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider)
    propose(reservation)
    first, second = (member(Role.SIGNATORY, area.provider) for _ in range(2))
    agreed, withdrawn = at_once(
        agreeing(reservation, first),
        lambda: actions.withdraw_reservation(
            reservation=reservation, reason="It will do.", by=second
        ),
    )
    reservation.refresh_from_db()
    if isinstance(agreed, Variation):
        assert isinstance(withdrawn, NotAllowed)
        assert reservation.status == ReservationStatus.VARIED
    else:
        assert agreed.reason.endswith(".")
        assert isinstance(withdrawn, Reservation)
        assert reservation.status == ReservationStatus.WITHDRAWN
        assert not Variation.objects.exists()
    assert not tasks.open_tasks(reservation).exists()


def test_of_two_who_agree_one_does() -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider)
    propose(reservation)
    people = [member(Role.SIGNATORY, area.provider) for _ in range(2)]
    answers = at_once(*(agreeing(reservation, person) for person in people))
    assert sum(isinstance(answer, Variation) for answer in answers) == 1
    assert Variation.objects.count() == 1


def test_of_two_answers_of_the_partnership_one_counts() -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider)
    task = tasks.find(reservation, ReservationFlow, "answer")
    one, other = (member(Role.OFFICER, area.partnership) for _ in range(2))
    proposed, refused = at_once(
        lambda: tasks.perform(
            task,
            by=one,
            act=lambda: actions.propose_variation(
                reservation=reservation, text="In your own way.", values={}, by=one
            ),
        ),
        lambda: tasks.perform(
            tasks.find(reservation, ReservationFlow, "answer"),
            by=other,
            act=lambda: actions.refuse_reservation(
                reservation=reservation, reason="It has to stay.", by=other
            ),
        ),
    )
    assert isinstance(proposed, NotAllowed) != isinstance(refused, NotAllowed)
    reservation.refresh_from_db()
    assert reservation.messages.count() == 1
    is_open = tasks.open_tasks(reservation).exists()
    assert is_open == (reservation.status == ReservationStatus.PROPOSED)


def test_the_same_clause_reserved_twice_at_once_is_reserved_once() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    actions.add_party(agreement=agreement, organisation=area.provider, by=None)
    people = [member(Role.SIGNATORY, area.provider) for _ in range(2)]
    answers = at_once(
        *(lambda person=person: reserve(agreement, area.provider, by=person) for person in people)
    )
    assert sum(isinstance(answer, Reservation) for answer in answers) == 1
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_publishing_without_the_clause_while_it_is_varied_leaves_no_doubt(attempt: int) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    reservation = reserve(agreement, area.provider, REVIEW)
    propose(reservation, values={"review_every": Decimal(6)})
    person = member(Role.SIGNATORY, area.provider)
    agreed, published = at_once(
        agreeing(reservation, person), lambda: publish(agreement, text(terms={}))
    )
    assert not isinstance(published, NotAllowed), "Publishing must not fail"
    reservation.refresh_from_db()
    assert not reservation.is_open
    assert not tasks.open_tasks(reservation).exists()
    varied = Variation.objects.filter(clause_id=clause_id(REVIEW)).exists()
    assert varied == isinstance(agreed, Variation)
    assert varied == (reservation.status == ReservationStatus.VARIED)

    class Place:
        provider = area.provider

    Place.agreement = agreement  # type: ignore[attr-defined]  # what a placement has
    # The provider is bound by the version it accepted, where the clause still is.
    term = queries.term_in_force(Place(), "review_every")  # type: ignore[arg-type]  # as a placement
    assert term is not None
    assert term.value == (6 if varied else 12)


@pytest.mark.parametrize("attempt", range(2))
def test_a_number_published_while_another_is_agreed_leaves_both_true(attempt: int) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    reservation = reserve(agreement, area.provider, REVIEW)
    propose(reservation, values={"review_every": Decimal(6)})
    agreed, published = at_once(
        agreeing(reservation, member(Role.SIGNATORY, area.provider)),
        lambda: publish(agreement, text(terms={"review_every": "8"})),
    )
    assert not isinstance(published, NotAllowed)
    reservation.refresh_from_db()
    # Busy for a moment is an answer too: then the task is still there.
    if isinstance(agreed, Variation):
        assert queries.verify_variation(agreed)
        assert reservation.status == ReservationStatus.VARIED
    else:
        assert reservation.status == ReservationStatus.PROPOSED
        assert tasks.find(reservation, ReservationFlow, "consider")
    assert queries.verify(published)
