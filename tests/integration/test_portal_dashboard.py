"""What each role finds on its dashboard, in its menu, in the search and among the failed jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app as background
from procrastinate.contrib.django.models import ProcrastinateJob

from pages import access
from permissions.roles import Role
from portal.templatetags import accord
from tests.factories.agreements import accept, make_agreement
from tests.factories.cases import Area, make_case
from tests.factories.pages import make_page
from tests.factories.permissions import PartnershipFactory, UserFactory
from tests.factories.referrals import make_referral
from workflows.agreements import actions
from workflows.cases.states import Stage
from workflows.engine import jobs
from workflows.engine import tasks as engine_tasks
from workflows.engine.models import Task
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.states import Status

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
    client.force_login(UserFactory.create())
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
    access.make_partnership_page(partnership=area.partnership)
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


@pytest.mark.parametrize(
    "role", [Role.REFERRER, Role.OFFICER, Role.PANEL_CHAIR, Role.SIGNATORY, Role.ADMINISTRATOR]
)
def test_the_number_of_queries_does_not_grow_with_what_happens(
    client: Client, area: Area, role: Role
) -> None:
    def more() -> None:
        make_case(area, Stage.PLACED)
        make_referral(area, Status.SUBMITTED)
        make_referral(area, Status.AT_PANEL)
        agreement = make_agreement(area.partnership)
        actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)

    client.force_login(area.person(role))
    more()
    page_of(client)
    with CaptureQueriesContext(connection) as few:
        page_of(client)
    for _ in range(3):
        more()
    with CaptureQueriesContext(connection) as many:
        page_of(client)
    assert len(many) == len(few)
    assert len(many) <= 20


# --- What waits, by role ------------------------------------------------------------------------


def test_a_panel_member_finds_the_vote_among_the_own_tasks(client: Client, area: Area) -> None:
    referral = make_referral(area, Status.AT_PANEL, members=2)
    client.force_login(area.panel()[1])
    page = page_of(client)
    assert referral.case.reference in main_of(page)
    task = engine_tasks.open_tasks(referral, "vote").filter(owner=area.panel()[1]).get()
    assert page.select_one(f'main a[href="{task.get_absolute_url()}"]')


def test_an_officer_finds_the_screening_that_nobody_has_taken_and_sees_when_it_is_late(
    client: Client, area: Area
) -> None:
    referral = make_referral(area, Status.SUBMITTED)
    officer = area.person(Role.OFFICER)
    client.force_login(officer)
    task = engine_tasks.open_tasks(referral, "screen").get()
    assert page_of(client).select_one(f'main a[href="{task.get_absolute_url()}"]')
    engine_tasks.claim(task, officer)
    engine_tasks.move_due(task, timezone.now() - timedelta(days=1), "a test")
    text = main_of(page_of(client))
    assert "1 of your tasks is late" in text
    assert "Late" in [tag.get_text() for tag in page_of(client).select(".govuk-tag")]


def test_a_signatory_finds_the_agreement_to_accept_until_it_is_accepted(
    client: Client, area: Area
) -> None:
    agreement = make_agreement(area.partnership)
    request = actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    assert request is not None
    client.force_login(area.person(Role.SIGNATORY))
    assert page_of(client).select_one(
        f'main a[href="{reverse("agreements:request", args=[request.pk])}"]'
    )
    accept(agreement, area.provider, area.person(Role.SIGNATORY))
    assert "Agreements to accept" not in main_of(page_of(client))


def test_an_editor_finds_drafts_and_who_has_not_accepted_of_the_own_partnership_only(
    client: Client, area: Area
) -> None:
    page = make_page(area.partnership, title="Tuition at home")
    make_page(PartnershipFactory.create(), title="Somebody else’s draft")
    agreement = make_agreement(area.partnership)
    actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    client.force_login(area.person(Role.EDITOR))
    text = main_of(page_of(client))
    assert "Tuition at home" in text
    assert "Somebody else’s draft" not in text
    assert "Not accepted yet" in text
    assert area.provider.name in text
    assert page_of(client).select_one(f'main a[href="/editors/pages/{page.pk}/edit/"]')


def test_a_newly_published_agreement_is_news_for_its_parties_and_its_partnership(
    client: Client, area: Area
) -> None:
    agreement = make_agreement(area.partnership)
    actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    link = f'main a[href="{reverse("agreements:version", args=[agreement.pk, 1])}"]'
    for role, finds in ((Role.TUTOR, True), (Role.OFFICER, True), (Role.REFERRER, False)):
        client.force_login(area.person(role))
        assert bool(page_of(client).select_one(link)) is finds, role


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


def test_search_finds_the_clauses_in_force_and_leads_to_them(client: Client, area: Area) -> None:
    agreement = make_agreement(area.partnership)
    clause = agreement.versions.get().clauses.first()
    assert clause is not None
    client.force_login(area.person(Role.TUTOR, area.provider))
    response = client.post("/search/", {"q": clause.text})
    found = BeautifulSoup(response.content, "html5lib")
    link = found.select_one(f'a[href*="/clauses/{clause.clause_id}/"]')
    assert link is not None
    led = client.get(str(link["href"])).headers["Location"]
    assert led.endswith(f"#clause-{clause.clause_id}")
    page = page_of(client, led.split("#")[0])
    assert page.select_one(f"#clause-{clause.clause_id}")
    assert area.partnership.name in main_of(found)


def test_somebody_not_signed_in_finds_what_is_published_and_no_case(
    client: Client, area: Area
) -> None:
    agreement = make_agreement(area.partnership, wording="Okafor is a word of this text")
    make_case(area, Stage.REFERRED, first_name="Freya", last_name="Okafor")
    found = BeautifulSoup(client.post("/search/", {"q": "okafor"}).content, "html5lib")
    assert agreement.title in main_of(found)
    assert "Freya" not in main_of(found)
    assert "case" not in main_of(found).lower()
    refused = client.post("/search/", {"q": ""})
    assert "Enter a word to search for" in refused.content.decode()


def test_search_marks_the_words_it_found_and_runs_nothing(client: Client, area: Area) -> None:
    make_agreement(area.partnership, wording="Bring <b>lanterns</b> & candles")
    client.force_login(area.person(Role.TUTOR, area.provider))
    page = client.post("/search/", {"q": "lantern"}).content.decode()
    assert "Bring &lt;b&gt;<mark>lanterns</mark>&lt;/b&gt; &amp; candles" in page


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


def test_every_job_is_called_by_what_it_is_for() -> None:
    ours = {name for name in background.tasks if not name.startswith(("builtin", "procrastinate"))}
    assert ours == set(accord.JOB_TITLES)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REFERRER, Role.AUDITOR, Role.SIGNATORY])
def test_nobody_else_sees_or_repeats_failed_jobs(
    client: Client, area: Area, role: Role, failed_job: int
) -> None:
    client.force_login(area.person(role))
    assert client.get("/jobs/").status_code == 403
    assert client.post(f"/jobs/{failed_job}/retry/").status_code == 403
    assert ProcrastinateJob.objects.get(pk=failed_job).status == "failed"


def test_who_hands_out_late_tasks_does_not_learn_which_pupil_they_are_about(
    client: Client, area: Area
) -> None:
    referral = make_referral(area, Status.SUBMITTED)
    screening = engine_tasks.find(referral, ReferralFlow, "screen")
    engine_tasks.claim(screening, area.person(Role.OFFICER))
    Task.objects.filter(pk=screening.pk).update(due_at=timezone.now() - timedelta(days=1))
    client.force_login(area.person(Role.PANEL_CHAIR))
    text = main_of(page_of(client))
    assert screening.reference in text
    assert referral.case.pupil.full_name not in text
