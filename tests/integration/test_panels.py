"""Panel meetings: agenda, substitutes, virtual meetings, minutes and papers, by their actions."""

import datetime
import io

import pypdf
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions import actions as permissions
from permissions.exceptions import NotPermitted
from permissions.models import Membership, ReadRecord
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.panels import make_meeting, on_agenda, substitute
from tests.factories.referrals import decide, make_referral, vote
from workflows.cases import actions as cases
from workflows.cases.models import Case
from workflows.engine import feeds, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.panels import actions, queries
from workflows.panels.models import Minute, PanelMeeting, PapersPack
from workflows.panels.states import ItemEnd, Kind, PackStatus, Status
from workflows.referrals import actions as referrals
from workflows.referrals import queries as referral_queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.states import Status as ReferralStatus

pytestmark = pytest.mark.django_db

LONDON = feeds.LONDON


@pytest.fixture
def area():
    return Area()


def voters(referral):
    return {task.owner for task in tasks.open_tasks(referral, "vote", ReferralFlow)}


def consideration(referral):
    return referral_queries.open_consideration(referral)


# --- Planning -----------------------------------------------------------------------------------


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_a_series_keeps_its_time_of_day_across_the_change_of_clocks(area):
    area.panel()
    planned = actions.plan_meetings(
        partnership=area.partnership,
        kind=Kind.VIDEO,
        starts_at=datetime.datetime(2026, 3, 16, 10, 0, tzinfo=LONDON),
        ends_at=datetime.datetime(2026, 3, 16, 12, 0, tzinfo=LONDON),
        place="https://example.org/room",
        every_weeks=2,
        until=datetime.date(2026, 4, 14),
        by=area.person(Role.OFFICER),
    )
    assert [timezone.localtime(one.starts_at).strftime("%d.%m. %H:%M") for one in planned] == [
        "16.03. 10:00",
        "30.03. 10:00",
        "13.04. 10:00",
    ]
    assert planned[0].starts_at.astimezone(datetime.UTC).hour == 10
    assert planned[1].starts_at.astimezone(datetime.UTC).hour == 9
    entries = feeds.entries(area.person(Role.PANEL_CHAIR))
    titles = [entry.title for entry in entries if entry.uid.startswith("panel-meeting")]
    assert len(titles) == 3
    assert area.partnership.name in titles[0]


def test_a_meeting_needs_a_place_an_end_after_its_start_and_a_chair_who_may(area):
    with pytest.raises(NotAllowed, match="where the panel meets"):
        make_meeting(area, place="")
    with pytest.raises(NotAllowed, match="end must be after"):
        make_meeting(area, hours=0)
    with pytest.raises(NotAllowed, match="in the future"):
        make_meeting(area, days=-7)
    make_meeting(area, kind=Kind.VIRTUAL, place="")
    with pytest.raises(NotAllowed, match="may not chair"):
        actions.change_meeting(
            meeting=PanelMeeting.objects.get(),
            starts_at=timezone.now() + datetime.timedelta(days=1),
            ends_at=timezone.now() + datetime.timedelta(days=2),
            chair=area.panel()[1],
            by=area.person(Role.OFFICER),
        )


# --- Agenda -------------------------------------------------------------------------------------


def test_the_agenda_is_made_from_what_is_ready_and_kept_in_order(area):
    meeting, officer = make_meeting(area), area.person(Role.OFFICER)
    first, second = on_agenda(area, meeting), on_agenda(area, meeting)
    waiting = make_referral(area, ReferralStatus.AT_PANEL)
    make_referral(Area(), ReferralStatus.AT_PANEL)
    assert [one.referral for one in queries.ready_for_agenda(meeting, officer)] == [waiting]
    with pytest.raises(NotAllowed, match="on an agenda already"):
        actions.add_to_agenda(meeting=meeting, consideration=consideration(first), by=officer)
    items = list(meeting.items.on_agenda())
    actions.move_item(item=items[1], up=True, by=officer)
    assert [line.case for line in queries.agenda(meeting, officer)] == [second.case, first.case]
    actions.remove_from_agenda(item=items[0], by=officer)
    assert first in [one.referral for one in queries.ready_for_agenda(meeting, officer)]


