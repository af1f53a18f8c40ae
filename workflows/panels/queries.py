"""Reads of panel meetings. What concerns a case starts from the access rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import User
from permissions.roles import OrganisationKind
from workflows.cases.models import Case
from workflows.engine import feeds
from workflows.referrals import queries as referrals
from workflows.referrals.models import Decision, PanelConsideration, Referral
from workflows.referrals.states import Status as ReferralStatus

from .models import AgendaItem, ItemQuerySet, Minute, PanelMeeting, PapersPack, Substitution
from .states import PackStatus, Status

if TYPE_CHECKING:
    from permissions.models import Organisation

# How many meetings of the past the list shows.
PAST = 20


def partnerships_where(user: User, codename: str) -> QuerySet[Organisation]:
    """List the partnerships in which a person holds a permission of panels, by name."""
    held = permissions.organisations_where(user, codename)
    return permissions.with_those_beneath(held).filter(kind=OrganisationKind.PARTNERSHIP)


def coming(user: User) -> QuerySet[PanelMeeting]:
    """List the meetings that are to come or under way, the next first."""
    return (
        PanelMeeting.objects.visible_to(user)
        .live()
        .select_related("partnership", "chair")
        .annotate(on_agenda=Count("items", filter=Q(items__ended_at__isnull=True)))
        .order_by("starts_at", "pk")
    )


def past(user: User) -> QuerySet[PanelMeeting]:
    """List the meetings that are over, the latest first."""
    return (
        PanelMeeting.objects.visible_to(user)
        .exclude(status__in=[Status.PLANNED, Status.OPEN])
        .select_related("partnership", "chair")
        .annotate(on_agenda=Count("items", filter=Q(items__ended_at__isnull=True)))
        .order_by("-starts_at", "-pk")[:PAST]
    )


@dataclass(frozen=True)
class Line:
    """One item of an agenda as a reader may see it, with what has come of it."""

    item: AgendaItem
    case: Case
    votes: int
    quorum: int
    decision: Decision | None
    minutes: list[Minute]

    @property
    def result(self) -> str:
        """What stands beside the item."""
        if self.decision is not None:
            return self.decision.result
        return f"{self.votes} of {self.quorum} votes in"

    @property
    def latest(self) -> Minute | None:
        """The minute that stands; corrections follow it."""
        written = [minute for minute in self.minutes if not minute.is_correction]
        return written[-1] if written else None

    @property
    def corrections(self) -> list[Minute]:
        """What was corrected after the meeting."""
        return [minute for minute in self.minutes if minute.is_correction]


def agenda(meeting: PanelMeeting, user: User) -> list[Line]:
    """List what is on a meeting's agenda and the reader may see, in order; a few queries for all."""
    items = list(
        meeting.items.on_agenda()
        .visible_to(user)
        .select_related("consideration__referral__case", "consideration__decision")
        .prefetch_related("minutes__written_by", "consideration__votes", "consideration__conflicts")
        .order_by("position", "pk")
    )
    return [
        Line(
            item=item,
            case=item.consideration.referral.case,
            votes=_counted(item.consideration),
            quorum=item.consideration.quorum,
            decision=getattr(item.consideration, "decision", None),
            minutes=sorted(item.minutes.all(), key=lambda minute: minute.number),
        )
        for item in items
    ]


def _counted(consideration: PanelConsideration) -> int:
    conflicted = {conflict.member_id for conflict in consideration.conflicts.all()}
    return len({vote.member_id for vote in consideration.votes.all()} - conflicted)


def hidden_items(meeting: PanelMeeting, shown: int) -> int:
    """Count the items of an agenda that a reader is not shown."""
    return meeting.items.on_agenda().count() - shown


def ready_for_agenda(meeting: PanelMeeting, user: User) -> QuerySet[PanelConsideration]:
    """List what the panel has before it and no agenda has, the longest waiting first."""
    placed = AgendaItem.objects.on_agenda().filter(consideration=OuterRef("pk"))
    return (
        PanelConsideration.objects.filter(
            ~Exists(placed),
            closed_at__isnull=True,
            referral__case__partnership=meeting.partnership,
            referral__case__in=Case.objects.visible_to(user),
        )
        .select_related("referral__case")
        .order_by("opened_at", "pk")
    )


