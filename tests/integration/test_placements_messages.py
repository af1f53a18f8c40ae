"""Who is told what on the way from the search for a provider to the closed case."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.placements import make_offer, make_placement, ready
from tests.factories.reintegration import make_plan, set_back, stop
from tests.factories.reviews import make_review
from workflows.engine import events as engine_events
from workflows.engine import mail as messages
from workflows.engine.models import Event
from workflows.placements import notifications as placement_notifications
from workflows.placements.states import OfferStatus, PlacementStatus
from workflows.reintegration import notifications as reintegration_notifications
from workflows.reintegration.states import PlanStatus
from workflows.reviews import notifications as review_notifications
from workflows.reviews.states import ReviewStatus

pytestmark = pytest.mark.django_db

OURS = {
    **placement_notifications.NOTIFICATIONS,
    **review_notifications.NOTIFICATIONS,
    **reintegration_notifications.NOTIFICATIONS,
}


@pytest.fixture
def area() -> Area:
    """An area in which everybody is there before anything happens."""
    area = ready()
    for role in (Role.OFFICER, Role.REFERRER, Role.HEAD, Role.SIGNATORY, Role.TUTOR):
        area.person(role)
    return area


def told(area: Area, kind: str) -> set[Role]:
    """Send the messages of the latest event of a kind; return the roles of those who got one."""
    event = Event.objects.filter(kind=kind).latest("pk")
    before = len(mail.outbox)
    for number, person in messages.addressees(event.pk):
        assert messages.send(event.pk, number, person)
    addresses = {address for message in mail.outbox[before:] for address in message.to}
    return {
        Role(role)
        for (_, role), person in area.people.items()
        if person.email in addresses and role in Role.values
    }


def test_an_offer_and_its_answer(area: Area) -> None:
    make_offer(area, OfferStatus.DECLINED)
    assert told(area, "allocation_opened") == {Role.OFFICER}
    assert told(area, "offer_made") == {Role.SIGNATORY}
    assert told(area, "offer_declined") == {Role.OFFICER}


def test_an_offer_withdrawn(area: Area) -> None:
    make_offer(area, OfferStatus.WITHDRAWN)
    assert told(area, "offer_withdrawn") == {Role.SIGNATORY}


def test_a_placement_that_starts_and_ends(area: Area) -> None:
    make_placement(area, PlacementStatus.ENDED)
    assert told(area, "offer_accepted") == {Role.OFFICER}
    everybody = {Role.REFERRER, Role.HEAD, Role.SIGNATORY}
    assert told(area, "placement_started") == everybody
    assert told(area, "placement_ended") == everybody


def test_the_minutes_go_to_all_professionals_but_the_one_who_wrote_them(area: Area) -> None:
    make_review(area, ReviewStatus.HELD)
    others = {Role.REFERRER, Role.HEAD, Role.SIGNATORY, Role.TUTOR}
    assert told(area, "review_opened") == {*others, Role.OFFICER}
    assert told(area, "review_continues_placement") == others


def test_a_plan_that_is_written_set_back_and_stopped(area: Area) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    assert told(area, "reintegration_begun") == {Role.REFERRER, Role.HEAD}
    assert told(area, "review_starts_reintegration")
    others = {Role.OFFICER, Role.SIGNATORY, Role.TUTOR}
    assert told(area, "reintegration_plan_written") == others
    set_back(area, plan, timezone.localdate() + datetime.timedelta(days=2))
    assert told(area, "phase_set_back") == others
    stop(area, plan)
    assert told(area, "reintegration_stopped") == others


def test_a_completed_plan(area: Area) -> None:
    make_plan(area, PlanStatus.COMPLETED)
    assert told(area, "reintegration_plan_completed") == {Role.OFFICER}


def test_no_message_names_the_pupil(area: Area) -> None:
    plan = make_plan(area, PlanStatus.COMPLETED, first_name="Unmistakable")
    for event in Event.objects.filter(kind__in=OURS):
        for number, person in messages.addressees(event.pk):
            messages.send(event.pk, number, person)
    assert len(mail.outbox) > 10
    for message in mail.outbox:
        assert "Unmistakable" not in message.subject + str(message.body)
        assert plan.case.reference in str(message.body)
        assert plan.case.get_absolute_url() in str(message.body)


def test_every_message_is_registered() -> None:
    for kind, rows in OURS.items():
        assert set(rows) <= set(engine_events.notifications_for(kind))
