"""Who is told about a referral, and by which message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from permissions import audit
from permissions import queries as permissions
from permissions.models import User
from workflows.cases.states import ParticipationKind
from workflows.engine.events import Notification
from workflows.letters import queries as letters

from . import queries
from .models import PanelSeat, Referral

if TYPE_CHECKING:
    from workflows.engine.models import Event


def _referral(event: Event) -> Referral:
    return Referral.objects.select_related("case__pupil__school", "case__partnership").get(
        pk=event.data["referral"]
    )


def officers(event: Event) -> Iterable[User]:
    """Answer the people who screen for the partnership."""
    return permissions.people_with("screen_referral", _referral(event).case.partnership)


def asked_partnership(event: Event) -> Iterable[User]:
    """Answer the people who screen for the partnership that is asked to take the referral."""
    transfer = queries.open_transfer(_referral(event))
    if transfer is None:
        return []
    return permissions.people_with("screen_referral", transfer.to_partnership)


def school(event: Event) -> Iterable[User]:
    """Answer the people who refer for the home school."""
    return permissions.people_with("refer_pupil", _referral(event).case.pupil.school)


def had_it(event: Event) -> Iterable[User]:
    """Answer everybody who had the case: its commissioner, panel members asked, providers ever asked."""
    referral = _referral(event)
    people = {*officers(event)}
    for part in referral.case.participations.exclude(
        kind=ParticipationKind.HOME_SCHOOL
    ).select_related("organisation"):
        people.update(permissions.people_with("view_case", part.organisation))
    seats = PanelSeat.objects.filter(consideration__referral=referral, member__is_active=True)
    people.update(seat.member for seat in seats.select_related("member"))
    people.update(school(event))
    # A draft never left the school.
    return people if referral.submitted_at else school(event)


def panel(event: Event) -> Iterable[User]:
    """Answer those who are asked to vote and have not, in the consideration that is open."""
    consideration = queries.open_consideration(_referral(event))
    if consideration is None:
        return []
    return User.objects.filter(pk__in=queries.still_to_vote(consideration).values("member"))


def chairs(event: Event) -> Iterable[User]:
    """Answer the chairs, once the panel can decide; nobody before."""
    referral = _referral(event)
    consideration = queries.open_consideration(referral)
    if consideration is None or not queries.standing(consideration).is_enough:
        return []
    return queries.panel_chairs(referral)


def reviewers(event: Event) -> Iterable[User]:
    """Answer the people who may look at a decision again, or were to."""
    referral = _referral(event)
    review = referral.decision_reviews.order_by("-asked_at", "-pk").first()
    if review is not None and queries.reviewed_by_chairs(review):
        return queries.reviewing_chairs(review).filter(is_active=True)
    return permissions.people_with("review_decision", queries.review_office(referral))


def letter(event: Event, reader: User) -> Iterable[tuple[str, bytes, str]]:
    """Give the letter itself, where the partnership lets emails carry it and the reader may read it.

    The name of the file names nobody.
    """
    referral = _referral(event)
    if not letters.letter_settings(referral.case.partnership).attaches_letters:
        return
    document = queries.letter_document(event.data["document"], reader)
    if document is None:
        return
    audit.record_read(reader, document.case, document.case.partnership, purpose="letter by email")
    with document.file.open("rb") as file:
        yield f"letter-{document.case.reference}.pdf", file.read(), document.content_type


def administrators(event: Event) -> Iterable[User]:
    """Answer the people who say who is on the partnership's panel."""
    return permissions.people_with("change_panel_settings", _referral(event).case.partnership)


NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "referral_submitted": [
        Notification(officers, "mail/referral_submitted.txt", "A referral is waiting for you")
    ],
    "transfer_proposed": [
        Notification(
            asked_partnership, "mail/transfer_proposed.txt", "You are asked to take a referral"
        )
    ],
    "transfer_refused": [
        Notification(officers, "mail/transfer_refused.txt", "A partnership has answered you")
    ],
    "referral_transferred": [
        Notification(officers, "mail/referral_submitted.txt", "A referral is waiting for you"),
        Notification(school, "mail/referral_transferred.txt", "Your referral was transferred"),
    ],
    "question_asked": [
        Notification(school, "mail/question_asked.txt", "A question about your referral")
    ],
    "question_reminded": [
        Notification(school, "mail/question_reminded.txt", "Your answer is due soon")
    ],
    "question_answered": [
        Notification(officers, "mail/question_answered.txt", "A school has answered your question")
    ],
    "referral_sent_to_panel": [
        Notification(panel, "mail/referral_sent_to_panel.txt", "Your vote is needed"),
        Notification(school, "mail/referral_at_panel.txt", "Your referral is with the panel"),
    ],
    "votes_are_in": [
        Notification(chairs, "mail/votes_are_in.txt", "A referral is ready for your decision")
    ],
    "panel_lacks_chair": [
        Notification(administrators, "mail/panel_lacks_chair.txt", "A panel has no chair")
    ],
    "referral_deferred": [
        Notification(officers, "mail/referral_deferred.txt", "The panel has deferred a referral")
    ],
    "referral_withdrawn": [
        Notification(officers, "mail/referral_withdrawn.txt", "A referral was withdrawn")
    ],
    "permission_withdrawn": [
        # What may no longer be discussed or done must be known the same hour.
        Notification(
            had_it,
            "mail/permission_withdrawn.txt",
            "Permission for a case is withdrawn",
            at_once=True,
        )
    ],
    "letter_sent": [
        Notification(
            school, "mail/letter_sent.txt", "The panel’s decision on your referral", attach=letter
        )
    ],
    "review_letter_sent": [
        Notification(
            school,
            "mail/review_letter_sent.txt",
            "The review of a decision is finished",
            attach=letter,
        )
    ],
    "permission_letter_sent": [
        Notification(
            school, "mail/permission_letter_sent.txt", "A letter about your referral", attach=letter
        )
    ],
    "decision_review_asked": [
        Notification(
            reviewers, "mail/decision_review_asked.txt", "A decision is waiting for its review"
        )
    ],
    "review_lacks_reviewer": [
        Notification(
            administrators,
            "mail/review_lacks_reviewer.txt",
            "Nobody can review a panel’s decision",
        )
    ],
    "decision_review_withdrawn": [
        Notification(
            reviewers, "mail/decision_review_withdrawn.txt", "A review is no longer needed"
        )
    ],
}
