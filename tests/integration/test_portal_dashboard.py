"""What each role finds on its dashboard, in its menu, in the search and among the failed jobs."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions.roles import Role
from tests.factories.cases import Area, make_case
from tests.factories.permissions import UserFactory
from workflows.cases.states import Stage
from workflows.engine import jobs

pytestmark = pytest.mark.django_db

ROLES = list(Role)


@pytest.fixture
def area() -> Area:
    """Return a local authority with a partnership, a school and a provider."""
    return Area()


def page_of(client: Client, path: str = "/dashboard/") -> BeautifulSoup:
    """Return the page as the person sees it."""
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html5lib")


def menu_of(page: BeautifulSoup) -> set[str]:
    """Return the words of the menu."""
    return {item.get_text(strip=True) for item in page.select("#navigation a")}


def main_of(page: BeautifulSoup) -> str:
    """Return the text of the page's main part."""
    main = page.select_one("main")
    assert isinstance(main, Tag)
    return " ".join(main.get_text(" ").split())


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_dashboard_even_before_anything_happened(
    client: Client, area: Area, role: Role
) -> None:
    client.force_login(area.person(role))
    page = page_of(client)
    assert page.select_one("h1")
    assert "Waiting for you" in main_of(page)


def test_somebody_without_a_role_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(UserFactory())
    page = page_of(client)
    assert "Ask the administrator of your organisation to add you" in main_of(page)
    assert menu_of(page) == {"Dashboard", "Tasks"}


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        (
            Role.REFERRER,
            {"Cases", "Agreements", "Search"},
            {"Jobs", "People", "Audit", "Directory"},
        ),
        (Role.SIGNATORY, {"Cases", "Agreements"}, {"Jobs", "People", "Directory", "Edit pages"}),
        (Role.OFFICER, {"Cases", "Directory", "Agreements"}, {"Jobs", "Edit pages", "Audit"}),
        (Role.EDITOR, {"Edit pages", "Agreements"}, {"Cases", "Jobs", "People"}),
        (Role.ADMINISTRATOR, {"People", "Jobs", "Edit pages"}, {"Cases"}),
        (Role.AUDITOR, {"Audit", "Cases", "Agreements"}, {"Jobs", "People", "Edit pages"}),
    ],
)
def test_the_menu_has_what_the_role_may_use_and_nothing_else(
    client: Client, area: Area, role: Role, has: set[str], lacks: set[str]
) -> None:
    client.force_login(area.person(role))
    menu = menu_of(page_of(client))
    assert has <= menu
    assert not lacks & menu


def test_an_officer_sees_how_many_cases_wait_at_each_stage(client: Client, area: Area) -> None:
    for stage in (Stage.REFERRED, Stage.REFERRED, Stage.AT_PANEL, Stage.PLACED):
        make_case(area, stage)
    make_case(Area(), Stage.REFERRED)
    client.force_login(area.person(Role.OFFICER))
    figures = {
        str(figure.select_one("a")["href"]): figure.select_one(".accord-figure__value").get_text()  # type: ignore[index,union-attr]  # each figure has both
        for figure in page_of(client).select(".accord-figure")
    }
    assert figures["/cases/?stage=referred"] == "2"
    assert figures["/cases/?stage=at_panel"] == "1"
    assert figures["/cases/?stage=accepted"] == "0"


def test_a_school_sees_the_referrals_that_wait_for_it(client: Client, area: Area) -> None:
    draft = make_case(area, Stage.DRAFT, last_name="Draft")
    asked = make_case(area, Stage.QUESTIONED, last_name="Asked")
    sent = make_case(area, Stage.AT_PANEL, last_name="Sent")
    other = make_case(Area(), Stage.DRAFT, last_name="Elsewhere")
    client.force_login(area.person(Role.REFERRER))
    text = main_of(page_of(client))
    assert draft.reference in text
    assert asked.reference in text
    assert "Refer a pupil" in text
    links = {str(link["href"]) for link in page_of(client).select("main .accord-list a")}
    assert sent.get_absolute_url() not in links
    assert other.reference not in text


