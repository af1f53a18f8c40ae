"""Sixty journeys: each takes one case as far as its ending says, by the same steps as people.

A story is a generator. It yields the number of days since its beginning at which its next step
happens; the loader sets the clock to that day and lets it go on. Three cases have each ending.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from permissions.models import Organisation, User
from permissions.roles import Role
from portal.demonstration import area as areas
from portal.demonstration import meetings
from portal.demonstration.children import Child
from workflows.agreements import queries as agreements
from workflows.cases.states import DocumentKind
from workflows.engine import pdf, tasks
from workflows.placements import actions as placements
from workflows.placements import queries as placement_queries
from workflows.placements.flows import PlacementFlow
from workflows.placements.models import Allocation, Offer, Placement
from workflows.referrals import actions as referrals
from workflows.referrals import queries as referral_queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import Referral
from workflows.reintegration import actions as reintegration
from workflows.reintegration.flows import ReintegrationFlow
from workflows.reintegration.models import ReintegrationPlan
from workflows.reintegration.rules import PhaseDraft
from workflows.reviews import actions as reviews
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Review

Steps = Generator[float, None, None]


@dataclass
class Journey:
    """One case's story: who takes part, and the steps that several endings share."""

    area: areas.Area
    partnership: Organisation
    school: Organisation
    provider: Organisation
    child: Child
    referral: Referral | None = None

    # --- People ---------------------------------------------------------------------------------

    def commissioner(self, role: str) -> User:
        """Return the person with the role in the partnership."""
        return self.area.person(self.partnership, role)

    def at_school(self, role: str) -> User:
        """Return the person with the role in the home school."""
        return self.area.person(self.school, role)

    def do(self, subject: Any, flow: Any, node: str, by: User, act: Callable[[], Any]) -> Any:
        """Do the open task of a node as the person."""
        return tasks.perform(tasks.find(subject, flow, node), by=by, act=act)

    @property
    def review_weeks(self) -> int:
        """How many weeks lie between reviews here, by the partnership's own agreement."""
        term = agreements.published_term(self.partnership, "review_every")
        assert term is not None
        return int(term.value)

    # --- Steps ----------------------------------------------------------------------------------

    def write(self) -> Referral:
        """Begin a referral and leave it half written."""
        by = self.at_school(Role.REFERRER)
        self.referral = referrals.start(school=self.school, by=by, **self.child.details)
        referrals.write_answers(referral=self.referral, by=by, answers=self.child.profile)
        return self.referral

    def submit(self) -> Referral:
        """Complete and submit the referral, with permission and evidence."""
        referral, by = self.write(), self.at_school(Role.REFERRER)
        referrals.record_permission(
            referral=referral,
            given_by=self.child.parent,
            how="signed_form",
            date=timezone.localdate(),
            covers="Sharing information with the partnership, its panel and the provider chosen.",
            by=by,
        )
        referrals.add_evidence(
            referral=referral,
            kind=DocumentKind.MEDICAL_EVIDENCE,
            title="Letter from the consultant",
            files=[
                pdf.render(
                    "letters/demonstration_evidence.typ",
                    {"title": "Medical advice about education", "name": self.child.name},
                )
            ],
            author="Consultant paediatrician",
            document_date=timezone.localdate() - datetime.timedelta(days=9),
            by=by,
        )
        referrals.write_answers(referral=referral, by=by, answers=self.child.views)
        referrals.write(referral=referral, by=by, **self.child.contacts)
        shown = referral_queries.implied_version(referral)
        referrals.submit(referral=referral, by=by, sha256=shown.sha256 if shown else None)
        return referral

    def ask(self, referral: Referral) -> None:
        """Send the referral back to the school with a question."""
        by = self.commissioner(Role.OFFICER)
        text = "Which examinations is the pupil entered for, and who will arrange them?"
        self.do(
            referral, ReferralFlow, "screen", by,
            lambda: referrals.ask_question(referral=referral, text=text, by=by),
        )  # fmt: skip

    def answer(self, referral: Referral) -> None:
        """Answer the officer's question."""
        by = self.at_school(Role.REFERRER)
        answer = "English and mathematics in June. Our examinations officer will arrange them."
        self.do(
            referral, ReferralFlow, "answer_question", by,
            lambda: referrals.answer_question(referral=referral, answer=answer, by=by),
        )  # fmt: skip

    def to_panel(self, referral: Referral) -> None:
        """Send the referral on to the panel."""
        by = self.commissioner(Role.OFFICER)
        self.do(
            referral, ReferralFlow, "screen", by,
            lambda: referrals.send_to_panel(referral=referral, by=by),
        )  # fmt: skip

    def vote(self, referral: Referral, number: int, choice: str = "accept") -> None:
        """Let the panel's member of that number vote."""
        member = self.area.people[self.partnership.pk, Role.PANEL_MEMBER][number]
        task = tasks.find(referral, ReferralFlow, "vote", owner=member)
        tasks.perform(
            task,
            by=member,
            act=lambda: referrals.cast_vote(
                referral=referral,
                choice=choice,
                reasons="The evidence is recent and the school has tried what it reasonably can.",
                by=member,
            ),
        )

    def stand_aside(self, referral: Referral, number: int) -> None:
        """Let the panel's member of that number declare a conflict of interest."""
        member = self.area.people[self.partnership.pk, Role.PANEL_MEMBER][number]
        referrals.declare_conflict(
            referral=referral, reason="I taught this pupil’s brother last year.", by=member
        )

    def decide(self, referral: Referral, outcome: str) -> None:
        """Record the panel's decision."""
        by = self.commissioner(Role.PANEL_CHAIR)
        reasons = {
            "accept": "The criteria are met and the medical advice supports teaching elsewhere.",
            "decline": "The school can meet this need with the support described in our reply.",
            "defer": "We need the consultant’s next letter before we can decide.",
        }[outcome]
        until = "The consultant’s next letter" if outcome == "defer" else ""
        self.do(
            referral, ReferralFlow, "decide", by,
            lambda: referrals.decide(
                referral=referral, outcome=outcome, reasons=reasons, deferred_for=until, by=by
            ),
        )  # fmt: skip

    def decided(self, outcome: str = "accept", *, late: int = 0) -> Steps:
        """Go from the referral to the panel's decision, in about two weeks and so many days."""
        yield 0
        referral = self.submit()
        yield 3 + late
        self.to_panel(referral)
        choice = outcome
        for number, day in enumerate((6, 7.1, 8)):
            yield day + late
            if tasks.open_tasks(referral, "vote", ReferralFlow).exists():
                self.vote(referral, number, choice)
        yield 10 + late
        if outcome == "accept":
            self.decide(referral, outcome)
        else:
            with meetings.held(self.area, referral):
                self.decide(referral, outcome)

    @property
    def allocation(self) -> Allocation:
        """The search for a provider that is under way."""
        assert self.referral is not None
        return Allocation.objects.filter(case=self.referral.case).latest("pk")

    def offer(self, provider: Organisation | None = None) -> Offer:
        """Offer the place, within the hours that the agreement allows."""
        by = self.commissioner(Role.OFFICER)
        allocation, chosen = self.allocation, provider or self.provider
        at_most = agreements.published_term(self.partnership, "weekly_hours_at_most")
        hours = min(Decimal(5), Decimal(at_most.value)) if at_most else Decimal(5)
        offer: Offer = self.do(
            allocation, PlacementFlow, "allocate", by,
            lambda: placements.make_offer(
                allocation=allocation,
                provider=chosen,
                hours_per_week=hours,
                starts_date=timezone.localdate() + datetime.timedelta(days=7),
                message="The school’s named person will call you to arrange a first visit.",
                by=by,
            ),
        )  # fmt: skip
        return offer

    def take(self, offer: Offer) -> Placement:
        """Accept the offer as the provider's signatory."""
        by = self.area.person(offer.provider, Role.SIGNATORY)
        shown = placement_queries.implied_version(offer.allocation.case.partnership)
        sha256 = shown.sha256 if shown else None
        placement: Placement = self.do(
            self.allocation, PlacementFlow, "answer_offer", by,
            lambda: placements.accept_offer(offer=offer, by=by, sha256=sha256),
        )  # fmt: skip
        return placement

    def accept_agreement(self, placement: Placement) -> None:
        """Accept the agreement as the provider, where it has been asked and has not yet."""
        areas.accept(self.area, placement.agreement, placement.provider, placement.case)

    def turn_down(self, offer: Offer) -> None:
        """Decline the offer as the provider's signatory."""
        by = self.area.person(offer.provider, Role.SIGNATORY)
        reasons = "We have no teacher free at the times the pupil can manage."
        self.do(
            self.allocation, PlacementFlow, "answer_offer", by,
            lambda: placements.decline_offer(offer=offer, reasons=reasons, by=by),
        )  # fmt: skip

    def start(self, placement: Placement) -> Placement:
        """Start the placement."""
        by = self.commissioner(Role.OFFICER)
        self.do(
            self.allocation, PlacementFlow, "start_placement", by,
            lambda: placements.start_placement(placement=placement, by=by),
        )  # fmt: skip
        return placement

    def placed(self) -> Steps:
        """Go from the referral to a started placement, in about three weeks."""
        yield from self.decided()
        yield 13
        offer = self.offer()
        yield 15
        placement = self.take(offer)
        yield 16
        self.accept_agreement(placement)
        yield 21
        self.start(placement)

    def review(self, outcome: str) -> Review:
        """Hold the review that is open, with an action for the school."""
        assert self.referral is not None
        by = self.commissioner(Role.OFFICER)
        review = Review.objects.filter(placement__case=self.referral.case).latest("pk")
        today = timezone.localdate()
        self.do(
            review, ReviewFlow, "hold_review", by,
            lambda: reviews.hold_review(
                review=review,
                held_date=today,
                attended="The pupil, a parent, the named person, the provider’s teacher",
                minutes="Attendance is steady and the pupil feels ready for more English.",
                outcome=outcome,
                actions=[
                    reviews.ActionDraft(
                        description="Send next half term’s scheme of work",
                        owner=self.school,
                        due_date=today + datetime.timedelta(days=10),
                    )
                ],
                by=by,
            ),
        )  # fmt: skip
        return review

    def reviewed(self, outcome: str, *, late: int = 0) -> Steps:
        """Go from the referral to the end of the first review: when it is due, or days later."""
        yield from self.placed()
        yield 21 + 7 * self.review_weeks - 1 + late
        self.review(outcome)

    @property
    def plan(self) -> ReintegrationPlan:
        """The pupil's reintegration plan."""
        assert self.referral is not None
        return ReintegrationPlan.objects.filter(case=self.referral.case).latest("pk")

    def write_plan(self) -> None:
        """Write a plan of three phases, a week apart."""
        by, plan, today = self.at_school(Role.REFERRER), self.plan, timezone.localdate()
        support = (
            "Tutor room in the morning, a friend from the same class",
            "Two lessons a day with a teaching assistant nearby",
            "Full mornings, a pass to leave class when needed",
        )
        phases = [
            PhaseDraft(today + datetime.timedelta(days=7 * week), Decimal(4 * week), words)
            for week, words in enumerate(support, start=1)
        ]
        self.do(
            plan, ReintegrationFlow, "write_plan", by,
            lambda: reintegration.write_plan(
                plan=plan,
                phases=phases,
                adjustments="Later start, a quiet room at break, work sent ahead.",
                contacts="A parent and the named person speak every Friday.",
                by=by,
            ),
        )  # fmt: skip

    def reach(self) -> None:
        """Record the next phase as reached."""
        by, phase = self.at_school(Role.REFERRER), self._next_phase()
        self.do(
            self.plan, ReintegrationFlow, "track_phase", by,
            lambda: reintegration.reach_phase(phase=phase, note="Went as planned.", by=by),
        )  # fmt: skip

    def set_back(self) -> None:
        """Record a setback: the next phase starts a week later."""
        by, phase = self.at_school(Role.REFERRER), self._next_phase()
        new_date = max(phase.starts_date, timezone.localdate()) + datetime.timedelta(days=7)
        self.do(
            self.plan, ReintegrationFlow, "track_phase", by,
            lambda: reintegration.set_back_phase(
                phase=phase, note="A poor week; the family asked for more time.",
                new_date=new_date, by=by,
            ),
        )  # fmt: skip

    def _next_phase(self) -> Any:
        return self.plan.phases.exclude(status="reached").order_by("position").first()

    def close(self) -> None:
        """Close the case after a completed plan."""
        by, plan = self.commissioner(Role.OFFICER), self.plan
        self.do(
            plan, ReintegrationFlow, "close_case", by,
            lambda: reintegration.close_case(plan=plan, by=by),
        )  # fmt: skip


