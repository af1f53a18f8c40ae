"""The pages of reintegration plans: writing, tracking, the picture, and who is kept out."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.placements import ready
from tests.factories.reintegration import make_plan, set_back
from workflows.cases.states import Stage
from workflows.engine import tasks
from workflows.reintegration.flows import ReintegrationFlow
from workflows.reintegration.models import Phase, ReintegrationPlan
from workflows.reintegration.states import PlanStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return ready()


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def plan_answers(**changes: str) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "starts_1": today.isoformat(),
        "hours_1": "2.5",
        "support_1": "Art with Ms Hill",
        "starts_2": (today + datetime.timedelta(days=7)).isoformat(),
        "hours_2": "10",
        "support_2": "All mornings",
        "adjustments": "A quiet room",
        "contacts": "Ms Hill",
        **changes,
    }


def address_of(plan: ReintegrationPlan, node: str) -> str:
    return tasks.find(plan, ReintegrationFlow, node).get_absolute_url()


def test_the_school_writes_the_plan_and_checks_only_what_it_entered(
    client: Client, area: Area
) -> None:
    plan = make_plan(area)
    client.force_login(area.person(Role.REFERRER))
    address = address_of(plan, "write_plan")
    checked = text_of(client.post(address, plan_answers(), follow=True))
    assert "Check your answers" in checked
    assert "All mornings" in checked
    assert "Phase 3" not in checked
    client.post(address, {"confirm": "1"})
    assert [str(phase.hours_in_school) for phase in Phase.objects.all()] == ["2.5", "10.0"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours_2": ""}, "Enter the hours a week in school for phase 2"),
        ({"hours_1": "two"}, "The hours of phase 1 must be a number"),
        ({"support_1": ""}, "Enter the lessons and support of phase 1"),
        ({"contacts": ""}, "Enter who the contacts in school are"),
        (
            {"starts_4": "2030-01-01", "hours_4": "20", "support_4": "More"},
            "Enter phase 3 before phase 4",
        ),
    ],
)
def test_what_is_missing_in_a_plan_is_asked_for(
    client: Client, area: Area, changes: dict[str, str], words: str
) -> None:
    plan = make_plan(area)
    client.force_login(area.person(Role.HEAD))
    shown = text_of(client.post(address_of(plan, "write_plan"), plan_answers(**changes)))
    assert words in shown
    assert "A quiet room" in shown


def test_falling_hours_are_refused_on_the_form(client: Client, area: Area) -> None:
    plan = make_plan(area)
    client.force_login(area.person(Role.HEAD))
    address = address_of(plan, "write_plan")
    client.post(address, plan_answers(hours_2="2"))
    shown = text_of(client.post(address, {"confirm": "1"}))
    assert "Phase 2 must have more hours in school than phase 1." in shown


def test_the_school_tracks_the_phases_and_the_officer_closes_the_case(
    client: Client, area: Area
) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    client.force_login(area.person(Role.REFERRER))
    for number in (1, 2):
        address = address_of(plan, "track_phase")
        assert f"What happened with phase {number}?" in text_of(client.get(address))
        client.post(address, {"result": "reached", "note": "Well done"})
        client.post(address, {"confirm": "1"})
    client.force_login(area.person(Role.OFFICER))
    address = address_of(plan, "close_case")
    assert "2 of 2 phases reached" in text_of(client.get(address))
    assert "Confirm that the pupil is back" in text_of(client.post(address, {}))
    response = client.post(address, {"is_back": "on"}, follow=True)
    assert "The case is closed" in text_of(response)
    plan.case.refresh_from_db()
    assert plan.case.stage == Stage.CLOSED
    client.force_login(area.person(Role.REFERRER))
    assert client.get(plan.get_absolute_url()).status_code == 200
    client.force_login(area.person(Role.TUTOR))
    assert client.get(plan.get_absolute_url()).status_code == 404


def test_a_set_back_asks_for_the_new_date_and_everybody_sees_it(client: Client, area: Area) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    client.force_login(area.person(Role.REFERRER))
    address = address_of(plan, "track_phase")
    shown = text_of(client.post(address, {"result": "set_back", "note": "Ill"}))
    assert "Enter the new start date" in shown
    later = timezone.localdate() + datetime.timedelta(days=9)
    client.post(
        address, {"result": "set_back", "note": "Ill all week", "new_date": later.isoformat()}
    )
    client.post(address, {"confirm": "1"})
    for role in (Role.REFERRER, Role.TUTOR, Role.OFFICER):
        client.force_login(area.person(role))
        shown = text_of(client.get(plan.get_absolute_url()))
        assert "Set back" in shown
        assert "Ill all week" in shown
        assert "First planned for" in shown


def test_stopping_takes_the_note_as_its_reason(client: Client, area: Area) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    client.force_login(area.person(Role.HEAD))
    address = address_of(plan, "track_phase")
    client.post(address, {"result": "stop", "note": "Back in hospital"})
    client.post(address, {"confirm": "1"})
    assert "Back in hospital" in text_of(client.get(plan.get_absolute_url()))


def test_the_case_page_shows_how_far_the_plan_has_got(client: Client, area: Area) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    set_back(area, plan, timezone.localdate() + datetime.timedelta(days=3))
    client.force_login(area.person(Role.TUTOR))
    shown = text_of(client.get(plan.case.get_absolute_url()))
    assert "0 of 2 phases reached" in shown
    assert "Return to school" in shown


def test_pages_of_another_organisation_do_not_exist_and_nobody_signs_in_first(
    client: Client, area: Area
) -> None:
    plan = make_plan(area, PlanStatus.ACTIVE)
    assert client.get(plan.get_absolute_url()).status_code == 302
    client.force_login(ready().person(Role.HEAD))
    assert client.get(plan.get_absolute_url()).status_code == 404
    assert plan.case.reference not in text_of(client.get(reverse("reintegration:list")))


def test_the_list_takes_the_same_queries_for_one_and_for_four(
    client: Client, area: Area, django_assert_max_num_queries: Any
) -> None:
    client.force_login(area.person(Role.REFERRER))
    counts = []
    for wanted in (1, 4):
        while ReintegrationPlan.objects.count() < wanted:
            make_plan(area, PlanStatus.ACTIVE)
        with django_assert_max_num_queries(12) as counted:
            shown = text_of(client.get(reverse("reintegration:list")))
        assert f"{wanted} plan" in shown
        counts.append(len(counted))
    assert counts[0] == counts[1]
