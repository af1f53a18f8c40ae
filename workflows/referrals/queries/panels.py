"""Reads of panels: members, considerations, votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from permissions import queries as permissions
from permissions.models import User
from permissions.roles import OrganisationKind
from workflows.referrals import rules
from workflows.referrals.models import PanelConsideration, PanelSettings, Referral, Vote
from workflows.referrals.states import Choice

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
    """List the people who hold a vote in the partnership and are not kept out of the case."""
    return permissions.people_with("vote_on_referral", referral.case.partnership).exclude(
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

    A member whose membership has ended since counts as one who cannot vote any more.
    """
    votes = consideration.votes.count()
    conflicts = consideration.conflicts.count()
    members = permissions.people_with(
        "vote_on_referral", consideration.referral.case.partnership
    ).values("pk")
    waiting = (
        consideration.seats.filter(member__in=members)
        .exclude(member__in=consideration.votes.values("member"))
        .exclude(member__in=consideration.conflicts.values("member"))
        .count()
    )
    return Standing(votes, consideration.quorum, waiting, conflicts)


def votes_of(consideration: PanelConsideration) -> QuerySet[Vote]:
    """List the votes of a consideration in the order they were cast."""
    return consideration.votes.select_related("member").order_by("cast_at", "pk")


def votes_by_choice(consideration: PanelConsideration) -> dict[Choice, int]:
    """Count a consideration's votes for each choice."""
    counted = dict(consideration.votes.values_list("choice").annotate(Count("pk")))
    return {choice: counted.get(choice.value, 0) for choice in Choice}