def deferred_until(meeting: PanelMeeting, user: User) -> QuerySet[Referral]:
    """List the deferred referrals whose date has come by the meeting, for who may bring them back."""
    day = timezone.localdate(meeting.starts_at)
    latest = Decision.objects.filter(referral=OuterRef("pk")).order_by("-decided_at", "-pk")
    return (
        Referral.objects.visible_to(user)
        .filter(case__partnership=meeting.partnership, status=ReferralStatus.DEFERRED)
        .annotate(
            until=latest.values("deferred_until")[:1], awaited=latest.values("deferred_for")[:1]
        )
        .filter(Q(until__isnull=True) | Q(until__lte=day))
        .select_related("case")
        .order_by("until", "pk")
    )


def general_minutes(meeting: PanelMeeting) -> list[Minute]:
    """List what was written about the meeting as a whole, corrections last."""
    return list(meeting.minutes.filter(item__isnull=True).select_related("written_by"))


def people_of(meeting: PanelMeeting) -> QuerySet[User]:
    """List who belongs to a meeting: the panel, whoever has a seat in an item, and the chair."""
    seated = User.objects.filter(
        pk__in=PanelConsideration.objects.filter(
            agenda_items__meeting=meeting,
            agenda_items__ended_at__isnull=True,
            seats__ended_at__isnull=True,
        ).values("seats__member")
    )
    panel = permissions.people_with("sit_on_panel", meeting.partnership)
    return (
        User.objects.filter(
            Q(pk__in=panel.values("pk")) | Q(pk__in=seated.values("pk")) | Q(pk=meeting.chair_id)
        )
        .distinct()
        .order_by("name", "pk")
    )


def readers_of(meeting: PanelMeeting) -> QuerySet[User]:
    """List who gets a pack of papers: everybody with a seat in an item that is not decided."""
    return User.objects.filter(
        pk__in=PanelConsideration.objects.filter(
            agenda_items__meeting=meeting,
            agenda_items__ended_at__isnull=True,
            closed_at__isnull=True,
            seats__ended_at__isnull=True,
        ).values("seats__member")
    ).order_by("pk")


def undecided(meeting: PanelMeeting) -> ItemQuerySet:
    """List the items of an agenda that the chair has not decided."""
    return meeting.items.on_agenda().filter(consideration__closed_at__isnull=True)


def lacks_votes(meeting: PanelMeeting) -> bool:
    """Tell whether an undecided item has fewer votes than it needs."""
    items = undecided(meeting).select_related("consideration__referral__case")
    return any(
        standing.votes < standing.quorum
        for standing in (referrals.standing(item.consideration) for item in items)
    )


def chairs(partnership: Organisation) -> QuerySet[User]:
    """List the people who may chair a meeting of the partnership's panel."""
    return permissions.people_with("chair_panel_meeting", partnership).order_by("name", "pk")


# --- Packs of papers ----------------------------------------------------------------------------


def papers_of(meeting: PanelMeeting, member: User) -> list[AgendaItem]:
    """List the undecided items that a member has a seat in and may read, in the agenda's order."""
    return list(
        undecided(meeting)
        .visible_to(member)
        .filter(consideration__seats__member=member, consideration__seats__ended_at__isnull=True)
        .select_related("consideration__referral__case__pupil__school")
        .order_by("position", "pk")
    )


def own_pack(meeting: PanelMeeting, user: User) -> PapersPack | None:
    """Find a member's pack of papers for a meeting, whatever became of its making."""
    return (
        meeting.packs.exclude(status=PackStatus.WITHDRAWN).filter(member=user).first()
        if meeting.is_live
        else None
    )


