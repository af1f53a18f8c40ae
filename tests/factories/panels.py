"""Panel meetings in every status, reached by the real actions."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from permissions.models import User
from permissions.roles import Role
from tests.factories import member
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.panels import actions
from workflows.panels.models import PanelMeeting
from workflows.panels.states import Kind, Status
from workflows.referrals import queries as referral_queries
from workflows.referrals.models import Referral
from workflows.referrals.states import Status as ReferralStatus


def make_meeting(
    area: Area,
    status: Status | str = Status.PLANNED,
    *,
    kind: Kind | str = Kind.IN_PERSON,
    days: int = 7,
    hours: int = 2,
    **details: Any,
) -> PanelMeeting:
    """A meeting in so many days, in a status."""
    area.panel()
    chair, officer = area.person(Role.PANEL_CHAIR), area.person(Role.OFFICER)
    starts_at = details.pop("starts_at", timezone.now() + datetime.timedelta(days=days))
    details.setdefault("place", "" if kind == Kind.VIRTUAL else "County Hall, room 2")
    (meeting,) = actions.plan_meetings(
        partnership=area.partnership,
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=hours),
        chair=chair,
        by=officer,
        **details,
    )
    if status in (Status.OPEN, Status.CLOSED):
        actions.open_meeting(meeting=meeting, by=chair)
    if status == Status.CLOSED:
        actions.close_meeting(meeting=meeting, by=chair)
    if status == Status.CANCELLED:
        actions.cancel_meeting(meeting=meeting, reason="Snow", by=officer)
    return meeting


def on_agenda(area: Area, meeting: PanelMeeting, **pupil: Any) -> Referral:
    """A referral with the panel, on the meeting's agenda."""
    referral = make_referral(area, ReferralStatus.AT_PANEL, **pupil)
    consideration = referral_queries.open_consideration(referral)
    assert consideration is not None
    actions.add_to_agenda(
        meeting=meeting, consideration=consideration, by=area.person(Role.OFFICER)
    )
    return referral


def substitute(area: Area) -> User:
    """A person who may sit in a member's place."""
    return member(Role.PANEL_SUBSTITUTE, area.partnership)
