"""Reads of panels: members, considerations, votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, QuerySet

from permissions import queries as permissions
from permissions.models import User
from permissions.roles import OrganisationKind
from workflows.referrals import rules
from workflows.referrals.models import (
    PanelConsideration,
    PanelSeat,
    PanelSettings,
    Referral,
    Vote,
)
from workflows.referrals.states import Choice, VotesShown

if TYPE_CHECKING:
    from permissions.models import Organisation


@dataclass(frozen=True)
class Standing:
    """How a consideration stands: votes in, votes needed, members who can still vote."""

    votes: int
    quorum: int
    waiting: int
    conflicts: int

    @property
    def is_enough(self) -> bool:
        """Whether the chair can decide."""
        return rules.can_chair_begin(votes=self.votes, quorum=self.quorum, waiting=self.waiting)


def partnerships_whose_panel(user: User) -> QuerySet[Organisation]:
    """List the partnerships whose panel a person may change: their own, or their authority's."""
    held = permissions.organisations_where(user, "change_panel_settings")
    return permissions.with_those_beneath(held).filter(kind=OrganisationKind.PARTNERSHIP)


def panel_settings(partnership: Organisation) -> PanelSettings:
    """Find how a partnership's panel works; the defaults, not saved, until somebody changes them."""
    found = PanelSettings.objects.filter(partnership=partnership).first()
    return found or PanelSettings(partnership=partnership)


def panel_members(referral: Referral) -> QuerySet[User]:
    """List the people with a seat of their own on the panel who are not kept out of the case."""
    return permissions.people_with("sit_on_panel", referral.case.partnership).exclude(
        pk__in=referral.case.exclusions.values("user")
    )


def panel_chairs(referral: Referral) -> QuerySet[User]:
    """List the people who may decide for the partnership and are not kept out of the case."""
    return permissions.people_with("decide_referral", referral.case.partnership).exclude(
        pk__in=referral.case.exclusions.values("user")
    )


def open_consideration(referral: Referral) -> PanelConsideration | None:
    """Find the consideration that the panel has not finished."""
    return referral.considerations.filter(closed_at__isnull=True).first()


def latest_consideration(referral: Referral) -> PanelConsideration | None:
    """Find the consideration that the panel opened last."""
    return referral.considerations.order_by("-opened_at", "-pk").first()


def standing(consideration: PanelConsideration) -> Standing:
    """Count a consideration's votes, conflicts and the members who can still vote.

    The one rule of which votes count: each member's latest, cast while the member had a seat and the
    role, unless the member has declared a conflict of interest since. A role that ends later takes no
    vote back; it ends the member's part in what is still to come, so nobody waits for them.
    """
    votes = votes_of(consideration).count()
    conflicts = consideration.conflicts.count()
    return Standing(votes, consideration.quorum, still_to_vote(consideration).count(), conflicts)


def still_to_vote(consideration: PanelConsideration) -> QuerySet[PanelSeat]:
    """List the seats whose holders can vote and have not; none once voting has ended."""
    if consideration.votes_closed_at is not None:
        return consideration.seats.none()
    members = permissions.people_with(
        "vote_on_referral", consideration.referral.case.partnership
    ).values("pk")
    return (
        consideration.seats.filter(member__in=members, ended_at__isnull=True)
        .exclude(member__in=consideration.votes.values("member"))
        .exclude(member__in=consideration.conflicts.values("member"))
    )


def votes_of(consideration: PanelConsideration) -> QuerySet[Vote]:
    """List the votes that count in a consideration, in the order they were cast."""
    newer = consideration.votes.filter(
        member=OuterRef("member"), number__gt=OuterRef("number")
    ).order_by()
    return (
        consideration.votes.exclude(member__in=consideration.conflicts.values("member"))
        .exclude(Exists(newer))
        .select_related("member")
        .order_by("cast_at", "pk")
    )


def own_votes(consideration: PanelConsideration, member: User) -> list[Vote]:
    """List what a member has voted in a consideration, the vote that counts first."""
    return list(consideration.votes.filter(member=member).order_by("-number"))


def sees_votes(consideration: PanelConsideration, user: User) -> bool:
    """Tell whether a reader of the panel's papers sees how the members have voted.

    Everybody does once the chair has decided. Before, a member votes without knowing how the others
    did; who has voted sees them where the panel's settings say so.
    """
    if consideration.closed_at is not None:
        return True
    settings = panel_settings(consideration.referral.case.partnership)
    return settings.votes_shown == VotesShown.AFTER_OWN_VOTE and (
        votes_of(consideration).filter(member=user).exists()
    )


def has_seat(consideration: PanelConsideration, user: User) -> bool:
    """Tell whether a person is asked to vote in a consideration."""
    return consideration.seats.filter(member=user, ended_at__isnull=True).exists()


def votes_by_choice(consideration: PanelConsideration) -> dict[Choice, int]:
    """Count a consideration's votes for each choice."""
    counted = dict(votes_of(consideration).order_by().values_list("choice").annotate(Count("pk")))
    return {choice: counted.get(choice.value, 0) for choice in Choice}
