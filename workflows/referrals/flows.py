"""The way of a referral, from submission to the panel's decision.

Status says what is true; this diagram says who is next.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from workflows.calendar import queries as calendar
from workflows.engine import flows, jobs, nodes, tasks
from workflows.engine.nodes import this

from . import actions, queries, views
from .jobs import make_letter, make_review_letter
from .models import DecisionReview, Referral, Transfer
from .states import Status

if TYPE_CHECKING:
    from permissions.models import Organisation, User
    from workflows.engine.models import Process


class ReferralFlow(flows.ProcessFlow):
    """Screen, ask back, vote, decide, tell the school."""

    process_title = "Referral"
    # A provider comes in when it is offered the case, and learns nothing of what went before.
    audience = "school_and_commissioner"

    start = nodes.StartHandle().Next(this.begun)

    # A review of the decision has returned the referral to the panel: it is screened already.
    begun = nodes.If(this.is_with_panel).Then(this.vote).Else(this.screen)

    screen = nodes.Step(
        views.Screen,
        permission="screen_referral",
        organisation=this.partnership,
        due=this.screening_due,
        title="Screen the referral",
    ).Next(this.screened)

    screened = nodes.If(this.is_questioned).Then(this.answer_question).Else(this.vote)

    answer_question = nodes.Step(
        views.AnswerQuestion,
        permission="answer_question",
        organisation=this.school,
        due=this.answer_due,
        title="Answer questions about the referral",
    ).Next(this.screen)

    vote = nodes.StepForEach(
        views.Vote,
        permission="vote_on_referral",
        people=this.panel,
        due=this.decision_due,
        enough=this.has_quorum,
        # Members may vote, and change their votes, until the chair decides.
        stays_open=True,
        title="Vote on the referral",
        audience="panel",
        shown_as="With the panel",
    ).Next(this.open_to_chairs)

    open_to_chairs = nodes.Function(this.share_with_chairs).Next(this.decide)

    decide = nodes.Step(
        views.Decide,
        permission="decide_referral",
        organisation=this.partnership,
        due=this.decision_due,
        title="Record the panel’s decision",
        audience="panel",
        shown_as="With the panel",
    ).Next(this.close_voting)

    close_voting = nodes.Function(this.end_votes).Next(this.send_letter)

    send_letter = nodes.Function(this.queue_letter).Next(this.decided)

    decided = nodes.If(this.is_deferred).Then(this.return_to_panel).Else(this.end)

    return_to_panel = nodes.Step(
        views.ReturnToPanel,
        permission="screen_referral",
        organisation=this.partnership,
        due=this.return_due,
        title="Bring the referral back to the panel",
    ).Next(this.vote)

    end = nodes.End()

    @staticmethod
    def referral(process: Process) -> Referral:
        """What the process is about."""
        subject = process.subject
        assert isinstance(subject, Referral)
        return subject

    # --- Who ------------------------------------------------------------------------------------

    def partnership(self, process: Process) -> Organisation:
        return self.referral(process).case.partnership

    def school(self, process: Process) -> Organisation:
        return self.referral(process).case.pupil.school

    def panel(self, process: Process) -> list[tuple[User, Organisation]]:
        """Answer the members to whom the case was opened, each with a vote of their own."""
        consideration = queries.open_consideration(self.referral(process))
        if consideration is None:
            return []
        partnership = self.partnership(process)
        seats = (
            consideration.seats.filter(ended_at__isnull=True)
            .select_related("member")
            .order_by("pk")
        )
        return [(seat.member, partnership) for seat in seats]

    # --- By when --------------------------------------------------------------------------------

    def screening_due(self, process: Process) -> datetime.datetime:
        return queries.due_at(self.referral(process), "screen_within")

    def answer_due(self, process: Process) -> datetime.datetime:
        return queries.due_at(self.referral(process), "answer_within")

    def decision_due(self, process: Process) -> datetime.datetime:
        """Answer the panel's date, counted from the day on which the referral came to it."""
        return queries.due_at(self.referral(process), "decide_within")

    def return_due(self, process: Process) -> datetime.datetime | None:
        """Answer the day until which the panel deferred the referral, where it named one."""
        decision = self.referral(process).decision
        if decision is None or decision.deferred_until is None:
            return None
        return calendar.at_end_of_day(decision.deferred_until)

    # --- Which way ------------------------------------------------------------------------------

    def is_questioned(self, process: Process) -> bool:
        return queries.status_of(self.referral(process)) == Status.QUESTIONED

    def is_with_panel(self, process: Process) -> bool:
        return queries.status_of(self.referral(process)) == Status.AT_PANEL

    def is_deferred(self, process: Process) -> bool:
        return queries.status_of(self.referral(process)) == Status.DEFERRED

    def has_quorum(self, process: Process) -> bool:
        """Tell whether the chair can decide: enough votes, or nobody left to vote."""
        consideration = queries.open_consideration(self.referral(process))
        return consideration is None or queries.standing(consideration).is_enough

    # --- What Accord does -----------------------------------------------------------------------

    def share_with_chairs(self, process: Process) -> None:
        """Open the case to every chair, also to one appointed after the panel was opened."""
        actions.open_to_chairs(referral=self.referral(process))

    def end_votes(self, process: Process) -> None:
        """Take the votes away that the panel has done without."""
        tasks.end_round(self.referral(process), ReferralFlow, "vote", "The chair has decided.")

    def queue_letter(self, process: Process) -> None:
        """Have the letter made in the background."""
        decision = self.referral(process).decision
        assert decision is not None  # this node comes after the chair's
        jobs.queue(make_letter, decision_id=decision.pk)