def test_a_deferred_referral_whose_date_has_come_is_brought_back_onto_the_agenda(area):
    referral = make_referral(area, ReferralStatus.AT_PANEL)
    panel, officer = area.panel(), area.person(Role.OFFICER)
    for person in panel[1:]:
        vote(referral, person, "defer")
    tasks.perform(
        tasks.find(referral, ReferralFlow, "decide"),
        by=panel[0],
        act=lambda: referrals.decide(
            referral=referral,
            outcome="defer",
            reasons="Too early",
            deferred_until=timezone.localdate() + datetime.timedelta(days=10),
            by=panel[0],
        ),
    )
    assert not queries.deferred_until(make_meeting(area, days=7), officer).exists()
    meeting = make_meeting(area, days=10)
    assert queries.deferred_until(meeting, officer).get() == referral
    tasks.perform(
        tasks.find(referral, ReferralFlow, "return_to_panel"),
        by=officer,
        act=lambda: actions.bring_back(meeting=meeting, referral=referral, by=officer),
    )
    assert [line.case for line in queries.agenda(meeting, officer)] == [referral.case]
    assert voters(referral) == set(panel)


def test_what_a_meeting_has_not_decided_is_carried_over(area):
    meeting, chair = make_meeting(area), area.person(Role.PANEL_CHAIR)
    decided, left = on_agenda(area, meeting), on_agenda(area, meeting)
    actions.open_meeting(meeting=meeting, by=chair)
    for person in area.panel()[1:]:
        vote(decided, person)
    decide(decided, chair)
    with pytest.raises(NotAllowed, match="1 of the referrals is not decided"):
        actions.close_meeting(meeting=meeting, by=chair)
    actions.close_meeting(meeting=meeting, by=chair, carry_over=True)
    assert meeting.items.get(ended_because=ItemEnd.CARRIED_OVER).consideration == consideration(
        left
    )
    officer = area.person(Role.OFFICER)
    assert [line.result for line in queries.agenda(meeting, officer)] == ["Accepted"]
    later = make_meeting(area, days=14)
    actions.add_to_agenda(meeting=later, consideration=consideration(left), by=officer)


def test_a_withdrawn_referral_leaves_the_agenda(area):
    meeting = make_meeting(area)
    referral = on_agenda(area, meeting)
    referrals.withdraw(referral=referral, reason="Moved", by=area.person(Role.REFERRER))
    assert not meeting.items.on_agenda().exists()


def test_a_conflict_hides_the_item_from_the_member(area):
    meeting, panel = make_meeting(area), area.panel()
    referral = on_agenda(area, meeting)
    on_agenda(area, meeting)
    assert len(queries.agenda(meeting, panel[1])) == 2
    referrals.declare_conflict(referral=referral, reason="Kin", by=panel[1])
    lines = queries.agenda(meeting, panel[1])
    assert referral.case not in [line.case for line in lines]
    assert queries.hidden_items(meeting, len(lines)) == 1


def test_the_agendas_queries_do_not_grow_with_it(area, django_assert_max_num_queries):
    meeting, officer = make_meeting(area), area.person(Role.OFFICER)
    on_agenda(area, meeting)
    with django_assert_max_num_queries(8) as few:
        queries.agenda(meeting, officer)
    for _ in range(3):
        on_agenda(area, meeting)
    with django_assert_max_num_queries(len(few)):
        queries.agenda(meeting, officer)


# --- Substitutes --------------------------------------------------------------------------------


def name(area, member, other, **when):
    when = when or {
        "starts_date": timezone.localdate(),
        "ends_date": timezone.localdate() + datetime.timedelta(days=3),
    }
    return actions.name_substitute(
        partnership=area.partnership, member=member, substitute=other, by=member, **when
    )


