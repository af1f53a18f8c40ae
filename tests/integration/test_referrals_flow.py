"""A referral along every path, each step through its task and its action."""

import datetime

import pypdf
import pytest
import time_machine
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions import actions as permissions
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from permissions.roles import Role
from tests.factories import agreements, member
from tests.factories.cases import Area, pupil_details
from tests.factories.referrals import decide, fill, make_referral, vote
from workflows.calendar import queries as calendar
from workflows.cases import queries as case_queries
from workflows.cases.models import Case
from workflows.cases.states import Audience, Stage
from workflows.engine import mail, tasks
from workflows.engine import queries as inbox
from workflows.engine.exceptions import AlreadyDone, NotAllowed
from workflows.engine.models import Event, Process
from workflows.referrals import actions, queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import Referral, Vote
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db

CASE_STAGE = {
    Status.DRAFT: Stage.DRAFT,
    Status.SUBMITTED: Stage.REFERRED,
    Status.QUESTIONED: Stage.QUESTIONED,
    Status.AT_PANEL: Stage.AT_PANEL,
    Status.ACCEPTED: Stage.ACCEPTED,
    Status.DECLINED: Stage.DECLINED,
    Status.DEFERRED: Stage.DEFERRED,
    Status.WITHDRAWN: Stage.WITHDRAWN,
}


@pytest.fixture
def area():
    return Area()


def nodes_open(referral):
    return sorted(task.flow_task.name for task in tasks.open_tasks(referral, flow=ReferralFlow))


def kinds(referral):
    return list(case_queries.events_of(referral.case).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("status", "waiting"),
    [
        (Status.DRAFT, []),
        (Status.SUBMITTED, ["screen"]),
        (Status.QUESTIONED, ["answer_question"]),
        (Status.AT_PANEL, ["vote", "vote", "vote"]),
        (Status.ACCEPTED, []),
        (Status.DECLINED, []),
        (Status.DEFERRED, ["return_to_panel"]),
        (Status.WITHDRAWN, []),
    ],
)
def test_every_status_is_reached_with_its_task_and_its_stage(area, status, waiting):
    referral = make_referral(area, status)
    assert referral.status == status
    assert referral.case.stage == CASE_STAGE[status]
    assert nodes_open(referral) == waiting


def test_a_question_goes_to_the_school_and_back(area):
    referral = make_referral(area, Status.QUESTIONED)
    referrer = area.person(Role.REFERRER)
    task = tasks.find(referral, ReferralFlow, "answer_question")
    assert task.organisation == area.school
    tasks.perform(
        task,
        by=referrer,
        act=lambda: actions.answer_question(referral=referral, answer="Mornings only", by=referrer),
    )
    referral.refresh_from_db()
    assert (referral.status, referral.case.stage) == (Status.SUBMITTED, Stage.REFERRED)
    assert nodes_open(referral) == ["screen"]
    assert referral.questions.get().answer == "Mornings only"
    assert kinds(referral)[-2:] == ["question_asked", "question_answered"]


def test_the_whole_way_to_acceptance_tells_its_story(area):
    referral = make_referral(area, Status.ACCEPTED)
    told = kinds(referral)
    for earlier, later in zip(
        ["case_opened", "permission_recorded", "document_added", "referral_submitted"],
        ["permission_recorded", "document_added", "referral_submitted", "referral_sent_to_panel"],
        strict=True,
    ):
        assert told.index(earlier) < told.index(later)
    assert told.count("vote_cast") == 2
    assert "referral_accepted" in told
    assert Process.objects.get(flow_class=ReferralFlow, subject_id=referral.pk).status == "DONE"


def test_nothing_leaves_the_school_without_parental_permission(area):
    referrer = area.person(Role.REFERRER)
    referral = actions.start(school=area.school, by=referrer, **pupil_details())
    with pytest.raises(NotAllowed, match="permission first"):
        actions.submit(referral=referral, by=referrer)
    assert not Case.objects.visible_to(area.person(Role.OFFICER)).exists()
    fill(referral, by=referrer)
    actions.submit(referral=referral, by=referrer)
    assert Case.objects.visible_to(area.person(Role.OFFICER)).get() == referral.case
    assert (
        Case.objects.visible_to(area.person(Role.OFFICER, area.local_authority)).get()
        == referral.case
    )


