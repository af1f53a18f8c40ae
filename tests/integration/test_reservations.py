"""A reserved clause from the objection to the end: talked about, varied, refused or withdrawn."""

import datetime
import io
import uuid
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import (
    TERMS,
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
from tests.factories.reviews import make_review
from workflows.agreements import actions, jobs, queries
from workflows.agreements.flows import QuestionFlow, ReservationFlow
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


# --- In the browser's terms -----------------------------------------------------------------------


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


def test_from_the_text_to_an_agreed_variation_by_its_pages(
    signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    client = signed_in(Role.SIGNATORY, area.provider)
    address = ours(agreement, area, f"clauses/{clause_id(REVIEW)}/reserve/")
    page = client.get(ours(agreement, area)).content.decode()
    assert address in page
    response = client.post(address, {"reason": "", "proposed_text": ""})
    assert "Say why your organisation cannot accept the clause" in response.content.decode()
    response = client.post(
        address, {"reason": "We meet more often.", "proposed_text": "Review every six weeks."}
    )
    reservation = Reservation.objects.get()
    assert response.url == reservation.get_absolute_url()
    # The address of the form leads to it from now on.
    assert client.get(address).url == response.url
    client.post(response.url, {"body": "Can we talk on Monday?"})

    signed_in(Role.OFFICER, area.partnership)
    task = tasks.find(reservation, ReservationFlow, "answer")
    page = client.get(task.get_absolute_url()).content.decode()
    assert "Can we talk on Monday?" in page
    assert "Review every six weeks." in page
    answers = {"decision": "propose", "text": "Review every six weeks.", "note": "Like this?"}
    response = client.post(task.get_absolute_url(), answers | {"number_review_every": "300"})
    assert "between 1 and 26 weeks" in response.content.decode()
    client.post(task.get_absolute_url(), answers | {"number_review_every": "6"})

    signed_in(Role.SIGNATORY, area.provider)
    task = tasks.find(reservation, ReservationFlow, "consider")
    page = client.get(task.get_absolute_url()).content.decode()
    assert "A review is held every 6 weeks" in page
    proposal = queries.proposal_of(reservation)
    assert proposal is not None
    client.post(task.get_absolute_url(), {"decision": "agree", "proposal": str(proposal.pk)})
    assert review_every(agreement, area) == 6
    page = client.get(ours(agreement, area)).content.decode()
    assert f"Agreed for {area.provider.name}" in page
    assert "A review is held every 6 weeks" in page


def test_an_old_proposal_on_the_screen_is_not_agreed_to(signed_in: Any) -> None:
    area = Area()
    reservation = reserve(make_agreement(area.partnership), area.provider)
    propose(reservation)
    client = signed_in(Role.SIGNATORY, area.provider)
    task = tasks.find(reservation, ReservationFlow, "consider")
    response = client.post(task.get_absolute_url(), {"decision": "agree", "proposal": "0"})
    assert "replaced while you were reading" in response.content.decode()
    assert not Variation.objects.exists()


def test_strangers_find_neither_text_nor_reservation_nor_question(signed_in: Any) -> None:
    area, stranger = Area(), Area()
    agreement = make_agreement(area.partnership)
    reservation = reserve(agreement, area.provider)
    client = signed_in(Role.SIGNATORY, stranger.provider)
    for address in (
        ours(agreement, area),
        ours(agreement, area, "ask/"),
        ours(agreement, area, f"clauses/{clause_id(1)}/reserve/"),
        reservation.get_absolute_url(),
        f"{reservation.get_absolute_url()}withdraw/",
    ):
        assert client.get(address).status_code == 404


def test_readers_of_the_party_see_it_and_may_not_act(signed_in: Any) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    reservation = reserve(agreement, area.provider)
    client = signed_in(Role.TUTOR, area.provider)
    assert client.get(reservation.get_absolute_url()).status_code == 200
    page = client.get(ours(agreement, area)).content.decode()
    assert "/reserve/" not in page
    assert "/ask/" in page
    assert client.get(ours(agreement, area, f"clauses/{clause_id(2)}/reserve/")).status_code == 403
    assert client.get(f"{reservation.get_absolute_url()}withdraw/").status_code == 403
    assert client.post(reservation.get_absolute_url(), {"body": "Me too"}).status_code == 403


def test_a_question_is_asked_and_answered_by_its_pages(
    signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    actions.add_party(agreement=agreement, organisation=area.provider, by=None)
    client = signed_in(Role.TUTOR, area.provider)
    address = ours(agreement, area, f"clauses/{clause_id(1)}/ask/")
    assert "Do what is agreed, as the provider." in client.get(address).content.decode()
    response = client.post(address, {"kind": "question", "text": "On which form?"})
    question = agreement.questions.get()
    assert response.url == question.get_absolute_url()
    signed_in(Role.EDITOR, area.partnership)
    task = tasks.find(question, QuestionFlow, "answer")
    client.post(task.get_absolute_url(), {"answer": "On any form."})
    signed_in(Role.SIGNATORY, area.provider)
    assert "On any form." in client.get(question.get_absolute_url()).content.decode()
    assert "Answered" in client.get("/agreements/questions/").content.decode()


def test_the_lists_cost_the_same_however_long_they_are(
    signed_in: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    area = Area()
    agreement = make_agreement(area.partnership)
    client = signed_in(Role.SIGNATORY, area.provider)
    asker = member(Role.TUTOR, area.provider)

    def cost(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address).status_code == 200
        return len(found)

    def add(number: int) -> None:
        reserve(agreement, area.provider, number)
        actions.ask_question(agreement=agreement, organisation=area.provider, text="Why?", by=asker)

    addresses = ["/agreements/reservations/", "/agreements/questions/", ours(agreement, area)]
    add(1)
    for address in addresses:
        cost(address)
    small = [cost(address) for address in addresses]
    for number in (2, 3, 101, 102):
        add(number)
    assert [cost(address) for address in addresses] == small


def test_two_versions_are_compared_by_anybody(client: Client) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    alone = client.get(f"/agreements/{agreement.pk}/compare/").content.decode()
    assert "Only one version has been published" in alone
    assert "From version" not in alone
    publish(agreement, text(wording="Do what is agreed every day", terms={"review_every": "6"}))
    publish(agreement, text(wording="Do it", terms={"review_every": "4"}))
    page = client.get(f"/agreements/{agreement.pk}/compare/").content.decode()
    assert "From version 2 to version 3" in page
    page = client.get(f"/agreements/{agreement.pk}/compare/?before=1&after=2").content.decode()
    assert "From version 1 to version 2" in page
    assert "12 weeks" in page
    assert "6 weeks" in page
    assert '<ins class="accord-came">' in page
    page = client.get(f"/agreements/{agreement.pk}/compare/?before=9&after=x")
    assert page.status_code == 200


def test_the_other_side_is_told(django_capture_on_commit_callbacks: Any) -> None:
    from workflows.engine import events
    from workflows.engine import mail as messages
    from workflows.engine.models import Event

    area = Area()
    officer = member(Role.OFFICER, area.partnership)
    signatory = member(Role.SIGNATORY, area.provider)
    reservation = reserve(make_agreement(area.partnership), area.provider, by=signatory)
    propose(reservation, by=officer)
    told = {
        event.kind: {person for _, person in messages.addressees(event.pk)}
        for event in Event.objects.filter(kind__in=["clause_reserved", "variation_proposed"])
    }
    assert officer.pk in told["clause_reserved"]
    assert told["variation_proposed"] == {signatory.pk}
    for event in Event.objects.filter(kind__in=told):
        for number, person in messages.addressees(event.pk):
            assert messages.send(event.pk, number, person)
    assert f"/agreements/reservations/{reservation.pk}/" in mail.outbox[0].body
    assert events.notifications_for("agreement_question_answered")


# --- Where it is read and accepted ----------------------------------------------------------------


def test_the_step_that_accepts_shows_what_changed_and_what_holds(signed_in: Any) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    reserve(agreement, area.provider, 2)
    publish(agreement, text(wording="Do more", terms={"review_every": "10"}))
    request = agreement.acceptance_requests.get(organisation=area.provider, status="requested")
    client = signed_in(Role.SIGNATORY, area.provider)
    page = client.get(tasks.open_tasks(request).get().get_absolute_url()).content.decode()
    assert "What changed since version 1" in page
    assert "12 weeks" in page
    assert f"Agreed for {area.provider.name}" in page
    assert f"{area.provider.name} has reserved this clause" in page
    assert ours(agreement, area, f"clauses/{clause_id(1)}/reserve/") in page


def test_the_receipt_says_what_was_agreed_otherwise_and_what_was_reserved(
    settings: Any,
) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    reserve(agreement, area.provider, 2)
    acceptance = accept(agreement, area.provider)
    # Agreed and reserved too late to be in it.
    vary(agreement, area.provider, 1, text="Do it otherwise later.")
    reserve(agreement, area.provider, 3)
    jobs.make_receipt(acceptance_id=acceptance.pk)
    acceptance.refresh_from_db()
    reader = pypdf.PdfReader(io.BytesIO(bytes(acceptance.receipt.pdf)))
    printed = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    assert f"Agreed for {area.provider.name}" in printed
    assert "A review is held every 6 weeks" in printed
    assert printed.count(f"Reserved by {area.provider.name} when it accepted") == 1
    assert "otherwise later" not in printed


def test_the_published_text_leads_its_parties_to_their_own(signed_in: Any, client: Client) -> None:
    area, stranger = Area(), Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    address = f"/agreements/{agreement.pk}/versions/1/"
    assert ours(agreement, area) not in client.get(address).content.decode()
    signed_in(Role.TUTOR, stranger.provider)
    assert ours(agreement, area) not in client.get(address).content.decode()
    signed_in(Role.TUTOR, area.provider)
    assert ours(agreement, area) in client.get(address).content.decode()
    actions.withdraw(agreement=agreement, by=None)
    assert ours(agreement, area) not in client.get(address).content.decode()


def test_my_agreements_lead_to_the_text_as_it_holds(signed_in: Any) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(4)})
    reserve(agreement, area.provider, 1)
    reserve(agreement, area.provider, 2)
    page = signed_in(Role.TUTOR, area.provider).get("/agreements/").content.decode()
    assert ours(agreement, area) in page
    assert f"1 clause agreed otherwise for {area.provider.name}" in page
    assert "2 clauses reserved" in page


def test_an_agreed_number_moves_the_next_review_of_that_provider_and_of_no_other() -> None:
    area = Area()
    review = make_review(area)
    other = Area(area.local_authority)
    other.partnership, other.school = area.partnership, area.school
    theirs = make_review(other)
    today = timezone.localdate()
    agreement = review.placement.agreement
    assert review.due_date == today + datetime.timedelta(weeks=12)
    with pytest.raises(NotAllowed, match="first pupil"):
        reserve(agreement, area.provider, REVIEW)
    # A new number that nobody has accepted yet is what is reserved, and settled at another one.
    publish(agreement, text(terms={**TERMS, "review_every": "3"}))
    vary(agreement, area.provider, REVIEW, values={"review_every": Decimal(6)})
    review.refresh_from_db()
    theirs.refresh_from_db()
    assert (review.weeks, review.due_date) == (6, today + datetime.timedelta(weeks=6))
    assert (theirs.weeks, theirs.due_date) == (12, today + datetime.timedelta(weeks=12))
    # Accepted later, the version's number still comes after what was agreed.
    accept(agreement, area.provider)
    review.refresh_from_db()
    assert review.weeks == 6
