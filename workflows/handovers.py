"""How one process starts the next: the whole chain on one screen.

Processes announce what happened and know nothing of what comes after. `TABLE` says which function
answers which event; each is called with the event and what was announced with it, in the same
transaction. What does not belong here: anything that decides. Rules decide, actions write.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from permissions.models import Organisation, User
from workflows.agreements import actions as agreements
from workflows.agreements.flows import (
    AcceptanceFlow,
    QuestionFlow,
    ReservationFlow,
    TextReviewFlow,
)
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    Question,
    Reservation,
    TextReview,
    Variation,
)
from workflows.agreements.states import TextReviewStatus
from workflows.cases import actions as cases
from workflows.cases.states import Outcome as CaseOutcome
from workflows.criteria.models import Simulation
from workflows.engine import jobs, tasks
from workflows.engine.models import Event
from workflows.panels import actions as panels
from workflows.placements import actions as placements
from workflows.placements import queries as placement_queries
from workflows.placements.flows import PlacementFlow
from workflows.placements.models import Allocation, Placement
from workflows.referrals import actions as referrals
from workflows.referrals.flows import ReferralFlow, ReviewOfDecisionFlow, TransferFlow
from workflows.referrals.jobs import make_permission_letter, replay_criteria
from workflows.referrals.models import DecisionReview, Referral, Transfer
from workflows.reintegration import actions as reintegration
from workflows.reintegration.flows import ReintegrationFlow
from workflows.reintegration.models import ReintegrationPlan
from workflows.reviews import actions as reviews
from workflows.reviews import queries as review_queries
from workflows.reviews.flows import ReviewFlow


def ask_signatory(event: Event, *, request: AcceptanceRequest, **_: Any) -> None:
    """Put the agreement into the inbox of whoever may accept it."""
    AcceptanceFlow.begin(request, by=event.by)


def stop_asking(event: Event, *, request: AcceptanceRequest, reason: str, **_: Any) -> None:
    """Take the task away: a newer version has replaced the one it asks to accept."""
    tasks.cancel_process(request, AcceptanceFlow, event.by, reason)


def answer_reservation(event: Event, *, reservation: Reservation, **_: Any) -> None:
    """Ask the partnership to answer the reservation."""
    ReservationFlow.begin(reservation, by=event.by)


def stop_answering(event: Event, *, reservation: Reservation, reason: str, **_: Any) -> None:
    """Take the task away: the reservation was withdrawn."""
    tasks.cancel_process(reservation, ReservationFlow, event.by, reason)


def answer_question(event: Event, *, question: Question, **_: Any) -> None:
    """Ask the partnership's editors to answer."""
    QuestionFlow.begin(question, by=event.by)


def remember_first_pupil(event: Event, *, placement: Placement, **_: Any) -> None:
    """Note for the provider and the home school that pupils have come: reservations come before."""
    for organisation in (placement.provider, placement.case.pupil.school):
        agreements.record_first_pupil(
            agreement=placement.agreement,
            organisation=organisation,
            first_date=placement.starts_date,
        )


def begin_screening(event: Event, *, referral: Referral, **_: Any) -> None:
    """Give the referral to the officer; one sent again after a question is with the officer already."""
    if ReferralFlow.running(referral) is None:
        ReferralFlow.begin(referral, by=event.by)


def forget_referral(event: Event, *, referral: Referral, **_: Any) -> None:
    """Take away every task of a referral that the school has withdrawn."""
    tasks.cancel_process(referral, ReferralFlow, event.by, "The referral was withdrawn.")


def stop_case(event: Event, *, referral: Referral, **_: Any) -> None:
    """Stop everything in a case whose parents have withdrawn their permission."""
    case, reason = referral.case, "Parental permission was withdrawn."
    assert event.by is not None  # a person of the school records it
    tasks.cancel_process(referral, ReferralFlow, event.by, reason)
    for plan in ReintegrationPlan.objects.filter(case=case).open():
        tasks.cancel_process(plan, ReintegrationFlow, event.by, reason)
        reintegration.stop_with_case(plan=plan, reason=reason, by=event.by)
    allocation = placement_queries.open_allocation(case)
    if allocation is not None:
        tasks.cancel_process(allocation, PlacementFlow, event.by, reason)
        placements.stop(allocation=allocation, reason=reason, by=event.by)
    agreements.stop_asking_for_case(case=case, reason=reason, by=event.by)


