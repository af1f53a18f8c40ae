"""Two people at the same moment, over connections of their own: one true outcome each time."""

import threading

import pytest
from django.db import connection

from permissions import actions as permissions
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.referrals import decide, make_referral, vote
from workflows.cases.models import Participation
from workflows.engine import tasks
from workflows.engine.exceptions import Busy, NotAllowed
from workflows.engine.models import Event, Process
from workflows.referrals import actions
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import ConflictOfInterest, Decision, Referral, Vote
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run each in a thread with a connection of its own, all begun at once; give what came of each."""
    outcomes = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number, act):
        try:
            start.wait(timeout=30)
            act()
            outcomes[number] = "done"
        except (NotAllowed, NotPermitted) as refused:
            outcomes[number] = type(refused).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def again(referral):
    return Referral.objects.get(pk=referral.pk)


def test_a_referral_submitted_twice_at_once_is_submitted_once():
    area = Area()
    referral = make_referral(area)
    referrer, head = area.person(Role.REFERRER), area.person(Role.HEAD)
    outcomes = together(
        lambda: actions.submit(referral=again(referral), by=referrer),
        lambda: actions.submit(referral=again(referral), by=head),
    )
    assert sorted(outcomes) == ["NotAllowed", "done"]
    assert Event.objects.filter(kind="referral_submitted").count() == 1
    assert Process.objects.filter(flow_class=ReferralFlow).count() == 1
    assert Participation.objects.filter(case=referral.case).count() == 3


def test_two_votes_at_once_both_count_and_open_one_decision():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()

    def cast(person):
        for _ in range(20):
            try:
                return vote(again(referral), person)
            except Busy:
                continue
        return None

    outcomes = together(lambda: cast(panel[1]), lambda: cast(panel[2]))
    assert outcomes == ["done", "done"]
    assert Vote.objects.count() == 2
    assert tasks.open_tasks(referral, "decide", ReferralFlow).count() == 1
    assert tasks.open_tasks(referral, "vote", ReferralFlow).get().owner == panel[0]


def test_one_member_voting_twice_at_once_votes_once():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL, members=3)
    person = area.panel(3)[1]
    outcomes = together(
        lambda: vote(again(referral), person, "accept"),
        lambda: vote(again(referral), person, "decline"),
    )
    assert outcomes.count("done") == 1
    assert Vote.objects.count() == 1


def test_a_vote_while_the_chair_decides_counts_before_it_or_not_at_all():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    vote(referral, panel[1])
    vote(referral, panel[2])
    outcomes = together(
        lambda: decide(again(referral), panel[0], "accept"),
        lambda: actions.cast_vote(
            referral=again(referral), choice="decline", reasons="Late", by=panel[3]
        ),
    )
    assert outcomes[0] == "done"
    assert Decision.objects.count() == 1
    assert again(referral).status == Status.ACCEPTED
    late = Vote.objects.filter(member=panel[3]).first()
    assert (late is not None) == (outcomes[1] == "done")
    if late is not None:
        assert late.cast_at <= Decision.objects.get().decided_at


def test_a_vote_changed_while_the_chair_decides_changes_before_it_or_not_at_all():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    vote(referral, panel[1])
    vote(referral, panel[2])
    outcomes = together(
        lambda: decide(again(referral), panel[0], "accept"),
        lambda: actions.change_vote(
            referral=again(referral), choice="decline", reasons="Late", replaces=1, by=panel[1]
        ),
    )
    assert outcomes[0] == "done"
    changed = Vote.objects.filter(member=panel[1], number=2).first()
    assert (changed is not None) == (outcomes[1] == "done")
    if changed is not None:
        assert changed.cast_at <= Decision.objects.get().decided_at
    assert not tasks.open_tasks(referral, flow=ReferralFlow).exists()


def test_a_vote_changed_in_two_tabs_at_once_is_changed_once():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL, members=3)
    person = area.panel(3)[1]
    vote(referral, person)

    def change(choice):
        return actions.change_vote(
            referral=again(referral), choice=choice, reasons="Again", replaces=1, by=person
        )

    outcomes = together(lambda: change("decline"), lambda: change("defer"))
    assert sorted(outcomes) == ["NotAllowed", "done"]
    assert sorted(Vote.objects.values_list("number", flat=True)) == [1, 2]


def test_a_conflict_declared_while_the_chair_decides_holds_before_it_or_not_at_all():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    vote(referral, panel[1])
    vote(referral, panel[2])
    outcomes = together(
        lambda: decide(again(referral), panel[0], "accept"),
        lambda: actions.declare_conflict(referral=again(referral), reason="Kin", by=panel[1]),
    )
    # One of the two votes goes with the conflict: the quorum is lost, or the decision stands.
    assert sorted(outcomes) in (["NotAllowed", "done"], ["NotAllowed", "NotAllowed"])
    decided = Decision.objects.exists()
    assert decided == (outcomes[0] == "done")
    assert ConflictOfInterest.objects.exists() != decided
    assert again(referral).status == (Status.ACCEPTED if decided else Status.AT_PANEL)
    if not decided:
        # The vote that is still to come is still among somebody's tasks.
        vote(again(referral), panel[0])
        decide(again(referral), panel[0], "accept")


def test_a_member_removed_while_voting_votes_before_it_or_not_at_all():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL, members=3)
    person = area.panel(3)[1]
    membership = Membership.objects.get(user=person)
    outcomes = together(
        lambda: vote(again(referral), person),
        lambda: permissions.end_membership(membership=membership, by=None),
    )
    assert outcomes[1] == "done"
    assert Vote.objects.exists() == (outcomes[0] == "done")
    assert outcomes[0] in ("done", "NotPermitted")


def test_two_chairs_at_once_make_one_decision():
    area = Area()
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    vote(referral, panel[1])
    vote(referral, panel[2])
    outcomes = together(
        lambda: decide(again(referral), panel[0], "accept"),
        lambda: decide(again(referral), panel[0], "decline"),
    )
    assert outcomes.count("done") == 1
    assert Decision.objects.count() == 1
    assert (
        again(referral).status
        == {
            "accept": Status.ACCEPTED,
            "decline": Status.DECLINED,
        }[Decision.objects.get().outcome]
    )