class TransferFlow(flows.ProcessFlow):
    """Another partnership is asked to take a referral."""

    process_title = "Transfer of a referral"
    audience = "school_and_commissioner"

    start = nodes.StartHandle().Next(this.consider_transfer)

    consider_transfer = nodes.Step(
        views.ConsiderTransfer,
        permission="screen_referral",
        organisation=this.to_partnership,
        due=this.answer_due,
        title="Answer a proposed transfer",
    ).Next(this.end)

    end = nodes.End()

    def to_partnership(self, process: Process) -> Organisation:
        subject = process.subject
        assert isinstance(subject, Transfer)
        return subject.to_partnership

    def answer_due(self, process: Process) -> datetime.datetime:
        subject = process.subject
        assert isinstance(subject, Transfer)
        return queries.transfer_due_at(subject)


class ReviewOfDecisionFlow(flows.ProcessFlow):
    """Somebody who took no part in a decision looks at it again, and the school is told."""

    process_title = "Review of a decision"
    audience = "school_and_commissioner"

    start = nodes.StartHandle().Next(this.asked)

    # Where the authority has nobody who took no part in the decision, a chair who took none reviews.
    asked = (
        nodes.If(this.is_for_chairs).Then(this.review_decision_as_chair).Else(this.review_decision)
    )

    review_decision = nodes.Step(
        views.ReviewDecision,
        permission="review_decision",
        organisation=this.office,
        due=this.review_due,
        title="Review the panel’s decision",
    ).Next(this.send_letter)

    review_decision_as_chair = nodes.Step(
        views.ReviewDecision,
        permission="decide_referral",
        organisation=this.partnership,
        owner=this.chair,
        due=this.review_due,
        title="Review the panel’s decision as a chair",
    ).Next(this.send_letter)

    send_letter = nodes.Function(this.queue_letter).Next(this.end)

    end = nodes.End()

    @staticmethod
    def review(process: Process) -> DecisionReview:
        """What the process is about."""
        subject = process.subject
        assert isinstance(subject, DecisionReview)
        return subject

    def office(self, process: Process) -> Organisation:
        return queries.review_office(self.review(process).referral)

    def partnership(self, process: Process) -> Organisation:
        return self.review(process).referral.case.partnership

    def chair(self, process: Process) -> User | None:
        """Give it to one of them at once: the panel's other chairs may have taken part."""
        return queries.reviewing_chairs(self.review(process)).first()

    def is_for_chairs(self, process: Process) -> bool:
        return queries.reviewed_by_chairs(self.review(process))

    def review_due(self, process: Process) -> datetime.datetime:
        return queries.review_due_at(self.review(process))

    def queue_letter(self, process: Process) -> None:
        """Have the letter made in the background."""
        jobs.queue(make_review_letter, review_id=self.review(process).pk)
