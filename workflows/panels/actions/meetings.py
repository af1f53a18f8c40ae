"""When a panel meets: plan one or a series, change, cancel, open, close, and keep time."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.engine.exceptions import NotAllowed
from workflows.panels import queries, rules
from workflows.panels.actions import papers, substitutes
from workflows.panels.actions.holding import announce, begin
from workflows.panels.models import PanelMeeting
from workflows.panels.states import ItemEnd, Kind, Status
from workflows.referrals import actions as referrals

if TYPE_CHECKING:
    from permissions.models import Organisation, User


def plan_meetings(
    *,
    partnership: Organisation,
    kind: Kind | str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: User,
    place: str = "",
    chair: User | None = None,
    every_weeks: int = 1,
    until: datetime.date | None = None,
) -> list[PanelMeeting]:
    """Plan a meeting, or a series at the same time of day. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        checks.require(by, "plan_panel_meeting", partnership)
        _check(partnership, kind, starts_at, ends_at, place, chair)
        planned = [
            PanelMeeting.objects.create(
                partnership=partnership,
                kind=Kind(kind),
                starts_at=begins,
                ends_at=ends,
                place=place.strip(),
                chair=chair,
                planned_by=by,
            )
            for begins, ends in rules.series(
                starts_at, ends_at, every_weeks=every_weeks, until=until
            )
        ]
        # One message for a series: its first meeting, whose page leads to the others.
        announce("meeting_planned", planned[0], by, "A panel meeting was planned")
    return planned


def change_meeting(
    *,
    meeting: PanelMeeting,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: User,
    place: str = "",
    chair: User | None = None,
) -> None:
    """Move a meeting, or give it another place or chair. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        begin("change_meeting", meeting, by)
        _check(meeting.partnership, meeting.kind, starts_at, ends_at, place, chair)
        if meeting.status == Status.OPEN and starts_at != meeting.starts_at:
            raise NotAllowed("This meeting has begun: its start cannot be changed any more.")
        meeting.starts_at, meeting.ends_at = starts_at, ends_at
        meeting.place, meeting.chair = place.strip(), chair
        meeting.lacked_votes_at = None
        meeting.save()
        announce("meeting_changed", meeting, by, "A panel meeting was changed")


def _check(
    partnership: Organisation,
    kind: Kind | str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    place: str,
    chair: User | None,
) -> None:
    reason = rules.why_not_times(starts_at, ends_at, timezone.now()) or rules.why_not_place(
        kind, place
    )
    if reason is None and chair is not None and chair not in queries.chairs(partnership):
        reason = f"{chair.get_full_name()} may not chair this panel. Choose somebody else."
    if reason:
        raise NotAllowed(reason)


def cancel_meeting(*, meeting: PanelMeeting, reason: str, by: User) -> None:
    """Cancel a meeting that has not begun; its items are free for another agenda.

    Raises NotPermitted, NotAllowed.
    """
    with audit.acting(by), transaction.atomic():
        begin("cancel_meeting", meeting, by)
        if not reason.strip():
            raise NotAllowed("Enter why the meeting is cancelled.")
        meeting.status = Status.CANCELLED
        meeting.cancelled_because = reason.strip()
        meeting.save()
        _end_items(meeting, ItemEnd.REMOVED)
        announce("meeting_cancelled", meeting, by, "A panel meeting was cancelled")


def open_meeting(*, meeting: PanelMeeting, by: User | None) -> None:
    """Open a meeting: attendance and minutes can be written. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        begin("open_meeting", meeting, by)
        meeting.status = Status.OPEN
        meeting.opened_at = timezone.now()
        meeting.save()
        announce("meeting_opened", meeting, by, "A panel meeting was opened")


def close_meeting(*, meeting: PanelMeeting, by: User | None, carry_over: bool = False) -> None:
    """Close a meeting: its minutes stand and its packs of papers go.

    What a meeting has not decided is carried over to another agenda, where the chair confirms it; at
    the end of a virtual meeting voting ends on it instead, and the chair decides. Raises NotPermitted,
    NotAllowed.
    """
    with audit.acting(by), transaction.atomic():
        begin("close_meeting", meeting, by)
        left = list(queries.undecided(meeting).select_related("consideration__referral__case"))
        if reason := rules.why_cannot_close(
            undecided=len(left), is_virtual=meeting.is_virtual, confirmed=carry_over
        ):
            raise NotAllowed(reason)
        meeting.status = Status.CLOSED
        meeting.closed_at = timezone.now()
        meeting.save()
        if meeting.is_virtual:
            for item in left:
                referrals.close_voting(consideration=item.consideration)
        else:
            _end_items(meeting, ItemEnd.CARRIED_OVER)
        papers.withdraw_packs(meeting=meeting, because="The meeting is over")
        announce("meeting_closed", meeting, by, "A panel meeting was closed")


def _end_items(meeting: PanelMeeting, because: ItemEnd) -> None:
    considerations = []
    for item in queries.undecided(meeting).select_related("consideration__referral__case"):
        item.ended_at = timezone.now()
        item.ended_because = because
        item.save(update_fields=["ended_at", "ended_because"])
        considerations.append(item.consideration)
    # Substitutes for this meeting sit in it no longer.
    for consideration in considerations:
        substitutes.seat_again(referral=consideration.referral)


def keep_time(*, now: datetime.datetime) -> None:
    """Open the virtual meetings that begin, and close those that end with the votes they need.

    The chair of one that ends without them is told once; it stays open until the chair moves its end
    or closes it.
    """
    for meeting in PanelMeeting.objects.live().filter(kind=Kind.VIRTUAL, starts_at__lte=now):
        with transaction.atomic():
            meeting.refresh_from_db(from_queryset=PanelMeeting.objects.select_for_update())
            if meeting.status == Status.PLANNED and meeting.starts_at <= now:
                open_meeting(meeting=meeting, by=None)
            if meeting.status != Status.OPEN or meeting.ends_at > now:
                continue
            if not queries.lacks_votes(meeting):
                close_meeting(meeting=meeting, by=None)
            elif meeting.lacked_votes_at is None:
                meeting.lacked_votes_at = now
                meeting.save(update_fields=["lacked_votes_at"])
                announce(
                    "meeting_lacks_votes",
                    meeting,
                    None,
                    "A virtual panel ended without enough votes",
                )