# --- Endings --------------------------------------------------------------------------------------


def draft(journey: Journey) -> Steps:
    """Begin a referral and leave it as a draft."""
    yield 0
    journey.write()


def withdrawn(journey: Journey) -> Steps:
    """Withdraw after submission."""
    yield 0
    referral = journey.submit()
    yield 4
    referrals.withdraw(
        referral=referral,
        reason="The family has moved to another area.",
        by=journey.at_school(Role.REFERRER),
    )


def submitted(journey: Journey) -> Steps:
    """Wait for screening."""
    yield 0
    journey.submit()


def questioned(journey: Journey) -> Steps:
    """Wait for the school's answer to a question."""
    yield 0
    referral = journey.submit()
    yield 2
    journey.ask(referral)


def at_panel(journey: Journey) -> Steps:
    """Wait for every vote, after a question that was answered."""
    yield 0
    referral = journey.submit()
    yield 2
    journey.ask(referral)
    yield 5
    journey.answer(referral)
    yield 6
    journey.to_panel(referral)


def voting(journey: Journey) -> Steps:
    """Wait for the remaining votes: one is in, one member has stood aside."""
    yield 0
    referral = journey.submit()
    yield 3
    journey.to_panel(referral)
    yield 5
    journey.vote(referral, 0)
    yield 6
    journey.stand_aside(referral, 1)


