"""Who is told about what happens to agreements."""

from collections.abc import Iterable
from typing import Final

from permissions import queries as permissions
from permissions.models import Organisation, User
from workflows.engine.events import Notification
from workflows.engine.models import Event


def signatories(event: Event) -> Iterable[User]:
    """Give the people who may accept for the organisation that was asked."""
    return permissions.people_with("accept_agreement", event.data["organisation"])


def commissioner(event: Event) -> Iterable[User]:
    """Give the partnership's people who ask for acceptances."""
    partnership = event.data["partnership"]
    return permissions.people_with("manage_agreement_parties", partnership)


def commissioner_of_an_act(event: Event) -> Iterable[User]:
    """Give the partnership's people, unless the act that implied the acceptance tells them anyway."""
    is_own = event.data["organisation"] == event.data["partnership"]
    return [] if is_own or event.data.get("implied") else commissioner(event)


def those_who_signed(event: Event) -> Iterable[User]:
    """Give the signatories of the other parties, once the partnership has signed as well."""
    if event.data["organisation"] != event.data["partnership"]:
        return []
    parties = Organisation.objects.filter(
        acceptances__version__agreement=event.data["agreement"]
    ).exclude(pk=event.data["partnership"])
    return _signatories_of(parties.distinct())


def informed_signatories(event: Event) -> Iterable[User]:
    """Give the signatories of every party to a version that needs no new acceptance."""
    if event.data["material"]:
        return []
    return _signatories_of(
        Organisation.objects.filter(agreement_parties__agreement=event.data["agreement"])
    )


def _signatories_of(organisations: Iterable[Organisation]) -> Iterable[User]:
    people = User.objects.none()
    for organisation in organisations:
        people = people | permissions.people_with("accept_agreement", organisation)
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


def reviewers(event: Event) -> Iterable[User]:
    """Give the people who review what the partnership has published."""
    return permissions.people_with("review_agreement", event.data["partnership"])


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "text_review_due": [
        Notification(
            to=reviewers,
            template="mail/text_review_due.txt",
            subject="An agreement or a policy is to be reviewed",
        )
    ],
    "acceptance_requested": [
        Notification(
            to=signatories,
            template="mail/acceptance_requested.txt",
            subject="An agreement is waiting for you to accept it",
        )
    ],
    "agreement_accepted": [
        Notification(
            to=commissioner_of_an_act,
            template="mail/agreement_accepted.txt",
            subject="An organisation has accepted an agreement",
        ),
        Notification(
            to=those_who_signed,
            template="mail/agreement_countersigned.txt",
            subject="The partnership has signed an agreement",
        ),
    ],
    "acceptance_reminded": [
        Notification(
            to=signatories,
            template="mail/acceptance_reminded.txt",
            subject="An agreement still waits for you to accept it",
        )
    ],
    "acceptance_lapsed": [
        Notification(
            to=signatories,
            template="mail/acceptance_lapsed.txt",
            subject="The time to accept an agreement is over",
        ),
        Notification(
            to=commissioner,
            template="mail/acceptance_lapsed.txt",
            subject="The time to accept an agreement is over",
        ),
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
