"""What a meeting is about: add what is ready, take it off, put it in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from permissions import audit
from permissions.exceptions import NotPermitted
from workflows.cases.models import Case
from workflows.engine.exceptions import NotAllowed
from workflows.panels.actions import papers, substitutes
from workflows.panels.actions.holding import announce, begin
from workflows.panels.models import AgendaItem, PanelMeeting
from workflows.panels.states import LIVE, ItemEnd
from workflows.referrals import actions as referrals
from workflows.referrals import queries as referral_queries

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.referrals.models import PanelConsideration, Referral


def add_to_agenda(
    *, meeting: PanelMeeting, consideration: PanelConsideration, by: User
) -> AgendaItem:
    """Put a referral that the panel has before it last on the agenda.

    Raises NotPermitted, or NotAllowed for one that is decided or on another agenda.
    """
    with audit.acting(by), transaction.atomic():
        begin("change_agenda", meeting, by)
        case = consideration.referral.case
        if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
            raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")
        # The referral's row is what two people adding it at once wait for.
        referrals.hold(consideration)
        if case.partnership_id != meeting.partnership_id:
            raise NotAllowed("This referral is before another partnership’s panel.")
        if consideration.closed_at is not None:
            raise NotAllowed("The chair has decided this referral already.")
        if AgendaItem.objects.on_agenda().filter(consideration=consideration).exists():
            raise NotAllowed("This referral is on an agenda already.")
        last = meeting.items.aggregate(last=Max("position"))["last"] or 0
        item = AgendaItem.objects.create(
            meeting=meeting, consideration=consideration, position=last + 1, added_by=by
        )
        announce("agenda_item_added", meeting, by, "A referral was put on the agenda", item=item.pk)
        substitutes.seat_again(referral=consideration.referral)
    return item


def bring_back(*, meeting: PanelMeeting, referral: Referral, by: User) -> AgendaItem:
    """Bring a deferred referral back to the panel and put it on the agenda.

    Called within the task that brings it back. Raises NotPermitted, NotAllowed.
    """
    with transaction.atomic():
        consideration = referrals.return_to_panel(referral=referral, by=by)
        return add_to_agenda(meeting=meeting, consideration=consideration, by=by)


def remove_from_agenda(*, item: AgendaItem, by: User) -> None:
    """Take an item off the agenda; the referral stays with the panel.

    Raises NotPermitted, or NotAllowed for one that is decided.
    """
    with audit.acting(by), transaction.atomic():
        begin("change_agenda", item.meeting, by)
        item.refresh_from_db()
        if item.ended_at is not None:
            return
        consideration = item.consideration
        if referral_queries.open_consideration(consideration.referral) != consideration:
            raise NotAllowed("This referral is decided, so it stays on the agenda.")
        item.ended_at = timezone.now()
        item.ended_because = ItemEnd.REMOVED
        item.save(update_fields=["ended_at", "ended_because"])
        substitutes.seat_again(referral=consideration.referral)


def take_off(*, referral: Referral) -> None:
    """Take a referral off the agenda that it is on: it was withdrawn, or another panel's to decide."""
    with transaction.atomic():
        items = AgendaItem.objects.on_agenda().filter(
            consideration__referral=referral, meeting__status__in=sorted(LIVE)
        )
        for item in items.exclude(consideration__decision__isnull=False):
            item.ended_at = timezone.now()
            item.ended_because = ItemEnd.REMOVED
            item.save(update_fields=["ended_at", "ended_because"])
        papers.withdraw_case(case=referral.case)


def move_item(*, item: AgendaItem, up: bool, by: User) -> None:
    """Let an item change places with the one before or after it. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        begin("change_agenda", item.meeting, by)
        items = list(item.meeting.items.on_agenda().order_by("position", "pk"))
        place = next((number for number, one in enumerate(items) if one.pk == item.pk), None)
        if place is None:
            raise NotAllowed("This referral is no longer on the agenda.")
        other = place - 1 if up else place + 1
        if not 0 <= other < len(items):
            return
        items[place], items[other] = items[other], items[place]
        for number, one in enumerate(items, start=1):
            if one.position != number:
                one.position = number
                one.save(update_fields=["position"])