def test_what_changed_is_told_only_of_cases_that_one_may_see(client: Client, area: Area) -> None:
    mine = make_case(area, Stage.REFERRED)
    other = make_case(Area(), Stage.REFERRED)
    client.force_login(area.person(Role.OFFICER))
    changed = {str(link["href"]) for link in page_of(client).select(".accord-timeline a")}
    assert changed == {mine.get_absolute_url()}
    assert other.get_absolute_url() not in changed


def test_an_auditor_is_told_that_nothing_can_be_changed(client: Client, area: Area) -> None:
    client.force_login(area.person(Role.AUDITOR))
    assert "change nothing" in main_of(page_of(client))


@pytest.mark.parametrize("role", [Role.REFERRER, Role.OFFICER, Role.SIGNATORY, Role.ADMINISTRATOR])
def test_the_number_of_queries_does_not_grow_with_the_cases(
    client: Client, area: Area, role: Role
) -> None:
    client.force_login(area.person(role))
    make_case(area, Stage.PLACED)
    make_case(area, Stage.QUESTIONED)
    page_of(client)
    with CaptureQueriesContext(connection) as few:
        page_of(client)
    for _ in range(5):
        make_case(area, Stage.PLACED)
        make_case(area, Stage.QUESTIONED)
    with CaptureQueriesContext(connection) as many:
        page_of(client)
    assert len(many) == len(few)
    assert len(many) <= 20


# --- Search -------------------------------------------------------------------------------------


def test_search_finds_a_case_by_reference_and_by_name_and_no_other(
    client: Client, area: Area
) -> None:
    mine = make_case(area, Stage.REFERRED, first_name="Freya", last_name="Okafor")
    other = make_case(Area(), Stage.REFERRED, first_name="Freya", last_name="Okafor")
    client.force_login(area.person(Role.OFFICER))
    for q in (mine.reference, "okafor", "Freya O"):
        text = main_of(BeautifulSoup(client.post("/search/", {"q": q}).content, "html5lib"))
        assert mine.reference in text
        assert other.reference not in text
    assert "No case that you may see fits" in main_of(
        BeautifulSoup(client.post("/search/", {"q": other.reference}).content, "html5lib")
    )


def test_what_is_searched_for_is_never_part_of_an_address(client: Client, area: Area) -> None:
    case = make_case(area, Stage.REFERRED)
    client.force_login(area.person(Role.OFFICER))
    assert case.reference not in main_of(page_of(client, f"/search/?q={case.reference}"))
    page = page_of(client, "/search/")
    form = page.select_one("main form")
    assert form is not None
    assert form["method"] == "post"


def test_an_empty_search_says_what_to_enter(client: Client, area: Area) -> None:
    client.force_login(area.person(Role.OFFICER))
    page = BeautifulSoup(client.post("/search/", {"q": ""}).content, "html5lib")
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    link = page.select_one(".govuk-error-summary a")
    assert link is not None
    assert page.select_one(str(link["href"])) is not None


# --- Failed jobs --------------------------------------------------------------------------------


@pytest.fixture
def failed_job() -> Any:
    """Have one job that gave up."""
    pk = jobs.send_one_mail.defer(event_id=0, number=0, user_id=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = 3 WHERE id = %s", [pk]
        )
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [pk])
    return pk


def test_an_administrator_sees_what_failed_and_tries_again(
    client: Client, area: Area, failed_job: int
) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR))
    assert "1 failed" in main_of(page_of(client))
    page = page_of(client, "/jobs/")
    assert "Send one e-mail" in main_of(page)
    response = client.post(f"/jobs/{failed_job}/retry/", follow=True)
    assert "in the queue again" in response.content.decode()
    assert ProcrastinateJob.objects.get(pk=failed_job).status == "todo"
    again = client.post(f"/jobs/{failed_job}/retry/", follow=True)
    assert "no longer among the failed ones" in again.content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REFERRER, Role.AUDITOR, Role.SIGNATORY])
def test_nobody_else_sees_or_repeats_failed_jobs(
    client: Client, area: Area, role: Role, failed_job: int
) -> None:
    client.force_login(area.person(role))
    assert client.get("/jobs/").status_code == 403
    assert client.post(f"/jobs/{failed_job}/retry/").status_code == 403
    assert ProcrastinateJob.objects.get(pk=failed_job).status == "failed"
