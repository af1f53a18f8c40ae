"""Two people at once, each on a connection of its own."""

import datetime
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import do_request, make_agreement, publish, text
from tests.factories.cases import Area
from tests.factories.placements import agreement_of, make_allocation, make_placement, ready
from workflows.agreements import actions, queries
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementVersion,
)
from workflows.engine import tasks
from workflows.engine.exceptions import Busy, NotAllowed
from workflows.placements import actions as placements
from workflows.placements import queries as placement_queries
from workflows.placements.flows import PlacementFlow

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call each on a thread and connection of its own; give what each answered or raised."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers[number] = call()
        except NotAllowed as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(number, call)) for number, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_signatories_exactly_one_accepts() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    request = actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    assert request is not None
    version = request.version
    people = [member(Role.SIGNATORY, area.provider) for _ in range(2)]

    def accept_as(person: Any) -> Callable[[], Any]:
        def act() -> Acceptance:
            return actions.accept(
                version=version,
                organisation=area.provider,
                by=person,
                name=person.name,
                position="Director",
                authority="Director of the company",
                confirmed=True,
            )

        return lambda: tasks.perform(
            tasks.find(request, AcceptanceFlow, "accept"), by=person, act=act
        )

    answers = at_once(*(accept_as(person) for person in people))
    refusals = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert len(refusals) == 1
    assert refusals[0].reason.endswith(".")
    assert Acceptance.objects.count() == 1


def test_past_the_task_too_exactly_one_accepts() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    actions.add_party(agreement=agreement, organisation=area.provider, by=None)
    version = queries.version_in_force(agreement)
    people = [member(Role.SIGNATORY, area.provider) for _ in range(3)]
    answers = at_once(
        *(
            lambda person=person: actions.accept(
                version=version,
                organisation=area.provider,
                by=person,
                name=person.name,
                position="Director",
                authority="Director of the company",
                confirmed=True,
            )
            for person in people
        )
    )
    assert sum(isinstance(answer, Acceptance) for answer in answers) == 1
    assert Acceptance.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_publishing_while_somebody_accepts_never_binds_to_a_replaced_version(attempt: int) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    request = actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    assert request is not None
    first = request.version
    person = member(Role.SIGNATORY, area.provider)
    task = tasks.find(request, AcceptanceFlow, "accept")

    def accept() -> Any:
        return tasks.perform(
            task,
            by=person,
            act=lambda: actions.accept(
                version=first,
                organisation=area.provider,
                by=person,
                name=person.name,
                position="Director",
                authority="Director of the company",
                confirmed=True,
            ),
        )

    accepted, published = at_once(accept, lambda: publish(agreement, text(wording="More duties")))
    assert not isinstance(published, NotAllowed), "Publishing must not fail"
    # Whoever came first, the provider is not bound by the new text and is asked about it.
    assert not queries.has_accepted(agreement, area.provider)
    waiting = agreement.acceptance_requests.get(status="requested")
    assert waiting.version == published
    assert tasks.find(waiting, AcceptanceFlow, "accept")
    if isinstance(accepted, Acceptance):
        assert accepted.version == first
    else:
        assert accepted.reason.endswith(".")
        assert not Acceptance.objects.exists()


def test_publishing_the_same_text_twice_at_once_makes_one_version() -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    new = text(wording="More duties")
    first, second = at_once(lambda: publish(agreement, new), lambda: publish(agreement, new))
    assert first == second
    assert agreement.versions.count() == 2


