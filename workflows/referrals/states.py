"""The tables of a referral: statuses, how they follow each other, who owns each, and the choices.

Tables only. The code that obeys them is in `rules.py` and `actions.py`.
"""

from __future__ import annotations

from django.db import models

from permissions.roles import Role


class Status(models.TextChoices):
    """What is true of a referral."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    QUESTIONED = "questioned", "Question asked"
    AT_PANEL = "at_panel", "With the panel"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DEFERRED = "deferred", "Deferred"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Choice(models.TextChoices):
    """What a panel member may vote for."""

    ACCEPT = "accept", "Accept the referral"
    DECLINE = "decline", "Decline the referral"
    DEFER = "defer", "Defer to a later meeting"


class Outcome(models.TextChoices):
    """What the chair may decide."""

    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    DEFER = "defer", "Defer"


class VotesShown(models.TextChoices):
    """When a panel's members see how the others have voted."""

    AFTER_DECISION = "after_decision", "Once the chair has recorded the decision"
    AFTER_OWN_VOTE = "after_own_vote", "Once they have voted themselves"


class SeatEnd(models.TextChoices):
    """Why somebody's seat in a consideration ended before the chair closed it."""

    SUBSTITUTED = "substituted", "A substitute sits in the place"
    RETURNED = "returned", "The member is back"
    ROLE_ENDED = "role_ended", "No longer on the panel"


class PermissionMethod(models.TextChoices):
    """How a parent or carer gave permission."""

    SIGNED_FORM = "signed_form", "Signed form"
    EMAIL = "email", "Email"
    MEETING = "meeting", "At a meeting"
    TELEPHONE = "telephone", "By telephone"


class ScreeningOutcome(models.TextChoices):
    """What an officer did with a referral. Declining is the panel's alone."""

    TO_PANEL = "to_panel", "Sent to the panel"
    ASKED = "asked", "Sent back with questions"


class TransferStatus(models.TextChoices):
    """What became of a proposal that another partnership takes a referral."""

    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Taken back"


class PauseReason(models.TextChoices):
    """Why the partnership's clocks stand still."""

    QUESTION = "question", "Waiting for the school’s answer"


class Part(models.TextChoices):
    """The pages that every referral has; the partnership's questions stand before the last."""

    PUPIL = "pupil", "Pupil"
    PERMISSION = "permission", "Parental permission"
    EVIDENCE = "evidence", "Evidence"
    CONTACTS = "contacts", "Contacts"


# What each page writes on the referral itself, and which of it must be there before submission.
PART_FIELDS: dict[Part, tuple[str, ...]] = {
    Part.PUPIL: (),
    Part.PERMISSION: (),
    Part.EVIDENCE: ("no_medical_evidence_reason",),
    Part.CONTACTS: (
        "named_person",
        "named_person_contact",
        "key_contact",
        "key_contact_contact",
        "absence_contact",
        "absence_contact_contact",
    ),
}
OPTIONAL_FIELDS = frozenset({"no_medical_evidence_reason"})

# Statuses in which the partnership's clocks stand still, and why.
PAUSED_IN: dict[Status, PauseReason] = {Status.QUESTIONED: PauseReason.QUESTION}

# Action to the statuses it may start from, and the status it leads to.
TRANSITIONS: dict[str, tuple[frozenset[Status], Status]] = {
    "submit": (frozenset({Status.DRAFT}), Status.SUBMITTED),
    "ask_question": (frozenset({Status.SUBMITTED}), Status.QUESTIONED),
    "answer_question": (frozenset({Status.QUESTIONED}), Status.SUBMITTED),
    "send_to_panel": (frozenset({Status.SUBMITTED}), Status.AT_PANEL),
    "accept": (frozenset({Status.AT_PANEL}), Status.ACCEPTED),
    "decline": (frozenset({Status.AT_PANEL}), Status.DECLINED),
    "defer": (frozenset({Status.AT_PANEL}), Status.DEFERRED),
    "return_to_panel": (frozenset({Status.DEFERRED}), Status.AT_PANEL),
    "withdraw": (
        frozenset(
            {
                Status.DRAFT,
                Status.SUBMITTED,
                Status.QUESTIONED,
                Status.AT_PANEL,
                Status.DEFERRED,
            },
        ),
        Status.WITHDRAWN,
    ),
    # Also of an accepted referral, whose case is being placed or is placed.
    "withdraw_permission": (
        frozenset(Status) - {Status.DECLINED, Status.WITHDRAWN},
        Status.WITHDRAWN,
    ),
}

