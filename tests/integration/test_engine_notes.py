"""Notes on tasks, and who is mentioned in them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from permissions import actions as memberships
from permissions.exceptions import NotPermitted
from permissions.models import Membership
from tests.factories import permissions as make
from tests.factories.engine import nothing
from tests.integration.test_engine_pages import begun, read, references, rows, signed_in, words
from workflows.engine import mail, notes, states, tasks
from workflows.engine.exceptions import AlreadyDone, NotAllowed
from workflows.engine.models import Event, Mention, Task, TaskNote

pytestmark = pytest.mark.django_db

DOERS = states.NoteAudience.DOERS
MANAGERS = states.NoteAudience.MANAGERS


@pytest.fixture
def partnership() -> Any:
    return make.PartnershipFactory(name="Harrow Vale Partnership")


@pytest.fixture
def officer(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Olive Officer")


@pytest.fixture
def colleague(partnership: Any) -> Any:
    return make.member("officer", partnership, name="Colin O’Brien")


@pytest.fixture
def chair(partnership: Any) -> Any:
    return make.member("panel_chair", partnership, name="Cher Chair")


@pytest.fixture
def browser(officer: Any) -> Client:
    return signed_in(officer)


@pytest.fixture
def task(partnership: Any, officer: Any) -> Task:
    found = begun(partnership, headline="Robin Example")
    tasks.claim(found, officer)
    return found


def written(client: Client, task: Task, text: str, **given: Any) -> Any:
    data = {"text": text, "audience": "managers", **given}
    return client.post(f"/tasks/{task.pk}/notes/", data, follow=True)


def sent() -> list[Any]:
    """Send what the last note asks for; returns the messages."""
    outbox.outbox.clear()
    event = Event.objects.filter(kind="task_note_written").latest("pk")
    for number, user in mail.addressees(event.pk):
        mail.send(event.pk, number, user)
    return outbox.outbox


def test_a_note_is_written_read_and_told_without_its_words(
    task: Task, browser: Client, colleague: Any
) -> None:
    page = written(browser, task, "Robin’s <b>mother</b> rings at 3", mention=[colleague.pk])
    assert "The note is on the task." in words(page)
    assert "Robin’s <b>mother</b> rings at 3" in words(page)
    assert "Mentions Colin O’Brien" in words(page)
    assert "Notes on this task" in words(browser.get(f"/tasks/{task.pk}/"))

    message = sent()[0]
    assert message.to == [colleague.email]
    assert "Robin" not in message.body + message.subject
    assert f"/tasks/{task.pk}/notes/#note-" in message.body
    theirs = signed_in(colleague)
    assert "Mentions you 1 note" in rows(theirs, view="team")[0]
    assert references(theirs, view="team", mentioned="on") == [task.reference]
    assert references(browser, view="mine", mentioned="on") == []


def test_a_name_after_an_at_sign_is_a_mention(
    task: Task, browser: Client, colleague: Any, chair: Any
) -> None:
    make.member("officer", task.organisation, name="Col")  # type: ignore[arg-type]  # it has one
    written(browser, task, "Please look, @colin  o’brien and @Cher Chairman @Nobody")
    assert set(Mention.objects.values_list("person", flat=True)) == {colleague.pk}


def test_a_note_for_those_who_do_the_task_is_not_for_those_who_hand_it_out(
    task: Task, browser: Client, chair: Any, colleague: Any
) -> None:
    written(browser, task, "For us alone", audience="doers")
    written(browser, task, "For the chair too")
    theirs = signed_in(chair)
    page = words(theirs.get(f"/tasks/{task.pk}/notes/"))
    assert "For the chair too" in page
    assert "For us alone" not in page
    assert "Robin" not in page, "the headline is for those who do the task"
    assert "1 note" in rows(theirs, view="team")[0]
    assert "2 notes" in rows(signed_in(colleague), view="team")[0]
    offered = read(theirs.get(f"/tasks/{task.pk}/notes/")).select("input[name=audience]")
    assert [(field["type"], field["value"]) for field in offered] == [("hidden", "managers")]
    forged = theirs.post(f"/tasks/{task.pk}/notes/", {"text": "Hello", "audience": "doers"})
    assert forged.status_code == 200
    assert TaskNote.objects.count() == 2
    refused = written(browser, task, "@Cher Chair", audience="doers")
    assert "Cher Chair could not read this note" in words(refused)
    assert "@Cher Chair" in words(refused), "nothing that was typed is lost"


def test_a_mention_gives_nothing_and_a_lost_role_takes_everything(
    task: Task, officer: Any, colleague: Any
) -> None:
    stranger = make.UserFactory()
    with pytest.raises(NotAllowed):
        notes.write(task=task, text="Look", audience=MANAGERS, by=officer, mention=[stranger])
    assert not TaskNote.objects.exists()
    notes.write(task=task, text="Look", audience=MANAGERS, by=officer, mention=[colleague])
    membership = Membership.objects.get(user=colleague)
    memberships.end_membership(membership=membership, by=None)
    assert sent() == []
    assert signed_in(colleague).get(f"/tasks/{task.pk}/notes/").status_code == 404
    with pytest.raises(NotPermitted):
        notes.write(task=task, text="Still here", audience=MANAGERS, by=colleague)


def test_a_conflict_of_interest_takes_the_notes_away(
    task: Task, officer: Any, colleague: Any
) -> None:
    notes.write(task=task, text="Look", audience=MANAGERS, by=officer, mention=[colleague])
    tasks.bar(colleague, task.reference, None, "Knows the family.")
    assert sent() == []
    assert signed_in(colleague).get(f"/tasks/{task.pk}/notes/").status_code == 404
    with pytest.raises(NotAllowed):
        notes.write(task=task, text="Again", audience=MANAGERS, by=officer, mention=[colleague])


def test_notes_on_a_vote_are_for_the_voter_and_who_hands_tasks_out(
    partnership: Any, officer: Any
) -> None:
    voters = [make.member("panel_member", partnership) for _ in range(2)]
    parcel_task = begun(partnership, is_fragile=True)
    tasks.perform(parcel_task, by=officer, act=nothing)
    vote = Task.objects.get(owner=voters[0], status=states.ASSIGNED)
    notes.write(task=vote, text="I lean to yes", audience=DOERS, by=voters[0])
    assert notes.audiences_of(voters[1], vote) == frozenset()
    assert notes.audiences_of(voters[0], vote) == set(states.NoteAudience)
    assert set(notes.readers(vote, DOERS)) == {voters[0]}
    assert set(notes.readers(vote, MANAGERS)) == {voters[0], officer}


def test_a_note_is_never_changed_and_a_closed_task_takes_none(task: Task, officer: Any) -> None:
    note = notes.write(task=task, text="Look", audience=MANAGERS, by=officer)
    for change in (
        lambda: TaskNote.objects.filter(pk=note.pk).update(text="Other"),
        lambda: TaskNote.objects.filter(pk=note.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    tasks.perform(task, by=officer, act=nothing)
    with pytest.raises(AlreadyDone):
        notes.write(task=task, text="Too late", audience=MANAGERS, by=officer)
    page = words(signed_in(officer).get(f"/tasks/{task.pk}/notes/"))
    assert "Look" in page
    assert "nothing can be added" in page


def test_what_is_missing_is_said_and_nothing_is_lost(task: Task, browser: Client) -> None:
    page = words(written(browser, task, " "))
    assert "Enter the note" in page
    page = words(browser.post(f"/tasks/{task.pk}/notes/", {"text": "Words"}))
    assert "Select who may read the note" in page
    assert "Words" in page


def test_notes_take_the_same_number_of_queries_however_many(
    task: Task, officer: Any, colleague: Any, browser: Client
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/tasks/{task.pk}/notes/").status_code == 200
        return len(captured)

    notes.write(task=task, text="One", audience=MANAGERS, by=officer, mention=[colleague])
    few = count()
    for number in range(20):
        notes.write(task=task, text=f"{number}", audience=DOERS, by=officer, mention=[colleague])
    assert count() == few


def test_many_colleagues_are_mentioned_by_writing_their_names(
    task: Task, browser: Client, partnership: Any
) -> None:
    for number in range(25):
        make.member("officer", partnership, name=f"Person Number {number}")
    page = read(browser.get(f"/tasks/{task.pk}/notes/"))
    assert not page.select("input[name=mention]")
    written(browser, task, "@Person Number 2, look")
    assert [one.person.name for one in Mention.objects.all()] == ["Person Number 2"]