@pytest.mark.parametrize("attempt", range(3))
def test_both_sides_signing_at_once_are_both_recorded_and_the_placement_goes_on(
    attempt: int,
) -> None:
    area = ready()
    agreement = agreement_of(area)
    officer, signatory = area.person(Role.OFFICER), area.person(Role.SIGNATORY)
    allocation = make_allocation(area)
    PlacementFlow.begin(allocation, by=None)
    tasks.perform(
        tasks.find(allocation, PlacementFlow, "allocate"),
        by=officer,
        act=lambda: placements.make_offer(
            allocation=allocation,
            provider=area.provider,
            hours_per_week=Decimal(5),
            starts_date=timezone.localdate(),
            by=officer,
        ),
    )
    offer = placement_queries.latest_offer(allocation)
    assert offer is not None
    tasks.perform(
        tasks.find(allocation, PlacementFlow, "answer_offer"),
        by=signatory,
        act=lambda: placements.accept_offer(offer=offer, by=signatory),
    )
    actions.ask_partnership(agreement, None, "", None)
    requests = list(agreement.acceptance_requests.filter(status="requested"))
    assert len(requests) == 2
    people = {area.provider: signatory, area.partnership: officer}

    def sign(request: AcceptanceRequest) -> Callable[[], Any]:
        return lambda: do_request(request, people[request.organisation])

    answers = at_once(*(sign(request) for request in requests))
    for request, answer in zip(requests, answers, strict=True):
        # One of them may be told that the other is at work, and does it again.
        if not isinstance(answer, Acceptance):
            assert isinstance(answer, NotAllowed)
            do_request(request, people[request.organisation])
    assert Acceptance.objects.count() == 2
    assert not agreement.acceptance_requests.filter(status="requested").exists()
    assert tasks.find(allocation, PlacementFlow, "start_placement")


@pytest.mark.parametrize("attempt", range(3))
def test_at_the_end_of_the_days_of_grace_a_start_never_outruns_the_acceptance(attempt: int) -> None:
    monday = datetime.datetime(2026, 9, 14, 9, tzinfo=datetime.UTC)
    with time_machine.travel(monday) as clock:
        area = ready()
        placement = make_placement(area)
        agreement, officer = placement.agreement, area.person(Role.OFFICER)
        publish(agreement, text(wording="More duties"))
        requests = {
            request.organisation: request
            for request in agreement.acceptance_requests.filter(status="requested")
        }
        do_request(requests[area.partnership], officer)
        # A minute after midnight: the last day of grace has just passed.
        clock.move_to(datetime.datetime(2026, 9, 28, 23, 1, tzinfo=datetime.UTC))
        signatory = area.person(Role.SIGNATORY)
        accepted, started = at_once(
            lambda: do_request(requests[area.provider], signatory),
            lambda: placements.start_placement(placement=placement, by=officer),
        )
        assert isinstance(accepted, Acceptance)
        if isinstance(started, NotAllowed):
            assert "is enough only" in started.reason or "at this moment" in started.reason
            placements.start_placement(placement=placement, by=officer)
        placement.refresh_from_db()
        assert placement.status == "started"
        assert placement.started_at is not None
        assert Acceptance.objects.filter(organisation=area.provider, version__number=2).count() == 1


REVIEWED: dict[str, dict[str, Any]] = {
    "review_unchanged": {"next_date": datetime.date(2030, 1, 1), "note": ""},
    "review_needs_changes": {"note": "Much."},
}


@pytest.mark.parametrize("action", [*REVIEWED, "withdraw_reviewed", "open_text_review"])
def test_a_review_and_a_publication_at_once_never_wait_for_each_other(action: str) -> None:
    area = Area()
    agreement = make_agreement(area.partnership)
    review = queries.open_text_review(agreement)
    assert review is not None
    if action != "open_text_review":
        actions.open_text_review(review=review)
    editor = member(Role.ADMINISTRATOR, area.partnership)
    is_held, is_answered = threading.Event(), threading.Event()

    def publish_slowly() -> Any:
        with transaction.atomic():
            Agreement.objects.locked().get(pk=agreement.pk)
            is_held.set()
            # Long enough for the review to take whatever it takes before the agreement.
            is_answered.wait(1)
            return publish(agreement, text(wording="More duties"))

    def decide() -> Any:
        is_held.wait(5)
        try:
            if action == "open_text_review":
                return actions.open_text_review(review=review)
            if action == "withdraw_reviewed":
                return actions.withdraw_reviewed(review=review, reason="Old.", by=editor)
            return getattr(actions, action)(
                review=review,
                name="A",
                position="B",
                reviewed_date=timezone.localdate(),
                by=editor,
                **REVIEWED[action],
            )
        finally:
            is_answered.set()

    published, decided = at_once(publish_slowly, decide)
    assert isinstance(published, AgreementVersion)
    assert isinstance(decided, Busy)
    review.refresh_from_db()
    assert review.status == "published"
    # Whoever comes again is told that the review is over.
    with pytest.raises(NotAllowed, match="has ended"):
        actions.open_text_review(review=review)