# Where the review of a decision sends a referral; nobody does it by itself.
BY_REVIEW: dict[str, tuple[frozenset[Status], Status]] = {
    "reconsider": (frozenset({Status.DECLINED}), Status.AT_PANEL),
    # Permission is withdrawn while a review may still open the case again.
    "stop_in_review": (frozenset({Status.DECLINED}), Status.WITHDRAWN),
}

# Statuses in which the school may still change what it wrote.
WRITABLE = frozenset({Status.DRAFT, Status.QUESTIONED})

# Actions that change no status, to the statuses in which they are possible.
ALLOWED_IN: dict[str, frozenset[Status]] = {
    "write": WRITABLE,
    "propose_transfer": frozenset({Status.SUBMITTED}),
    "record_permission": WRITABLE,
    "cast_vote": frozenset({Status.AT_PANEL}),
    "change_vote": frozenset({Status.AT_PANEL}),
    "declare_conflict": frozenset({Status.AT_PANEL}),
}

# Who has the next move in each status.
OWNERS: dict[Status, tuple[Role, ...]] = {
    Status.DRAFT: (Role.REFERRER, Role.HEAD),
    Status.SUBMITTED: (Role.OFFICER,),
    Status.QUESTIONED: (Role.REFERRER, Role.HEAD),
    Status.AT_PANEL: (Role.PANEL_MEMBER, Role.PANEL_CHAIR),
    Status.ACCEPTED: (Role.OFFICER,),
    Status.DECLINED: (Role.REFERRER, Role.HEAD),
    Status.DEFERRED: (Role.OFFICER,),
    Status.WITHDRAWN: (Role.REFERRER, Role.HEAD),
}


class ReviewStatus(models.TextChoices):
    """What is true of the review of a decision."""

    ASKED = "asked", "Asked for"
    UPHELD = "upheld", "The decision stays"
    RETURNED = "returned", "The panel decides again"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AskedFor(models.TextChoices):
    """For whom a school asks for the review of a decision."""

    SCHOOL = "school", "The school"
    FAMILY = "family", "A parent, a carer or the pupil"


# The decisions of which a review can be asked for. What was accepted or put off goes on.
# The reason kept with the share of a chair who reviews a decision, until the review ends.
REVIEW_SHARE = "Reviews the decision"
REVIEWABLE = frozenset({Outcome.DECLINE})

REVIEW_TRANSITIONS: dict[str, tuple[frozenset[ReviewStatus], ReviewStatus]] = {
    "uphold_decision": (frozenset({ReviewStatus.ASKED}), ReviewStatus.UPHELD),
    "return_decision": (frozenset({ReviewStatus.ASKED}), ReviewStatus.RETURNED),
    "withdraw_review": (frozenset({ReviewStatus.ASKED}), ReviewStatus.WITHDRAWN),
}

# Who has the next move in each status of a review. Once it is decided, that is whoever has it in
# the referral.
REVIEW_OWNERS: dict[ReviewStatus, tuple[Role, ...]] = {
    ReviewStatus.ASKED: (Role.OFFICER,),
    ReviewStatus.UPHELD: (Role.REFERRER, Role.HEAD),
    ReviewStatus.RETURNED: (Role.PANEL_MEMBER, Role.PANEL_CHAIR),
    ReviewStatus.WITHDRAWN: (Role.REFERRER, Role.HEAD),
}
