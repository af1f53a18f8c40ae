"""The map of a case, as each side of it sees it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.cases.models import Case
from workflows.engine.models import Process, Task
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


def opened(person: Any, case: Case, page: str = "map/") -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(f"{case.get_absolute_url()}{page}")
    assert response.status_code == 200
    main = BeautifulSoup(response.content, "html5lib").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_the_school_sees_that_the_panel_has_it_and_the_officer_who_votes(area: Area) -> None:
    case = make_referral(area, Status.AT_PANEL).case
    for page in ("map/", ""):
        school = opened(area.person(Role.REFERRER), case, page)
        assert "With the panel" in school
        assert "Vote on the referral" not in school
        assert "panel member" not in school.lower()
        assert "Vote on the referral" in opened(area.person(Role.OFFICER), case, page)


def test_the_list_says_what_the_picture_says_and_the_reading_is_logged(area: Area) -> None:
    referral = make_referral(area, Status.QUESTIONED)
    officer = area.person(Role.OFFICER)
    before = ReadRecord.objects.filter(user=officer).count()
    page = opened(officer, referral.case)
    assert page.count("Answer questions about the referral Now") == 2
    assert ReadRecord.objects.filter(user=officer).count() == before + 1


def test_what_has_ended_stays_to_be_read(area: Area) -> None:
    case = make_referral(area, Status.ACCEPTED).case
    page = opened(area.person(Role.OFFICER), case)
    assert "What has ended" in page
    assert page.index("Placement") < page.index("What has ended") < page.index("Referral,")


def test_a_case_that_is_not_visible_has_no_map(area: Area) -> None:
    case = make_referral(area, Status.AT_PANEL).case
    client = Client()
    client.force_login(
        Area().person(Role.OFFICER), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(f"{case.get_absolute_url()}map/").status_code == 404


def test_the_map_takes_the_same_number_of_queries_however_much_has_happened(area: Area) -> None:
    case = make_referral(area, Status.AT_PANEL).case
    officer = area.person(Role.OFFICER)
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{case.get_absolute_url()}map/").status_code == 200
        return len(captured)

    few = count()
    process = Process.objects.get(reference=case.reference)
    task = Task.objects.filter(process=process, status="DONE", flow_task_type="HUMAN").latest("pk")
    for _ in range(30):
        process.pk, process.status, process.finished = None, "DONE", process.created
        process.save()
        task.pk, task.process = None, process
        task.save()
    assert count() == few
