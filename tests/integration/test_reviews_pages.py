"""The pages of reviews: the record, what each reader sees, and who is kept out."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.placements import ready
from tests.factories.reviews import make_review
from workflows.engine import tasks
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Action, Review
from workflows.reviews.states import Outcome, ReviewStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return ready()


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def record(**changes: str) -> dict[str, str]:
    return {
        "held_date": timezone.localdate().isoformat(),
        "attended": "Officer\nTutor",
        "minutes": "All is well.",
        "outcome": Outcome.CONTINUE,
        **changes,
    }


def test_the_officer_records_a_review_with_its_actions(client: Client, area: Area) -> None:
    review = make_review(area, ReviewStatus.DUE)
    address = tasks.find(review, ReviewFlow, "hold_review").get_absolute_url()
    client.force_login(area.person(Role.OFFICER))
    shown = text_of(client.get(address))
    assert "Every 12 weeks, by clause" in shown
    due = timezone.localdate() + datetime.timedelta(days=5)
    answers = record(
        action_1="Send the maths book", owner_1=str(area.school.pk), due_1=due.isoformat()
    )
    checked = text_of(client.post(address, answers, follow=True))
    assert "Check your answers" in checked
    assert "Send the maths book" in checked
    client.post(address, {"confirm": "1"})
    review.refresh_from_db()
    assert (review.status, review.minutes) == (ReviewStatus.HELD, "All is well.")
    action = Action.objects.get()
    assert (action.description, action.owner, action.due_date) == (
        "Send the maths book",
        area.school,
        due,
    )


def test_a_half_entered_action_is_asked_for_whole(client: Client, area: Area) -> None:
    review = make_review(area, ReviewStatus.DUE)
    address = tasks.find(review, ReviewFlow, "hold_review").get_absolute_url()
    client.force_login(area.person(Role.OFFICER))
    shown = text_of(client.post(address, record(action_2="Ring the mother")))
    assert "Select who will do action 2" in shown
    assert "Enter by when action 2 will be done" in shown
    assert "Ring the mother" in shown


def test_the_minutes_are_read_by_everybody_in_the_case_and_the_reading_is_recorded(
    client: Client, area: Area
) -> None:
    review = make_review(area, ReviewStatus.HELD)
    for role in (Role.TUTOR, Role.REFERRER, Role.OFFICER):
        person = area.person(role)
        client.force_login(person)
        assert "more lessons than before" in text_of(client.get(review.get_absolute_url()))
        assert "Review 1" in text_of(client.get(review.case.get_absolute_url()))
        assert ReadRecord.objects.filter(user=person, purpose="review page").exists()


def test_the_school_marks_its_action_as_done(client: Client, area: Area) -> None:
    review = make_review(area, ReviewStatus.HELD)
    action = review.actions.get()
    done = reverse("reviews:complete_action", args=[action.pk])
    client.force_login(area.person(Role.TUTOR))
    assert "Mark as done" not in text_of(client.get(review.get_absolute_url()))
    assert client.post(done).status_code == 403
    client.force_login(area.person(Role.REFERRER))
    assert "Mark as done" in text_of(client.get(review.get_absolute_url()))
    assert "is marked as done" in text_of(client.post(done, follow=True))
    assert "already marked" in text_of(client.post(done, follow=True))
    assert client.get(done).status_code == 405


def test_pages_of_another_organisation_do_not_exist_and_nobody_signs_in_first(
    client: Client, area: Area
) -> None:
    review = make_review(area, ReviewStatus.HELD)
    done = reverse("reviews:complete_action", args=[review.actions.get().pk])
    assert client.get(review.get_absolute_url()).status_code == 302
    assert client.post(done).status_code == 302
    client.force_login(ready().person(Role.OFFICER))
    assert client.get(review.get_absolute_url()).status_code == 404
    assert client.post(done).status_code == 404
    assert review.case.reference not in text_of(client.get(reverse("reviews:list")))


def test_the_list_shows_what_is_to_be_held_in_the_same_number_of_queries(
    client: Client, area: Area, django_assert_max_num_queries: Any
) -> None:
    client.force_login(area.person(Role.OFFICER))
    counts = []
    for wanted in (2, 8):
        while Review.objects.count() < wanted:
            make_review(area)
        with django_assert_max_num_queries(12) as counted:
            assert f"{wanted} reviews" in text_of(client.get(reverse("reviews:list")))
        counts.append(len(counted))
    assert counts[0] == counts[1]
    shown = text_of(client.get(reverse("reviews:list"), {"status": "held"}))
    assert "no reviews to show" in shown
