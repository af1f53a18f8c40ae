"""Many tasks at once, priorities, and tasks put off: as a browser meets them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions import actions as memberships
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import at_once, nothing, parcel
from tests.integration.test_engine_pages import begun, read, references, rows, signed_in, words
from workflows.engine import bulk, queries, states, tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Task

pytestmark = pytest.mark.django_db

NOON = "2026-06-10 12:00:00+01:00"


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


@pytest.fixture
def browser(officer: Any) -> Client:
    return signed_in(officer)


def together(client: Client, action: str, chosen: list[Task], **given: Any) -> Any:
    data = {"action": action, "task": [task.pk for task in chosen], **given}
    return client.post("/tasks/together/", data, follow=True)


# --- Together -----------------------------------------------------------------------------------


def test_claiming_many_says_how_many_and_whose_the_others_are(
    partnership: Any, officer: Any, browser: Client
) -> None:
    colleague = make.member("officer", partnership, name="Colin O’Brien")
    chosen = [begun(partnership) for _ in range(5)]
    tasks.claim(chosen[0], colleague)
    tasks.claim(chosen[1], colleague)
    tasks.perform(chosen[2], by=colleague, act=nothing)

    page = words(together(browser, "claim", chosen, back="/tasks/?view=unclaimed"))

    assert "2 claimed, 3 not" in page
    assert "2 not claimed Colin O’Brien has claimed this task." in page
    assert "1 not claimed Colin O’Brien has already done this." in page
    owned = set(Task.objects.filter(owner=officer).values_list("pk", flat=True))
    assert owned == {chosen[3].pk, chosen[4].pk}
    again = browser.get("/tasks/together/done/")
    assert "2 claimed, 3 not" in words(again), "the page may be loaded again"
    assert read(again).select_one("a[href='/tasks/?view=unclaimed']") is not None


def test_what_somebody_may_not_touch_is_left_out_without_a_word(
    partnership: Any, browser: Client
) -> None:
    mine = begun(partnership)
    elsewhere = begun(make.PartnershipFactory())
    page = words(together(browser, "claim", [elsewhere, mine]))
    assert "1 task claimed" in page
    assert elsewhere.reference not in page
    elsewhere.refresh_from_db()
    assert elsewhere.owner is None
    refused = together(browser, "claim", [elsewhere])
    assert "Select the tasks first" in words(refused)


def test_one_without_the_permission_cannot_set_many_due_dates(partnership: Any) -> None:
    officer = make.member("officer", partnership)
    member = make.member("panel_member", partnership)
    task = begun(partnership, is_fragile=True)
    tasks.perform(task, by=officer, act=nothing)
    vote = Task.objects.get(owner=member, status=states.ASSIGNED)
    due = vote.due_at
    page = together(
        signed_in(member),
        "due",
        [vote],
        do="1",
        due_date=str(timezone.localdate() + timedelta(days=9)),
    )
    assert "0 given another due date, 1 not" in words(page)
    vote.refresh_from_db()
    assert vote.due_at == due


def test_giving_many_asks_to_whom_and_refuses_row_by_row(partnership: Any, officer: Any) -> None:
    chair = signed_in(make.member("panel_chair", partnership))
    colleague = make.member("officer", partnership, name="Colin Colleague")
    member = make.member("panel_member", partnership, name="Mary Member")
    fragile = begun(partnership, is_fragile=True)
    tasks.perform(fragile, by=officer, act=nothing)
    vote = Task.objects.get(owner=member, status=states.ASSIGNED)
    first, second = begun(partnership), begun(partnership)

    asked = read(together(chair, "give", [first, second, vote]))
    assert asked.h1 is not None
    assert "Give them to somebody" in asked.h1.text
    offered = {option["value"] for option in asked.select("select[name=person] option")}
    assert str(colleague.pk) in offered
    mistake = together(chair, "give", [first], do="1", person="")
    assert "Choose who should do it" in words(mistake)

    page = words(together(chair, "give", [first, second, vote], do="1", person=colleague.pk))
    assert "2 given away, 1 not" in page
    assert "for one person alone" in page
    assert Task.objects.filter(owner=colleague, status=states.ASSIGNED).count() == 2


def test_many_due_dates_and_priorities_are_set(partnership: Any) -> None:
    manager = make.member("panel_chair", partnership)
    chosen = [begun(partnership) for _ in range(3)]
    with time_machine.travel(NOON, tick=False):
        chair = signed_in(manager)
        refused = together(chair, "due", chosen, do="1", due_date="2026-06-09")
        assert "must be today or in the future" in words(refused)
        page = together(chair, "due", chosen, do="1", due_date="2026-11-02")
    assert "3 tasks given another due date" in words(page)
    chair = signed_in(manager)
    assert "Select a priority" in words(together(chair, "priority", chosen, do="1"))
    together(chair, "priority", chosen[:2], do="1", priority="2")
    for task in chosen:
        task.refresh_from_db()
        assert task.due_at is not None
        assert timezone.localtime(task.due_at).isoformat() == "2026-11-02T17:00:00+00:00"
    assert [task.priority for task in chosen] == [2, 2, 0]
    assert Event.objects.filter(kind="task_priority_set").count() == 2


def test_a_bar_holds_for_many_as_for_one(partnership: Any, officer: Any) -> None:
    task = begun(partnership)
    tasks.bar(officer, task.reference, None, "Knows the family.")
    assert bulk.chosen(officer, [task.pk]) == []


def test_choosing_takes_the_same_number_of_queries_at_any_size(
    partnership: Any, officer: Any
) -> None:
    def count(chosen: list[Task]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(bulk.chosen(officer, [task.pk for task in chosen])) == len(chosen)
        return len(captured)

    assert count([begun(partnership)]) == count([begun(partnership) for _ in range(12)])


def test_all_on_a_page_are_ticked_without_a_script(partnership: Any, browser: Client) -> None:
    for _ in range(3):
        begun(partnership)
    page = read(browser.get("/tasks/?view=unclaimed&select=all"))
    boxes = page.select("input[name=task]")
    assert len(boxes) == 3
    assert all(box.has_attr("checked") and box["form"] == "together" for box in boxes)
    assert not read(browser.get("/tasks/?view=unclaimed")).select("input[name=task][checked]")


@pytest.mark.django_db(transaction=True)
def test_two_people_claiming_the_same_tasks_at_once_share_them_out() -> None:
    partnership = make.PartnershipFactory()
    officers = [make.member("officer", partnership) for _ in range(2)]
    chosen = [begun(partnership) for _ in range(6)]

    def claim_all(officer: Any, numbers: list[int]) -> bulk.Outcome:
        found = bulk.chosen(officer, numbers)
        return bulk.run(found, lambda task: tasks.claim(task, officer))

    numbers = [task.pk for task in chosen]
    outcomes = at_once(*(lambda who=who: claim_all(who, numbers) for who in officers))

    for officer, outcome in zip(officers, outcomes, strict=True):
        mine = set(Task.objects.filter(owner=officer).values_list("pk", flat=True))
        assert mine == {task.pk for task in outcome.done}
        assert len(outcome.done) + outcome.refusals == 6
    assert not Task.objects.filter(pk__in=numbers, owner=None).exists()


def test_nothing_is_ticked_where_nothing_could_be_done_with_it(partnership: Any) -> None:
    officer = make.member("officer", partnership)
    voters = [make.member("panel_member", partnership) for _ in range(2)]
    fragile = begun(partnership, is_fragile=True)
    tasks.perform(fragile, by=officer, act=nothing)
    page = read(signed_in(voters[0]).get("/tasks/?view=team"))
    assert len(page.select(".accord-list__item")) == 1
    assert not page.select("input[name=task], #together")
    assert read(signed_in(voters[0]).get("/tasks/?view=mine")).select("#together")


# --- Priority -----------------------------------------------------------------------------------


def test_the_urgent_come_first_and_say_so(partnership: Any, browser: Client) -> None:
    chair = make.member("panel_chair", partnership)
    normal, urgent, high = (begun(partnership) for _ in range(3))
    tasks.set_priority(urgent, states.Priority.URGENT, chair)
    tasks.set_priority(high, states.Priority.HIGH, chair)
    tab = {"view": "unclaimed"}
    expected = [urgent.reference, high.reference, normal.reference]
    assert references(browser, **tab) == expected
    assert rows(browser, **tab)[0].startswith(f"Select Pack the parcel, {urgent.reference} Urgent")
    assert references(browser, **tab, priority="2") == [urgent.reference]
    assert references(browser, **tab, priority="0") == [normal.reference]
    assert references(browser, **tab, sort="due") == [
        normal.reference,
        urgent.reference,
        high.reference,
    ]


def test_only_who_may_manage_sets_a_priority(partnership: Any, officer: Any) -> None:
    member = make.member("panel_member", partnership)
    task = begun(partnership)
    with pytest.raises(NotPermitted):
        tasks.set_priority(task, states.Priority.URGENT, member)
    chair = signed_in(make.member("panel_chair", partnership))
    address = f"/tasks/{task.pk}/manage/?priority=1"
    assert "Select a priority" in words(chair.post(address, {}))
    assert chair.post(address, {"priority": "1"}).status_code == 302
    task.refresh_from_db()
    assert task.priority == states.Priority.HIGH
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(priority=7)


# --- Put off ------------------------------------------------------------------------------------


@pytest.fixture
def mine(partnership: Any, officer: Any) -> Task:
    """A task of the officer's, due two days after noon on 10 June 2026."""
    with time_machine.travel(NOON, tick=False):
        task = begun(partnership)
        tasks.claim(task, officer)
    return task