def ready_to_decide(journey: Journey) -> Steps:
    """Wait for the chair."""
    steps = journey.decided()
    for day in steps:
        if day == 10:
            steps.close()
            return
        yield day


def declined(journey: Journey) -> Steps:
    """Be declined by the panel, after the officer took too long to screen."""
    yield from journey.decided("decline", late=7)


def deferred(journey: Journey) -> Steps:
    """Be deferred by the panel."""
    yield from journey.decided("defer")


def accepted(journey: Journey) -> Steps:
    """Wait for allocation."""
    yield from journey.decided()


def offer_declined(journey: Journey) -> Steps:
    """Wait for a second allocation, after a provider said no."""
    yield from journey.decided()
    yield 13
    offer = journey.offer()
    yield 16
    journey.turn_down(offer)


def offered(journey: Journey) -> Steps:
    """Wait for the provider's answer."""
    yield from journey.decided()
    yield 13
    journey.offer()


def awaiting_acceptance(journey: Journey) -> Steps:
    """Wait for the provider to accept the agreement: nothing starts before."""
    yield from journey.decided()
    yield 13
    offer = journey.offer(journey.area.providers[journey.partnership.pk][-1])
    yield 15
    journey.take(offer)


def agreed(journey: Journey) -> Steps:
    """Wait for the start."""
    yield from journey.decided()
    yield 13
    offer = journey.offer()
    yield 15
    placement = journey.take(offer)
    yield 16
    journey.accept_agreement(placement)


