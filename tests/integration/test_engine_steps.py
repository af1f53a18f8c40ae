"""The page of a step, as a browser meets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from permissions import actions as memberships
from permissions.models import Membership, User
from tests.engine_flows.flows import ParcelFlow
from tests.engine_flows.models import Parcel
from tests.factories import permissions as make
from tests.factories.engine import nothing, parcel
from workflows.engine import states, tasks
from workflows.engine.models import Draft, Task

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


# --- A step -------------------------------------------------------------------------------------


def test_a_step_is_filled_checked_and_done(partnership: Any, officer: Any, browser: Client) -> None:
    task = begun(partnership)
    address = f"/tasks/{task.pk}/"
    assert "What is in it?" in words(browser.get(address))

    sent = browser.post(address, ANSWERS)
    assert sent["Location"] == f"{address}?check=1"
    check = browser.get(f"{address}?check=1")
    assert "Check your answers" in words(check)
    for answer in ("books", "2 March 2026", "No"):
        assert answer in words(check)
    hidden = {field.get("name") for field in read(check).select("main input[type=hidden]")}
    assert hidden == {"csrfmiddlewaretoken"}, "answers stay on the server"
    assert Task.objects.get(pk=task.pk).is_open, "nothing is done before it is confirmed"

    done = browser.post(address, {"confirm": "1"}, follow=True)
    assert "The parcel is packed." in words(done)
    task.refresh_from_db()
    assert (task.status, task.owner) == (states.DONE, officer)
    assert Parcel.objects.get().note == "books"
    assert not Draft.objects.exists()


def test_the_way_back_from_the_check_leads_to_the_filled_form(
    partnership: Any, browser: Client
) -> None:
    task = begun(partnership)
    browser.post(f"/tasks/{task.pk}/", ANSWERS)
    check = read(browser.get(f"/tasks/{task.pk}/?check=1"))
    back = check.select_one(".govuk-back-link")
    assert back is not None
    assert back["href"] == f"/tasks/{task.pk}/"
    form = read(browser.get(f"/tasks/{task.pk}/"))
    assert form.select_one("textarea").get_text().strip() == "books"  # type: ignore[union-attr]  # the form has one
    assert form.select_one("input[name='sent_date-month']")["value"] == "3"  # type: ignore[index]  # as above
    assert form.select_one("input[name=is_fragile][value=no]").has_attr("checked")  # type: ignore[union-attr]  # as above
    assert not form.select(".govuk-error-summary")


def test_what_is_saved_half_done_comes_back_unjudged(partnership: Any, browser: Client) -> None:
    task = begun(partnership)
    address = f"/tasks/{task.pk}/"
    saved = browser.post(address, {"note": "half", "sent_date-day": "99", "save": "1"}, follow=True)
    assert "Your answers are here when you come back" in words(saved)
    form = read(browser.get(address))
    assert form.select_one("textarea").get_text().strip() == "half"  # type: ignore[union-attr]  # the form has one
    assert form.select_one("input[name='sent_date-day']")["value"] == "99"  # type: ignore[index]  # as above
    assert not form.select(".govuk-error-summary")
    colleague = signed_in(make.member("officer", partnership))
    assert "half" not in colleague.get(address).content.decode(), "a draft is its writer's"
    # A draft that is not valid is not shown for a check, and not carried out.
    assert "There is a problem" in browser.get(f"{address}?check=1").content.decode()
    assert browser.post(address, {"confirm": "1"}).status_code == 200
    assert Task.objects.get(pk=task.pk).is_open


def test_a_confirmation_without_answers_asks_for_them_again(
    partnership: Any, browser: Client
) -> None:
    task = begun(partnership)
    response = browser.post(f"/tasks/{task.pk}/", {"confirm": "1"}, follow=True)
    assert "Your answers are no longer there" in words(response)
    assert Task.objects.get(pk=task.pk).is_open


def test_a_refusal_of_the_rule_keeps_everything_that_was_typed(
    partnership: Any, browser: Client
) -> None:
    task = begun(partnership)
    address = f"/tasks/{task.pk}/"
    browser.post(address, {**ANSWERS, "note": "bricks"})
    page = browser.post(address, {"confirm": "1"})
    summary = read(page).select_one(".govuk-error-summary")
    assert summary is not None
    assert "Bricks cannot be sent. Choose something lighter." in summary.get_text()
    assert read(page).select_one("textarea").get_text().strip() == "bricks"  # type: ignore[union-attr]  # the form has one
    assert Task.objects.get(pk=task.pk).owner is None


def test_a_wrong_answer_is_refused_before_the_check(partnership: Any, browser: Client) -> None:
    task = begun(partnership)
    page = browser.post(f"/tasks/{task.pk}/", {**ANSWERS, "sent_date-month": "13"})
    assert page.status_code == 200
    assert "must be a real date" in words(page)
    assert not Draft.objects.exists()


def test_a_finished_task_says_who_did_it_and_when(
    partnership: Any, officer: Any, browser: Client
) -> None:
    task = begun(partnership)
    with time_machine.travel("2026-07-01 09:30:00+01:00", tick=False):
        tasks.perform(task, by=officer, act=nothing)
    page = words(browser.get(f"/tasks/{task.pk}/"))
    assert "Olive Officer did this on 1 July 2026 at 09:30" in page
    colleague = signed_in(make.member("officer", partnership))
    assert "Olive Officer did this" in words(colleague.get(f"/tasks/{task.pk}/"))
    again = colleague.post(f"/tasks/{task.pk}/", ANSWERS)
    assert again.status_code == 410
    assert "Olive Officer has already done this" in words(again)
    # Whoever did it may still see that they did, even without the role.
    memberships.end_membership(membership=Membership.objects.get(user=officer), by=None)
    assert "did this" in words(browser.get(f"/tasks/{task.pk}/"))


def test_a_task_done_while_the_form_was_open_is_said_to_be_done(
    partnership: Any, officer: Any, browser: Client
) -> None:
    task = begun(partnership)
    browser.post(f"/tasks/{task.pk}/", ANSWERS)
    tasks.perform(task, by=make.member("officer", partnership, name="Quick Quinn"), act=nothing)
    page = browser.post(f"/tasks/{task.pk}/", {"confirm": "1"})
    assert page.status_code == 410
    assert "Quick Quinn has already done this" in words(page)


def test_a_claimed_task_says_whose_it_is_and_offers_nothing(
    partnership: Any, browser: Client
) -> None:
    task = begun(partnership, headline="Robin Example")
    member = make.member("officer", partnership, name="Colin Colleague")
    tasks.claim(task, member)
    page = browser.get(f"/tasks/{task.pk}/")
    assert "Colin Colleague claimed this task" in words(page)
    assert not read(page).select("main form")


def test_the_other_button_of_a_step(partnership: Any, officer: Any) -> None:
    members = [make.member("panel_member", partnership) for _ in range(2)]
    task = begun(partnership, is_fragile=True, send_at=timezone.now() + timedelta(days=1))
    tasks.perform(task, by=officer, act=nothing)
    subject = task.process.subject
    for member, button in zip(members, ({"aside": "1"}, {}), strict=True):
        vote = tasks.find(subject, ParcelFlow, "vote", owner=member)
        assert signed_in(member).post(f"/tasks/{vote.pk}/", button).status_code == 302
    subject.refresh_from_db()
    assert subject.votes == 1
    assert subject.status == "labelled"


def test_no_personal_data_is_in_an_address(partnership: Any, browser: Client) -> None:
    begun(partnership, headline="Robin Example")
    page = read(browser.get("/tasks/?view=unclaimed"))
    addresses = [str(link["href"]) for link in page.select("a[href]")]
    assert not [address for address in addresses if "Robin" in address]
    assert User.objects.get(name="Olive Officer").email not in str(addresses)
