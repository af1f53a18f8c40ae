"""Two people at one meeting at the same moment, over connections of their own: one true outcome."""

import pytest

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.panels import make_meeting, on_agenda, substitute
from tests.factories.referrals import make_referral, vote
from tests.integration.test_referrals_together import again, together
from workflows.engine import tasks
from workflows.engine.exceptions import Busy
from workflows.panels import actions
from workflows.panels.models import AgendaItem, Minute, PanelMeeting
from workflows.panels.states import Kind
from workflows.referrals import queries as referrals
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import PanelSeat, Vote
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def patiently(act):
    """Try again while somebody else holds the process, as a person would."""
    for _ in range(20):
        try:
            return act()
        except Busy:
            continue
    return None


def test_a_referral_put_on_two_agendas_at_once_is_on_one():
    area = Area()
    first, second = make_meeting(area), make_meeting(area, days=14)
    referral = make_referral(area, Status.AT_PANEL)
    officer, chair = area.person(Role.OFFICER), area.person(Role.PANEL_CHAIR)

    def add(meeting, by):
        return actions.add_to_agenda(
            meeting=PanelMeeting.objects.get(pk=meeting.pk),
            consideration=referrals.open_consideration(again(referral)),
            by=by,
        )

    outcomes = together(lambda: add(first, officer), lambda: add(second, chair))
    assert sorted(outcomes) == ["NotAllowed", "done"]
    assert AgendaItem.objects.count() == 1


def test_minutes_written_by_two_at_once_are_both_known():
    area = Area()
    meeting = make_meeting(area, "open")
    officer, chair = area.person(Role.OFFICER), area.person(Role.PANEL_CHAIR)

    def write(by, text):
        return actions.write_minutes(
            meeting=PanelMeeting.objects.get(pk=meeting.pk), text=text, replaces=0, by=by
        )

    outcomes = together(lambda: write(officer, "Hers"), lambda: write(chair, "His"))
    assert sorted(outcomes) == ["NotAllowed", "done"]
    assert Minute.objects.count() == 1


def test_a_vote_at_the_end_of_a_virtual_meeting_counts_before_it_or_not_at_all():
    area = Area()
    meeting = make_meeting(area, "open", kind=Kind.VIRTUAL)
    referral, panel = on_agenda(area, meeting), area.panel()
    vote(referral, panel[1])
    outcomes = together(
        lambda: patiently(lambda: vote(again(referral), panel[2])),
        lambda: patiently(
            lambda: actions.close_meeting(
                meeting=PanelMeeting.objects.get(pk=meeting.pk), by=panel[0]
            )
        ),
    )
    assert outcomes[1] == "done"
    late = Vote.objects.filter(member=panel[2]).first()
    assert (late is not None) == (outcomes[0] == "done")
    consideration = referrals.open_consideration(again(referral))
    assert consideration.votes_closed_at is not None
    assert late is None or late.cast_at <= consideration.votes_closed_at
    # Whatever came first, the chair has a task and nobody else.
    assert not tasks.open_tasks(referral, "vote", ReferralFlow).exists()
    assert tasks.open_tasks(referral, "decide", ReferralFlow).count() == 1


def test_a_member_who_votes_while_a_substitute_is_named_has_the_vote_or_not_the_seat():
    area = Area()
    referral, panel, other = make_referral(area, Status.AT_PANEL), area.panel(), substitute(area)
    meeting = make_meeting(area)
    actions.add_to_agenda(
        meeting=meeting,
        consideration=referrals.open_consideration(referral),
        by=area.person(Role.OFFICER),
    )
    outcomes = together(
        lambda: patiently(lambda: vote(again(referral), panel[1])),
        lambda: patiently(
            lambda: actions.name_substitute(
                partnership=area.partnership,
                member=panel[1],
                substitute=other,
                meeting=meeting,
                by=panel[1],
            )
        ),
    )
    assert outcomes[1] == "done"
    has_voted = Vote.objects.filter(member=panel[1]).exists()
    assert has_voted == (outcomes[0] == "done")
    seated = PanelSeat.objects.filter(ended_at__isnull=True).values_list("member", flat=True)
    assert (panel[1].pk in seated) == has_voted
    assert (other.pk in seated) != has_voted
