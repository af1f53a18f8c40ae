"""Who may do what with a panel meeting, in every status: the generated table, every cell tried."""

import datetime

import pytest
from django.utils import timezone

from permissions.roles import OrganisationKind
from tests import tables
from tests.factories.cases import Area
from tests.factories.panels import make_meeting, on_agenda
from workflows.panels import actions, grants, states
from workflows.panels.states import Status

pytestmark = pytest.mark.django_db


def last_number(meeting):
    return meeting.minutes.filter(item=None).count()


def change(meeting, by):
    starts_at = meeting.starts_at
    if meeting.status == Status.PLANNED:
        starts_at = timezone.now() + datetime.timedelta(days=1)
    actions.change_meeting(
        meeting=meeting,
        starts_at=starts_at,
        ends_at=meeting.ends_at + datetime.timedelta(hours=1),
        place="Room 3",
        by=by,
    )


ACTS = {
    "change_meeting": change,
    "cancel_meeting": lambda meeting, by: actions.cancel_meeting(
        meeting=meeting, reason="Snow", by=by
    ),
    "change_agenda": lambda meeting, by: actions.move_item(
        item=meeting.items.order_by("pk").first(), up=False, by=by
    ),
    "ask_for_packs": lambda meeting, by: actions.ask_for_packs(meeting=meeting, by=by),
    "open_meeting": lambda meeting, by: actions.open_meeting(meeting=meeting, by=by),
    "close_meeting": lambda meeting, by: actions.close_meeting(
        meeting=meeting, carry_over=True, by=by
    ),
    "record_attendance": lambda meeting, by: actions.record_attendance(
        meeting=meeting, presences={by.pk: "present"}, by=by
    ),
    "write_minutes": lambda meeting, by: actions.write_minutes(
        meeting=meeting, text="Read", replaces=last_number(meeting), by=by
    ),
    "correct_minutes": lambda meeting, by: actions.correct_minutes(
        meeting=meeting, text="Read twice", replaces=last_number(meeting), by=by
    ),
}

TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from=tables.possible_from(states.TRANSITIONS, states.ALLOWED_IN),
    kinds=dict.fromkeys(ACTS, OrganisationKind.PARTNERSHIP),
    acts=ACTS,
)


def test_the_table_is_whole():
    tables.check_grants(TABLE.acts, grants.ACTION_PERMISSIONS, states.OWNERS)
    assert set(TABLE.possible_from) == set(TABLE.acts)
    assert set(states.OWNERS) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_every_role_can_do_what_the_table_says(status):
    area = Area()
    people = tables.one_of_each(area.organisations)
    meeting = make_meeting(area)
    on_agenda(area, meeting)
    chair = area.panel()[0]
    if status in (Status.OPEN, Status.CLOSED):
        actions.open_meeting(meeting=meeting, by=chair)
    if status == Status.CLOSED:
        actions.close_meeting(meeting=meeting, by=chair, carry_over=True)
    if status == Status.CANCELLED:
        actions.cancel_meeting(meeting=meeting, reason="Snow", by=chair)
    assert TABLE.mismatches(meeting, status, people) == []
