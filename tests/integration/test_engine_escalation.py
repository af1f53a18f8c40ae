"""Tasks that are too late: the rules of an organisation, the job, and what the role is shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions.exceptions import NotPermitted
from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import nothing, parcel
from workflows.engine import escalation, queries, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import EscalationRule, Event, Task

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def administrator(partnership: Any) -> Any:
    return make.member("administrator", partnership)


@pytest.fixture
def editor(partnership: Any) -> Any:
    """Somebody whose role neither does nor manages tasks."""
    return make.member("editor", partnership)


def rule(partnership: Any, by: Any, **changes: Any) -> EscalationRule:
    return escalation.set_rule(
        **{
            "organisation": partnership,
            "kind": "",
            "working_days": 2,
            "role": "editor",
            "by": by,
            **changes,
        }
    )


def due(partnership: Any, moment: datetime) -> Task:
    subject = parcel(partnership, headline="Robin Example")
    ParcelFlow.begin(subject)
    task = tasks.find(subject, ParcelFlow, "pack")
    tasks.move_due(task, moment, "for the test")
    return task


def shown(user: Any) -> set[Task]:
    return set(queries.visible_tasks(user, queries.TEAM))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html5lib").main.get_text(" ").split())  # type: ignore[union-attr]  # every page has one


def work() -> None:
    while left := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for job in left:
            app.tasks[job.task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk__in=[job.pk for job in left]).delete()


# --- How late -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "today", "last_due"),
    [
        # Two working days late on Wednesday: due on Monday.
        (2, "2026-03-04", "2026-03-02"),
        # Over a weekend: one working day late on Monday is due on Friday, Saturday or Sunday.
        (1, "2026-03-09", "2026-03-08"),
        (2, "2026-03-09", "2026-03-05"),
        # Over Easter: Friday 3 and Monday 6 April are bank holidays.
        (1, "2026-04-07", "2026-04-06"),
        (2, "2026-04-07", "2026-04-01"),
        # Summer time began on 29 March: midnight is London's.
        (3, "2026-03-31", "2026-03-26"),
    ],
)
def test_days_late_are_working_days(days: int, today: str, last_due: str) -> None:
    before = escalation.too_late_before(date.fromisoformat(today), days)
    midnight = date.fromisoformat(last_due) + timedelta(days=1)
    assert before == datetime(midnight.year, midnight.month, midnight.day, tzinfo=LONDON)


def test_nothing_is_shown_at_a_weekend(partnership: Any, administrator: Any) -> None:
    due(partnership, datetime(2026, 3, 2, 17, tzinfo=LONDON))
    rule(partnership, administrator)
    assert escalation.escalate(date(2026, 3, 7)).escalated == 0
    assert escalation.escalate(date(2026, 3, 9)).escalated == 1


# --- Who is shown what --------------------------------------------------------------------------


def test_a_late_task_is_shown_to_the_role_and_told_once(
    partnership: Any, administrator: Any, editor: Any
) -> None:
    with time_machine.travel("2026-03-04 05:40+00:00", tick=False):
        late = due(partnership, datetime(2026, 3, 2, 17, tzinfo=LONDON))
        due(partnership, datetime(2026, 3, 3, 17, tzinfo=LONDON))
        rule(partnership, administrator)
        assert shown(editor) == set()
        assert escalation.escalate() == escalation.Run(escalated=1)
        assert shown(editor) == {late}
        assert escalation.escalate() == escalation.Run()
        work()
        (message,) = outbox.outbox
        assert message.to == [editor.email]
        assert message.subject == "Accord: Tasks that are too late"
        assert "One task of Harrow Vale Partnership is too late" in message.body
        assert "Robin" not in message.body
        assert Event.objects.get(kind="task_escalated").by is None

        page = words(signed_in(editor).get("/tasks/?view=team"))
        assert "shown to the editor since 4 March 2026" in page
        assert "Robin" not in page, "being shown a task gives no permission"
        assert signed_in(editor).get(f"/tasks/{late.pk}/").status_code == 404


def test_the_rule_for_a_kind_goes_before_the_one_for_every_kind(
    partnership: Any, administrator: Any, editor: Any
) -> None:
    late = due(partnership, datetime(2026, 3, 2, 17, tzinfo=LONDON))
    rule(partnership, administrator, working_days=1)
    rule(partnership, administrator, kind="Pack the parcel", working_days=5, role="officer")
    assert escalation.escalate(date(2026, 3, 4)).escalated == 0
    assert escalation.escalate(date(2026, 3, 9)).escalated == 1
    late.refresh_from_db()
    assert late.escalated_role == "officer"
    assert shown(editor) == set()


def test_a_rule_is_for_its_organisation(partnership: Any, administrator: Any, editor: Any) -> None:
    elsewhere = make.PartnershipFactory()
    due(elsewhere, datetime(2026, 3, 2, 17, tzinfo=LONDON))
    rule(partnership, administrator)
    assert escalation.escalate(date(2026, 3, 9)).escalated == 0
    assert shown(editor) == set()


def test_a_later_due_date_takes_it_back_and_late_again_shows_it_again(
    partnership: Any, administrator: Any, editor: Any
) -> None:
    with time_machine.travel("2026-03-04 09:00+00:00", tick=False) as traveller:
        late = due(partnership, datetime(2026, 3, 2, 17, tzinfo=LONDON))
        rule(partnership, administrator)
        escalation.escalate()
        tasks.set_due_date(late, datetime(2026, 3, 5, 17, tzinfo=LONDON), administrator)
        assert shown(editor) == set()
        assert late.escalated_at is None
        traveller.move_to(datetime(2026, 3, 9, 9, tzinfo=LONDON))
        assert escalation.escalate().escalated == 1


def test_what_was_done_meanwhile_or_is_being_done_is_left_alone(
    partnership: Any, administrator: Any
) -> None:
    officer = make.member("officer", partnership)
    late = due(partnership, datetime(2026, 3, 2, 17, tzinfo=LONDON))
    before = escalation.too_late_before(date(2026, 3, 4), 2)
    stale = Task.objects.get(pk=late.pk)
    tasks.perform(late, by=officer, act=nothing)
    assert not tasks.escalate(stale, "editor", before)
    assert not Event.objects.filter(kind="task_escalated").exists()


def test_the_database_keeps_role_and_moment_together(partnership: Any) -> None:
    task = due(partnership, datetime(2026, 3, 2, 17, tzinfo=LONDON))
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(escalated_role="editor")


# --- Rules --------------------------------------------------------------------------------------


def test_rules_are_made_by_administrators_there_or_above(
    partnership: Any, administrator: Any, editor: Any
) -> None:
    school = make.SchoolFactory(parent=partnership)
    head = make.member("head", school)
    county = make.member("administrator", partnership.parent)
    assert rule(school, administrator, role="head", working_days=3)
    assert rule(school, head, role="referrer", kind="Pack the parcel")
    assert rule(partnership, county)
    for by in (editor, head, make.UserFactory()):
        with pytest.raises(NotPermitted):
            rule(partnership, by, kind="Pack the parcel")
    with pytest.raises(NotAllowed, match="has no such role"):
        rule(school, head, role="editor", kind="Another")
    with pytest.raises(NotAllowed, match="There is a rule for this kind"):
        rule(partnership, administrator)
    with pytest.raises(NotAllowed, match="from 1 to 60"):
        rule(partnership, administrator, kind="Pack the parcel", working_days=0)


def test_an_administrator_makes_changes_and_removes_a_rule(
    partnership: Any, administrator: Any
) -> None:
    browser = signed_in(administrator)
    assert "Who is shown tasks that are too late" in words(browser.get("/tasks/"))
    address = f"/tasks/escalation/{partnership.slug}/"
    assert "Harrow Vale Partnership" in words(browser.get("/tasks/escalation/"))
    assert "There is no rule" in words(browser.get(address))
    page = words(browser.get(f"{address}add/"))
    assert "Pack the parcel" in page
    assert "Officer, who can give them to somebody else" in page
    refused = words(browser.post(f"{address}add/", {"kind": "every", "working_days": "0"}))
    assert "Enter 1 or more" in refused
    assert "Select who is shown them" in refused

    given = {"kind": "every", "working_days": "1", "role": "officer"}
    saved = words(browser.post(f"{address}add/", given, follow=True))
    assert "Every kind of task 1 working day late · shown to: Officer" in saved
    twice = words(browser.post(f"{address}add/", given))
    assert "There is a rule for this kind of task already" in twice
    made = EscalationRule.objects.get()
    changed = browser.post(f"{address}{made.pk}/", {**given, "working_days": "4"}, follow=True)
    assert "4 working days late" in words(changed)
    gone = words(browser.post(f"{address}{made.pk}/", {"remove": "1"}, follow=True))
    assert "The rule is removed." in gone
    assert browser.get(f"{address}{made.pk}/").status_code == 404


def test_for_others_the_pages_are_not_there(partnership: Any, editor: Any) -> None:
    browser = signed_in(editor)
    assert "too late" not in words(browser.get("/tasks/"))
    for address in ("", f"{partnership.slug}/", f"{partnership.slug}/add/"):
        assert browser.get(f"/tasks/escalation/{address}").status_code == 404
        assert Client().get(f"/tasks/escalation/{address}").status_code == 302