def confirm_withdrawn_permission(_event: Event, *, referral: Referral, **_: Any) -> None:
    """Have the letters made that tell school and family what the withdrawal means."""
    jobs.queue(make_permission_letter, referral_id=referral.pk)


def begin_review_of_decision(event: Event, *, review: DecisionReview, **_: Any) -> None:
    """Give the decision to somebody of the local authority who took no part in it."""
    ReviewOfDecisionFlow.begin(review, by=event.by)


def stop_review_of_decision(event: Event, *, review: DecisionReview, **_: Any) -> None:
    """Take the task away: the school no longer asks for the review."""
    tasks.cancel_process(review, ReviewOfDecisionFlow, event.by, "The request was taken back.")


def consider_again(event: Event, *, referral: Referral, **_: Any) -> None:
    """Begin the referral's process anew, with the panel that has been opened."""
    ReferralFlow.begin(referral, by=event.by)


def open_allocation(event: Event, *, referral: Referral, **_: Any) -> None:
    """Open the search for a provider and give it to the officer."""
    allocation = placements.open_allocation(case=referral.case, by=event.by)
    PlacementFlow.begin(allocation, by=event.by)


def allocate_again(event: Event, *, allocation: Allocation, **_: Any) -> None:
    """Take away what waits for the provider, and let the officer allocate again."""
    tasks.cancel_process(allocation, PlacementFlow, event.by, "The offer was withdrawn.")
    PlacementFlow.begin(allocation, by=event.by)


def go_on_with_placements(
    event: Event, *, agreement: Agreement, acceptance: Acceptance, **_: Any
) -> None:
    """Let every placement go on that waited for this acceptance and for nothing else any more."""
    for placement in placement_queries.waiting_for_acceptance(agreement, acceptance.organisation):
        tasks.resume(placement.offer.allocation, PlacementFlow, "await_acceptance", event.by)


def redate_reviews(event: Event, *, agreement: Agreement, acceptance: Acceptance, **_: Any) -> None:
    """Count the open reviews of a provider's running placements again by what it accepted."""
    count_reviews_again(agreement, acceptance.organisation, event.by)


def redate_varied_reviews(
    event: Event, *, agreement: Agreement, variation: Variation, **_: Any
) -> None:
    """Count them again where the number was varied for one organisation."""
    count_reviews_again(agreement, variation.organisation, event.by)


def schedule_review(event: Event, *, placement: Placement, **_: Any) -> None:
    """Schedule the next review: counted from the start, or from the review just held."""
    _schedule(placement)


def begin_reintegration(event: Event, *, placement: Placement, **_: Any) -> None:
    """Ask the home school for a reintegration plan."""
    plan = reintegration.begin_plan(placement=placement, by=event.by)
    ReintegrationFlow.begin(plan, by=event.by)


def end_placement(
    _event: Event, *, placement: Placement, held_date: date, officer: User, **_: Any
) -> None:
    """End the placement on the day of the review, and close the case."""
    placements.end_placement(placement=placement, ended_date=held_date, by=officer)
    cases.close(case=placement.case, outcome=CaseOutcome.ENDED, by=officer)


def review_after_all(event: Event, *, plan: ReintegrationPlan, **_: Any) -> None:
    """Go on with the placement: schedule a review, counted from today."""
    _schedule(plan.placement, from_today=True)


def cancel_reviews(event: Event, *, placement: Placement, **_: Any) -> None:
    """Cancel the review that is still to be held, with its timer or its task."""
    for review in review_queries.open_reviews(placement):
        reviews.cancel_review(review=review)
        tasks.cancel_process(review, ReviewFlow, event.by, "The placement ended.")


def keep_from_tasks(event: Event, *, user: User, reason: str, **_: Any) -> None:
    """Take the tasks of a case from somebody who is kept out of it, now and later."""
    case: Any = event.subject
    tasks.bar(user, case.reference, event.by, reason)


def review_after_publication(event: Event, *, agreement: Agreement, **_: Any) -> None:
    """End the review that has led to a new version, and set the date of the next one."""
    agreements.end_text_review(agreement=agreement, status=TextReviewStatus.PUBLISHED, by=event.by)
    agreements.schedule_text_review(agreement=agreement, by=event.by)


def review_again(event: Event, *, agreement: Agreement, **_: Any) -> None:
    """Set the date of the next review, as the last one decided."""
    agreements.schedule_text_review(agreement=agreement, by=event.by)


