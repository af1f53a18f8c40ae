"""Who is told about what happens to agreements."""

from collections.abc import Iterable
from typing import Final

from permissions import queries as permissions
from permissions.models import User
from workflows.agreements.models import AgreementParty
from workflows.engine.events import Notification
from workflows.engine.models import Event


def signatories(event: Event) -> Iterable[User]:
    """Give the people who may accept for the organisation that was asked."""
    return permissions.people_with("accept_agreement", event.data["organisation"])


def commissioner(event: Event) -> Iterable[User]:
    """Give the partnership's people who ask for acceptances."""
    partnership = event.data["partnership"]
    return permissions.people_with("manage_agreement_parties", partnership)


def informed_signatories(event: Event) -> Iterable[User]:
    """Give the signatories of every party to a version that needs no new acceptance."""
    if event.data["material"]:
        return []
    parties = AgreementParty.objects.filter(agreement=event.data["agreement"])
    people = User.objects.none()
    for party in parties.select_related("organisation"):
        people = people | permissions.people_with("accept_agreement", party.organisation)
    return people.distinct()


def answerers(event: Event) -> Iterable[User]:
    """Give the partnership's people who answer reservations."""
    return permissions.people_with("answer_reservation", event.data["partnership"])


def other_side(event: Event) -> Iterable[User]:
    """Give the people of the side that did not speak about a reservation."""
    if event.data["speaker"] == event.data["partnership"]:
        return permissions.people_with("reserve_clause", event.data["organisation"])
    return answerers(event)


def answerers_of_questions(event: Event) -> Iterable[User]:
    """Give the partnership's people who answer questions about its agreements."""
    return permissions.people_with("answer_agreement_question", event.data["partnership"])


def asker(event: Event) -> Iterable[User]:
    """Give the person who asked."""
    return User.objects.filter(pk=event.data["asker"])


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "acceptance_requested": [
        Notification(
            to=signatories,
            template="mail/acceptance_requested.txt",
            subject="An agreement is waiting for you to accept it",
        )
    ],
    "agreement_accepted": [
        Notification(
            to=commissioner,
            template="mail/agreement_accepted.txt",
            subject="An organisation has accepted an agreement",
        )
    ],
    "agreement_published": [
        Notification(
            to=informed_signatories,
            template="mail/agreement_published.txt",
            subject="A new version of an agreement was published",
        )
    ],
    "clause_reserved": [
        Notification(
            to=answerers,
            template="mail/clause_reserved.txt",
            subject="A clause of an agreement was reserved",
        )
    ],
    "reservation_discussed": [
        Notification(
            to=other_side,
            template="mail/reservation_discussed.txt",
            subject="Something was said about a reservation",
        )
    ],
    "variation_proposed": [
        Notification(
            to=signatories,
            template="mail/variation_proposed.txt",
            subject="A variation of an agreement is proposed to you",
        )
    ],
    "variation_turned_down": [
        Notification(
            to=answerers,
            template="mail/variation_turned_down.txt",
            subject="A proposed variation was turned down",
        )
    ],
    "variation_agreed": [
        Notification(
            to=answerers,
            template="mail/variation_agreed.txt",
            subject="A variation of an agreement was agreed",
        )
    ],
    "reservation_refused": [
        Notification(
            to=signatories,
            template="mail/reservation_refused.txt",
            subject="A reservation was refused",
        )
    ],
    "reservation_withdrawn": [
        Notification(
            to=answerers,
            template="mail/reservation_withdrawn.txt",
            subject="A reservation was withdrawn",
        )
    ],
    "agreement_question_asked": [
        Notification(
            to=answerers_of_questions,
            template="mail/agreement_question_asked.txt",
            subject="A question about an agreement is waiting for you",
        )
    ],
    "agreement_question_answered": [
        Notification(
            to=asker,
            template="mail/agreement_question_answered.txt",
            subject="Your question about an agreement was answered",
        )
    ],
}
