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
}
