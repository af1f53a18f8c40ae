"""The life of a published text: reviewed on time, unchanged or changed, approved, withdrawn."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from permissions.models import User
from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories import PartnershipFactory, member
from tests.factories import pages as make
from tests.factories.agreements import make_agreement, publish, text
from tests.factories.cases import Area
from workflows.agreements import actions, grants, queries
from workflows.agreements.flows import TextReviewFlow
from workflows.agreements.models import Agreement, ReviewRecord, TextReview
from workflows.agreements.states import (
    TEXT_REVIEW_OWNERS,
    TEXT_REVIEW_TRANSITIONS,
    ReviewOutcome,
    TextReviewStatus,
)
from workflows.engine import tasks, timers
from workflows.engine.models import Event

pytestmark = pytest.mark.django_db

DUE = datetime.date(2027, 9, 1)


@pytest.fixture
def area() -> Area:
    return Area()


def coming(agreement: Agreement) -> TextReview:
    review = queries.open_text_review(agreement)
    assert review is not None
    return review


def opened(agreement: Agreement) -> TextReview:
    """Let the review of an agreement come: time passes until its task is there."""
    review = coming(agreement)
    with time_machine.travel(queries.opens_at(review) + datetime.timedelta(minutes=1), tick=False):
        timers.sweep()
    review.refresh_from_db()
    return review


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def answers(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    then = today + datetime.timedelta(days=365)
    return {
        "outcome": "unchanged",
        "name": "Ada Moss",
        "position": "Head of commissioning",
        "reviewed_date": today.isoformat(),
        "next_date": then.isoformat(),
        "note": "",
        **changes,
    }


# --- Due ------------------------------------------------------------------------------------------


def test_the_task_appears_before_the_date_and_is_due_on_it(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    review = coming(agreement)
    assert review.due_date == DUE
    assert review.status == TextReviewStatus.SCHEDULED
    with time_machine.travel("2027-08-03T12:00:00Z", tick=False):
        timers.sweep()
    assert not tasks.open_tasks(review).exists()
    with time_machine.travel("2027-08-04T12:00:00Z", tick=False):
        timers.sweep()
    task = tasks.find(review, TextReviewFlow, "review_text")
    assert task.due_at is not None
    assert timezone.localdate(task.due_at) == DUE
    assert task.organisation == area.partnership
    review.refresh_from_db()
    assert review.status == TextReviewStatus.DUE
    assert Event.objects.filter(kind="text_review_due").count() == 1


def test_another_version_sets_another_date(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    first = opened(agreement)
    later = datetime.date(2028, 1, 10)
    publish(agreement, text(review_date=later), is_material=False)
    first.refresh_from_db()
    assert first.status == TextReviewStatus.PUBLISHED
    assert not tasks.open_tasks(first).exists()
    assert coming(agreement).due_date == later
    assert agreement.text_reviews.count() == 2


def test_a_text_without_a_date_is_not_reviewed_and_a_policy_every_so_many_years(area: Area) -> None:
    undated = make_agreement(area.partnership, title="Undated", review_date=None)
    assert queries.review_date(undated) is None
    assert queries.open_text_review(undated) is None
    policy = make_agreement(
        area.partnership,
        title="Policy",
        kind="policy",
        review_date=None,
        terms={"policy_review_every": "1"},
    )
    assert queries.review_date(policy) == datetime.date(2027, 9, 1)
    publish(
        policy,
        text(
            title="Policy",
            kind="policy",
            review_date=None,
            terms={"policy_review_every": "2"},
            approval={"approved_by": "The board", "approved_date": "2028-02-29"},
        ),
    )
    assert queries.review_date(policy) == datetime.date(2030, 2, 28)


def test_the_days_of_notice_are_the_agreements_own_and_move_what_is_to_come(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    client = signed_in(area.person(Role.EDITOR))
    address = reverse("agreements:review_notice", args=[agreement.pk])
    assert (
        "28 days before"
        in client.get(reverse("agreements:life", args=[agreement.pk])).content.decode()
    )
    for days, says in (("0", "must be 1 or more"), ("183", "182 or fewer"), ("x", "whole number")):
        assert says in client.post(address, {"days": days}).content.decode()
    assert client.post(address, {"days": "60"}).status_code == 302
    review = coming(agreement)
    assert review.due_date == DUE
    with time_machine.travel("2027-07-02T12:00:00Z", tick=False):
        timers.sweep()
    assert not tasks.open_tasks(review).exists()
    with time_machine.travel("2027-07-03T12:00:00Z", tick=False):
        timers.sweep()
    assert tasks.open_tasks(review).exists()
    # A review that is under way is not moved.
    client.post(address, {"days": "7"})
    assert coming(agreement) == review
    auditor = signed_in(area.person(Role.AUDITOR))
    assert auditor.get(address).status_code == 403
    stranger = signed_in(member(Role.EDITOR, PartnershipFactory()))
    assert stranger.post(address, {"days": "9"}).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.update(review_notice_days=0)


@pytest.mark.parametrize(
    ("changes", "proposed"),
    [
        # What the text promises comes before its own dates.
        ({"terms": {"policy_review_every": "2"}}, datetime.date(2029, 9, 1)),
        # The text's own interval: a year; from the day of issue to the end of a school year.
        ({}, datetime.date(2028, 9, 1)),
        ({"review_date": datetime.date(2027, 7, 31)}, datetime.date(2028, 7, 30)),
        # Nothing says how often: whoever reviews it does.
        ({"review_date": None}, None),
    ],
)
def test_the_form_proposes_the_next_date_as_the_text_has_it(
    area: Area, changes: dict[str, Any], proposed: datetime.date | None
) -> None:
    agreement = make_agreement(area.partnership, **changes)
    version = queries.version_in_force(agreement)
    assert version is not None
    assert queries.next_review_date(version, DUE) == proposed
    editor = area.person(Role.EDITOR)
    with time_machine.travel("2027-09-01T12:00:00Z", tick=False):
        review = actions.review_now(agreement=agreement, by=editor)
        assert review is not None
        address = tasks.find(review, TextReviewFlow, "review_text").get_absolute_url()
        form = signed_in(editor).get(address).context["form"]
        assert form["next_date"].initial == proposed
        # What a review has decided once is proposed the next time.
        actions.review_unchanged(
            review=review,
            name="Ada",
            position="Head",
            reviewed_date=DUE,
            next_date=datetime.date(2030, 9, 1),
            note="",
            by=editor,
        )
    if "terms" not in changes:
        later = datetime.date(2030, 9, 1)
        assert queries.next_review_date(version, later) == datetime.date(2033, 9, 1)


# --- Outcomes -------------------------------------------------------------------------------------


def test_reviewed_unchanged_is_one_act_without_a_new_version(area: Area) -> None:
    page = make.publish(make.make_page(area.partnership, review_date=timezone.localdate()))
    agreement = page.agreement()
    assert agreement is not None
    review = opened(agreement)
    editor = area.person(Role.EDITOR)
    client = signed_in(editor)
    address = tasks.find(review, TextReviewFlow, "review_text").get_absolute_url()
    shown = client.get(address).content.decode()
    assert "It stays as it is" in shown
    # Withdrawing is for who may publish.
    assert "It is withdrawn" not in shown
    done = client.post(address, answers(), follow=True)
    assert "The review is recorded" in done.content.decode()

    record = ReviewRecord.objects.get()
    then = timezone.localdate() + datetime.timedelta(days=365)
    assert (record.name, record.by, record.next_date) == ("Ada Moss", editor, then)
    assert agreement.versions.count() == 1
    assert queries.review_date(agreement) == then
    review.refresh_from_db()
    assert review.status == TextReviewStatus.UNCHANGED
    again = coming(agreement)
    assert (again.status, again.due_date) == (TextReviewStatus.SCHEDULED, then)
    public = " ".join(Client().get(page.url).content.decode().split())
    assert "and reviewed on" in public
    assert "by Ada Moss, Head of commissioning" in public
    assert f"{then.day} {then:%B %Y}" in public


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"outcome": ""}, "Select what the review came to"),
        ({"name": ""}, "Enter who reviewed it"),
        ({"next_date": ""}, "Enter when it is to be"),
        ({"outcome": "changes"}, "Enter what needs to change"),
        ({"outcome": "withdraw"}, "Enter why it is withdrawn"),
        ({"reviewed_date": "2999-01-01"}, "past"),
    ],
)
def test_a_review_says_what_is_missing(area: Area, changes: dict[str, str], says: str) -> None:
    review = opened(make_agreement(area.partnership))
    client = signed_in(area.person(Role.ADMINISTRATOR))
    address = tasks.find(review, TextReviewFlow, "review_text").get_absolute_url()
    page = client.post(address, answers(**changes)).content.decode()
    assert says in page
    assert not ReviewRecord.objects.exists()


def test_what_needs_changes_stays_a_task_until_it_is_published(area: Area) -> None:
    page = make.publish(make.make_page(area.partnership, review_date=DUE))
    agreement = page.agreement()
    assert agreement is not None
    review = opened(agreement)
    client = signed_in(area.person(Role.EDITOR))
    address = tasks.find(review, TextReviewFlow, "review_text").get_absolute_url()
    client.post(address, answers(outcome="changes", note="The address is an old one."))
    assert ReviewRecord.objects.get().outcome == ReviewOutcome.CHANGES_NEEDED
    task = tasks.find(review, TextReviewFlow, "change_text")
    shown = client.get(task.get_absolute_url()).content.decode()
    assert "The address is an old one." in shown
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in shown

    make.publish(make.change(page, sections=make.section("New", make.clause(1, "Anew."))))
    review.refresh_from_db()
    assert review.status == TextReviewStatus.PUBLISHED
    assert not tasks.open_tasks(review).exists()


def test_a_review_is_brought_forward(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    first = coming(agreement)
    client = signed_in(area.person(Role.EDITOR))
    life = reverse("agreements:life", args=[agreement.pk])
    assert "Review it now" in client.get(life).content.decode()
    response = client.post(reverse("agreements:review_now", args=[agreement.pk]))
    review = coming(agreement)
    assert review.due_date == timezone.localdate()
    assert (
        response.headers["Location"]
        == tasks.find(review, TextReviewFlow, "review_text").get_absolute_url()
    )
    first.refresh_from_db()
    assert first.status == TextReviewStatus.REPLACED
    # Once more changes nothing.
    client.post(reverse("agreements:review_now", args=[agreement.pk]))
    assert coming(agreement) == review
    auditor = signed_in(area.person(Role.AUDITOR, area.local_authority))
    assert auditor.post(reverse("agreements:review_now", args=[agreement.pk])).status_code in (
        403,
        404,
    )


# --- Who may --------------------------------------------------------------------------------------


def _decide(action: str) -> Any:
    def act(review: TextReview, by: User) -> Any:
        if action == "withdraw_reviewed":
            return actions.withdraw_reviewed(review=review, reason="Old.", by=by)
        today = timezone.localdate()
        said = {"review": review, "name": "A", "position": "B", "reviewed_date": today}
        if action == "review_needs_changes":
            return actions.review_needs_changes(**said, note="Much.", by=by)
        return actions.review_unchanged(
            **said, next_date=today + datetime.timedelta(days=9), note="", by=by
        )

    return act


ACTS = {name: _decide(name) for name in grants.TEXT_REVIEW_PERMISSIONS}
TABLE = tables.Table(
    permissions=grants.TEXT_REVIEW_PERMISSIONS,
    possible_from=tables.possible_from(
        {name: one for name, one in TEXT_REVIEW_TRANSITIONS.items() if name in ACTS}
    ),
    kinds=dict.fromkeys(ACTS, OrganisationKind.PARTNERSHIP),
    acts=ACTS,
)


def review_in(status: str, area: Area) -> TextReview:
    """A review of the area's agreement, brought to a status by the real actions."""
    agreement = make_agreement(area.partnership)
    review = coming(agreement)
    if status != TextReviewStatus.SCHEDULED:
        actions.open_text_review(review=review)
    administrator = member("administrator", area.partnership)
    match status:
        case TextReviewStatus.CHANGING:
            ACTS["review_needs_changes"](review, administrator)
        case TextReviewStatus.UNCHANGED:
            ACTS["review_unchanged"](review, administrator)
        case TextReviewStatus.WITHDRAWN:
            ACTS["withdraw_reviewed"](review, administrator)
        case TextReviewStatus.PUBLISHED:
            publish(agreement, text(wording="Other"))
        case TextReviewStatus.REPLACED:
            actions.schedule_text_review(agreement=agreement, by=None)
    review.refresh_from_db()
    assert review.status == status
    return review


@pytest.mark.parametrize("status", TextReviewStatus.values)
def test_every_role_may_do_what_the_table_says(status: str) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    review = review_in(status, area)
    assert TABLE.mismatches(review, status, people) == []


def test_the_table_is_whole() -> None:
    assert set(TEXT_REVIEW_OWNERS) == set(TextReviewStatus)
    assert {status for status, owner in TEXT_REVIEW_OWNERS.items() if owner} == set(
        TextReviewStatus.open()
    )
