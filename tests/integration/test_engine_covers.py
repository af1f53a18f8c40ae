"""Cover for an absent colleague: who may do whose tasks, when, and what is written down about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions import actions
from permissions.exceptions import NotPermitted
from tests.engine_flows.flows import ParcelFlow
from tests.factories import permissions as make
from tests.factories.engine import at_once, nothing, parcel
from workflows.engine import covers, queries, tasks
from workflows.engine.exceptions import AlreadyDone, NotAllowed
from workflows.engine.models import Cover, Event, Task

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def absent(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive O'Officer")


@pytest.fixture
def covering(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Colin Colleague")


@pytest.fixture
def chair(partnership: Any) -> Any:
    return make.member("panel_chair", partnership, name="Cora Chair")


def cover(absent: Any, covering: Any, organisation: Any, **changes: Any) -> Cover:
    today = timezone.localdate()
    return covers.arrange(
        **{
            "absent": absent,
            "covering": covering,
            "organisation": organisation,
            "first_date": today,
            "last_date": today + 7 * DAY,
            "by": absent,
            **changes,
        }
    )


def claimed(partnership: Any, owner: Any, **fields: Any) -> Task:
    subject = parcel(partnership, **fields)
    ParcelFlow.begin(subject)
    task = tasks.find(subject, ParcelFlow, "pack")
    tasks.claim(task, owner)
    return task


def covered(user: Any) -> set[Task]:
    return set(queries.visible_tasks(user, queries.COVERING))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html5lib").main.get_text(" ").split())  # type: ignore[union-attr]  # every page has one


# --- What is covered ----------------------------------------------------------------------------


def test_who_covers_does_the_task_and_it_says_for_whom(
    partnership: Any, absent: Any, covering: Any
) -> None:
    task = claimed(partnership, absent)
    with pytest.raises(NotAllowed, match="has claimed this task"):
        tasks.perform(task, by=covering, act=nothing)
    arranged = cover(absent, covering, partnership)
    assert covered(covering) == {task}

    tasks.perform(task, by=covering, act=nothing)
    task.refresh_from_db()
    assert (task.status, task.owner, task.cover) == ("DONE", covering, arranged)
    event = Event.objects.get(kind="task_covered")
    assert event.summary == "Colin Colleague did the task for Olive O'Officer."
    assert event.by == covering
    assert covered(covering) == set()
    assert list(covers.done_under(arranged)) == [task]


def test_the_owner_still_may_and_of_two_at_once_one_is_told(
    partnership: Any, absent: Any, covering: Any
) -> None:
    task = claimed(partnership, absent)
    cover(absent, covering, partnership)
    tasks.perform(task, by=absent, act=nothing)
    with pytest.raises(AlreadyDone, match="Olive O'Officer has already done this"):
        tasks.perform(task, by=covering, act=nothing)
    task.refresh_from_db()
    assert task.cover is None


def test_a_refused_step_leaves_the_task_with_its_owner(
    partnership: Any, absent: Any, covering: Any
) -> None:
    task = claimed(partnership, absent)
    cover(absent, covering, partnership)

    def refuse() -> None:
        raise NotAllowed("Not today.")

    with pytest.raises(NotAllowed, match="Not today"):
        tasks.perform(task, by=covering, act=refuse)
    task.refresh_from_db()
    assert (task.status, task.owner, task.cover) == ("ASSIGNED", absent, None)
    assert not Event.objects.filter(kind="task_covered").exists()


def test_cover_gives_no_permission(partnership: Any, absent: Any) -> None:
    member = make.member("panel_member", partnership)
    task = claimed(partnership, absent)
    cover(absent, member, partnership)
    assert covered(member) == set()
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=member, act=nothing)
    left = covers.not_covered(absent, member, partnership)
    assert covers.NotCovered("Pack the parcel", is_personal=False, waiting=1) in left


def test_a_vote_is_never_covered(partnership: Any, absent: Any, chair: Any) -> None:
    member = make.member("panel_member", partnership)
    task = claimed(partnership, absent, is_fragile=True)
    tasks.perform(task, by=absent, act=nothing)
    vote = Task.objects.get(title="Vote on the parcel", owner=member)
    cover(member, chair, partnership, by=member)
    assert covered(chair) == set()
    with pytest.raises(NotAllowed, match="has claimed"):
        tasks.perform(vote, by=chair, act=nothing)
    left = covers.not_covered(member, chair, partnership)
    assert covers.NotCovered("Vote on the parcel", is_personal=True, waiting=1) in left


def test_cover_is_for_one_organisation(partnership: Any, absent: Any, covering: Any) -> None:
    elsewhere = make.PartnershipFactory()
    for person in (absent, covering):
        make.member("officer", elsewhere, user=person)
    task = claimed(elsewhere, absent)
    cover(absent, covering, partnership)
    assert covered(covering) == set()
    assert covers.cover_for(task, covering) is None


def test_whoever_is_barred_from_a_case_does_not_cover_it(
    partnership: Any, absent: Any, covering: Any
) -> None:
    task = claimed(partnership, absent)
    cover(absent, covering, partnership)
    tasks.bar(covering, task.reference, None, "a conflict of interest")
    assert covered(covering) == set()
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=covering, act=nothing)


def test_a_role_that_ends_ends_what_is_covered(
    partnership: Any, absent: Any, covering: Any
) -> None:
    task = claimed(partnership, absent)
    cover(absent, covering, partnership)
    (membership,) = covering.memberships.all()
    actions.end_membership(membership=membership, by=None)
    assert covered(covering) == set()
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=covering, act=nothing)


# --- When ---------------------------------------------------------------------------------------


@pytest.fixture
def over_the_clock_change(partnership: Any, absent: Any, covering: Any) -> Iterator[Task]:
    """A cover from Saturday to Sunday 29 March 2026, on which the clocks go forward."""
    with time_machine.travel("2026-03-27 12:00+00:00", tick=False):
        task = claimed(partnership, absent)
        cover(
            absent,
            covering,
            partnership,
            first_date=date(2026, 3, 28),
            last_date=date(2026, 3, 29),
        )
        yield task


@pytest.mark.parametrize(
    ("moment", "is_covered"),
    [
        ("2026-03-27 23:59+00:00", False),
        ("2026-03-28 00:00+00:00", True),
        ("2026-03-29 22:59+00:00", True),
        # Midnight in London is an hour earlier by now.
        ("2026-03-29 23:00+00:00", False),
    ],
)
def test_it_begins_and_ends_at_midnight_in_london(
    over_the_clock_change: Task, covering: Any, moment: str, is_covered: bool
) -> None:
    with time_machine.travel(moment, tick=False):
        assert bool(covered(covering)) is is_covered
        assert (covers.cover_for(over_the_clock_change, covering) is not None) is is_covered


# --- Arranging ----------------------------------------------------------------------------------


def test_one_arranges_for_oneself_or_as_who_manages_and_nobody_else(
    partnership: Any, absent: Any, covering: Any, chair: Any
) -> None:
    member = make.member("panel_member", partnership)
    stranger = make.UserFactory()
    for by in (member, stranger):
        with pytest.raises(NotPermitted):
            cover(absent, covering, partnership, by=by)
    later = timezone.localdate() + 30 * DAY
    assert cover(absent, covering, partnership).set_by == absent
    assert cover(absent, covering, partnership, first_date=later, last_date=later, by=chair)
    with pytest.raises(NotAllowed, match="has no role in Harrow Vale Partnership"):
        cover(absent, stranger, partnership)


def test_days_that_meet_are_refused_by_rule_and_by_the_database(
    partnership: Any, absent: Any, covering: Any, chair: Any
) -> None:
    today = timezone.localdate()
    first = cover(absent, covering, partnership)
    with pytest.raises(NotAllowed, match="Colin Colleague already covers from"):
        cover(absent, chair, partnership, first_date=first.last_date, last_date=today + 9 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cover.objects.create(
            absent=absent,
            covering=chair,
            organisation=partnership,
            first_date=first.last_date,
            last_date=today + 9 * DAY,
            set_by=chair,
        )
    # The day after, and the days of one that was ended, are free.
    assert cover(absent, chair, partnership, first_date=today + 8 * DAY, last_date=today + 9 * DAY)
    covers.end(first, absent)
    assert cover(absent, chair, partnership)


def test_nobody_covers_who_is_away(partnership: Any, absent: Any, covering: Any) -> None:
    cover(absent, covering, partnership)
    with pytest.raises(NotAllowed, match="Olive O'Officer is away from"):
        cover(covering, absent, partnership, by=covering)
    assert [
        one.absent
        for one in covers.left_without(
            covering, partnership, timezone.localdate(), timezone.localdate()
        )
    ] == [absent]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_arrange_each_others_cover_at_once_one_is_refused() -> None:
    partnership = make.PartnershipFactory()
    one, other = (make.member("officer", partnership) for _ in range(2))
    results = at_once(
        lambda: cover(one, other, partnership), lambda: cover(other, one, partnership, by=other)
    )
    assert sorted(type(result).__name__ for result in results) == ["Cover", "NotAllowed"]


def test_either_ends_it_and_others_do_not(partnership: Any, absent: Any, covering: Any) -> None:
    arranged = cover(absent, covering, partnership)
    task = claimed(partnership, absent)
    with pytest.raises(NotPermitted):
        covers.end(arranged, make.member("panel_member", partnership))
    covers.end(arranged, covering)
    assert covers.cover_for(task, covering) is None
    with pytest.raises(AlreadyDone):
        covers.end(arranged, absent)
    assert [event.kind for event in Event.objects.filter(kind__startswith="cover_")] == [
        "cover_ended",
        "cover_arranged",
    ]


# --- Pages --------------------------------------------------------------------------------------


def form(covering: Any, **changes: Any) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "covering": str(covering.pk),
        "first_date": today.isoformat(),
        "last_date": (today + DAY).isoformat(),
        **changes,
    }


def test_an_absence_is_arranged_checked_and_shown_to_both(
    partnership: Any, absent: Any, covering: Any
) -> None:
    member = make.member("panel_member", partnership, name="Mia Member")
    address = f"/tasks/cover/add/{partnership.slug}/"
    browser = signed_in(member)
    assert "Who will be away" not in words(browser.get(address)), "a member arranges for themself"
    check = words(browser.post(address, form(absent)))
    assert "Check the cover" in check
    assert "Vote on the parcel : for one person alone" in check.replace("parcel:", "parcel :")
    assert not Cover.objects.exists()
    assert "Change answers" in check
    assert "Arrange cover" in words(browser.post(address, {**form(absent), "change": "1"}))

    done = browser.post(address, {**form(absent), "confirm": "1"}, follow=True)
    assert "Olive O'Officer covers for Mia Member." in words(done)
    arranged = Cover.objects.get()
    # The third manages the partnership's tasks.
    for person in (member, absent, covering):
        assert "Olive O'Officer for Mia Member" in words(signed_in(person).get("/tasks/cover/"))
    stranger = signed_in(make.member("officer", make.PartnershipFactory()))
    assert stranger.get(arranged.get_absolute_url()).status_code == 404
    assert stranger.post(arranged.get_absolute_url()).status_code == 404
    assert stranger.get(address).status_code == 404


def test_the_form_says_what_to_mend(partnership: Any, absent: Any, covering: Any) -> None:
    browser = signed_in(absent)
    address = f"/tasks/cover/add/{partnership.slug}/"
    page = words(browser.post(address, form(covering, last_date="2020-01-01")))
    assert "must be today or in the future" in page
    page = words(browser.post(address, form(covering, absent=str(covering.pk))))
    assert "nobody covers for themselves" in page
    assert "Choose who covers" in words(browser.post(address, {}))
    cover(absent, covering, partnership)
    page = words(browser.post(address, form(covering, absent=str(absent.pk), confirm="1")))
    assert "already covers from" in page


def test_the_inbox_has_a_tab_while_one_covers(partnership: Any, absent: Any, covering: Any) -> None:
    task = claimed(partnership, absent, headline="Zebra, Ann")
    browser = signed_in(covering)
    assert "Covering for" not in words(browser.get("/tasks/"))
    assert "has claimed" not in words(browser.get("/tasks/"))
    cover(absent, covering, partnership)
    page = words(browser.get("/tasks/?view=covering"))
    assert "Covering for colleagues" in page
    assert "You cover for Olive O'Officer in Harrow Vale Partnership until" in page
    assert "for Olive O'Officer" in page
    step = words(browser.get(f"/tasks/{task.pk}/"))
    assert "You do this for Olive O'Officer, who is away until" in step
    assert "Put this task back" not in step


def test_what_was_done_says_for_whom(partnership: Any, absent: Any, covering: Any) -> None:
    task = claimed(partnership, absent)
    arranged = cover(absent, covering, partnership)
    tasks.perform(task, by=covering, act=nothing)
    assert "for Olive O'Officer" in words(signed_in(covering).get("/tasks/?view=done"))
    shown = words(signed_in(absent).get(arranged.get_absolute_url()))
    assert f"Pack the parcel, {task.reference}, on" in shown
    closed = words(signed_in(absent).get(f"/tasks/{task.pk}/"))
    assert "Colin Colleague did this for Olive O'Officer on" in closed


def test_the_number_of_queries_does_not_grow_with_covers(partnership: Any, covering: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/tasks/?view=covering").status_code == 200
        return len(captured)

    def add() -> None:
        one = make.member("officer", partnership)
        claimed(partnership, one)
        cover(one, covering, partnership)

    browser = signed_in(covering)
    add()
    count()
    few = count()
    for _ in range(5):
        add()
    assert count() == few <= 12
