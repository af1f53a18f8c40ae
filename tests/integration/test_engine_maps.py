"""Maps of processes: where one is, what is next, and what a reader may not know."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.engine_flows.flows import ParcelFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import nothing, parcel
from workflows.engine import maps, steps, tasks
from workflows.engine.models import Process, Task
from workflows.placements.flows import PlacementFlow
from workflows.referrals.flows import ReferralFlow

pytestmark = pytest.mark.django_db

EVERYTHING = frozenset({"parties", "school_and_commissioner", "commissioner", "panel"})


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


def the_map(subject: Parcel, audiences: frozenset[str] = EVERYTHING) -> maps.Map:
    processes = list(Process.objects.filter(subject_id=subject.pk).order_by("pk"))
    found = Task.objects.filter(process__in=processes).select_related("organisation")
    reader = maps.Reader(audiences, frozenset())
    return maps.maps_of(processes, found.order_by("pk"), reader)[0]


def told(drawn: maps.Map) -> list[tuple[str, str]]:
    return [(stop.title, stop.word) for stop in drawn.stops]


def test_a_process_is_named_by_its_subject(partnership: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    assert Process.objects.get().reference == subject.reference


def test_the_map_says_what_is_done_what_is_now_and_what_comes(
    partnership: Any, officer: Any
) -> None:
    subject = parcel(partnership, send_at=timezone.now())
    ParcelFlow.begin(subject)
    drawn = the_map(subject)
    assert told(drawn) == [
        ("Pack the parcel", "Now"),
        ("Vote on the parcel", "If needed"),
        ("Pack the parcel again", "If needed"),
    ]
    assert drawn.summary == "Pack the parcel"
    assert drawn.stops[0].organisation == "Harrow Vale Partnership"
    assert drawn.stops[0].due_at is not None

    tasks.perform(tasks.find(subject, ParcelFlow, "pack"), by=officer, act=nothing)
    drawn = the_map(subject)
    assert told(drawn)[0] == ("Pack the parcel", "Done")
    assert told(drawn)[1] == ("Vote on the parcel", "Not needed")
    assert drawn.summary == "Going on by itself", "its timer has no title"


def test_a_round_is_one_stop_however_many_take_part(partnership: Any, officer: Any) -> None:
    for _ in range(3):
        make.member("panel_member", partnership)
    subject = parcel(partnership, is_fragile=True)
    ParcelFlow.begin(subject)
    tasks.perform(tasks.find(subject, ParcelFlow, "pack"), by=officer, act=nothing)
    drawn = the_map(subject)
    assert told(drawn)[1] == ("Vote on the parcel", "Now")
    for task in tasks.open_tasks(subject, "vote", ParcelFlow):
        tasks.perform(task, by=task.owner, act=nothing)
    stop = the_map(subject).stops[1]
    assert (stop.word, stop.times) == ("Done", 1)


def test_a_process_that_was_ended_has_nothing_to_come(partnership: Any, officer: Any) -> None:
    subject = parcel(partnership)
    ParcelFlow.begin(subject)
    tasks.cancel_process(subject, ParcelFlow, officer, "No longer wanted.")
    drawn = the_map(subject)
    assert drawn.summary == "Ended"
    assert {stop.word for stop in drawn.stops} == {"Not needed"}


def test_the_drawing_shows_every_stop_and_fits_a_phone(partnership: Any) -> None:
    for flow in steps.flows():
        process = Process(flow_class=flow, status="NEW")
        process.pk = 1
        assert maps.maps_of([process], [], maps.Reader(EVERYTHING, frozenset()))
        for audiences in (EVERYTHING, frozenset({"parties", "school_and_commissioner"})):
            found = maps.maps_of([process], [], maps.Reader(audiences, frozenset()))
            if not found:
                continue
            drawn = found[0]
            assert [box.word for box in drawn.drawing.boxes] == [s.word for s in drawn.stops]
            assert drawn.stops, f"{flow.__name__} has no step that anybody does"
            assert drawn.drawing.width <= 340
            bottom = max(box.y + box.height for box in drawn.drawing.boxes)
            assert bottom <= drawn.drawing.height


def test_a_school_sees_the_panel_as_one_stop_and_a_provider_no_referral() -> None:
    process = Process(flow_class=ReferralFlow, status="NEW")
    process.pk = 1
    school = frozenset({"parties", "school_and_commissioner"})

    def titles(audiences: frozenset[str], flow: Any = ReferralFlow) -> list[str]:
        process.flow_class = flow
        drawn = maps.maps_of([process], [], maps.Reader(audiences, frozenset()))
        return [stop.title for one in drawn for stop in one.stops]

    assert titles(EVERYTHING).count("With the panel") == 0
    assert "Vote on the referral" in titles(EVERYTHING)
    assert titles(school).count("With the panel") == 1
    assert not [title for title in titles(school) if "ote" in title]
    assert titles(frozenset({"parties"})) == []
    assert titles(frozenset({"parties"}), PlacementFlow)[0] == "The partnership looks for a place"
