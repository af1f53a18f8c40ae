"""Meetings of the panels: one for each referral that was declined or deferred, and coming ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from permissions.models import Organisation
from permissions.roles import Role
from portal.demonstration import area
from workflows.panels import actions, queries
from workflows.panels.models import PanelMeeting
from workflows.panels.states import Kind, Presence
from workflows.referrals import queries as referral_queries
from workflows.referrals.models import Referral

COMING_IN_DAYS = 7
PLACE = "County offices, committee room 2"


def tell(the_area: area.Area, now: datetime.datetime) -> None:
    """Plan the next meeting of every panel; one referral waits to be put on its agenda."""
    day = now + datetime.timedelta(days=COMING_IN_DAYS)
    day -= datetime.timedelta(days=max(0, day.weekday() - 4))
    for partnership in the_area.partnerships:
        meeting = _plan(the_area, partnership, day.replace(hour=10, minute=0))
        officer = the_area.person(partnership, Role.OFFICER)
        for consideration in list(queries.ready_for_agenda(meeting, officer))[:-1]:
            actions.add_to_agenda(meeting=meeting, consideration=consideration, by=officer)


@contextmanager
def held(the_area: area.Area, referral: Referral) -> Iterator[None]:
    """Hold a meeting about a referral, with minutes; the chair decides within."""
    partnership = referral.case.partnership
    chair = the_area.person(partnership, Role.PANEL_CHAIR)
    officer = the_area.person(partnership, Role.OFFICER)
    meeting = _plan(the_area, partnership, timezone.localtime())
    consideration = referral_queries.open_consideration(referral)
    assert consideration is not None
    item = actions.add_to_agenda(meeting=meeting, consideration=consideration, by=officer)
    actions.open_meeting(meeting=meeting, by=chair)
    actions.record_attendance(
        meeting=meeting,
        presences={
            person.pk: Presence.APOLOGIES if number == 1 else Presence.PRESENT
            for number, person in enumerate(queries.people_of(meeting))
        },
        by=officer,
    )
    yield
    actions.write_minutes(
        meeting=meeting,
        item=item,
        text="The panel read the evidence and heard what the school has tried.",
        replaces=0,
        by=officer,
    )
    actions.write_minutes(
        meeting=meeting,
        text="The panel agreed to meet every fortnight, and to vote online in between.",
        replaces=0,
        by=officer,
    )
    actions.close_meeting(meeting=meeting, by=chair)


def _plan(
    the_area: area.Area, partnership: Organisation, begins: datetime.datetime
) -> PanelMeeting:
    (meeting,) = actions.plan_meetings(
        partnership=partnership,
        kind=Kind.IN_PERSON,
        starts_at=begins.replace(second=0, microsecond=0),
        ends_at=begins + datetime.timedelta(hours=2),
        place=PLACE,
        chair=the_area.person(partnership, Role.PANEL_CHAIR),
        by=the_area.person(partnership, Role.OFFICER),
    )
    return meeting
