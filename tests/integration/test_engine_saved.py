"""Saved views of the inbox: as a browser meets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.factories import permissions as make
from tests.factories.engine import at_once
from tests.integration.test_engine_pages import begun, read, references, signed_in, words
from workflows.engine import queries, saved, states, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.filters import Filters
from workflows.engine.models import MOST_VIEWS, SavedView, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


@pytest.fixture
def browser(officer: Any) -> Client:
    return signed_in(officer)


def tidy(response: Any) -> str:
    return words(response).replace("( ", "(").replace(" )", ")")


def shown(client: Client, address: str) -> list[str]:
    page = read(client.get(address))
    return [str(box["value"]) for box in page.select("input[name=task]")]


def test_a_view_is_saved_shown_counted_renamed_and_removed(
    partnership: Any, officer: Any, browser: Client
) -> None:
    urgent, normal = begun(partnership), begun(partnership)
    tasks.set_priority(urgent, states.Priority.URGENT, officer)
    filtered = browser.post(
        "/tasks/", {"view": "unclaimed", "priority": "2", "sort": "due", "q": "P-"}, follow=True
    )
    link = next(a for a in read(filtered).select("a") if a.text == "Save as a view")
    asked = browser.get(str(link["href"]))
    assert "Urgent" in words(asked)
    assert "What you searched for is not kept" in words(asked)
    assert "Enter a name" in words(browser.post(str(link["href"]), {"name": " "}))

    page = browser.post(str(link["href"]), {"name": "Pip’s <urgent>"}, follow=True)
    view = SavedView.objects.get(user=officer)
    assert view.filters == {"priority": 2, "sort": "due"}
    assert "Pip’s <urgent> (1)" in tidy(page)
    assert shown(browser, f"/tasks/?saved={view.pk}") == [str(urgent.pk)]
    tasks.set_priority(normal, states.Priority.URGENT, officer)
    assert "Pip’s <urgent> (2)" in tidy(browser.get("/tasks/"))

    browser.post(f"/tasks/views/{view.pk}/", {"name": "Now"})
    assert "Now (2)" in tidy(browser.get("/tasks/"))
    page = browser.post(f"/tasks/views/{view.pk}/", {"remove": "1"}, follow=True)
    assert "is removed" in words(page)
    assert not SavedView.objects.exists()
    assert Task.objects.filter(status=states.NEW).count() == 2


def test_the_inbox_opens_with_the_default_view_until_told_otherwise(
    partnership: Any, officer: Any, browser: Client
) -> None:
    waiting = begun(partnership)
    browser.post("/tasks/views/save/?view=unclaimed", {"name": "Free", "is_default": "on"})
    assert shown(browser, "/tasks/") == [str(waiting.pk)]
    assert shown(browser, "/tasks/?view=mine") == []
    browser.post("/tasks/views/save/?view=team", {"name": "Team", "is_default": "on"})
    assert SavedView.objects.get(is_default=True).name == "Team"
    view = SavedView.objects.get(name="Free")
    browser.post(f"/tasks/views/{view.pk}/", {"default": "1"})
    assert SavedView.objects.get(is_default=True) == view
    browser.post("/tasks/views/")
    assert not SavedView.objects.filter(is_default=True).exists()
    assert shown(browser, "/tasks/") == []


def test_views_are_ones_own(officer: Any, partnership: Any, browser: Client) -> None:
    colleague = make.member("officer", partnership)
    theirs = saved.save(colleague, name="Theirs", tab="mine", filters=Filters(), sort="due")
    assert browser.get(f"/tasks/views/{theirs.pk}/").status_code == 404
    assert browser.post(f"/tasks/views/{theirs.pk}/", {"remove": "1"}).status_code == 404
    assert "Theirs" not in words(browser.get(f"/tasks/?saved={theirs.pk}"))
    assert "You have no views" in words(browser.get("/tasks/views/"))


def test_a_name_is_taken_once_and_twelve_are_the_most(officer: Any, browser: Client) -> None:
    saved.save(officer, name="Urgent", tab="mine", filters=Filters(), sort="due")
    address = "/tasks/views/save/?view=mine"
    assert "You have a view of this name" in words(browser.post(address, {"name": "urgent"}))
    other = saved.save(officer, name="Other", tab="mine", filters=Filters(), sort="due")
    taken = browser.post(f"/tasks/views/{other.pk}/", {"name": "URGENT"})
    assert "You have a view of this name" in words(taken)
    for number in range(MOST_VIEWS - 2):
        saved.save(officer, name=f"View {number}", tab="mine", filters=Filters(), sort="due")
    assert "which is the most" in words(browser.post(address, {"name": "One more"}))
    assert "Save as a view" not in words(browser.get("/tasks/?view=mine"))
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(user=officer, name="By hand", tab="mine", place=MOST_VIEWS + 1)


def test_filters_that_make_no_sense_are_ignored(officer: Any, browser: Client) -> None:
    for address in (
        "/tasks/?priority=9&when=never-ever&owner=x&organisation=-3",
        "/tasks/?saved=999999",
        "/tasks/?saved=x",
        "/tasks/views/save/?view=x&sort=x&priority=7",
    ):
        assert browser.get(address).status_code == 200
    browser.post("/tasks/views/save/?view=x&sort=x&priority=7", {"name": "Odd"})
    view = SavedView.objects.get()
    assert (view.tab, view.filters) == ("mine", {"sort": "priority"})


def test_due_this_week_ends_on_sunday_in_local_time(partnership: Any, browser: Client) -> None:
    # A Wednesday in the week in which the clocks go back, early on Sunday 25 October.
    with time_machine.travel("2026-10-21 09:00:00+01:00", tick=False):
        browser = signed_in(make.member("officer", partnership))
        moments = {
            "late": "2026-10-20T17:00:00+01:00",
            "sunday": "2026-10-25T23:59:00+00:00",
            "monday": "2026-10-26T00:00:00+00:00",
        }
        found = {}
        for name, moment in moments.items():
            task = begun(partnership)
            Task.objects.filter(pk=task.pk).update(due_at=moment)
            found[name] = task.reference
        never = begun(partnership)
        Task.objects.filter(pk=never.pk).update(due_at=None)
        tab = {"view": "unclaimed"}
        assert references(browser, **tab, when="week") == [found["sunday"]]
        assert references(browser, **tab, when="overdue") == [found["late"]]
        assert references(browser, **tab, when="never") == [never.reference]


def test_the_teams_tasks_are_filtered_by_who_claimed_them(
    partnership: Any, officer: Any, browser: Client
) -> None:
    first, second = begun(partnership), begun(partnership)
    colleagues = [make.member("officer", partnership, name=name) for name in ("Ann", "Ben")]
    tasks.claim(first, colleagues[0])
    tasks.claim(second, colleagues[1])
    page = read(browser.get("/tasks/?view=team"))
    offered = [option.text for option in page.select("select[name=owner] option")]
    assert offered == ["Anybody", "Ann", "Ben"]
    assert references(browser, view="team", owner=colleagues[1].pk) == [second.reference]
    assert not read(browser.get("/tasks/?view=mine")).select("select[name=owner]")


def test_a_view_counts_exactly_what_it_lists(partnership: Any, officer: Any) -> None:
    chosen = [begun(partnership) for _ in range(6)]
    for number, task in enumerate(chosen):
        tasks.set_priority(task, number % 3, officer)
        moved = timezone.now() + timedelta(days=number - 2)
        Task.objects.filter(pk=task.pk).update(due_at=moved)
    tasks.claim(chosen[0], officer)
    tasks.claim(chosen[5], officer)
    views = []
    for tab in queries.VIEWS:
        for when in ("overdue", "week"):
            name = f"{tab} {when}"
            filters = Filters(when=when, kind="Pack the parcel")
            views.append(saved.save(officer, name=name, tab=tab, filters=filters, sort="due"))
    counts = queries.task_counts(officer, saved=views)
    for view in views:
        listed = queries.inbox(officer, view=view.tab, filters=Filters.of(view.filters))
        assert counts[f"saved-{view.pk}"] == listed.page.paginator.count, view.name
        assert counts[f"saved-{view.pk}"] == len(listed.page.object_list)


@pytest.mark.django_db(transaction=True)
def test_two_windows_saving_the_same_name_leave_one_view() -> None:
    officer = make.member("officer", make.PartnershipFactory())

    def save() -> SavedView:
        return saved.save(officer, name="Twice", tab="mine", filters=Filters(), sort="due")

    results = at_once(save, save)
    assert SavedView.objects.count() == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