def test_a_substitute_votes_in_the_members_place_and_the_member_no_longer(area):
    referral, other = make_referral(area, ReferralStatus.AT_PANEL), substitute(area)
    panel = area.panel()
    assert voters(referral) == set(panel)
    name(area, panel[1], other)
    assert voters(referral) == {panel[0], panel[2], other}
    assert not Case.objects.visible_to(panel[1]).exists()
    with pytest.raises(NotAllowed, match="no seat"):
        referrals.cast_vote(referral=referral, choice="accept", reasons="Still", by=panel[1])
    vote(referral, other)
    vote(referral, panel[2])
    assert referral_queries.standing(consideration(referral)).votes == 2
    decide(referral, panel[0])


def test_a_referral_that_comes_to_the_panel_finds_the_substitute_seated(area):
    other, panel = substitute(area), area.panel()
    name(area, panel[1], other)
    referral = make_referral(area, ReferralStatus.AT_PANEL)
    assert voters(referral) == {panel[0], panel[2], other}


def test_a_member_who_has_voted_keeps_the_seat(area):
    referral, other = make_referral(area, ReferralStatus.AT_PANEL), substitute(area)
    panel = area.panel()
    vote(referral, panel[1])
    name(area, panel[1], other)
    assert voters(referral) == {panel[0], panel[2]}
    assert not Case.objects.visible_to(other).exists()


def test_the_member_sits_again_when_the_days_are_over_unless_the_substitute_has_voted(area):
    first, second = (make_referral(area, ReferralStatus.AT_PANEL) for _ in range(2))
    other, panel = substitute(area), area.panel()
    name(area, panel[1], other)
    vote(first, other)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        assert actions.seat_everybody_again() == 2
        assert voters(first) == {panel[0], panel[2]}
        assert voters(second) == set(panel)
    assert Case.objects.visible_to(other).get() == first.case


def test_a_substitute_for_a_meeting_sits_in_what_is_on_its_agenda(area):
    meeting, other, panel = make_meeting(area), substitute(area), area.panel()
    on_it, elsewhere = on_agenda(area, meeting), make_referral(area, ReferralStatus.AT_PANEL)
    row = name(area, panel[1], other, meeting=meeting)
    assert voters(on_it) == {panel[0], panel[2], other}
    assert voters(elsewhere) == set(panel)
    actions.cancel_substitute(substitution=row, by=panel[1])
    assert voters(on_it) == set(panel)


def test_only_somebody_who_may_vote_and_has_no_seat_is_a_substitute(area):
    panel, officer = area.panel(), area.person(Role.OFFICER)
    with pytest.raises(NotAllowed, match="a vote of their own"):
        name(area, panel[1], panel[2])
    with pytest.raises(NotAllowed, match="may not vote on this panel"):
        name(area, panel[1], officer)
    with pytest.raises(NotAllowed, match="own substitute"):
        name(area, panel[1], panel[1])
    other = substitute(area)
    name(area, panel[1], other)
    with pytest.raises(NotAllowed, match="has a substitute then already"):
        name(area, panel[1], substitute(area))
    days = {"starts_date": timezone.localdate(), "ends_date": timezone.localdate()}
    for by in (panel[1], officer):
        with pytest.raises(NotPermitted):
            actions.name_substitute(
                partnership=area.partnership, member=panel[2], substitute=other, by=by, **days
            )
    actions.name_substitute(
        partnership=area.partnership,
        member=panel[2],
        substitute=substitute(area),
        by=area.person(Role.ADMINISTRATOR),
        **days,
    )


def test_a_member_whose_role_ends_leaves_no_task_and_holds_nothing_up(area):
    referral, panel = make_referral(area, ReferralStatus.AT_PANEL), area.panel()
    vote(referral, panel[2])
    for person in panel[:2]:
        permissions.end_membership(membership=Membership.objects.get(user=person), by=None)
    actions.seat_everybody_again()
    assert voters(referral) == set()
    # Nobody is left to vote, so the chair can go on: here, one who is appointed then.
    assert tasks.open_tasks(referral, "decide", ReferralFlow).exists()
    assert actions.seat_everybody_again() == 0


# --- Virtual meetings -----------------------------------------------------------------------------


