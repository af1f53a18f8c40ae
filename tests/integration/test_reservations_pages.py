"""Reservations and questions on their pages, and where what was agreed is read."""

import datetime
import io
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import (
    TERMS,
    accept,
    clause_id,
    make_agreement,
    propose,
    publish,
    reserve,
    text,
    vary,
)
from tests.factories.cases import Area
from tests.factories.reviews import make_review
from tests.integration.test_reservations import REVIEW, ours, review_every
from workflows.agreements import actions, jobs, queries
from workflows.agreements.flows import QuestionFlow, ReservationFlow
from workflows.agreements.models import Reservation, Variation
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Any:
    """Give a function that signs a person in."""

    def sign_in(role: Role, organisation: Any) -> Client:
        person = member(role, organisation)
        client.force_login(person)
        return client

    return sign_in


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
