"""The review of a decision: asked for in time, decided by somebody else, told to the school."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories import agreements, member
from tests.factories.cases import Area
from tests.factories.referrals import decide, make_referral, vote
from workflows.calendar import queries as calendar
from workflows.cases import queries as cases
from workflows.cases.models import Case
from workflows.cases.states import Stage
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.referrals import actions, grants, notifications, queries, states
from workflows.referrals.flows import ReferralFlow, ReviewOfDecisionFlow
from workflows.referrals.models import DecisionReview, Letter, Referral
from workflows.referrals.states import ReviewStatus, Status

pytestmark = pytest.mark.django_db

SCHOOL, AUTHORITY = OrganisationKind.SCHOOL, OrganisationKind.LOCAL_AUTHORITY
WHY = "The consultant’s letter had not been read."


@pytest.fixture
def area() -> Area:
    return Area()


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def ask(area: Area, referral: Referral, **more: Any) -> DecisionReview:
    return actions.ask_for_review(
        referral=referral, reasons=WHY, by=area.person(Role.REFERRER), **more
    )


def finish(area: Area, review: DecisionReview, outcome: str, by: Any = None) -> None:
    officer = by or member(Role.OFFICER, area.local_authority)
    tasks.perform(
        tasks.find(review, ReviewOfDecisionFlow, "review_decision"),
        by=officer,
        act=lambda: actions.decide_review(
            review=review, outcome=outcome, reasons="It was read now.", by=officer
        ),
    )


def address(name: str, referral: Referral) -> str:
    return reverse(f"referrals:{name}", args=[referral.case.reference])


def test_a_decision_that_stays_ends_with_letters_to_school_and_family(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    review = ask(area, referral, asked_for="family")
    finish(area, review, "upheld")
    review.refresh_from_db()
    referral.refresh_from_db()
    assert (review.status, referral.status) == (ReviewStatus.UPHELD, Status.DECLINED)
    assert ReviewOfDecisionFlow.running(review) is None
    letter = actions.make_review_letter(review=review)
    assert actions.make_review_letter(review=review) == letter
    assert Letter.objects.filter(review=review).count() == 2
    with pytest.raises(NotAllowed, match="asked for already"):
        ask(area, referral)


def test_a_decision_returned_opens_the_case_and_the_panel_decides_anew(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    review = ask(area, referral)
    finish(area, review, "returned")
    referral = Referral.objects.get(pk=referral.pk)
    assert referral.status == Status.AT_PANEL
    assert (referral.case.stage, referral.case.closed_at) == (Stage.AT_PANEL, None)
    assert not tasks.open_tasks(referral, "screen", ReferralFlow).exists()
    for task in tasks.open_tasks(referral, "vote", ReferralFlow):
        if tasks.open_tasks(referral, "vote", ReferralFlow).filter(pk=task.pk).exists():
            vote(referral, task.owner, "accept")
    decide(referral, area.panel()[0], "accept")
    referral = Referral.objects.get(pk=referral.pk)
    assert referral.status == Status.ACCEPTED
    assert [one.outcome for one in referral.decisions.order_by("pk")] == ["decline", "accept"]
    # Each has letters of its own.
    for decision in referral.decisions.all():
        actions.make_letter(decision=decision)
    assert Letter.objects.filter(review=None).count() == 4


def test_a_second_decision_to_decline_can_be_reviewed_too(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    finish(area, ask(area, referral), "returned")
    referral = Referral.objects.get(pk=referral.pk)
    for task in list(tasks.open_tasks(referral, "vote", ReferralFlow)):
        if tasks.open_tasks(referral, "vote", ReferralFlow).filter(pk=task.pk).exists():
            vote(referral, task.owner, "decline")
    decide(referral, area.panel()[0], "decline")
    referral = Referral.objects.get(pk=referral.pk)
    assert ask(area, referral).decision == referral.decision


@pytest.mark.parametrize("part", ["screened", "voted", "decided"])
def test_whoever_took_part_in_the_decision_does_not_review_it(area: Area, part: str) -> None:
    referral = make_referral(area, Status.DECLINED)
    decision = referral.decision
    assert decision is not None
    person = {
        "screened": referral.screened_by,
        "voted": queries.votes_of(decision.consideration)[0].member,
        "decided": decision.decided_by,
    }[part]
    assert person is not None
    member(Role.OFFICER, area.local_authority, user=person)
    review = ask(area, referral)
    with pytest.raises(NotAllowed, match="took part"):
        finish(area, review, "upheld", by=person)
    assert tasks.open_tasks(review, "review_decision", ReviewOfDecisionFlow).count() == 1


def test_where_the_authority_has_nobody_a_chair_who_took_no_part_reviews(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    chair = member(Role.PANEL_CHAIR, area.partnership)
    review = ask(area, referral)
    task = tasks.find(review, ReviewOfDecisionFlow, "review_decision_as_chair")
    assert (task.owner, task.organisation) == (chair, area.partnership)
    assert Case.objects.visible_to(chair).get() == referral.case
    assert list(notifications.reviewers(Event.objects.get(kind="decision_review_asked"))) == [chair]
    # Who decided is a chair too, and learns nothing of it.
    decided = area.panel()[0]
    assert not Case.objects.visible_to(decided).exists()
    with pytest.raises(NotPermitted):
        actions.decide_review(review=review, outcome="upheld", reasons="Yes", by=decided)
    tasks.perform(
        task,
        by=chair,
        act=lambda: actions.decide_review(
            review=review, outcome="upheld", reasons="It was read.", by=chair
        ),
    )
    review.refresh_from_db()
    assert (review.status, review.decided_by) == (ReviewStatus.UPHELD, chair)
    assert ReviewOfDecisionFlow.running(review) is None
    assert not Case.objects.visible_to(chair).exists()


def test_a_chair_returns_a_decision_and_one_taken_back_is_closed_to_them(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    chair = member(Role.PANEL_CHAIR, area.partnership)
    actions.withdraw_review(review=ask(area, referral), by=area.person(Role.HEAD))
    assert not Case.objects.visible_to(chair).exists()
    review = ask(area, referral)
    actions.decide_review(review=review, outcome="returned", reasons="It was not.", by=chair)
    assert Referral.objects.get(pk=referral.pk).status == Status.AT_PANEL


def test_where_nobody_can_review_the_administrators_are_told(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    review = ask(area, referral)
    event = Event.objects.get(kind="review_lacks_reviewer")
    assert event.audience == "commissioner"
    administrator = area.person(Role.ADMINISTRATOR)
    assert administrator in notifications.administrators(event)
    # Whoever becomes an officer of the authority finds it.
    assert tasks.find(review, ReviewOfDecisionFlow, "review_decision").owner is None


def test_with_an_officer_who_took_no_part_nobody_else_is_asked(area: Area, client: Client) -> None:
    referral = make_referral(area, Status.DECLINED)
    member(Role.OFFICER, area.local_authority)
    chair = member(Role.PANEL_CHAIR, area.partnership)
    ask(area, referral)
    assert not Case.objects.visible_to(chair).exists()
    assert not Event.objects.filter(kind="review_lacks_reviewer").exists()


def test_the_chair_reviews_on_the_pages(area: Area, client: Client) -> None:
    referral = make_referral(area, Status.DECLINED)
    chair = member(Role.PANEL_CHAIR, area.partnership)
    review = ask(area, referral)
    client.force_login(area.person(Role.REFERRER))
    shown = text_of(client.get(referral.case.get_absolute_url()))
    assert "A chair of the panel who took no part" in shown
    client.force_login(chair)
    task = tasks.find(review, ReviewOfDecisionFlow, "review_decision_as_chair")
    assert WHY in text_of(client.get(task.get_absolute_url()))
    client.post(task.get_absolute_url(), {"outcome": "upheld", "reasons": "It was read."})
    done = client.post(task.get_absolute_url(), {"confirm": "1"}, follow=True)
    assert "The review is finished" in text_of(done)


def test_somebody_who_took_part_sees_why_there_is_no_form(area: Area, client: Client) -> None:
    referral = make_referral(area, Status.DECLINED)
    assert referral.screened_by is not None
    member(Role.OFFICER, area.local_authority, user=referral.screened_by)
    review = ask(area, referral)
    task = tasks.find(review, ReviewOfDecisionFlow, "review_decision")
    client.force_login(referral.screened_by)
    shown = text_of(client.get(task.get_absolute_url()))
    assert "somebody else must review it" in shown
    assert "What is the outcome of the review?" not in shown


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_a_review_is_asked_for_in_time_and_has_a_deadline_of_its_own(area: Area) -> None:
    agreements.make_agreement(
        area.partnership, terms={"ask_review_within": "10", "review_decision_within": "5"}
    )
    referral = make_referral(area, Status.DECLINED)
    late = time_machine.travel(datetime.datetime(2026, 3, 17, 0, 30, tzinfo=datetime.UTC))
    with late, pytest.raises(NotAllowed, match="until 16 March 2026"):
        ask(area, referral)
    # The last day counts to its end.
    with time_machine.travel(datetime.datetime(2026, 3, 16, 23, 30, tzinfo=datetime.UTC)):
        review = ask(area, referral)
    task = tasks.find(review, ReviewOfDecisionFlow, "review_decision")
    assert task.due_at == calendar.at_end_of_day(datetime.date(2026, 3, 23))
    assert task.organisation == area.local_authority


@pytest.mark.parametrize("status", [one for one in Status if one != Status.DECLINED])
def test_only_a_declined_referral_is_reviewed(area: Area, status: Status) -> None:
    referral = make_referral(area, status)
    with pytest.raises(NotAllowed):
        ask(area, referral)


def test_a_request_taken_back_takes_the_task_away_and_can_be_made_again(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED)
    review = ask(area, referral)
    actions.withdraw_review(review=review, by=area.person(Role.HEAD))
    assert not tasks.open_tasks(review).exists()
    with pytest.raises(NotAllowed):
        actions.decide_review(
            review=review,
            outcome="upheld",
            reasons="Yes",
            by=member(Role.OFFICER, area.local_authority),
        )
    assert ask(area, referral) != review


def test_the_database_refuses_a_review_without_its_facts(area: Area) -> None:
    review = ask(area, make_referral(area, Status.DECLINED))
    for values in ({"status": "upheld"}, {"status": "withdrawn"}, {"reasons": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionReview.objects.filter(pk=review.pk).update(**values)


def test_what_was_asked_is_never_changed(area: Area) -> None:
    review = ask(area, make_referral(area, Status.DECLINED))
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionReview.objects.filter(pk=review.pk).update(reasons="Something else")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionReview.objects.filter(pk=review.pk).delete()


def test_a_panel_too_small_to_decide_again_stops_the_return_and_changes_nothing(
    area: Area,
) -> None:
    referral = make_referral(area, Status.DECLINED)
    review = ask(area, referral)
    actions.change_panel_settings(partnership=area.partnership, by=None, quorum=30)
    with pytest.raises(NotAllowed, match="members it needs"):
        finish(area, review, "returned")
    review.refresh_from_db()
    assert review.status == ReviewStatus.ASKED
    assert tasks.open_tasks(review).count() == 1


# --- The pages ------------------------------------------------------------------------------------


def test_the_way_of_a_review_on_the_pages(area: Area, client: Client) -> None:
    referral = make_referral(area, Status.DECLINED)
    client.force_login(area.person(Role.REFERRER))
    case = referral.case.get_absolute_url()
    assert "Ask for a review of the decision" in text_of(client.get(case))
    empty = client.post(address("ask_for_review", referral), {})
    assert "Enter why the decision should be looked at again" in text_of(empty)
    posted = {"asked_for": "family", "reasons": WHY}
    done = client.post(address("ask_for_review", referral), posted, follow=True)
    assert "The review is asked for" in text_of(done)
    assert "for a parent, a carer or the pupil" in text_of(done)
    again = client.post(address("ask_for_review", referral), posted)
    assert "asked for already" in text_of(again)
    assert "Take the request back" in text_of(client.get(case))
    review = DecisionReview.objects.get()
    officer = member(Role.OFFICER, area.local_authority)
    client.force_login(officer)
    task = tasks.find(review, ReviewOfDecisionFlow, "review_decision")
    shown = text_of(client.get(task.get_absolute_url()))
    assert WHY in shown
    answers = {"outcome": "upheld", "reasons": "It was read."}
    client.post(task.get_absolute_url(), answers)
    done = client.post(task.get_absolute_url(), {"confirm": "1"}, follow=True)
    assert "The review is finished" in text_of(done)
    client.force_login(area.person(Role.REFERRER))
    shown = text_of(client.get(case))
    assert "It was read." in shown
    assert "Take the request back" not in shown
    assert client.get(address("withdraw_review", referral)).status_code == 302


def test_a_provider_and_another_school_learn_nothing_of_it(area: Area, client: Client) -> None:
    referral = make_referral(area, Status.DECLINED)
    ask(area, referral)
    for stranger in (Area().person(Role.REFERRER), member(Role.SIGNATORY, area.provider)):
        client.force_login(stranger)
        assert client.get(address("ask_for_review", referral)).status_code == 404
        assert not cases.audiences_of(stranger, referral.case)
        with pytest.raises(NotPermitted):
            actions.ask_for_review(referral=referral, reasons=WHY, by=stranger)


# --- The table ------------------------------------------------------------------------------------

TABLE = tables.Table(
    permissions=grants.REVIEW_PERMISSIONS,
    possible_from={
        # Of a decision that has one, another cannot be asked for, unless it was taken back.
        "ask_for_review": frozenset({ReviewStatus.WITHDRAWN}),
        **tables.possible_from(states.REVIEW_TRANSITIONS),
    },
    kinds={
        "ask_for_review": SCHOOL,
        "withdraw_review": SCHOOL,
        "uphold_decision": AUTHORITY,
        "return_decision": AUTHORITY,
    },
    acts={
        "ask_for_review": lambda review, by: actions.ask_for_review(
            referral=review.referral, reasons=WHY, by=by
        ),
        "withdraw_review": lambda review, by: actions.withdraw_review(review=review, by=by),
        "uphold_decision": lambda review, by: actions.decide_review(
            review=review, outcome="upheld", reasons="Yes", by=by
        ),
        "return_decision": lambda review, by: actions.decide_review(
            review=review, outcome="returned", reasons="No", by=by
        ),
    },
)


def test_the_table_is_whole() -> None:
    tables.check_grants(TABLE.acts, grants.REVIEW_PERMISSIONS, states.REVIEW_OWNERS)
    assert set(TABLE.possible_from) == set(TABLE.acts)
    assert set(states.REVIEW_OWNERS) == set(ReviewStatus)


@pytest.mark.parametrize("status", ReviewStatus)
def test_every_role_can_do_what_the_table_says(area: Area, status: ReviewStatus) -> None:
    referral = make_referral(area, Status.DECLINED)
    people = tables.one_of_each(area.organisations)
    review = ask(area, referral)
    if status == ReviewStatus.WITHDRAWN:
        actions.withdraw_review(review=review, by=area.person(Role.REFERRER))
    elif status != ReviewStatus.ASKED:
        finish(area, review, status.value)
    assert TABLE.mismatches(review, status, people) == []
