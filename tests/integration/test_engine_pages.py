"""The inbox, as a browser meets it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import nothing, parcel
from workflows.engine import queries, saved, states, tasks
from workflows.engine.filters import Filters
from workflows.engine.models import Task

pytestmark = pytest.mark.django_db

ANSWERS = {
    "note": "books",
    "sent_date-day": "2",
    "sent_date-month": "3",
    "sent_date-year": "2026",
    "is_fragile": "no",
}


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


@pytest.fixture
def browser(officer: Any) -> Client:
    return signed_in(officer)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def begun(partnership: Any, **fields: Any) -> Task:
    subject = parcel(partnership, **fields)
    ParcelFlow.begin(subject)
    return tasks.find(subject, ParcelFlow, "pack")


def read(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html5lib")


def words(response: Any) -> str:
    return " ".join(read(response).main.get_text(" ").split())  # type: ignore[union-attr]  # every page has one


def rows(client: Client, **given: Any) -> list[str]:
    """Return the lines of the inbox."""
    page = read(client.post("/tasks/", given, follow=True))
    return [" ".join(row.get_text(" ").split()) for row in page.select(".accord-list__item")]


def references(client: Client, **given: Any) -> list[str]:
    return [re.findall(r"P-\d+", row)[0] for row in rows(client, **given)]


# --- Inbox --------------------------------------------------------------------------------------


def test_nobody_sees_the_inbox_without_signing_in() -> None:
    response = Client().get("/tasks/")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_each_task_is_in_its_tab_and_the_tabs_count(
    partnership: Any, officer: Any, browser: Client
) -> None:
    colleague = make.member("officer", partnership, name="Colin Colleague")
    mine, unclaimed, teams, done = (
        begun(partnership, headline=f"Box {n}", send_at=timezone.now()) for n in range(4)
    )
    tasks.claim(mine, officer)
    tasks.claim(teams, colleague)
    tasks.perform(done, by=officer, act=nothing)

    assert references(browser) == [mine.reference]
    assert references(browser, view="unclaimed") == [unclaimed.reference]
    assert references(browser, view="team") == [teams.reference]
    assert references(browser, view="done") == [done.reference]
    assert "claimed by Colin Colleague" in rows(browser, view="team")[0]
    page = words(browser.get("/tasks/"))
    for tab in ("Mine (1)", "Unclaimed (1)", "My team’s (1)", "Done (1)"):
        assert tab in page.replace(" )", ")").replace("( ", "(")


def test_overdue_comes_first_and_says_so(partnership: Any, browser: Client) -> None:
    later, late, never = (begun(partnership) for _ in range(3))
    now = timezone.now()
    Task.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=1))
    Task.objects.filter(pk=never.pk).update(due_at=None)
    expected = [late.reference, later.reference, never.reference]
    assert references(browser, view="unclaimed") == expected
    assert "overdue since" in rows(browser, view="unclaimed")[0]
    assert references(browser, view="unclaimed", when="overdue") == [late.reference]


def test_filters_search_and_order(partnership: Any, officer: Any, browser: Client) -> None:
    elsewhere = make.PartnershipFactory(name="Another Partnership")
    make.member("officer", elsewhere, user=officer)
    first = begun(partnership, headline="Zebra, Ann")
    second = begun(elsewhere, headline="Abbot, Ben")
    third = begun(partnership, headline="Moss, Cy")
    Task.objects.filter(pk=third.pk).update(title="Weigh the parcel")
    tab = {"view": "unclaimed"}

    everything = [first.reference, second.reference, third.reference]
    assert references(browser, **tab, sort="created") == everything
    assert references(browser, **tab, sort="reference") == everything
    assert references(browser, **tab, sort="headline") == [
        second.reference,
        third.reference,
        first.reference,
    ]
    assert references(browser, **tab, organisation=elsewhere.pk) == [second.reference]
    assert references(browser, **tab, kind="Weigh the parcel") == [third.reference]
    assert references(browser, **tab, q="abbot") == [second.reference]
    assert references(browser, **tab, q=first.reference.lower()) == [first.reference]
    assert references(browser, **tab, q="weigh") == [third.reference]
    assert references(browser, **tab, q="%") == []
    assert "No task fits" in words(browser.post("/tasks/", {**tab, "q": "nowhere"}, follow=True))
    # What makes no sense is ignored, not an error.
    for nonsense in (
        {"view": "x"},
        {"sort": "x"},
        {"organisation": "x"},
        {"page": "-1"},
        {"page": "9" * 30},
    ):
        assert browser.get("/tasks/", nonsense).status_code == 200


def test_pages_hold_sixty_and_do_not_overlap(partnership: Any, browser: Client) -> None:
    fill(partnership, 130)
    pages = [references(browser, view="unclaimed", page=number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [60, 60, 10]
    assert len({reference for page in pages for reference in page}) == 130
    given = {"view": "unclaimed", "q": "P-", "page": 2}
    narrowed = read(browser.post("/tasks/", given, follow=True))
    link = narrowed.select_one("a[rel=next]")
    assert link is not None
    assert "search=" in str(link["href"])
    assert "P-" not in str(link["href"])
    assert "view=unclaimed" in str(link["href"])


def fill(partnership: Any, number: int) -> None:
    """Put many open tasks into the inbox, copied from one real one."""
    model = begun(partnership)
    copies = []
    for count in range(1, number):
        copy = Task.objects.get(pk=model.pk)
        copy.pk = None
        copy.reference = f"P-{9000 + count}"
        copies.append(copy)
    Task.objects.bulk_create(copies)


def test_the_inbox_takes_the_same_number_of_queries_at_any_size(
    partnership: Any, officer: Any, browser: Client
) -> None:
    def count(**given: Any) -> int:
        address = browser.post("/tasks/", given).headers["Location"]
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    tabs: list[dict[str, Any]] = [{"view": view} for view in queries.VIEWS]
    tabs.append({"view": "unclaimed", "q": "P", "sort": "headline", "kind": "Pack the parcel"})
    for place in range(1, 13):
        saved.save(
            officer,
            name=f"View {place}",
            tab=list(queries.VIEWS)[place % 5],
            filters=Filters(priority=place % 3, when="week", mentioned=True),
            sort="due",
        )
    colleague = make.member("officer", partnership)
    begun(partnership)
    tasks.claim(begun(partnership), officer)
    tasks.claim(begun(partnership), colleague)
    tasks.perform(begun(partnership), by=officer, act=nothing)
    count()  # content types are read once per process
    few = [count(**tab) for tab in tabs]
    fill(partnership, 2_000)
    for number, owner in enumerate((officer, colleague)):
        some = Task.objects.filter(status=states.NEW).order_by("pk")[number : number + 400]
        Task.objects.filter(pk__in=some.values("pk")).update(owner=owner, status=states.ASSIGNED)
    many = [count(**tab) for tab in tabs]
    assert few == many
    assert max(many) <= 12
    # What the person may do is read once, for the page and for its menu.
    assert many[list(queries.VIEWS).index("unclaimed")] == 9, many


def test_somebody_elses_headline_is_not_shown_to_those_who_only_manage(partnership: Any) -> None:
    begun(partnership, headline="Robin Example")
    chair = signed_in(make.member("panel_chair", partnership))
    assert references(chair, view="team") == [Task.objects.get(status="NEW").reference]
    assert "Robin" not in rows(chair, view="team")[0]
    assert references(chair, view="team", q="robin") == []


def test_claim_opens_the_task_and_release_puts_it_back(
    partnership: Any, officer: Any, browser: Client
) -> None:
    task = begun(partnership)
    response = browser.post(f"/tasks/{task.pk}/claim/")
    assert response["Location"] == f"/tasks/{task.pk}/"
    task.refresh_from_db()
    assert task.owner == officer
    assert "Put this task back" in words(browser.get(f"/tasks/{task.pk}/"))
    assert browser.get(f"/tasks/{task.pk}/claim/").status_code == 405
    response = browser.post(f"/tasks/{task.pk}/release/", {"back": "https://example.org/"})
    assert response["Location"] == "/tasks/"
    task.refresh_from_db()
    assert task.owner is None


def test_a_manager_reassigns_and_sets_a_due_date_on_one_page(
    partnership: Any, officer: Any
) -> None:
    task = begun(partnership)
    manager = signed_in(make.member("panel_chair", partnership))
    address = f"/tasks/{task.pk}/manage/"
    page = read(manager.get(address))
    offered = [option["value"] for option in page.select("select[name=person] option")]
    assert offered == ["", str(officer.pk)]
    assert manager.post(address, {"person": officer.pk}).status_code == 302
    task.refresh_from_db()
    assert task.owner == officer

    with time_machine.travel("2026-07-01 09:00:00+01:00", tick=False):
        refused = manager.post(f"{address}?due=1", {"due_date": "2026-06-30"})
        assert "must be today or in the future" in words(refused)
        assert manager.post(f"{address}?due=1", {"due_date": "2026-07-10"}).status_code == 302
    task.refresh_from_db()
    assert task.due_at is not None
    assert timezone.localtime(task.due_at).isoformat() == "2026-07-10T17:00:00+01:00"

    member = signed_in(make.member("panel_member", partnership))
    assert member.get(address).status_code == 404
    assert member.post(address, {"person": officer.pk}).status_code == 404


def test_somebody_who_may_not_do_the_task_cannot_be_given_it(partnership: Any) -> None:
    task = begun(partnership)
    stranger = make.UserFactory()
    manager = signed_in(make.member("panel_chair", partnership))
    response = manager.post(f"/tasks/{task.pk}/manage/", {"person": stranger.pk})
    assert response.status_code == 200
    task.refresh_from_db()
    assert task.owner is None