def put_off(client: Client, task: Task, until: str, reason: str = "Waiting for the post") -> Any:
    return client.post(f"/tasks/{task.pk}/snooze/", {"until": until, "reason": reason}, follow=True)


def test_a_task_put_off_leaves_the_list_and_comes_back_by_itself(
    mine: Task, officer: Any, browser: Client
) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = signed_in(officer)
        page = words(put_off(browser, mine, "2026-06-12"))
        assert "The task comes back on 12 June 2026." in page
        assert "Put off (1)" in page.replace("( ", "(").replace(" )", ")")
        assert references(browser, view="mine") == []
        row = rows(browser, view="snoozed")[0]
        assert "Put off until 12 June 2026: Waiting for the post" in row
        assert "You have put this task off" in words(browser.get(f"/tasks/{mine.pk}/"))
    # Local midnight, in summer an hour before that of the world.
    with time_machine.travel("2026-06-11 22:59:00+00:00", tick=False):
        assert queries.task_counts(officer)["mine"] == 0
    with time_machine.travel("2026-06-11 23:00:00+00:00", tick=False):
        assert queries.task_counts(officer)["mine"] == 1
        assert queries.task_counts(officer)["snoozed"] == 0


@pytest.mark.parametrize(
    ("until", "reason", "refusal"),
    [
        ("2026-06-10", "Later", "Choose a day after today."),
        ("2026-06-13", "Later", "Choose a day up to 12 June 2026, when the task is due."),
        ("2026-06-11", "", "Enter why you put the task off"),
        ("", "Later", "Enter the day on which the task comes back"),
    ],
)
def test_putting_off_is_refused_with_a_reason(
    mine: Task, officer: Any, until: str, reason: str, refusal: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        page = put_off(signed_in(officer), mine, until, reason)
    assert refusal in words(page)
    mine.refresh_from_db()
    assert mine.snoozed_until is None


def test_only_the_owner_puts_a_task_off_and_the_chair_sees_it(
    mine: Task, partnership: Any, officer: Any
) -> None:
    chair = make.member("panel_chair", partnership)
    colleague = make.member("officer", partnership)
    with time_machine.travel(NOON, tick=False):
        for other in (chair, colleague):
            assert signed_in(other).get(f"/tasks/{mine.pk}/snooze/").status_code == 404
            with pytest.raises((NotAllowed, NotPermitted)):
                tasks.snooze(mine, date(2026, 6, 11), "Not mine", other)
        tasks.snooze(mine, date(2026, 6, 11), "Waiting for the post", officer)
        assert "Waiting for the post" in rows(signed_in(chair), view="team")[0]
        assert signed_in(colleague).post(f"/tasks/{mine.pk}/wake/").status_code == 302
        mine.refresh_from_db()
        assert mine.snoozed_until is None, "an officer manages tasks here"


def test_a_task_that_moves_on_is_no_longer_put_off(
    mine: Task, partnership: Any, officer: Any
) -> None:
    colleague = make.member("officer", partnership)
    with time_machine.travel(NOON, tick=False):
        tasks.snooze(mine, date(2026, 6, 12), "Waiting for the post", officer)
        tasks.reassign(mine, colleague, officer)
        assert queries.task_counts(colleague)["mine"] == 1
        tasks.snooze(mine, date(2026, 6, 12), "I wait as well", colleague)
        tasks.release(mine, colleague)
        assert queries.task_counts(officer)["unclaimed"] == 1
        assert mine.snooze_reason == ""
        tasks.claim(mine, officer)
        tasks.snooze(mine, date(2026, 6, 12), "Once more", officer)
        tasks.set_due_date(mine, timezone.now() + timedelta(hours=3), officer)
        assert queries.task_counts(officer)["mine"] == 1, "never beyond its due date"


def test_the_database_keeps_a_reason_and_the_due_date(mine: Task) -> None:
    rows_of_it = Task.objects.filter(pk=mine.pk)
    assert mine.due_at is not None
    for wrong in (
        {"snoozed_until": mine.due_at},
        {"snooze_reason": "Only a reason"},
        {"snoozed_until": mine.due_at + timedelta(days=1), "snooze_reason": "Too long"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows_of_it.update(**wrong)


# --- What comes next ----------------------------------------------------------------------------


def test_the_next_task_is_offered_after_one_is_done(
    partnership: Any, officer: Any, browser: Client
) -> None:
    subjects = [parcel(partnership) for _ in range(3)]
    for subject in subjects:
        ParcelFlow.begin(subject)
        tasks.claim(tasks.find(subject, ParcelFlow, "pack"), officer)
    first, second, third = (tasks.find(subject, ParcelFlow, "pack") for subject in subjects)
    skipped = browser.get(f"/tasks/next/?after={first.pk}")
    assert skipped["Location"] == f"/tasks/{second.pk}/"
    assert browser.get(f"/tasks/next/?after={third.pk}")["Location"] == f"/tasks/{first.pk}/"
    assert "Skip to your next task" in words(browser.get(f"/tasks/{first.pk}/"))

    answers = {"note": "books", "sent_date": "2026-03-02", "is_fragile": "no"}
    browser.post(f"/tasks/{first.pk}/", answers)
    page = browser.post(f"/tasks/{first.pk}/", {"confirm": "1"}, follow=True)
    assert f"Next task: Pack the parcel, {second.reference} (2 left)" in words(page)
    link = read(page).select_one("a.govuk-notification-banner__link")
    assert link is not None
    assert link["href"] == f"/tasks/{second.pk}/"


def test_skipping_the_only_task_says_that_there_is_no_other(
    mine: Task, officer: Any, browser: Client
) -> None:
    page = browser.get(f"/tasks/next/?after={mine.pk}", follow=True)
    assert "You have no other task waiting" in words(page)


def test_a_lost_role_takes_its_tasks_out_of_the_line(
    mine: Task, partnership: Any, officer: Any
) -> None:
    membership = Membership.objects.get(user=officer, organisation=partnership)
    memberships.end_membership(membership=membership, by=None)
    assert queries.next_task(officer) is None
    with pytest.raises(NotPermitted):
        tasks.snooze(mine, timezone.localdate() + timedelta(days=1), "Gone", officer)