def readable_pack(meeting: PanelMeeting, user: User) -> PapersPack | None:
    """Find the pack that a member may open now: ready, the meeting not over, every case in sight."""
    pack = own_pack(meeting, user)
    if pack is None or pack.status != PackStatus.READY:
        return None
    if not PanelMeeting.objects.visible_to(user).filter(pk=meeting.pk).exists():
        return None
    cases = set(pack.contents.values_list("case", flat=True))
    visible = AgendaItem.objects.visible_to(user).filter(
        consideration__referral__case__in=cases, meeting=meeting
    )
    return (
        pack
        if cases == set(visible.values_list("consideration__referral__case", flat=True))
        else None
    )


# --- Substitutes --------------------------------------------------------------------------------


def substitutions(partnership: Organisation, today: datetime.date) -> QuerySet[Substitution]:
    """List who sits in whose place, now or later."""
    return (
        Substitution.objects.filter(partnership=partnership, cancelled_at__isnull=True)
        .filter(Q(ends_date__gte=today) | Q(meeting__status__in=[Status.PLANNED, Status.OPEN]))
        .select_related("member", "substitute", "meeting")
        .order_by("starts_date", "meeting__starts_at", "pk")
    )


def in_force(consideration: PanelConsideration, today: datetime.date) -> dict[int, User]:
    """Give member to substitute for one consideration: for its meeting, or else for the day."""
    rows = (
        Substitution.objects.filter(
            partnership=consideration.referral.case.partnership, cancelled_at__isnull=True
        )
        .filter(
            Q(starts_date__lte=today, ends_date__gte=today)
            | Q(
                meeting__status__in=[Status.PLANNED, Status.OPEN],
                meeting__items__consideration=consideration,
                meeting__items__ended_at__isnull=True,
            )
        )
        .select_related("substitute")
        # One for a meeting comes last and so goes before one for days.
        .order_by("-starts_date", "pk")
    )
    found: dict[int, User] = {}
    for row in sorted(rows, key=lambda row: row.meeting_id is not None):
        found[row.member_id] = row.substitute
    return found


def possible_substitutes(partnership: Organisation) -> QuerySet[User]:
    """List the people who may vote on the panel and have no seat of their own."""
    return (
        permissions.people_with("vote_on_referral", partnership)
        .exclude(pk__in=permissions.people_with("sit_on_panel", partnership).values("pk"))
        .order_by("name", "pk")
    )


def panel_of(partnership: Organisation) -> QuerySet[User]:
    """List the people with a seat of their own on the panel."""
    return permissions.people_with("sit_on_panel", partnership).order_by("name", "pk")


# --- One's own ------------------------------------------------------------------------------------


def own_considerations(user: User) -> QuerySet[PanelConsideration]:
    """List what a member is asked to vote on, or has voted on and the chair has not decided."""
    return (
        PanelConsideration.objects.filter(
            closed_at__isnull=True,
            seats__member=user,
            seats__ended_at__isnull=True,
            referral__case__in=Case.objects.visible_to(user),
        )
        .select_related("referral__case__partnership")
        .annotate(voted=Count("votes", filter=Q(votes__member=user)))
        .order_by("opened_at", "pk")
    )


# --- The calendar feed --------------------------------------------------------------------------


def feed_entries(user: Any) -> Iterable[feeds.Entry]:
    """Give the meetings of a person's panels: partnership and kind, no case."""
    begins, ends = feeds.window()
    meetings = (
        PanelMeeting.objects.visible_to(user)
        .exclude(status=Status.CANCELLED)
        .filter(ends_at__gte=begins, starts_at__lte=ends)
        .select_related("partnership")
        .order_by("starts_at")[: feeds.MOST]
    )
    for meeting in meetings:
        yield feeds.Entry(
            uid=f"panel-meeting-{meeting.pk}",
            start=meeting.starts_at,
            end=meeting.ends_at,
            title=(
                f"{'Virtual panel' if meeting.is_virtual else 'Panel meeting'}, "
                f"{meeting.partnership.short_name or meeting.partnership.name}"
            ),
            url=reverse("panels:meeting", args=[meeting.pk]),
        )