def test_submission_names_the_pages_that_are_incomplete(area):
    referral = make_referral(area)
    referrer = area.person(Role.REFERRER)
    actions.write(referral=referral, by=referrer, named_person="")
    actions.write_answers(referral=referral, by=referrer, answers={"needs": " "})
    with pytest.raises(NotAllowed, match="“Reason and profile”, “Contacts”"):
        actions.submit(referral=referral, by=referrer)


def test_a_second_submission_is_refused(area):
    referral = make_referral(area)
    referrer = area.person(Role.REFERRER)
    actions.submit(referral=referral, by=referrer)
    with pytest.raises(NotAllowed, match="cannot be submitted"):
        actions.submit(referral=referral, by=referrer)
    assert kinds(referral).count("referral_submitted") == 1


def test_a_withdrawn_referral_leaves_no_task(area):
    referral = make_referral(area, Status.AT_PANEL)
    actions.withdraw(
        referral=referral, reason="The family has moved", by=area.person(Role.REFERRER)
    )
    assert nodes_open(referral) == []
    for person in area.panel():
        assert not Case.objects.visible_to(person).exists()
    assert Case.objects.get().outcome == "withdrawn"


# --- The panel ----------------------------------------------------------------------------------


def test_panel_members_see_the_case_from_the_panels_opening_to_its_decision(area):
    panel = area.panel()
    referral = make_referral(area, Status.SUBMITTED)
    for person in panel:
        assert not Case.objects.visible_to(person).exists()
    officer = area.person(Role.OFFICER)
    tasks.perform(
        tasks.find(referral, ReferralFlow, "screen"),
        by=officer,
        act=lambda: actions.send_to_panel(referral=referral, by=officer),
    )
    for person in panel:
        assert case_queries.audiences_of(person, referral.case) == {
            Audience.PARTIES,
            Audience.MEDICAL,
            Audience.PANEL,
        }
    vote(referral, panel[1])
    vote(referral, panel[2], "decline")
    decide(referral, panel[0])
    for person in panel:
        assert not Case.objects.visible_to(person).exists()


def test_the_chair_can_decide_once_the_quorum_has_voted(area):
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    vote(referral, panel[1])
    assert nodes_open(referral) == ["vote", "vote", "vote"]
    with pytest.raises(NotAllowed, match="1 of the 2 votes"):
        actions.decide(referral=referral, outcome="accept", reasons="Early", by=panel[0])
    vote(referral, panel[2])
    assert nodes_open(referral) == ["decide", "vote", "vote"]
    assert kinds(referral).count("votes_are_in") == 1
    vote(referral, panel[0])
    assert kinds(referral).count("votes_are_in") == 1
    decide(referral, panel[0])
    assert nodes_open(referral) == []


def test_the_quorum_is_the_partnerships_own(area):
    actions.change_panel_settings(
        partnership=area.partnership, by=area.person(Role.ADMINISTRATOR), quorum=3
    )
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    for person in panel[:2]:
        vote(referral, person)
    assert nodes_open(referral) == ["vote"]
    vote(referral, panel[2])
    assert nodes_open(referral) == ["decide"]


def test_a_conflict_of_interest_takes_the_task_and_the_case_away(area):
    referral = make_referral(area, Status.AT_PANEL)
    member_ = area.panel()[1]
    task = tasks.find(referral, ReferralFlow, "vote", owner=member_)
    tasks.perform(
        task,
        by=member_,
        act=lambda: actions.declare_conflict(
            referral=referral, reason="A neighbour of the family", by=member_
        ),
    )
    assert not tasks.open_tasks(referral).filter(owner=member_).exists()
    assert not Case.objects.visible_to(member_).exists()
    assert nodes_open(referral) == ["vote", "vote"]
    with pytest.raises(NotAllowed, match="conflict of interest"):
        actions.cast_vote(referral=referral, choice="accept", reasons="Still", by=member_)
    event = Event.objects.get(kind="conflict_declared")
    assert (event.audience, event.by) == (Audience.PANEL, member_)
    assert "neighbour" not in event.summary


