"""The only writers of reviews and of the actions that they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from permissions import audit
from permissions.checks import may, require
from permissions.models import Organisation, User
from workflows.calendar import queries as calendar
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.placements.models import Placement
from workflows.placements.states import PlacementStatus

from . import queries, rules
from .models import Action, Review
from .states import TRANSITIONS, Outcome

# Each outcome is an event of its own: the hand-over table says what follows from it.
EVENTS = {
    Outcome.CONTINUE: "review_continues_placement",
    Outcome.REINTEGRATE: "review_starts_reintegration",
    Outcome.END: "review_ends_placement",
}


@dataclass(frozen=True)
class ActionDraft:
    """What a review agreed that an organisation would do, and by when."""

    description: str
    owner: Organisation
    due_date: date


def schedule(*, placement: Placement, after: date | None = None, by: User | None = None) -> Review:
    """Schedule the next review of a running placement, counted from a day by the agreement's term.

    `after` is today where it is not given.
    Called by hand-overs: when a placement starts, goes on after a review, or a plan is stopped.
    Raises NotAllowed when the placement does not run; a review already scheduled stays.
    """
    with audit.acting(by), transaction.atomic():
        placement = (
            Placement.objects.select_for_update(of=("self",))
            .select_related("case__partnership", "agreement", "provider")
            .get(pk=placement.pk)
        )
        if placement.status != PlacementStatus.STARTED:
            raise NotAllowed("Only a placement that has started has reviews. Start it first.")
        waiting = queries.open_reviews(placement).first()
        if waiting is not None:
            return waiting
        counted_date = after or timezone.localdate()
        planned = queries.next_schedule(placement, counted_date)
        review = Review.objects.create(
            placement=placement,
            number=placement.reviews.count() + 1,
            due_date=planned.due_date,
            opens_date=planned.opens_date,
            weeks=planned.weeks,
            counted_date=counted_date,
            clause=planned.clause,
            scheduled_at=timezone.now(),
        )
        events.announce(
            "review_scheduled",
            subject=placement.case,
            by=by,
            organisation=placement.case.partnership,
            summary=f"Review {review.number} is due on {review.due_date:%-d %B %Y}.",
            data={"review": review.pk, "placement": placement.pk},
            review=review,
        )
        return review


def open_review(*, review: Review, by: User | None = None) -> Review:
    """Open a review for holding, when its opening day has come.

    Raises NotPermitted (`hold_review` in the partnership), NotAllowed before that day.
    """
    with audit.acting(by), transaction.atomic():
        review = _locked(review)
        if by is not None:
            require(by, "hold_review", review.placement.case.partnership)
        if reason := rules.why_cannot_open(
            review.status, opens=review.opens_date, today=timezone.localdate()
        ):
            raise NotAllowed(reason)
        review.status = TRANSITIONS["open_review"][1]
        review.save()
        events.announce(
            "review_opened",
            subject=review.placement.case,
            by=by,
            organisation=review.placement.case.partnership,
            summary=f"Review {review.number} is to be held by {review.due_date:%-d %B %Y}.",
            data={"review": review.pk},
            review=review,
        )
        return review


def hold_review(
    *,
    review: Review,
    held_date: date,
    attended: str,
    minutes: str,
    outcome: Outcome | str,
    actions: Sequence[ActionDraft] = (),
    by: User,
) -> Review:
    """Record a review that was held: who came, the minutes, what was agreed, and the outcome.

    Raises NotPermitted (`hold_review` in the partnership), and NotAllowed where a rule refuses or
    an action is for an organisation that does not take part in the case.
    """
    with audit.acting(by), transaction.atomic():
        review = _locked(review)
        placement = review.placement
        case = placement.case
        require(by, "hold_review", case.partnership)
        if reason := rules.why_cannot_hold(
            review.status,
            held_date=held_date,
            not_before=queries.last_held_date(placement),
            today=timezone.localdate(),
            placement_is_running=placement.status == PlacementStatus.STARTED,
        ):
            raise NotAllowed(reason)
        if not minutes.strip() or not attended.strip():
            raise NotAllowed("Enter who attended and the minutes.")
        taking_part = set(queries.participants(review).values_list("pk", flat=True))
        for number, draft in enumerate(actions, start=1):
            if reason := rules.why_cannot_agree(
                number,
                takes_part=draft.owner.pk in taking_part,
                due_date=draft.due_date,
                held_date=held_date,
            ):
                raise NotAllowed(reason)
        outcome = Outcome(outcome)
        review.status = TRANSITIONS["hold_review"][1]
        review.held_date = held_date
        review.attended = attended.strip()
        review.minutes = minutes.strip()
        review.outcome = outcome
        review.recorded_at, review.recorded_by = timezone.now(), by
        review.save()
        Action.objects.bulk_create(
            Action(
                review=review,
                description=draft.description.strip(),
                owner=draft.owner,
                due_date=draft.due_date,
            )
            for draft in actions
        )
        events.announce(
            EVENTS[outcome],
            subject=case,
            by=by,
            organisation=case.partnership,
            summary=f"Review {review.number} was held on {held_date:%-d %B %Y}: "
            f"{outcome.label.lower()}.",
            data={"review": review.pk, "placement": placement.pk, "actions": len(actions)},
            review=review,
            placement=placement,
            held_date=held_date,
            officer=by,
        )
        return review


def redate(*, review: Review, by: User | None = None) -> Review | None:
    """Count an open review again by the term in force now; give it back only when its date moved.

    Called when a provider has accepted a version or a variation. It is counted from the same day as
    before. A date ahead never lands before today; one that has passed never moves to a later day.
    Where the number is the same, only its clause changes. Asks for no permission: the acceptance
    had it.
    """
    with audit.acting(by), transaction.atomic():
        review = _locked(review)
        if rules.why_cannot_cancel(review.status):
            return None
        placement = review.placement
        since = review.counted_date or calendar.add_weeks(review.due_date, -review.weeks)
        planned = queries.next_schedule(placement, since)
        if planned.weeks == review.weeks:
            if planned.clause != review.clause:
                review.clause = planned.clause
                review.save()
            return None
        before = review.due_date
        review.weeks, review.clause, review.counted_date = planned.weeks, planned.clause, since
        review.due_date = rules.moved_date(before, planned.due_date, timezone.localdate())
        review.opens_date = min(planned.opens_date, review.due_date)
        review.save()
        if review.due_date == before:
            return None
        events.announce(
            "review_moved",
            subject=placement.case,
            by=by,
            organisation=placement.case.partnership,
            summary=f"Review {review.number} moved from {before:%-d %B %Y} to "
            f"{review.due_date:%-d %B %Y}: the provider accepted another number.",
            data={"review": review.pk, "placement": placement.pk},
            review=review,
        )
        return review


def cancel_review(*, review: Review, by: User | None = None) -> Review:
    """Cancel a review that is not needed any more, because the placement has ended.

    Raises NotPermitted (`hold_review` in the partnership), NotAllowed once it was held.
    """
    with audit.acting(by), transaction.atomic():
        review = _locked(review)
        if by is not None:
            require(by, "hold_review", review.placement.case.partnership)
        if reason := rules.why_cannot_cancel(review.status):
            raise NotAllowed(reason)
        review.status = TRANSITIONS["cancel_review"][1]
        review.save()
        events.announce(
            "review_cancelled",
            subject=review.placement.case,
            by=by,
            organisation=review.placement.case.partnership,
            summary=f"Review {review.number} was cancelled.",
            data={"review": review.pk},
            review=review,
        )
        return review


def complete_action(*, action: Action, by: User) -> Action:
    """Mark what a review agreed as done, for the organisation it was given to.

    The partnership's officer may do so for everybody. Raises NotPermitted
    (`complete_review_action`), NotAllowed when it is done already.
    """
    with audit.acting(by), transaction.atomic():
        action = (
            Action.objects.select_for_update(of=("self",))
            .select_related("owner", "review__placement__case__partnership")
            .get(pk=action.pk)
        )
        case = action.review.placement.case
        if not may(by, "complete_review_action", case.partnership):
            require(by, "complete_review_action", action.owner)
        if reason := rules.why_cannot_complete_action(action.done_at is not None):
            raise NotAllowed(reason)
        action.done_at, action.done_by = timezone.now(), by
        action.save()
        events.announce(
            "review_action_completed",
            subject=case,
            by=by,
            organisation=action.owner,
            summary=f"An action of review {action.review.number} was done.",
            data={"review": action.review_id, "action": action.pk},
            action=action,
        )
        return action


def _locked(review: Review) -> Review:
    return (
        Review.objects.select_for_update(of=("self",))
        .select_related(
            "placement__case__partnership", "placement__provider", "placement__agreement", "clause"
        )
        .get(pk=review.pk)
    )
