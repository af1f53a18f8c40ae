"""The words an agreement is described with, and how a request to accept moves from one to the next.

Tables only. Who may do each step is in grants.py, whether the facts allow it in rules.py.
"""

from typing import Final

from django.db.models import TextChoices


class Kind(TextChoices):
    """What sort of document the parties are held to."""

    SLA = "sla", "Service level agreement"
    DATA_SHARING = "data_sharing", "Data-sharing agreement"
    POLICY = "policy", "Policy"


class Mode(TextChoices):
    """How an organisation comes to be bound by the agreement."""

    SIGNATURE = "signature", "Signed by both parties"
    AT_COMMISSIONING = "at_commissioning", "Accepted each time a place is commissioned"
    IMPLIED = "implied", "Accepted by making a referral and by taking the place"


class Scope(TextChoices):
    """How far one acceptance of the agreement reaches."""

    STANDING = "standing", "Every pupil, until the agreement changes"
    PUPIL = "pupil", "One pupil"
    ACTIVITY = "activity", "One activity"


class Party(TextChoices):
    """Whose duty a clause is."""

    PROVIDER = "provider", "Provider"
    SCHOOL = "school", "School"
    COMMISSIONER = "commissioner", "Commissioner"
    FAMILY = "family", "Family"
    ALL = "all", "All parties"


# Which party an organisation of each kind is.
PARTY_OF_KIND: Final[dict[str, str]] = {
    "provider": Party.PROVIDER,
    "school": Party.SCHOOL,
    "partnership": Party.COMMISSIONER,
    "local_authority": Party.COMMISSIONER,
}


class RequestStatus(TextChoices):
    """Where a request to accept has got to."""

    REQUESTED = "requested", "Waiting for acceptance"
    ACCEPTED = "accepted", "Accepted"
    SUPERSEDED = "superseded", "Replaced by a newer version"


class Standing(TextChoices):
    """Where one organisation stands with one agreement, as people ask for it."""

    ACCEPTED = "accepted", "Accepted"
    GRACE = "grace", "To accept again, in the days of grace"
    LAPSED = "lapsed", "To accept again, the days of grace are over"
    TO_ACCEPT = "to_accept", "Asked, not accepted yet"
    NOT_ASKED = "not_asked", "Not asked yet"
    NOT_PUBLISHED = "not_published", "Not in force"


# Action name: the statuses it may start from, and the status it leaves behind.
TRANSITIONS: Final[dict[str, tuple[frozenset[str], str]]] = {
    "accept": (frozenset({RequestStatus.REQUESTED}), RequestStatus.ACCEPTED),
    "publish_version": (frozenset({RequestStatus.REQUESTED}), RequestStatus.SUPERSEDED),
}

# Who the next step of a request in each status belongs to: a party's role, or nobody any more.
STATUS_OWNERS: Final[dict[str, str | None]] = {
    RequestStatus.REQUESTED: "accept_agreement",
    RequestStatus.ACCEPTED: None,
    RequestStatus.SUPERSEDED: None,
}


class ReservationStatus(TextChoices):
    """Where an organisation's objection to a clause has got to, and whose turn it is."""

    RAISED = "raised", "Waiting for the partnership"
    PROPOSED = "proposed", "Waiting for the organisation"
    WITHDRAWN = "withdrawn", "Withdrawn"
    VARIED = "varied", "Varied"
    REFUSED = "refused", "Refused"

    @classmethod
    def open(cls) -> frozenset[str]:
        """Give the statuses in which the reservation still stands."""
        return frozenset({cls.RAISED.value, cls.PROPOSED.value})