def placed(journey: Journey) -> Steps:
    """Be taught, the first review still some way off."""
    yield from journey.placed()


def review_open(journey: Journey) -> Steps:
    """Be taught, with the first review near: its task is open."""
    yield from journey.placed()


def continued(journey: Journey) -> Steps:
    """Be taught on, after a first review that was held late."""
    yield from journey.reviewed("continue", late=5)


def plan_in_writing(journey: Journey) -> Steps:
    """Wait for the school's reintegration plan."""
    yield from journey.reviewed("reintegrate")


def returning(journey: Journey) -> Steps:
    """Return to school by phases, one reached and one set back."""
    yield from journey.reviewed("reintegrate")
    held = 21 + 7 * journey.review_weeks - 1
    yield held + 3
    journey.write_plan()
    yield held + 11
    journey.reach()
    yield held + 18
    journey.set_back()


def returned(journey: Journey) -> Steps:
    """Be back in school, the case closed."""
    yield from journey.reviewed("reintegrate")
    held = 21 + 7 * journey.review_weeks - 1
    yield held + 3
    journey.write_plan()
    for week in (11, 18, 25):
        yield held + week
        journey.reach()
    yield held + 28
    journey.close()


def ended(journey: Journey) -> Steps:
    """Have the placement ended by a review, and the case closed."""
    yield from journey.reviewed("end")


@dataclass(frozen=True)
class Ending:
    """A story and how many days before today it begins; `per_review` adds reviews' weeks to that."""

    tell: Callable[[Journey], Steps]
    days: int
    per_review: int = 0


ENDINGS: tuple[Ending, ...] = (
    Ending(draft, 3),
    Ending(submitted, 2),
    Ending(questioned, 7),
    Ending(at_panel, 9),
    Ending(voting, 8),
    Ending(ready_to_decide, 11),
    Ending(declined, 25),
    Ending(deferred, 20),
    Ending(accepted, 13),
    Ending(offer_declined, 18),
    Ending(offered, 15),
    Ending(awaiting_acceptance, 18),
    Ending(agreed, 20),
    Ending(placed, 30),
    Ending(review_open, 14, per_review=1),
    Ending(continued, 30, per_review=1),
    Ending(plan_in_writing, 25, per_review=1),
    Ending(returning, 43, per_review=1),
    Ending(returned, 56, per_review=1),
    Ending(withdrawn, 16),
)
