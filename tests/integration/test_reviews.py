"""Reviews: when they are due and why, holding them along every path, and who reads them."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from permissions.exceptions import NotPermitted
from permissions.roles import Role
from tests.factories import ProviderFactory, agreements
from tests.factories.cases import Area
from tests.factories.placements import accept_agreement, agreement_of, make_placement, ready
from tests.factories.reviews import hold, make_review, record
from workflows.calendar import queries as calendar
from workflows.cases.models import Case
from workflows.cases.states import Outcome as CaseOutcome
from workflows.cases.states import Stage
from workflows.engine import states, tasks, timers
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Task
from workflows.placements.models import Placement, Timings
from workflows.placements.states import PlacementStatus
from workflows.reintegration.flows import ReintegrationFlow
from workflows.reintegration.models import ReintegrationPlan
from workflows.reviews import actions, queries
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Action, Review
from workflows.reviews.states import Outcome, ReviewStatus

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 9, 7, 10, 0, tzinfo=datetime.UTC)


def started(area: Area) -> Review:
    return make_placement(area, PlacementStatus.STARTED).reviews.get()


def test_the_first_review_is_due_by_the_term_that_this_provider_accepted() -> None:
    with time_machine.travel(NOW, tick=False):
        area = ready(terms={"review_every": "12"})
        review = started(area)
    assert review.due_date == datetime.date(2026, 11, 30)
    assert review.opens_date == datetime.date(2026, 11, 16)
    assert "Every 12 weeks, by clause" in queries.reason_for_date(review)
    assert review.clause.version.number == 1


def test_a_newer_number_that_the_provider_has_not_accepted_changes_nothing_for_it() -> None:
    with time_machine.travel(NOW, tick=False):
        area = ready(terms={"review_every": "12"})
        placement = make_placement(area, PlacementStatus.STARTED)
        agreements.publish(agreement_of(area), agreements.text(terms={"review_every": "6"}))
        assert queries.next_schedule(placement, datetime.date(2026, 9, 7)).weeks == 12


def test_two_agreements_with_two_numbers_work_side_by_side() -> None:
    with time_machine.travel(NOW, tick=False):
        dates = {
            weeks: started(ready(terms={"review_every": weeks})).due_date for weeks in ("6", "12")
        }
    assert dates == {"6": datetime.date(2026, 10, 19), "12": datetime.date(2026, 11, 30)}


@pytest.mark.parametrize("weeks", ["12", "6", "14"])
def test_an_overdue_review_is_never_made_punctual_by_an_acceptance(weeks: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        area = ready(terms={"review_every": "12"})
        review = started(area)
        clock.move_to(datetime.datetime(2026, 12, 10, 10, tzinfo=datetime.UTC))
        timers.sweep()
        agreements.publish(
            agreement_of(area), agreements.text(wording="More", terms={"review_every": weeks})
        )
        accept_agreement(area)
        review.refresh_from_db()
        task = tasks.find(review, ReviewFlow, "hold_review")
    due_date = datetime.date(2026, 10, 19) if weeks == "6" else datetime.date(2026, 11, 30)
    assert (review.weeks, review.due_date) == (int(weeks), due_date)
    assert review.opens_date <= due_date
    assert task.due_at == calendar.at_end_of_day(due_date)
    assert review.clause.version.number == 2
    moved = Event.objects.filter(kind="review_moved").count()
    assert moved == (1 if weeks == "6" else 0)


def test_an_acceptance_of_the_same_number_moves_nothing_and_names_the_new_clause() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        area = ready(terms={"review_every": "12"})
        review = started(area)
        clock.shift(datetime.timedelta(weeks=2))
        agreements.publish(
            agreement_of(area), agreements.text(wording="More", terms={"review_every": "12"})
        )
        accept_agreement(area)
    before = (review.due_date, review.opens_date, review.counted_date)
    review.refresh_from_db()
    assert (review.due_date, review.opens_date, review.counted_date) == before
    assert review.clause.version.number == 2
    assert not Event.objects.filter(kind="review_moved").exists()


def test_a_review_still_ahead_does_not_land_before_today() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        area = ready(terms={"review_every": "12"})
        review = started(area)
        clock.shift(datetime.timedelta(weeks=8))
        agreements.publish(agreement_of(area), agreements.text(terms={"review_every": "6"}))
        accept_agreement(area)
        review.refresh_from_db()
        assert (review.weeks, review.due_date) == (6, timezone.localdate())


def test_where_the_agreement_says_nothing_the_partnerships_own_timing_counts() -> None:
    with time_machine.travel(NOW, tick=False):
        area = ready(terms={})
        Timings.objects.create(partnership=area.partnership, review_every=4, review_opens_before=7)
        review = started(area)
    assert review.due_date == datetime.date(2026, 10, 5)
    assert review.opens_date == datetime.date(2026, 9, 28)
    assert review.clause is None
    assert "own timing" in queries.reason_for_date(review)


def test_the_task_appears_by_a_timer_on_the_opening_day_and_is_due_on_the_day() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        area = ready(terms={"review_every": "12"})
        review = started(area)
        clock.move_to(datetime.datetime(2026, 11, 15, 23, 30, tzinfo=datetime.UTC))
        timers.sweep()
        assert not tasks.open_tasks(review, "hold_review", ReviewFlow).exists()
        clock.move_to(datetime.datetime(2026, 11, 16, 0, 5, tzinfo=datetime.UTC))
        timers.sweep()
        task = tasks.find(review, ReviewFlow, "hold_review")
        review.refresh_from_db()
    assert review.status == ReviewStatus.DUE
    assert task.due_at == calendar.at_end_of_day(datetime.date(2026, 11, 30))
    assert (task.owner_permission, task.organisation) == ("hold_review", area.partnership)
    assert task.reference == review.case.reference


def test_the_opening_day_begins_at_midnight_in_london_in_summer_too() -> None:
    with time_machine.travel(datetime.datetime(2026, 4, 6, 9, tzinfo=datetime.UTC), tick=False):
        area = ready(terms={"review_every": "12"})
        review = started(area)
    # 29 June less 14 days; London is an hour ahead of UTC then.
    assert queries.opens_at(review) == datetime.datetime(2026, 6, 14, 23, tzinfo=datetime.UTC)


def test_a_review_nearer_than_its_lead_opens_with_the_next_sweep() -> None:
    area = ready(terms={"review_every": "1"})
    review = started(area)
    timers.sweep()
    assert tasks.find(review, ReviewFlow, "hold_review")


def test_continue_schedules_the_next_review_from_the_one_held() -> None:
    area = Area()
    first = make_review(area, ReviewStatus.DUE)
    record(area, first, Outcome.CONTINUE)
    assert ReviewFlow.running(first) is None
    second = Review.objects.get(placement=first.placement, number=2)
    assert second.due_date == timezone.localdate() + datetime.timedelta(weeks=12)
    assert ReviewFlow.running(second) is not None
    assert Case.objects.get().stage == Stage.PLACED


def test_reintegrate_asks_the_school_for_a_plan_and_schedules_nothing() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.DUE)
    record(area, review, Outcome.REINTEGRATE)
    plan = ReintegrationPlan.objects.get()
    assert plan.school == area.school
    assert tasks.find(plan, ReintegrationFlow, "write_plan").organisation == area.school
    assert Review.objects.count() == 1
    assert Case.objects.get().stage == Stage.REINTEGRATING


def test_end_ends_the_placement_and_closes_the_case() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.DUE)
    record(area, review, Outcome.END)
    placement = Placement.objects.get()
    assert placement.status == PlacementStatus.ENDED
    assert placement.ends_date == timezone.localdate()
    case = Case.objects.get()
    assert (case.stage, case.outcome) == (Stage.CLOSED, CaseOutcome.ENDED)
    assert not Task.objects.filter(
        process__flow_class=ReviewFlow, status__in=states.UNFINISHED
    ).exists()


def test_a_placement_that_ends_takes_its_scheduled_review_and_timer_away() -> None:
    area = Area()
    make_placement(area, PlacementStatus.ENDED)
    review = Review.objects.get()
    assert review.status == ReviewStatus.CANCELLED
    assert ReviewFlow.running(review) is None
    # The text of the agreement has a timer of its own, for its own review.
    reviews = Task.objects.filter(process__flow_class=ReviewFlow)
    assert not reviews.filter(status=states.SCHEDULED).exists()


def test_the_record_keeps_who_came_what_was_said_and_what_was_agreed() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.HELD)
    action = Action.objects.get(review=review)
    assert review.attended.startswith("Officer")
    assert review.minutes
    assert (action.owner, action.done_at) == (area.school, None)


def test_an_action_is_only_for_an_organisation_that_takes_part() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.DUE)
    draft = actions.ActionDraft("Ring", ProviderFactory(), timezone.localdate())
    with pytest.raises(NotAllowed, match="Action 1 must be for an organisation"):
        hold(area, review, actions=[draft])


def test_an_action_is_marked_as_done_by_its_organisation_or_the_officer() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.HELD)
    action = review.actions.get()
    with pytest.raises(NotPermitted):
        actions.complete_action(action=action, by=area.person(Role.TUTOR))
    done = actions.complete_action(action=action, by=area.person(Role.REFERRER))
    assert done.done_by == area.person(Role.REFERRER)
    with pytest.raises(NotAllowed, match="already"):
        actions.complete_action(action=action, by=area.person(Role.OFFICER))


def test_a_review_is_not_held_before_the_one_before_it_nor_in_the_future() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.DUE)
    today = timezone.localdate()
    with pytest.raises(NotAllowed, match="after it was held"):
        hold(area, review, held_date=today + datetime.timedelta(days=1), actions=[])
    before = review.placement.starts_date - datetime.timedelta(days=1)
    with pytest.raises(NotAllowed, match="cannot have been before"):
        hold(area, review, held_date=before, actions=[])


def test_the_provider_reads_the_reviews_of_its_own_placements_only() -> None:
    area = Area()
    review = make_review(area, ReviewStatus.HELD)
    stranger = ready()
    make_placement(stranger, PlacementStatus.STARTED)
    for role in (Role.TUTOR, Role.REFERRER, Role.OFFICER):
        visible = Review.objects.visible_to(area.person(role))
        assert set(visible) == set(Review.objects.filter(placement=review.placement)), role
    assert list(Review.objects.visible_to(stranger.person(Role.TUTOR))) == list(
        Review.objects.exclude(placement=review.placement)
    )