RESERVATION_TRANSITIONS: Final[dict[str, tuple[frozenset[str], str]]] = {
    "propose_variation": (frozenset({ReservationStatus.RAISED}), ReservationStatus.PROPOSED),
    "refuse_reservation": (frozenset({ReservationStatus.RAISED}), ReservationStatus.REFUSED),
    "agree_variation": (frozenset({ReservationStatus.PROPOSED}), ReservationStatus.VARIED),
    "turn_down_variation": (frozenset({ReservationStatus.PROPOSED}), ReservationStatus.RAISED),
    "withdraw_reservation": (ReservationStatus.open(), ReservationStatus.WITHDRAWN),
}
# Actions that change no status, and the statuses in which they are possible.
RESERVATION_ALLOWED_IN: Final[dict[str, frozenset[str]]] = {
    "discuss_reservation": ReservationStatus.open(),
}
RESERVATION_OWNERS: Final[dict[str, str | None]] = {
    ReservationStatus.RAISED: "answer_reservation",
    ReservationStatus.PROPOSED: "accept_agreement",
    ReservationStatus.WITHDRAWN: None,
    ReservationStatus.VARIED: None,
    ReservationStatus.REFUSED: None,
}


class MessageKind(TextChoices):
    """What a line in the discussion of a reservation is."""

    COMMENT = "comment", "Comment"
    PROPOSAL = "proposal", "Proposed variation"
    TURNED_DOWN = "turned_down", "Proposal turned down"
    AGREEMENT = "agreement", "Variation agreed"
    REFUSAL = "refusal", "Refused"
    WITHDRAWAL = "withdrawal", "Withdrawn"


class QuestionKind(TextChoices):
    """What somebody in a party writes to those who publish the agreement."""

    QUESTION = "question", "Question"
    FEEDBACK = "feedback", "Feedback"


class TextReviewStatus(TextChoices):
    """Where the coming review of a published text has got to."""

    SCHEDULED = "scheduled", "Scheduled"
    DUE = "due", "To be reviewed"
    CHANGING = "changing", "To be changed and published"
    UNCHANGED = "unchanged", "Reviewed, unchanged"
    PUBLISHED = "published", "A new version was published"
    WITHDRAWN = "withdrawn", "The agreement was withdrawn"
    REPLACED = "replaced", "Another date was set"

    @classmethod
    def open(cls) -> frozenset[str]:
        """Give the statuses in which the review is still to come or under way."""
        return frozenset({cls.SCHEDULED.value, cls.DUE.value, cls.CHANGING.value})


TEXT_REVIEW_TRANSITIONS: Final[dict[str, tuple[frozenset[str], str]]] = {
    "open_text_review": (frozenset({TextReviewStatus.SCHEDULED}), TextReviewStatus.DUE),
    "review_unchanged": (
        frozenset({TextReviewStatus.DUE, TextReviewStatus.CHANGING}),
        TextReviewStatus.UNCHANGED,
    ),
    "review_needs_changes": (frozenset({TextReviewStatus.DUE}), TextReviewStatus.CHANGING),
    "withdraw_reviewed": (
        frozenset({TextReviewStatus.DUE, TextReviewStatus.CHANGING}),
        TextReviewStatus.WITHDRAWN,
    ),
}
TEXT_REVIEW_OWNERS: Final[dict[str, str | None]] = {
    TextReviewStatus.SCHEDULED: "review_agreement",
    TextReviewStatus.DUE: "review_agreement",
    TextReviewStatus.CHANGING: "review_agreement",
    TextReviewStatus.UNCHANGED: None,
    TextReviewStatus.PUBLISHED: None,
    TextReviewStatus.WITHDRAWN: None,
    TextReviewStatus.REPLACED: None,
}


class ReviewOutcome(TextChoices):
    """What a review of a published text comes to."""

    UNCHANGED = "unchanged", "Reviewed, unchanged"
    CHANGES_NEEDED = "changes_needed", "It needs changes"


class ActKind(TextChoices):
    """What has to be done with a policy's text before it may call itself approved."""

    HEAD_REVIEW = "head_review", "Review by the head"
    BOARD_APPROVAL = "board_approval", "Approval by the full governing board"
