"""A referral handed to another partnership: proposed, answered, taken back, ended with the referral."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import Role
from tests.factories import PartnershipFactory, member
from tests.factories.agreements import make_agreement
from tests.factories.cases import Area
from tests.factories.criteria import publish
from tests.factories.panels import make_meeting, on_agenda
from tests.factories.referrals import make_referral
from workflows.agreements.models import Acceptance, AcceptanceRequest
from workflows.agreements.states import Mode
from workflows.calendar import queries as calendar
from workflows.cases.models import Case
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.referrals import actions, queries
from workflows.referrals.flows import ReferralFlow, TransferFlow
from workflows.referrals.models import Transfer
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


@pytest.fixture
def other(area):
    return PartnershipFactory(parent=area.local_authority)


@pytest.fixture
def their_officer(other):
    return member(Role.OFFICER, other)


def propose(area, referral, other, **changes):
    return actions.propose_transfer(
        referral=referral,
        to=other,
        reason="The family lives on their side",
        by=area.person(Role.OFFICER),
        **{"is_permitted": True, **changes},
    )


def answer(transfer, by, act):
    tasks.perform(tasks.find(transfer, TransferFlow, "consider_transfer"), by=by, act=act)


def test_the_other_partnership_takes_the_referral_and_screens_it_by_its_own_criteria(
    area, other, their_officer
):
    publish(other, member(Role.ADMINISTRATOR, other))
    referral = make_referral(area, Status.SUBMITTED, year_group=10)
    version = referral.questionnaire_version_id
    officer = area.person(Role.OFFICER)
    assert queries.advice_for(referral) == (None, None)
    transfer = propose(area, referral, other)
    task = tasks.find(transfer, TransferFlow, "consider_transfer")
    assert (task.organisation, task.reference) == (other, referral.case.reference)
    assert referral.case.pupil.last_name not in task.headline
    # Nothing but the proposal reaches the other partnership before it answers.
    assert not Case.objects.visible_to(their_officer).exists()
    answer(
        transfer,
        their_officer,
        lambda: actions.accept_transfer(transfer=transfer, by=their_officer),
    )
    referral.refresh_from_db()
    referral.case.refresh_from_db()
    assert (referral.status, referral.case.partnership) == (Status.SUBMITTED, other)
    assert referral.questionnaire_version_id == version
    assert Case.objects.visible_to(their_officer).get() == referral.case
    assert not Case.objects.visible_to(officer).exists()
    assert Case.objects.visible_to(area.person(Role.REFERRER)).exists()
    (screen,) = tasks.open_tasks(referral, flow=ReferralFlow)
    assert screen.organisation == other
    _, advised = queries.advice_for(referral)
    assert advised.number == 1
    with pytest.raises(NotPermitted):
        actions.send_to_panel(referral=referral, by=officer)


def test_the_panel_that_gives_a_referral_away_has_it_on_no_agenda(area, other, their_officer):
    meeting = make_meeting(area)
    referral = on_agenda(area, meeting)
    with pytest.raises(NotAllowed):
        propose(area, referral, other)
    # No action takes a referral from the panel back to the officer today.
    referral.status = Status.SUBMITTED
    referral.save()
    transfer = propose(area, referral, other)
    actions.accept_transfer(transfer=transfer, by=their_officer)
    assert not meeting.items.on_agenda().exists()


def test_the_new_partnership_has_its_own_time_to_screen(area, other, their_officer):
    def at(day):
        return time_machine.travel(
            datetime.datetime(2026, 3, day, 9, tzinfo=datetime.UTC), tick=False
        )

    with at(2):
        referral = make_referral(area, Status.SUBMITTED)
        transfer = propose(area, referral, other)
        task = tasks.find(transfer, TransferFlow, "consider_transfer")
        assert task.due_at == calendar.at_end_of_day(datetime.date(2026, 3, 9))
    with at(6):
        actions.accept_transfer(transfer=transfer, by=their_officer)
        due = queries.due_at(referral, "screen_within")
        assert due == calendar.at_end_of_day(datetime.date(2026, 3, 13))
    with at(10):
        assert queries.days_taken(referral, "screen_within") == 2


def test_the_school_is_asked_for_the_agreement_of_the_partnership_that_takes_over(
    area, other, their_officer
):
    ours = make_agreement(area.partnership, mode=Mode.IMPLIED)
    theirs = make_agreement(other, mode=Mode.IMPLIED)
    referral = make_referral(area, Status.SUBMITTED)
    assert not AcceptanceRequest.objects.exists()
    transfer = propose(area, referral, other)
    assert not AcceptanceRequest.objects.exists()
    actions.accept_transfer(transfer=transfer, by=their_officer)
    request = AcceptanceRequest.objects.get()
    assert (request.agreement, request.organisation, request.case) == (
        theirs,
        area.school,
        referral.case,
    )
    assert tasks.open_tasks(request).get().organisation == area.school
    # What was accepted by referring stays accepted.
    assert Acceptance.objects.get().version.agreement == ours


def test_an_agreement_that_is_accepted_otherwise_asks_nothing_of_the_school(
    area, other, their_officer
):
    make_agreement(other)
    transfer = propose(area, make_referral(area, Status.SUBMITTED), other)
    actions.accept_transfer(transfer=transfer, by=their_officer)
    assert not AcceptanceRequest.objects.exists()


def test_a_refusal_says_why_and_leaves_the_referral_where_it_is(area, other, their_officer):
    referral = make_referral(area, Status.SUBMITTED)
    transfer = propose(area, referral, other)
    with pytest.raises(NotAllowed, match="why you do not take"):
        actions.refuse_transfer(transfer=transfer, reason=" ", by=their_officer)
    answer(
        transfer,
        their_officer,
        lambda: actions.refuse_transfer(transfer=transfer, reason="Full", by=their_officer),
    )
    transfer.refresh_from_db()
    assert (transfer.status, transfer.answer, transfer.ended_by) == (
        "refused",
        "Full",
        their_officer,
    )
    assert [task.organisation for task in tasks.open_tasks(referral, flow=ReferralFlow)] == [
        area.partnership
    ]
    with pytest.raises(NotAllowed, match="answered or taken back"):
        actions.accept_transfer(transfer=transfer, by=their_officer)


def test_while_it_is_proposed_nobody_screens(area, other):
    area.panel()
    referral = make_referral(area, Status.SUBMITTED)
    officer = area.person(Role.OFFICER)
    transfer = propose(area, referral, other)
    for act in (
        lambda: actions.send_to_panel(referral=referral, by=officer),
        lambda: actions.ask_question(referral=referral, text="Why?", by=officer),
        lambda: propose(area, referral, other),
    ):
        with pytest.raises(NotAllowed, match=r"take this referral|proposed already"):
            act()
    actions.withdraw_transfer(transfer=transfer, by=officer)
    assert not tasks.open_tasks(transfer).exists()
    actions.send_to_panel(referral=referral, by=officer)


def test_what_cannot_be_proposed(area, other):
    referral = make_referral(area, Status.SUBMITTED)
    with pytest.raises(NotAllowed, match="without the parent’s permission"):
        propose(area, referral, other, is_permitted=False)
    for wrong in (area.partnership, PartnershipFactory()):
        with pytest.raises(NotAllowed, match="another partnership of the same"):
            propose(area, referral, wrong)
    with pytest.raises(NotAllowed, match="cannot be transferred"):
        propose(area, make_referral(area, Status.AT_PANEL), other)
    assert not Transfer.objects.exists()


def test_only_officers_of_the_right_partnership_act(area, other, their_officer):
    referral = make_referral(area, Status.SUBMITTED)
    transfer = propose(area, referral, other)
    officer = area.person(Role.OFFICER)
    with pytest.raises(NotPermitted):
        actions.accept_transfer(transfer=transfer, by=officer)
    with pytest.raises(NotPermitted):
        actions.refuse_transfer(transfer=transfer, reason="No", by=area.person(Role.PANEL_CHAIR))
    with pytest.raises(NotPermitted):
        actions.withdraw_transfer(transfer=transfer, by=their_officer)


def test_a_proposal_ends_with_the_referral(area, other):
    referral = make_referral(area, Status.SUBMITTED)
    transfer = propose(area, referral, other)
    actions.withdraw(referral=referral, reason="Moved away", by=area.person(Role.REFERRER))
    transfer.refresh_from_db()
    assert (transfer.status, transfer.ended_by) == ("withdrawn", None)
    assert not tasks.open_tasks(transfer).exists()


def test_what_was_proposed_is_never_changed(area, other):
    transfer = propose(area, make_referral(area, Status.SUBMITTED), other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(reason="Something else")


def test_a_transfer_through_its_pages(client, area, other, their_officer):
    referral = make_referral(area, Status.SUBMITTED, last_name="O’Hidden-Name")
    reference = referral.case.reference
    url = reverse("referrals:transfer", args=[reference])
    client.force_login(area.person(Role.REFERRER))
    assert client.get(url).status_code == 403
    client.force_login(their_officer)
    assert client.get(url).status_code == 404
    client.force_login(area.person(Role.OFFICER))
    shown = client.get(referral.case.get_absolute_url()).content.decode()
    assert url in shown
    assert other.name in client.get(url).content.decode()
    answers = {"to": str(other.pk), "reason": "They’re nearer", "is_permitted": "no"}
    assert "without the parent’s permission" in client.post(url, answers).content.decode()
    assert client.post(url, {**answers, "is_permitted": "yes"}).status_code == 302
    assert "Take the proposal back" in client.get(url).content.decode()
    transfer = queries.open_transfer(referral)
    task = tasks.find(transfer, TransferFlow, "consider_transfer").get_absolute_url()
    client.force_login(their_officer)
    shown = client.get(task).content.decode()
    assert "They’re nearer" in shown
    assert "O’Hidden-Name" not in shown
    # What the school typed about the permission may name somebody.
    assert transfer.permission_covers not in shown
    client.post(task, {"answer": "refuse", "reason": ""})
    response = client.post(task, {"answer": "take", "reason": ""})
    assert client.post(task, {"confirm": "1"}).status_code == 302
    assert response.status_code == 302
    assert client.get(referral.case.get_absolute_url()).status_code == 200
    assert Event.objects.filter(kind="referral_transferred").count() == 1