def stop_review(event: Event, *, agreement: Agreement, **_: Any) -> None:
    """Nothing is left to review."""
    agreements.end_text_review(agreement=agreement, status=TextReviewStatus.WITHDRAWN, by=event.by)


def begin_text_review(_event: Event, *, review: TextReview, **_: Any) -> None:
    """Wait until the review date is near, then give the text to the editors."""
    TextReviewFlow.begin(review)


def forget_text_review(event: Event, *, review: TextReview, reason: str, **_: Any) -> None:
    """Take the task or the timer of a review away that has ended elsewhere."""
    tasks.cancel_process(review, TextReviewFlow, event.by, reason)


def ask_other_partnership(event: Event, *, transfer: Transfer, **_: Any) -> None:
    """Give the proposal to the officers of the other partnership."""
    TransferFlow.begin(transfer, by=event.by)


def stop_asking_partnership(event: Event, *, transfer: Transfer, **_: Any) -> None:
    """Take the question away from the other partnership."""
    tasks.cancel_process(transfer, TransferFlow, event.by, "The proposal was taken back.")


def forget_transfer(event: Event, *, referral: Referral, **_: Any) -> None:
    """End a proposal with the referral that it is about."""
    if (transfer := referrals.end_transfer(referral=referral)) is not None:
        tasks.cancel_process(transfer, TransferFlow, event.by, "The referral was withdrawn.")


def screen_again(event: Event, *, referral: Referral, **_: Any) -> None:
    """Take the tasks from the partnership that gave the referral away; the new one screens it."""
    tasks.cancel_process(referral, ReferralFlow, event.by, "The referral was transferred.")
    ReferralFlow.begin(referral, by=event.by)


def try_on_past_referrals(_event: Event, *, simulation: Simulation, **_: Any) -> None:
    """Judge past referrals by a draft of criteria, in the background."""
    jobs.queue(replay_criteria, simulation_id=simulation.pk)


def ask_for_vote(event: Event, *, referral: Referral, member: User, **_: Any) -> None:
    """Give whoever has joined the panel a vote of their own; before the round begins nothing waits."""
    tasks.add_person(referral, ReferralFlow, "vote", member, referral.case.partnership)


def stop_asking_for_vote(event: Event, *, referral: Referral, member: User, **_: Any) -> None:
    """Take the vote from whoever has left the panel, and go on without it where it was the last."""
    if not tasks.withdraw_from(
        referral, ReferralFlow, "vote", member, "No longer on the panel for this referral."
    ):
        tasks.settle_round(referral, ReferralFlow, "vote")


def end_voting(event: Event, *, referral: Referral, **_: Any) -> None:
    """Take the votes away that were not cast in time; the chair goes on with those that were."""
    tasks.end_round(referral, ReferralFlow, "vote", "Voting has ended.")
    tasks.settle_round(referral, ReferralFlow, "vote")


def seat_substitutes(event: Event, *, referral: Referral, **_: Any) -> None:
    """Seat the substitutes who sit in members' places on that day."""
    panels.seat_again(referral=referral)


def leave_out_of_packs(event: Event, *, user: User, **_: Any) -> None:
    """Make the papers again without the case that somebody may not see any more."""
    case: Any = event.subject
    panels.withdraw_case(case=case, member=user)


def take_off_agenda(event: Event, *, referral: Referral, **_: Any) -> None:
    """Nobody meets about a referral that was withdrawn or has left the partnership; its papers go."""
    panels.take_off(referral=referral)


def close_papers(event: Event, *, referral: Referral, **_: Any) -> None:
    """The members have done with the case: its papers go from their packs."""
    panels.withdraw_case(case=referral.case)


def keep_papers_to_seats(event: Event, *, referral: Referral, member: User, **_: Any) -> None:
    """Make the papers of whoever has left the panel again without the case."""
    panels.withdraw_case(case=referral.case, member=member)