def test_decide_refuses_a_chair_with_a_conflict_and_lets_another_chair(area):
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    second = member(Role.PANEL_CHAIR, area.partnership)
    assert not Case.objects.visible_to(second).exists()
    tasks.perform(
        tasks.find(referral, ReferralFlow, "vote", owner=panel[0]),
        by=panel[0],
        act=lambda: actions.declare_conflict(referral=referral, reason="Kin", by=panel[0]),
    )
    vote(referral, panel[1])
    vote(referral, panel[2])
    with pytest.raises(NotPermitted):
        decide(referral, panel[0])
    with pytest.raises((NotAllowed, NotPermitted)):
        actions.decide(referral=referral, outcome="accept", reasons="Mine", by=panel[0])
    assert Case.objects.visible_to(second).exists()
    decide(referral, second)
    referral.refresh_from_db()
    assert referral.decision.decided_by == second


def test_conflicts_that_put_the_quorum_out_of_reach_leave_deferral_alone(area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    for person in panel[1:]:
        tasks.perform(
            tasks.find(referral, ReferralFlow, "vote", owner=person),
            by=person,
            act=lambda person=person: actions.declare_conflict(
                referral=referral, reason="Kin", by=person
            ),
        )
    vote(referral, panel[0])
    assert nodes_open(referral) == ["decide"]
    with pytest.raises(NotAllowed, match="defer"):
        decide(referral, panel[0], "accept")
    decide(referral, panel[0], "defer")
    assert nodes_open(referral) == ["return_to_panel"]


def test_a_deferred_referral_comes_back_for_a_new_vote(area):
    referral = make_referral(area, Status.DEFERRED)
    officer, panel = area.person(Role.OFFICER), area.panel()
    tasks.perform(
        tasks.find(referral, ReferralFlow, "return_to_panel"),
        by=officer,
        act=lambda: actions.return_to_panel(referral=referral, by=officer),
    )
    for person in panel[1:]:
        vote(referral, person)
    decide(referral, panel[0], "accept")
    referral.refresh_from_db()
    assert referral.status == Status.ACCEPTED
    assert [decision.outcome for decision in referral.decisions.order_by("pk")] == [
        "defer",
        "accept",
    ]
    assert referral.decision.outcome == "accept"


def test_a_panel_too_small_or_without_a_chair_gets_no_referral(area):
    referral = make_referral(area, Status.SUBMITTED)
    officer = area.person(Role.OFFICER)
    with pytest.raises(NotAllowed, match="no chair"):
        actions.send_to_panel(referral=referral, by=officer)
    area.person(Role.PANEL_CHAIR)
    with pytest.raises(NotAllowed, match="1 of the 2 members"):
        actions.send_to_panel(referral=referral, by=officer)


def test_a_member_who_has_left_can_neither_vote_nor_hold_up_the_panel(area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    task = tasks.find(referral, ReferralFlow, "vote", owner=panel[1])
    permissions.end_membership(membership=Membership.objects.get(user=panel[1]), by=None)
    with pytest.raises(NotPermitted):
        tasks.perform(
            task,
            by=panel[1],
            act=lambda: actions.cast_vote(
                referral=referral, choice="accept", reasons="Late", by=panel[1]
            ),
        )
    assert queries.standing(queries.open_consideration(referral)).waiting == 2


def test_a_vote_counts_once(area):
    referral = make_referral(area, Status.AT_PANEL, members=3)
    person = area.panel(3)[1]
    task = tasks.find(referral, ReferralFlow, "vote", owner=person)
    vote(referral, person)
    with pytest.raises(NotAllowed, match="already voted"):
        actions.cast_vote(referral=referral, choice="decline", reasons="Again", by=person)
    with pytest.raises(AlreadyDone):
        tasks.perform(task, by=person, act=lambda: None)


# --- Votes that change ----------------------------------------------------------------------------


def change(referral, person, choice="decline", *, replaces=1, reasons="I read it again"):
    return actions.change_vote(
        referral=referral, choice=choice, reasons=reasons, replaces=replaces, by=person
    )


def test_a_vote_is_changed_until_the_chair_decides_and_every_earlier_one_is_kept(area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    with pytest.raises(NotAllowed, match="not voted on this referral yet"):
        change(referral, panel[1])
    vote(referral, panel[1])
    change(referral, panel[1])
    consideration = queries.open_consideration(referral)
    assert queries.standing(consideration).votes == 1
    assert queries.votes_by_choice(consideration)["decline"] == 1
    assert queries.votes_by_choice(consideration)["accept"] == 0
    assert [one.choice for one in queries.own_votes(consideration, panel[1])] == [
        "decline",
        "accept",
    ]
    with pytest.raises(NotAllowed, match="since you opened this page"):
        change(referral, panel[1], "defer", replaces=1)
    with pytest.raises(NotAllowed, match="what you have voted already"):
        change(referral, panel[1], replaces=2)
    with pytest.raises(NotAllowed, match="Enter the reasons"):
        change(referral, panel[1], "defer", replaces=2, reasons=" ")
    vote(referral, panel[2])
    change(referral, panel[1], "accept", replaces=2)
    decide(referral, panel[0])
    with pytest.raises(NotAllowed, match="cannot be voted on"):
        change(referral, panel[1], "defer", replaces=3)
    assert Vote.objects.filter(member=panel[1]).count() == 3
    with pytest.raises(IntegrityError, match="stay as they were written"), transaction.atomic():
        Vote.objects.filter(member=panel[1]).delete()


def test_a_conflict_declared_after_the_vote_takes_the_vote_out_of_the_count(area):
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    vote(referral, panel[1])
    vote(referral, panel[2])
    actions.declare_conflict(referral=referral, reason="Kin, I now see", by=panel[1])
    standing = queries.standing(queries.open_consideration(referral))
    assert (standing.votes, standing.waiting, standing.conflicts) == (1, 2, 1)
    assert nodes_open(referral) == ["decide", "vote", "vote"]
    # The case has vanished for that member: from what they have done, too.
    assert not inbox.visible_tasks(panel[1], inbox.FINISHED).exists()
    assert inbox.visible_tasks(panel[2], inbox.FINISHED).count() == 1
    with pytest.raises(NotAllowed, match="1 of the 2 votes"):
        decide(referral, panel[0])
    vote(referral, panel[3])
    decide(referral, panel[0])
    assert nodes_open(referral) == []


def test_a_vote_counts_although_its_members_role_ends_afterwards(area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    vote(referral, panel[1])
    permissions.end_membership(membership=Membership.objects.get(user=panel[1]), by=None)
    standing = queries.standing(queries.open_consideration(referral))
    assert (standing.votes, standing.waiting) == (1, 2)
    with pytest.raises(NotPermitted):
        change(referral, panel[1])


def test_votes_are_hidden_from_other_members_until_they_may_see_them(area):
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    vote(referral, panel[1])
    consideration = queries.open_consideration(referral)
    assert not queries.sees_votes(consideration, panel[1])
    actions.change_panel_settings(
        partnership=area.partnership, by=None, votes_shown="after_own_vote"
    )
    assert queries.sees_votes(consideration, panel[1])
    assert not queries.sees_votes(consideration, panel[2])
    vote(referral, panel[2])
    decide(referral, panel[0])
    consideration.refresh_from_db()
    assert queries.sees_votes(consideration, panel[3])


# --- What a decision asks for ---------------------------------------------------------------------


def test_an_acceptance_keeps_its_conditions_as_a_list(area):
    referral = make_referral(area, Status.ACCEPTED)
    decision = referral.decision
    assert [one.text for one in decision.conditions.all()] == ["A risk assessment before the start"]
    with pytest.raises(IntegrityError, match="stay as they were written"), transaction.atomic():
        decision.conditions.update(text="None")


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_a_deferral_says_until_when_and_the_officer_is_asked_by_then(area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    for person in panel[1:]:
        vote(referral, person, "defer")

    def defer(**until):
        tasks.perform(
            tasks.find(referral, ReferralFlow, "decide"),
            by=panel[0],
            act=lambda: actions.decide(
                referral=referral, outcome="defer", reasons="Too early", by=panel[0], **until
            ),
        )

    with pytest.raises(NotAllowed, match="until when"):
        defer()
    with pytest.raises(NotAllowed, match="in the future"):
        defer(deferred_until=datetime.date(2026, 3, 2))
    with pytest.raises(NotAllowed, match="Only an acceptance"):
        defer(deferred_until=datetime.date(2026, 3, 9), conditions=["A letter"])
    # Clocks go forward on 29 March: the day is London's.
    defer(deferred_until=datetime.date(2026, 3, 30))
    assert referral.decision.deferred_until == datetime.date(2026, 3, 30)
    due = tasks.find(referral, ReferralFlow, "return_to_panel").due_at
    assert due == calendar.at_end_of_day(datetime.date(2026, 3, 30))


# --- Deadlines, letter, mail --------------------------------------------------------------------


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_without_a_published_term_the_panels_settings_set_the_dates(area):
    referral = make_referral(area, Status.SUBMITTED)
    due = tasks.find(referral, ReferralFlow, "screen").due_at
    assert due == calendar.at_end_of_day(datetime.date(2026, 3, 9))
    actions.change_panel_settings(partnership=area.partnership, by=None, screen_working_days=1)
    assert queries.due_at(referral, "screen_within") == calendar.at_end_of_day(
        datetime.date(2026, 3, 3)
    )


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_the_published_agreements_terms_set_the_dates(area):
    agreements.make_agreement(area.partnership, terms={"screen_within": "2", "decide_within": "7"})
    referral = make_referral(area, Status.SUBMITTED)
    due = tasks.find(referral, ReferralFlow, "screen").due_at
    assert due == calendar.at_end_of_day(datetime.date(2026, 3, 4))
    assert queries.due_at(referral, "decide_within") == calendar.at_end_of_day(
        datetime.date(2026, 3, 11)
    )


@pytest.mark.parametrize(
    ("status", "word"),
    [(Status.ACCEPTED, "accepted"), (Status.DECLINED, "declined"), (Status.DEFERRED, "deferred")],
)
def test_the_letter_tells_the_decision_and_goes_into_the_case_once(area, status, word):
    area.school.short_name = "Weaver’s"
    referral = make_referral(area, status, first_name="D’Arcy")
    letter = actions.make_letter(decision=referral.decision)
    assert actions.make_letter(decision=referral.decision) == letter
    document = letter.document
    assert (document.audience, document.content_type) == (
        Audience.SCHOOL_AND_COMMISSIONER,
        "application/pdf",
    )
    with document.file.open("rb") as file:
        reader = pypdf.PdfReader(file)
        text = " ".join(page.extract_text() for page in reader.pages)
        title = reader.metadata.title
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
    assert word in text
    assert "D’Arcy" in text
    assert "The evidence meets the criteria." in text
    assert referral.case.reference in title
    assert kinds(referral).count("letter_sent") == 1


def test_the_letter_is_made_and_mailed_by_background_jobs(area, mailoutbox):
    referral = make_referral(area, Status.ACCEPTED)
    names = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    assert "referrals.make_letter" in names
    actions.make_letter(decision=referral.decision)
    event = Event.objects.get(kind="letter_sent")
    for number, user_id in mail.addressees(event.pk):
        mail.send(event.pk, number, user_id)
    (message,) = [one for one in mailoutbox if "decision" in one.subject]
    assert message.to == [area.person(Role.REFERRER).email]
    assert referral.case.pupil.last_name not in message.subject + message.body
    assert f"/cases/{referral.case.reference}/" in message.body


def test_another_schools_referrer_can_do_nothing(area):
    referral = make_referral(area)
    stranger = Area().person(Role.REFERRER)
    with pytest.raises(NotPermitted):
        actions.submit(referral=referral, by=stranger)
    with pytest.raises(NotPermitted):
        actions.write_answers(referral=referral, by=stranger, answers={"needs": "Mine"})
    with pytest.raises(NotPermitted):
        actions.start(school=area.school, by=stranger, **pupil_details())
    assert Referral.objects.get().status == Status.DRAFT