def test_a_virtual_meeting_opens_and_closes_by_itself_with_the_votes_it_needs(area):
    meeting = make_meeting(area, kind=Kind.VIRTUAL, days=1, hours=48)
    referral, panel = on_agenda(area, meeting), area.panel()
    actions.keep_time(now=timezone.now())
    meeting.refresh_from_db()
    assert meeting.status == Status.PLANNED
    actions.keep_time(now=meeting.starts_at)
    meeting.refresh_from_db()
    assert meeting.status == Status.OPEN
    vote(referral, panel[1])
    vote(referral, panel[2])
    actions.keep_time(now=meeting.ends_at)
    meeting.refresh_from_db()
    assert meeting.status == Status.CLOSED
    assert voters(referral) == set()
    with pytest.raises(NotAllowed, match="Voting on this referral has ended"):
        referrals.cast_vote(referral=referral, choice="accept", reasons="Late", by=panel[0])
    with pytest.raises(NotAllowed, match="Voting on this referral has ended"):
        referrals.change_vote(
            referral=referral, choice="decline", reasons="Late", replaces=1, by=panel[1]
        )
    decide(referral, panel[0])


def test_the_chair_is_told_once_when_a_virtual_meeting_ends_without_enough_votes(area):
    meeting = make_meeting(area, kind=Kind.VIRTUAL, days=1)
    referral, chair = on_agenda(area, meeting), area.person(Role.PANEL_CHAIR)
    for _ in range(2):
        actions.keep_time(now=meeting.ends_at)
    meeting.refresh_from_db()
    assert meeting.status == Status.OPEN
    assert Event.objects.filter(kind="meeting_lacks_votes").count() == 1
    actions.close_meeting(meeting=meeting, by=chair)
    # The votes that are in are not enough: the chair can only defer.
    assert tasks.open_tasks(referral, "decide", ReferralFlow).exists()
    with pytest.raises(NotAllowed, match="defer"):
        decide(referral, chair)
    decide(referral, chair, "defer")


# --- Attendance and minutes -----------------------------------------------------------------------


def test_minutes_are_versions_until_the_chair_closes_and_corrections_after(area):
    meeting = make_meeting(area)
    referral = on_agenda(area, meeting)
    item = meeting.items.get()
    chair, officer = area.person(Role.PANEL_CHAIR), area.person(Role.OFFICER)
    with pytest.raises(NotAllowed, match="planned"):
        actions.write_minutes(meeting=meeting, text="Early", replaces=0, by=officer)
    actions.open_meeting(meeting=meeting, by=chair)
    actions.write_minutes(meeting=meeting, item=item, text="We read it", replaces=0, by=officer)
    with pytest.raises(NotAllowed, match="Somebody has written here"):
        actions.write_minutes(meeting=meeting, item=item, text="Mine", replaces=0, by=chair)
    actions.write_minutes(meeting=meeting, item=item, text="We read it all", replaces=1, by=chair)
    actions.write_minutes(meeting=meeting, text="Apologies", replaces=0, by=officer)
    actions.record_attendance(
        meeting=meeting,
        presences={chair.pk: "present", area.person(Role.REFERRER).pk: "present"},
        by=officer,
    )
    assert meeting.attendances.get().person == chair
    for person in area.panel()[1:]:
        vote(referral, person)
    decide(referral, chair)
    actions.close_meeting(meeting=meeting, by=chair)
    with pytest.raises(NotAllowed, match="closed"):
        actions.write_minutes(meeting=meeting, item=item, text="After", replaces=2, by=chair)
    actions.correct_minutes(meeting=meeting, item=item, text="Two pages", replaces=2, by=officer)
    (line,) = queries.agenda(meeting, officer)
    assert line.latest.text == "We read it all"
    assert [one.text for one in line.corrections] == ["Two pages"]
    with pytest.raises(IntegrityError, match="stay as they were written"), transaction.atomic():
        Minute.objects.update(text="Nothing")


# --- Papers ---------------------------------------------------------------------------------------


def text_of(pack):
    with pack.file.open("rb") as file:
        reader = pypdf.PdfReader(io.BytesIO(file.read()))
    return " ".join(page.extract_text() for page in reader.pages), reader