TABLE: dict[str, list[Callable[..., None]]] = {
    # A partnership asks another one to take a referral, takes the proposal back, or is heard.
    "transfer_proposed": [ask_other_partnership],
    "transfer_withdrawn": [stop_asking_partnership],
    "referral_transferred": [screen_again, take_off_agenda],
    # An administrator tries a draft of criteria: the referrals of the past are judged again.
    "criteria_trial_requested": [try_on_past_referrals],
    # Somebody is kept out of a case: its tasks are no longer theirs, whatever their role.
    "person_kept_out": [keep_from_tasks, leave_out_of_packs],
    # The panel opens a referral: whoever is away has a substitute in the seat.
    "referral_sent_to_panel": [seat_substitutes],
    # Somebody joins or leaves the panel for a referral: the vote follows the seat.
    "panel_seat_given": [ask_for_vote],
    "panel_seat_ended": [stop_asking_for_vote, keep_papers_to_seats],
    # A virtual meeting ends: nobody votes any more.
    "voting_closed": [end_voting],
    # The school refers a pupil: the officer screens the referral.
    "referral_submitted": [begin_screening],
    # The school asks for a review of a decision, or no longer does.
    "decision_review_asked": [begin_review_of_decision],
    "decision_review_withdrawn": [stop_review_of_decision],
    # The review returns the decision: the panel's members vote again.
    "decision_returned": [consider_again],
    # The school takes its referral back: nobody has anything left to do.
    "referral_withdrawn": [forget_referral, forget_transfer, take_off_agenda],
    # A parent takes permission back: the case stops everywhere, and letters confirm it.
    "permission_withdrawn": [
        stop_case,
        forget_transfer,
        take_off_agenda,
        confirm_withdrawn_permission,
    ],
    # An organisation is asked to accept an agreement: its signatory gets a task.
    "acceptance_requested": [ask_signatory],
    # A newer version replaces what it was asked to accept: the task goes.
    "acceptance_superseded": [stop_asking],
    # An organisation reserves a clause: the partnership answers.
    "clause_reserved": [answer_reservation],
    # It takes the reservation back, or the clause has gone: nobody has anything left to do.
    "reservation_withdrawn": [stop_answering],
    # Somebody in a party asks about an agreement: its editors answer.
    "agreement_question_asked": [answer_question],
    # The chair accepts the referral: somebody has to look for a provider.
    "referral_accepted": [open_allocation, close_papers],
    # It declines or defers it: the panel has done with the case for now.
    "referral_declined": [close_papers],
    "referral_deferred": [close_papers],
    # The officer takes an offer back: the case is allocated again.
    "offer_withdrawn": [allocate_again],
    # A party accepts an agreement: what waited for it goes on, and the clocks follow its numbers.
    "agreement_accepted": [redate_reviews, go_on_with_placements],
    # An organisation's own words and numbers are agreed: its clocks follow those.
    "variation_agreed": [redate_varied_reviews],
    # A version is published: it is reviewed when it says.
    "agreement_published": [review_after_publication],
    # A review found that a text stays: the next one is when it decided.
    "text_reviewed": [review_again],
    # An agreement is withdrawn: nobody reviews it any more.
    "agreement_withdrawn": [stop_review],
    # A date is set for a review, and one is taken away.
    "text_review_scheduled": [begin_text_review],
    "text_review_ended": [forget_text_review],
    # A placement starts: its first review is counted from that day, and reservations are over.
    "placement_started": [schedule_review, remember_first_pupil],
    # A review decides to continue: the next one is counted from it.
    "review_continues_placement": [schedule_review],
    # A review decides for the return to school: the school writes a plan.
    "review_starts_reintegration": [begin_reintegration],
    # A review decides to end: the placement ends and the case is closed.
    "review_ends_placement": [end_placement],
    # The school stops its plan: the placement goes on and is reviewed again.
    "reintegration_stopped": [review_after_all],
    # A placement ends, for whatever reason: no review is left waiting.
    "placement_ended": [cancel_reviews],
}


def count_reviews_again(agreement: Agreement, provider: Organisation, by: User | None) -> None:
    """Move the open reviews of a provider's running placements, with their timers and tasks."""
    for placement in placement_queries.running_under(agreement, provider):
        for review in review_queries.open_reviews(placement):
            moved = reviews.redate(review=review, by=by)
            if moved is None:
                continue
            if not tasks.move_timer(
                moved, ReviewFlow, "until_near", review_queries.opens_at(moved)
            ):
                for task in tasks.open_tasks(moved, "hold_review", ReviewFlow):
                    tasks.move_due(task, review_queries.due_at(moved), "the agreement's number")


def _schedule(placement: Placement, *, from_today: bool = False) -> None:
    after = None if from_today else review_queries.last_held_date(placement)
    ReviewFlow.begin(reviews.schedule(placement=placement, after=after))
