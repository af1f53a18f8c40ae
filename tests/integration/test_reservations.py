"""A reserved clause from the objection to the end: talked about, varied, refused or withdrawn."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import (
    accept,
    agree,
    clause_id,
    make_agreement,
    propose,
    publish,
    reserve,
    text,
    vary,
)
from tests.factories.cases import Area, make_case
from workflows.agreements import actions, queries
from workflows.agreements.flows import ReservationFlow
from workflows.agreements.models import Agreement, Reservation, Variation
from workflows.agreements.states import ReservationStatus
from workflows.cases.models import Case
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.scorecards.queries import books_of

pytestmark = pytest.mark.django_db

REVIEW = 101  # the clause whose number is review_every


class Place:
    """What a term is asked for: an agreement and a provider."""

    def __init__(self, agreement: Agreement, area: Area) -> None:
        self.agreement = agreement
        self.provider = area.provider


@pytest.fixture
def signed_in(client: Client) -> Any:
    """Give a function that signs a person in."""

    def sign_in(role: Role, organisation: Any) -> Client:
        person = member(role, organisation)
        client.force_login(person)
        return client

    return sign_in


def ours(agreement: Agreement, area: Area, rest: str = "") -> str:
    return f"/agreements/{agreement.pk}/organisations/{area.provider.pk}/{rest}"


def review_every(agreement: Agreement, area: Area, at: datetime.datetime | None = None) -> Any:
    term = queries.term_in_force(Place(agreement, area), "review_every", at=at)
    return None if term is None else int(term.value)


# --- What is agreed holds -------------------------------------------------------------------------


def test_an_agreed_number_holds_for_that_organisation_alone() -> None:
    area, other = Area(), Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    accept(agreement, other.provider)
    before = queries.term_in_force(Place(agreement, area), "review_every")
    assert before is not None
    variation = vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    assert review_every(agreement, area) == 6
    assert review_every(agreement, other) == 12
    # What held before still did then.
    just_before = variation.in_force_at - datetime.timedelta(microseconds=1)
    assert review_every(agreement, area, just_before) == 12
    found = queries.term_in_force(Place(agreement, area), "review_every")
    assert found is not None
    assert found.variation == variation
    assert str(found.clause.clause_id) == clause_id(REVIEW)


def test_it_holds_over_later_versions_while_the_clause_is_in_them() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    publish(agreement, text(terms={"review_every": "10"}))
    accept(agreement, area.provider)
    assert review_every(agreement, area) == 6
    gone = text(terms={})
    gone["sections"][0]["clauses"][0]["terms"] = [{"measure": "review_every", "value": "8"}]
    publish(agreement, gone)
    accept(agreement, area.provider)
    assert review_every(agreement, area) == 8


@pytest.mark.parametrize("stays", [False, True])
def test_a_number_agreed_on_a_clause_is_over_when_the_measure_leaves_the_clause(
    stays: bool,
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    # The clause is still there; its measure is on another clause, or nowhere.
    moved = text()
    clause = moved["sections"][1]["clauses"][0]
    assert clause["clause_id"] == clause_id(REVIEW)
    clause["terms"] = []
    if stays:
        moved["sections"][0]["clauses"][0]["terms"] = [{"measure": "review_every", "value": "8"}]
    version = publish(agreement, moved)
    accept(agreement, area.provider)
    expected = Decimal(8) if stays else None
    assert review_every(agreement, area) == expected
    now = timezone.now()
    book = books_of([agreement])[agreement.pk]
    number = book.number("review_every", area.provider.pk, now)
    assert (None if number is None else number.value) == expected
    assert book.targets(area.provider.pk, now)
    case = make_case(area)
    numbers = queries.numbers_of(agreement, [(area.provider.pk, case.pk)])
    assert numbers[area.provider.pk, case.pk].get("review_every") == expected
    # What was agreed in words still holds.
    assert queries.variations_of_version(version, area.provider)


def test_only_words_varied_leave_the_number_to_the_version() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(12)})
    assert Variation.objects.get().terms == []
    publish(agreement, text(terms={"review_every": "10"}))
    accept(agreement, area.provider)
    assert review_every(agreement, area) == 10


def test_a_later_variation_of_the_same_clause_takes_its_place() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(4)})
    assert review_every(agreement, area) == 4
    (in_force,) = queries.variations_in_force(agreement, area.provider)
    assert in_force.terms[0]["value"] == "4"


def test_nothing_holds_for_an_organisation_that_has_accepted_no_version() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    assert review_every(agreement, area) is None
    accept(agreement, area.provider)
    assert review_every(agreement, area) == 6


def test_what_was_agreed_can_be_verified_and_not_be_changed() -> None:
    area = Area()
    variation = vary(make_agreement(area.partnership), area.provider)
    assert queries.verify_variation(variation)
    variation.refresh_from_db()
    assert queries.verify_variation(variation)
    for change in (
        lambda: Variation.objects.update(text="Something else"),
        lambda: variation.reservation.messages.update(body="Never said"),
        lambda: Reservation.objects.update(reason="Another reason"),
        variation.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- Whether pupils may be placed -----------------------------------------------------------------


@pytest.mark.parametrize("places", [False, True])
def test_the_agreement_says_whether_pupils_are_placed_while_a_clause_is_reserved(
    places: bool,
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership, places_while_reserved=places)
    reservation = reserve(agreement, area.provider)
    reason = queries.why_reserved(agreement, area.provider)
    assert (reason is None) == places
    if reason is not None:
        assert "has reserved a clause" in reason
        assert "reserved" in str(queries.why_no_new_placement(agreement, area.provider)) or not (
            queries.has_accepted(agreement, area.provider)
        )
    propose(reservation)
    agree(reservation)
    assert queries.why_reserved(agreement, area.provider) is None


@pytest.mark.parametrize("places", [False, True])
def test_what_the_home_school_reserves_keeps_its_pupils_from_starting(places: bool) -> None:
    area = Area()
    agreement = make_agreement(area.partnership, places_while_reserved=places)
    accept(agreement, area.provider)
    ours = make_case(area)
    elsewhere = make_case(Area(local_authority=area.local_authority))
    reservation = reserve(agreement, area.school)

    def gate(case: Case) -> str | None:
        return queries.why_no_new_placement(agreement, area.provider, case=case)

    reason = gate(ours)
    assert (reason is None) == places
    if reason is not None:
        assert f"{area.school.name} has reserved a clause" in reason
    assert gate(elsewhere) is None
    propose(reservation)
    agree(reservation)
    assert gate(ours) is None


def test_a_school_reads_that_its_own_pupils_wait_for_what_it_reserves(signed_in: Any) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    client = signed_in(Role.HEAD, area.school)
    text_url = f"/agreements/{agreement.pk}/organisations/{area.school.pk}/"
    reservation = reserve(agreement, area.school)
    for url in (text_url, reservation.get_absolute_url()):
        shown = client.get(url).content.decode()
        assert f"No new placement of a pupil of {area.school.name} can start" in shown


# --- When a clause may be reserved ----------------------------------------------------------------


def test_a_clause_is_reserved_once_at_a_time() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    reserve(agreement, area.provider)
    with pytest.raises(NotAllowed, match="already reserved"):
        reserve(agreement, area.provider)
    reserve(agreement, area.provider, 2)


def test_clauses_are_reserved_before_the_first_pupil(signed_in: Any) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    actions.record_first_pupil(
        agreement=agreement,
        organisation=area.provider,
        first_date=datetime.date(2026, 9, 7),
    )
    with pytest.raises(NotAllowed, match="first pupil came on 7 September 2026"):
        reserve(agreement, area.provider)
    page = signed_in(Role.SIGNATORY, area.provider).get(ours(agreement, area)).content.decode()
    assert "who came on 7 September 2026" in page
    assert "/reserve/" not in page
    # A clause that reads differently now has not been accepted by anybody.
    publish(agreement, text(wording="Other duties"))
    reserve(agreement, area.provider)
    with pytest.raises(NotAllowed, match="first pupil"):
        reserve(agreement, area.provider, REVIEW)


def test_a_clause_that_is_not_there_or_not_ours_cannot_be_reserved() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    with pytest.raises(NotAllowed, match="not part of the agreement"):
        reserve(agreement, area.provider, 999)
    stranger = Area()
    with pytest.raises(NotAllowed, match="not a party"):
        actions.reserve_clause(
            agreement=agreement,
            organisation=stranger.provider,
            clause_id=uuid.UUID(clause_id(1)),
            reason="No.",
            by=member(Role.SIGNATORY, stranger.provider),
        )


# --- How it goes and ends -------------------------------------------------------------------------


def test_a_proposal_turned_down_comes_back_to_the_partnership() -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider)
    propose(reservation)
    person = member(Role.SIGNATORY, area.provider)
    tasks.perform(
        tasks.find(reservation, ReservationFlow, "consider"),
        by=person,
        act=lambda: actions.turn_down_variation(
            reservation=reservation, reason="Still too much.", by=person
        ),
    )
    propose(reservation, text="Do half of it.")
    variation = agree(reservation)
    assert variation.text == "Do half of it."
    assert not tasks.open_tasks(reservation).exists()
    assert [message.kind for message in reservation.messages.all()] == [
        "proposal",
        "turned_down",
        "proposal",
        "agreement",
    ]


def test_a_refusal_ends_it_with_its_reason() -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider)
    officer = member(Role.OFFICER, area.partnership)
    tasks.perform(
        tasks.find(reservation, ReservationFlow, "answer"),
        by=officer,
        act=lambda: actions.refuse_reservation(
            reservation=reservation, reason="The law asks for it.", by=officer
        ),
    )
    reservation.refresh_from_db()
    assert reservation.status == ReservationStatus.REFUSED
    assert reservation.ended_by == officer
    assert not tasks.open_tasks(reservation).exists()


def test_withdrawing_takes_the_partnerships_task_away() -> None:
    area = Area()
    person = member(Role.SIGNATORY, area.provider)
    reservation = reserve(make_agreement(area.partnership), area.provider, by=person)
    assert tasks.find(reservation, ReservationFlow, "answer")
    actions.withdraw_reservation(reservation=reservation, reason="We can after all.", by=person)
    assert not tasks.open_tasks(reservation).exists()


def test_a_clause_that_goes_takes_its_reservation_with_it() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    stays, goes = reserve(agreement, area.provider), reserve(agreement, area.provider, REVIEW)
    publish(agreement, text(terms={}))
    goes.refresh_from_db()
    stays.refresh_from_db()
    assert goes.status == ReservationStatus.WITHDRAWN
    assert goes.ended_by is None
    assert "not part of version 2" in goes.messages.get().body
    assert stays.is_open
    actions.withdraw(agreement=agreement, by=None)
    stays.refresh_from_db()
    assert stays.status == ReservationStatus.WITHDRAWN
    assert not tasks.open_tasks(stays).exists()


def test_a_proposal_must_change_the_clause() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    reservation = reserve(agreement, area.provider, REVIEW)
    with pytest.raises(NotAllowed, match="reads as the clause does"):
        propose(reservation, text="Keep to the number for review_every.")
    with pytest.raises(NotAllowed, match="its own clause only"):
        propose(reservation, values={"payment_within": Decimal(10)})
