"""Parents take their permission back: the case stops everywhere, and whoever had it is told."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from permissions.exceptions import NotPermitted
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.placements import accept_agreement, ready
from tests.factories.referrals import make_referral
from workflows.cases.states import Outcome, Stage
from workflows.engine import mail as messages
from workflows.engine import states as engine
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Process, Task
from workflows.placements import actions as placements
from workflows.placements.models import Allocation, Offer, Placement
from workflows.referrals import actions
from workflows.referrals.models import PermissionWithdrawal, Referral
from workflows.referrals.states import Status
from workflows.reintegration.models import ReintegrationPlan
from workflows.reintegration.states import PlanStatus
from workflows.reviews import actions as reviews
from workflows.reviews.models import Review
from workflows.reviews.states import ReviewStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


def in_review(area):
    referral = make_referral(area, Status.DECLINED)
    actions.ask_for_review(
        referral=referral, reasons="It was not read", by=area.person(Role.REFERRER)
    )
    return referral


def withdraw(area, referral, **changes):
    return actions.withdraw_permission(
        referral=referral,
        **{
            "withdrawn_by": "Jo O’Sample, parent",
            "how": "telephone",
            "date": timezone.localdate(),
            **changes,
        },
        by=area.person(Role.REFERRER),
    )


def offered(area):
    ready(area)
    referral = make_referral(area, Status.ACCEPTED)
    placements.make_offer(
        allocation=Allocation.objects.get(case=referral.case),
        provider=area.provider,
        hours_per_week=Decimal(5),
        starts_date=timezone.localdate(),
        by=area.person(Role.OFFICER),
    )
    return referral


def agreed(area):
    referral = offered(area)
    placements.accept_offer(offer=Offer.objects.get(), by=area.person(Role.SIGNATORY))
    return referral


def placed(area):
    referral = agreed(area)
    accept_agreement(area)
    placements.start_placement(placement=Placement.objects.get(), by=area.person(Role.OFFICER))
    return referral


def reintegrating(area):
    referral = placed(area)
    review = Review.objects.get()
    Review.objects.filter(pk=review.pk).update(opens_date=timezone.localdate())
    review.refresh_from_db()
    reviews.hold_review(
        review=reviews.open_review(review=review),
        held_date=timezone.localdate(),
        attended="Everybody",
        minutes="She is ready.",
        outcome="reintegrate",
        by=area.person(Role.OFFICER),
    )
    return referral


WAYS = {
    "draft": make_referral,
    "submitted": lambda area: make_referral(area, Status.SUBMITTED),
    "questioned": lambda area: make_referral(area, Status.QUESTIONED),
    "at panel": lambda area: make_referral(area, Status.AT_PANEL),
    "deferred": lambda area: make_referral(area, Status.DEFERRED),
    "in review": in_review,
    "accepted": lambda area: (ready(area), make_referral(area, Status.ACCEPTED))[1],
    "offered": offered,
    "agreed": agreed,
    "placed": placed,
    "reintegrating": reintegrating,
}


@pytest.mark.parametrize("way", WAYS)
def test_wherever_the_case_is_it_stops(client, area, way):
    referral = WAYS[way](area)
    case = referral.case
    withdraw(area, referral)
    referral = Referral.objects.get(pk=referral.pk)
    case.refresh_from_db()
    assert referral.status == Status.WITHDRAWN
    assert case.stage == Stage.WITHDRAWN
    assert case.outcome == Outcome.PERMISSION_WITHDRAWN
    assert case.closed_at
    assert not tasks.open_tasks().filter(reference=case.reference).exists()
    mine = Process.objects.exclude(status__in=[engine.DONE, engine.CANCELED])
    left = Task.objects.filter(process__in=mine, status__in=engine.UNFINISHED)
    assert not left.filter(reference=case.reference).exists()
    assert not referral.considerations.filter(closed_at=None).exists()
    assert not referral.pauses.filter(ended_at=None).exists()
    assert not case.shares.open().exists()
    assert not case.participations.open().filter(kind="provider").exists()
    assert not Offer.objects.filter(status="made").exists()
    assert not Placement.objects.open().exists()
    assert not Allocation.objects.open().exists()
    assert not ReintegrationPlan.objects.open().exists()
    assert not Review.objects.filter(status__in=[ReviewStatus.SCHEDULED, ReviewStatus.DUE]).exists()
    for role in (Role.SIGNATORY, Role.TUTOR, Role.PANEL_CHAIR):
        client.force_login(area.person(role, area.provider if role != Role.PANEL_CHAIR else None))
        assert client.get(case.get_absolute_url()).status_code == 404
    for role in (Role.REFERRER, Role.OFFICER):
        client.force_login(area.person(role))
        if way == "draft" and role == Role.OFFICER:
            continue
        shown = client.get(case.get_absolute_url()).content.decode()
        assert "Parental permission was withdrawn on" in shown
        assert "The case has stopped" in shown
        assert "Record that parental permission is withdrawn" not in shown


def test_everybody_who_had_the_case_is_told_and_nobody_is_named(area):
    referral = placed(area)
    panel = area.panel()
    tutor = area.person(Role.TUTOR)
    withdraw(area, referral)
    event = Event.objects.get(kind="permission_withdrawn")
    addressees = list(messages.addressees(event.pk))
    for number, user in addressees:
        messages.send(event.pk, number, user)
    told = {message.to[0] for message in mail.outbox}
    assert {
        tutor.email,
        area.person(Role.SIGNATORY).email,
        area.person(Role.OFFICER).email,
        *(member.email for member in panel),
    } <= told
    for message in mail.outbox:
        assert referral.case.pupil.last_name not in message.subject + message.body
        assert referral.case.reference in message.body
    assert referral.case.pupil.last_name not in event.summary


def test_a_draft_is_known_to_nobody_else(area):
    area.person(Role.OFFICER)
    head = area.person(Role.HEAD)
    referral = make_referral(area)
    withdraw(area, referral)
    event = Event.objects.get(kind="permission_withdrawn")
    assert {user for _, user in messages.addressees(event.pk)} == {head.pk}


def test_a_plan_that_was_not_written_yet_is_stopped_too(area):
    withdraw(area, reintegrating(area))
    plan = ReintegrationPlan.objects.get()
    assert plan.status == PlanStatus.STOPPED
    assert plan.written_at is None
    assert plan.stop_reason == "Parental permission was withdrawn."


def test_what_makes_no_sense_is_refused(area):
    today = timezone.localdate()
    referral = make_referral(area, Status.SUBMITTED)
    with pytest.raises(NotAllowed, match="today or in the past"):
        withdraw(area, referral, date=today + datetime.timedelta(days=1))
    with pytest.raises(NotAllowed, match="not be before the date it was given"):
        withdraw(area, referral, date=referral.permission_date - datetime.timedelta(days=1))
    with pytest.raises(NotAllowed, match="Enter who"):
        withdraw(area, referral, withdrawn_by=" ")
    with pytest.raises(NotAllowed, match="No permission has been recorded"):
        withdraw(area, make_referral(area, complete=False))
    with pytest.raises(NotPermitted):
        actions.withdraw_permission(
            referral=referral,
            withdrawn_by="x",
            how="email",
            date=today,
            by=area.person(Role.OFFICER),
        )
    withdraw(area, referral)
    with pytest.raises(NotAllowed, match="cannot be stopped"):
        withdraw(area, referral)
    with pytest.raises(NotAllowed):
        withdraw(area, make_referral(area, Status.DECLINED))
    for change in (
        PermissionWithdrawal.objects.all().delete,
        lambda: PermissionWithdrawal.objects.update(note="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_pupil_can_be_referred_again(area):
    referral = make_referral(area, Status.AT_PANEL)
    withdraw(area, referral)
    again = actions.start(
        school=area.school, by=area.person(Role.REFERRER), pupil=referral.case.pupil
    )
    assert again.status == Status.DRAFT
    assert again.permission_recorded_at is None
    with pytest.raises(NotAllowed, match="permission first"):
        actions.submit(referral=again, by=area.person(Role.REFERRER))


def test_the_page_says_what_happens_and_asks_to_confirm(client, area):
    referral = make_referral(area, Status.AT_PANEL)
    url = reverse("referrals:withdraw_permission", args=[referral.case.reference])
    client.force_login(area.person(Role.REFERRER))
    assert url in client.get(referral.case.get_absolute_url()).content.decode()
    page = client.get(url).content.decode()
    assert "The case stops at once" in page or "the case stops at once" in page
    answers = {
        "withdrawn_by": "Pat O’Hara, father",
        "how": "meeting",
        "date": timezone.localdate().isoformat(),
        "note": "He’d rather wait",
    }
    response = client.post(url, answers)
    assert "Confirm that the case is to stop" in response.content.decode()
    referral.refresh_from_db()
    assert referral.status == Status.AT_PANEL
    response = client.post(url, {**answers, "understood": "on"})
    assert response.url == referral.case.get_absolute_url()
    shown = client.get(response.url).content.decode()
    assert "Pat O’Hara, father" in shown
    assert "He’d rather wait" in shown
    assert client.get(url).url == referral.case.get_absolute_url()
    again = client.post(url, {**answers, "understood": "on"})
    assert "cannot be stopped" in again.content.decode()


def test_other_people_do_not_reach_the_page(client, area):
    referral = make_referral(area, Status.SUBMITTED)
    url = reverse("referrals:withdraw_permission", args=[referral.case.reference])
    client.force_login(area.person(Role.OFFICER))
    assert client.get(url).status_code == 403
    client.force_login(Area().person(Role.REFERRER))
    assert client.get(url).status_code == 404
    draft = make_referral(area, complete=False)
    client.force_login(area.person(Role.REFERRER))
    url = reverse("referrals:withdraw_permission", args=[draft.case.reference])
    assert "No permission has been recorded" in client.get(url).content.decode()


def test_a_review_of_a_decision_ends_with_permission(area):
    referral = in_review(area)
    withdraw(area, referral)
    review = referral.decision_reviews.get()
    assert (review.status, review.withdrawn_by) == ("withdrawn", area.person(Role.REFERRER))
    assert not tasks.open_tasks(review).exists()
    referral.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.ask_for_review(referral=referral, reasons="Again", by=area.person(Role.REFERRER))


def test_the_case_in_review_offers_its_school_the_page(client, area):
    declined = make_referral(area, Status.DECLINED)
    url = reverse("referrals:withdraw_permission", args=[declined.case.reference])
    client.force_login(area.person(Role.REFERRER))
    assert url not in client.get(declined.case.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):
        withdraw(area, declined)
    actions.ask_for_review(
        referral=declined, reasons="It was not read", by=area.person(Role.REFERRER)
    )
    assert url in client.get(declined.case.get_absolute_url()).content.decode()
    assert "withdrawn:" in client.get(url).content.decode()
