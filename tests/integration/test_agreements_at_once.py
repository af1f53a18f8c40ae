"""Two people at once, each on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import make_agreement, publish, text
from tests.factories.cases import Area
from workflows.agreements import actions, queries
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import Acceptance
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed

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
