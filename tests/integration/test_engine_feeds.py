"""The calendar feed: its private address, and what a calendar program reads there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from permissions import actions
from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.cases import Area
from tests.factories.engine import at_once, parcel
from tests.factories.reviews import make_review
from workflows.engine import feeds, tasks
from workflows.engine.models import CalendarFeed, Task

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory()


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(user: Any) -> str:
    return f"/tasks/calendar/{feeds.issue(user)}.ics"


def events(response: Any) -> list[Any]:
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def due(partnership: Any, owner: Any, moment: datetime) -> Task:
    subject = parcel(partnership, headline="Robin Example")
    ParcelFlow.begin(subject)
    task = tasks.find(subject, ParcelFlow, "pack")
    tasks.claim(task, owner)
    tasks.move_due(task, moment, "for the test")
    return task


# --- The address --------------------------------------------------------------------------------


def test_the_address_is_shown_once_and_kept_nowhere(officer: Any, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://accord.example.org"
    browser = signed_in(officer)
    page = browser.post("/tasks/calendar/", follow=True)
    shown = BeautifulSoup(page.content, "html5lib").find("code")
    assert shown is not None
    path = shown.get_text().removeprefix("https://accord.example.org")
    assert Client().get(path).status_code == 200

    token = path.split("/")[-1].removesuffix(".ics")
    assert token.encode() not in browser.get("/tasks/calendar/").content, "it is not shown again"
    kept = CalendarFeed.objects.get()
    assert token not in (kept.digest, kept.content)
    assert "Last read by a calendar" in browser.get("/tasks/calendar/").content.decode()


def test_a_new_address_ends_the_old_one_and_none_is_left_after_ending_it(officer: Any) -> None:
    browser = signed_in(officer)
    first, second = address(officer), address(officer)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert (
        "no longer works"
        in browser.post("/tasks/calendar/", {"revoke": "1"}, follow=True).content.decode()
    )
    assert Client().get(second).status_code == 404
    assert browser.post("/tasks/calendar/", {"revoke": "1"}).status_code == 302


def test_the_address_of_somebody_who_left_does_not_exist(officer: Any) -> None:
    path = address(officer)
    officer.is_active = False
    officer.save()
    assert Client().get(path).status_code == 404
    assert Client().get("/tasks/calendar/guessed.ics").status_code == 404


def test_nobody_reaches_the_page_without_signing_in_and_nothing_is_posted_to_a_feed(
    officer: Any,
) -> None:
    assert Client().get("/tasks/calendar/").status_code == 302
    assert Client().post(address(officer)).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_leave_one_address() -> None:
    officer = make.member("officer", make.PartnershipFactory())
    tokens = at_once(*(lambda: feeds.issue(officer) for _ in range(2)))
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1
    assert sum(feeds.find(token) is not None for token in tokens) == 1


# --- What it says -------------------------------------------------------------------------------


def test_due_dates_carry_kind_and_reference_and_no_name(
    partnership: Any, officer: Any, settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://accord.example.org"
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False):
        task = due(partnership, officer, datetime(2026, 3, 9, 17, tzinfo=LONDON))
        response = Client().get(address(officer))
    (event,) = events(response)
    assert event["SUMMARY"] == f"Due: Pack the parcel, {task.reference}"
    assert event["URL"] == f"https://accord.example.org/tasks/{task.pk}/"
    assert event["UID"] == f"task-{task.pk}@accord.example.org"
    assert event.decoded("DTSTART") == datetime(2026, 3, 9, 17, tzinfo=LONDON)
    assert b"Robin" not in response.content
    assert b"Olive" not in response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_a_time_stays_what_the_clock_on_the_wall_says_when_the_clocks_change() -> None:
    spring = [
        feeds.Entry("a", datetime(2026, 3, 27, 17, tzinfo=LONDON), None, "Before", "/a/"),
        feeds.Entry("b", datetime(2026, 3, 30, 17, tzinfo=LONDON), None, "After", "/b/"),
    ]
    written = feeds.as_ics(spring, datetime(2026, 1, 1, tzinfo=LONDON)).decode()
    assert "DTSTART;TZID=Europe/London:20260327T170000" in written
    assert "DTSTART;TZID=Europe/London:20260330T170000" in written
    assert written.count("BEGIN:VTIMEZONE") == 1
    assert "TZOFFSETTO:+0100" in written
    assert "TZOFFSETTO:+0000" in written
    moments = [
        event.decoded("DTSTART").astimezone(ZoneInfo("UTC")).hour
        for event in Calendar.from_ical(written).walk("VEVENT")
    ]
    assert moments == [17, 16], "an hour earlier by the sun's clock, once summer time has begun"


def test_a_whole_day_ends_the_day_after_and_a_meeting_keeps_its_end() -> None:
    found = [
        feeds.Entry("a", date(2026, 5, 1), None, "Review due, AC-2026-0001", "/reviews/1/"),
        feeds.Entry(
            "b",
            datetime(2026, 5, 1, 9, tzinfo=LONDON),
            datetime(2026, 5, 1, 11, tzinfo=LONDON),
            "Panel",
            "/b/",
        ),
    ]
    written = Calendar.from_ical(feeds.as_ics(found, datetime(2026, 1, 1, tzinfo=LONDON)))
    day, meeting = written.walk("VEVENT")
    assert (day.decoded("DTSTART"), day.decoded("DTEND")) == (date(2026, 5, 1), date(2026, 5, 2))
    assert meeting.decoded("DTEND") == datetime(2026, 5, 1, 11, tzinfo=LONDON)


def test_a_program_that_has_it_is_told_that_nothing_changed(partnership: Any, officer: Any) -> None:
    path = address(officer)
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False):
        task = due(partnership, officer, datetime(2026, 3, 9, 17, tzinfo=LONDON))
        first = Client().get(path)
    with time_machine.travel("2026-03-02 11:00+00:00", tick=False):
        again = Client().get(path)
        assert again.content == first.content
        for header in (
            {"If-None-Match": first["ETag"]},
            {"If-Modified-Since": first["Last-Modified"]},
        ):
            unchanged = Client().get(path, headers=header)
            assert (unchanged.status_code, unchanged.content) == (304, b"")
        tasks.move_due(task, datetime(2026, 3, 10, 17, tzinfo=LONDON), "for the test")
        changed = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed["Last-Modified"] == "Mon, 02 Mar 2026 11:00:00 GMT"


def test_nobody_keeps_a_copy_and_no_search_engine_lists_it(officer: Any) -> None:
    response = Client().get(address(officer))
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


def test_what_somebody_may_no_longer_do_leaves_the_feed(partnership: Any, officer: Any) -> None:
    due(partnership, officer, datetime.now(LONDON))
    path = address(officer)
    assert len(events(Client().get(path))) == 1
    (membership,) = officer.memberships.all()
    actions.end_membership(membership=membership, by=None)
    assert events(Client().get(path)) == []


def test_reviews_are_in_the_feed_of_those_who_see_them() -> None:
    area = Area()
    review = make_review(area)
    response = Client().get(address(area.person("officer")))
    summaries = [str(event["SUMMARY"]) for event in events(response)]
    assert f"Review due, {review.placement.case.reference}" in summaries
    assert review.placement.case.pupil.last_name.encode() not in response.content
    stranger = make.member("officer", make.PartnershipFactory())
    assert events(Client().get(address(stranger))) == []


def test_the_number_of_queries_does_not_grow(partnership: Any, officer: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(path).status_code == 200
        return len(captured)

    path = address(officer)
    moment = datetime.now(LONDON)
    due(partnership, officer, moment)
    count()
    few = count()
    for _ in range(10):
        due(partnership, officer, moment)
    count()  # notes that it has changed
    assert count() == few
