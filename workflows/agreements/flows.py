"""The diagrams of agreements: accepting one, reserving, asking, and reviewing what is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from permissions.models import Organisation
from workflows.agreements import actions, queries, views
from workflows.agreements.models import AcceptanceRequest, Question, Reservation, TextReview
from workflows.agreements.states import ReservationStatus, TextReviewStatus
from workflows.calendar import queries as calendar
from workflows.engine import nodes
from workflows.engine.flows import ProcessFlow
from workflows.engine.nodes import this


class AcceptanceFlow(ProcessFlow):
    """The subject is an `AcceptanceRequest`; a newer material version ends the process."""

    process_title = "Acceptance of an agreement"

    start = nodes.StartHandle().Next(this.accept)

    accept = nodes.Step(
        views.Accept,
        permission="accept_agreement",
        organisation=this.party,
        due=this.accept_due,
        title="Read and accept the agreement",
    ).Next(this.end)

    end = nodes.End()

    def party(self, process: Any) -> Organisation:
        """The organisation that was asked."""
        return process.subject.organisation

    def accept_due(self, process: Any) -> datetime | None:
        """The end of the last day of grace, when the agreement gives one."""
        due_date = process.subject.due_date
        return None if due_date is None else calendar.at_end_of_day(due_date)

    def reference_of(self, subject: AcceptanceRequest) -> str:
        """The case that waits for it, or which version it is."""
        return subject.case.reference if subject.case else f"Version {subject.version.number}"

    def headline_of(self, subject: AcceptanceRequest) -> str:
        """The agreement and whose it is."""
        return f"{subject.agreement.title}, {subject.agreement.partnership.name}"

    def organisation_of(self, subject: AcceptanceRequest) -> Organisation:
        """The partnership that asks."""
        return subject.agreement.partnership


class ReservationFlow(ProcessFlow):
    """The subject is a `Reservation`; withdrawing it ends the process."""

    process_title = "Reservation of a clause"

    start = nodes.StartHandle().Next(this.answer)

    answer = nodes.Step(
        views.AnswerReservation,
        permission="answer_reservation",
        organisation=this.partnership,
        title="Answer a reservation",
    ).Next(this.is_varied_or_refused)

    is_varied_or_refused = nodes.If(this.is_proposed).Then(this.consider).Else(this.end)

    consider = nodes.Step(
        views.ConsiderVariation,
        permission="accept_agreement",
        organisation=this.party,
        title="Answer a proposed variation",
    ).Next(this.is_settled)

    is_settled = nodes.If(this.is_turned_down).Then(this.answer).Else(this.end)

    end = nodes.End()

    def partnership(self, process: Any) -> Organisation:
        """The partnership whose agreement it is."""
        return process.subject.agreement.partnership

    def party(self, process: Any) -> Organisation:
        """The organisation that reserved the clause."""
        return process.subject.organisation

    def is_proposed(self, process: Any) -> bool:
        """Whether the partnership proposed a variation."""
        return process.subject.status == ReservationStatus.PROPOSED

    def is_turned_down(self, process: Any) -> bool:
        """Whether the organisation turned the proposal down."""
        return process.subject.status == ReservationStatus.RAISED

    def reference_of(self, subject: Reservation) -> str:
        """Who reserved."""
        return subject.organisation.name

    def headline_of(self, subject: Reservation) -> str:
        """The agreement and whose it is."""
        return f"{subject.agreement.title}, {subject.agreement.partnership.name}"

    def organisation_of(self, subject: Reservation) -> Organisation:
        """The partnership whose agreement it is."""
        return subject.agreement.partnership


class QuestionFlow(ProcessFlow):
    """The subject is a `Question`, or a remark, about an agreement."""

    process_title = "Question about an agreement"

    start = nodes.StartHandle().Next(this.answer)

    answer = nodes.Step(
        views.AnswerQuestion,
        permission="answer_agreement_question",
        organisation=this.partnership,
        title="Answer a question about an agreement",
    ).Next(this.end)

    end = nodes.End()

    def partnership(self, process: Any) -> Organisation:
        """The partnership whose agreement it is."""
        return process.subject.agreement.partnership

    def reference_of(self, subject: Question) -> str:
        """Who asks."""
        return subject.organisation.name

    def headline_of(self, subject: Question) -> str:
        """The agreement and whose it is."""
        return f"{subject.agreement.title}, {subject.agreement.partnership.name}"

    def organisation_of(self, subject: Question) -> Organisation:
        """The partnership whose agreement it is."""
        return subject.agreement.partnership


class TextReviewFlow(ProcessFlow):
    """The subject is a `TextReview`; a new version or a withdrawal ends the process."""

    process_title = "Review of a published text"

    start = nodes.StartHandle().Next(this.is_near)

    is_near = nodes.If(this.near).Then(this.open_review).Else(this.until_near)

    until_near = nodes.Timer(this.opens_at, title="Waiting until the review date is near").Next(
        this.open_review
    )

    open_review = nodes.Function(this.open).Next(this.review_text)

    review_text = nodes.Step(
        views.ReviewText,
        permission="review_agreement",
        organisation=this.partnership,
        due=this.due_at,
        title="Review a published text",
    ).Next(this.needs_changes)

    needs_changes = nodes.If(this.is_to_change).Then(this.change_text).Else(this.end)

    change_text = nodes.Step(
        views.ChangeText,
        permission="review_agreement",
        organisation=this.partnership,
        due=this.due_at,
        title="Change a text and publish it",
    ).Next(this.end)

    end = nodes.End()

    def near(self, process: Any) -> bool:
        """Whether the task is to appear at once."""
        return queries.opens_at(process.subject) <= timezone.now()

    def opens_at(self, process: Any) -> datetime:
        """When the task appears."""
        return queries.opens_at(process.subject)

    def due_at(self, process: Any) -> datetime:
        """When the text is to be reviewed."""
        return queries.due_at(process.subject)

    def open(self, process: Any) -> None:
        """Make the review due."""
        actions.open_text_review(review=process.subject)

    def is_to_change(self, process: Any) -> bool:
        """Whether the review found that the text needs changes."""
        review = TextReview.objects.get(pk=process.subject.pk)
        return review.status == TextReviewStatus.CHANGING

    def partnership(self, process: Any) -> Organisation:
        """Whose text it is."""
        return process.subject.agreement.partnership

    def reference_of(self, subject: TextReview) -> str:
        """What sort of text it is."""
        return subject.agreement.get_kind_display()

    def headline_of(self, subject: TextReview) -> str:
        """The text and whose it is."""
        return f"{subject.agreement.title}, {subject.agreement.partnership.name}"

    def organisation_of(self, subject: TextReview) -> Organisation:
        """Whose text it is."""
        return subject.agreement.partnership