def test_a_pack_holds_what_its_reader_may_see_with_documents_and_page_numbers(area):
    meeting, officer, panel = make_meeting(area), area.person(Role.OFFICER), area.panel()
    first, second = on_agenda(area, meeting), on_agenda(area, meeting)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    cases.add_document(
        case=first.case,
        kind="other",
        title="Drawing of the pupil’s week",
        file=picture.getvalue(),
        by=area.person(Role.REFERRER),
    )
    assert actions.ask_for_packs(meeting=meeting, by=officer) == 3
    assert ProcrastinateJob.objects.filter(task_name="panels.make_pack").count() == 3
    pack = PapersPack.objects.get(member=panel[1])
    assert queries.readable_pack(meeting, panel[1]) is None
    assert actions.make_pack(pack=pack)
    assert not actions.make_pack(pack=pack)
    pack = queries.readable_pack(meeting, panel[1])
    text, reader = text_of(pack)
    assert pack.pages == len(reader.pages)
    assert f"{len(reader.pages)} of {len(reader.pages)}" in text
    for referral in (first, second):
        assert f"Case {referral.case.reference}" in text
    assert "Letter from the consultant" in text
    assert "Drawing of the pupil’s week" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert Event.objects.filter(kind="papers_ready").count() == 1


def test_a_conflict_takes_the_pack_away_and_another_is_made_without_the_case(area):
    meeting, officer, panel = make_meeting(area), area.person(Role.OFFICER), area.panel()
    hers, other = on_agenda(area, meeting), on_agenda(area, meeting)
    actions.ask_for_packs(meeting=meeting, by=officer)
    for pack in PapersPack.objects.all():
        actions.make_pack(pack=pack)
    before = queries.readable_pack(meeting, panel[1])
    referrals.declare_conflict(referral=hers, reason="Kin", by=panel[1])
    assert queries.readable_pack(meeting, panel[1]) is None
    before.refresh_from_db()
    assert (before.status, before.file.name) == (PackStatus.WITHDRAWN, "")
    actions.make_pack(pack=queries.own_pack(meeting, panel[1]))
    text, _ = text_of(queries.readable_pack(meeting, panel[1]))
    assert other.case.reference in text
    assert hers.case.reference not in text
    assert queries.readable_pack(meeting, panel[2]).contents.count() == 2


def test_a_pack_that_is_being_made_when_the_conflict_is_declared_is_not_served(area, monkeypatch):
    meeting, officer, panel = make_meeting(area), area.person(Role.OFFICER), area.panel()
    hers = on_agenda(area, meeting)
    actions.ask_for_packs(meeting=meeting, by=officer)
    pack = PapersPack.objects.get(member=panel[1])
    from workflows.engine import pdf

    render = pdf.render

    def late(*args, **kwargs):
        referrals.declare_conflict(referral=hers, reason="Kin", by=panel[1])
        return render(*args, **kwargs)

    monkeypatch.setattr(pdf, "render", late)
    assert not actions.make_pack(pack=pack)
    assert queries.readable_pack(meeting, panel[1]) is None
    assert queries.own_pack(meeting, panel[1]) is None


def test_packs_go_when_the_meeting_is_over_and_their_files_with_them(
    area, client, django_capture_on_commit_callbacks
):
    meeting, officer, panel = make_meeting(area), area.person(Role.OFFICER), area.panel()
    referral = on_agenda(area, meeting)
    actions.ask_for_packs(meeting=meeting, by=officer)
    for pack in PapersPack.objects.all():
        actions.make_pack(pack=pack)
    address = f"/panels/{meeting.pk}/papers.pdf"
    client.force_login(panel[1])
    response = client.get(address)
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert ReadRecord.objects.filter(user=panel[1], purpose="panel papers").count() == 1
    client.force_login(officer)
    assert client.get(address).status_code == 404
    stored = PapersPack.objects.get(member=panel[1]).file.name
    actions.open_meeting(meeting=meeting, by=panel[0])
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_meeting(meeting=meeting, by=panel[0], carry_over=True)
    client.force_login(panel[1])
    assert client.get(address).status_code == 404
    assert not default_storage.exists(stored)
    assert referral.status == ReferralStatus.AT_PANEL
