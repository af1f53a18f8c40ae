"""Whatever people do to a referral one after the other, it never gets stuck and loses nothing.

Any order of legal and illegal actions by any role: after each of them every status has somebody who
can go on, every open task belongs to the status and to people who may do it, and every vote that was
cast is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from permissions import actions as people
from permissions import queries as permissions
from permissions.exceptions import NotPermitted
from permissions.models import Membership, User
from permissions.roles import Role
from tests.factories.cases import Area, pupil_details
from tests.factories.permissions import PartnershipFactory, member
from tests.factories.referrals import fill, make_referral
from workflows.cases.states import FINAL_STAGES
from workflows.engine import queries as engine
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Task
from workflows.panels import jobs as panels
from workflows.referrals import actions, queries
from workflows.referrals.flows import ReferralFlow, ReviewOfDecisionFlow, TransferFlow
from workflows.referrals.models import Decision, Referral, Vote
from workflows.referrals.states import OWNERS, Choice, Outcome, ReviewStatus, Status

CHOICES = st.sampled_from(list(Choice))
OUTCOMES = st.sampled_from(list(Outcome))
STARTS = st.sampled_from(
    [
        Status.DRAFT,
        Status.SUBMITTED,
        Status.QUESTIONED,
        Status.AT_PANEL,
        Status.DEFERRED,
        Status.DECLINED,
    ]
)

ANYBODY = (
    "referrer",
    "head",
    "officer",
    "officer of the authority",
    "officer next door",
    "administrator",
    "auditor",
    "chair",
    "first member",
    "second member",
    "third member",
    "tutor",
    "referrer elsewhere",
    "officer elsewhere",
)

# The nodes that wait for somebody in each status; of several, at least one is open.
NODES: dict[Status, set[str]] = {
    Status.DRAFT: set(),
    Status.SUBMITTED: {"screen"},
    Status.QUESTIONED: {"answer_question"},
    Status.AT_PANEL: {"vote", "decide"},
    Status.ACCEPTED: set(),
    Status.DECLINED: set(),
    Status.DEFERRED: {"return_to_panel"},
    Status.WITHDRAWN: set(),
}


class Story(RuleBasedStateMachine):
    """One partnership, two schools, a provider, a panel of a chair and three members."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.area = area = Area()
        stranger = Area()
        self.panel = area.panel(3)
        # Another partnership of the authority, which may be asked to take a referral.
        self.next_door = PartnershipFactory(parent=area.local_authority)
        self.people: dict[str, User] = {
            "referrer": area.person(Role.REFERRER),
            "head": area.person(Role.HEAD),
            "officer": area.person(Role.OFFICER),
            "officer of the authority": area.person(Role.OFFICER, area.local_authority),
            "officer next door": member(Role.OFFICER, self.next_door),
            "administrator": area.person(Role.ADMINISTRATOR),
            "auditor": area.person(Role.AUDITOR),
            "chair": self.panel[0],
            "first member": self.panel[1],
            "second member": self.panel[2],
            "third member": self.panel[3],
            "tutor": area.person(Role.TUTOR),
            "referrer elsewhere": stranger.person(Role.REFERRER),
            "officer elsewhere": stranger.person(Role.OFFICER),
        }
        assert set(self.people) == set(ANYBODY)
        self.referrals: list[Referral] = []
        # What the test itself remembers: of each consideration, what each member voted in turn.
        self.votes: dict[int, dict[int, list[str]]] = {}
        self.decided: Counter[int] = Counter()

    def teardown(self) -> None:
        """Undo everything."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- How people act -------------------------------------------------------------------------

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Do it, or be refused with nothing changed; any other failure is the test's."""
        before = Event.objects.count()
        try:
            with transaction.atomic():
                act()
        except (NotAllowed, NotPermitted):
            assert Event.objects.count() == before
            return False
        return True

    def pick(self, data: st.DataObject) -> Referral:
        """Draw one of the referrals, as it is now."""
        return Referral.objects.get(pk=data.draw(st.sampled_from(self.referrals)).pk)

    def who(self, data: st.DataObject, *likely: str) -> User:
        """Draw who acts: half of the time one of those whose place it is, else anybody."""
        likely_one = data.draw(st.booleans())
        return self.people[data.draw(st.sampled_from(likely if likely_one else ANYBODY))]

    def step(
        self, data: st.DataObject, node: str, by: User, act: Callable[[Referral], Any]
    ) -> Referral | None:
        """Do the task of a node, as its page does: an open one, or one done or taken away before."""
        referral = self.pick(data)
        found = tasks.open_tasks(referral, node, ReferralFlow)
        mine = found.filter(owner=by).first() or found.filter(owner=None).first()
        task = (
            mine
            or found.first()
            or Task.objects.filter(
                flow_task=ReferralFlow.instance.node(node),
                process__subject_id=referral.pk,
            ).first()
        )
        if task is None:
            # There is no page to do it from; the action itself must refuse as well.
            assert not self.attempt(lambda: act(referral))
            return None
        done = self.attempt(lambda: tasks.perform(task, by=by, act=lambda: act(referral)))
        return referral if done else None

    # --- What the school does -------------------------------------------------------------------

    @initialize(first=STARTS, second=STARTS)
    def begin(self, first: Status, second: Status) -> None:
        """Begin with two, wherever they are on their way."""
        for status in (first, second):
            self.referrals.append(make_referral(self.area, status, members=3))
        self.votes = self.stored_votes()
        self.decided.update(Decision.objects.values_list("referral", flat=True))

    @precondition(lambda self: len(self.referrals) < 3)
    @rule()
    def start(self) -> None:
        """Start another one, of which nothing is written yet."""
        self.referrals.append(
            actions.start(school=self.area.school, by=self.people["referrer"], **pupil_details())
        )

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """Send it to the partnership."""
        referral, by = self.pick(data), self.who(data, "referrer", "head")
        self.attempt(lambda: actions.submit(referral=referral, by=by))

    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        """Complete it, or change it where that is too late."""
        referral, by = self.pick(data), self.who(data, "referrer", "head")
        self.attempt(lambda: fill(referral, by=by))

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """Answer what was asked."""
        by = self.who(data, "referrer", "head")
        self.step(
            data,
            "answer_question",
            by,
            lambda referral: actions.answer_question(referral=referral, answer="Yes", by=by),
        )

    @rule(data=st.data(), sure=st.integers(0, 3))
    def withdraw(self, data: st.DataObject, sure: int) -> None:
        """Take it back; one time in four, so that others get further."""
        referral, by = self.pick(data), self.who(data, "referrer", "head")
        if sure == 0:
            self.attempt(lambda: actions.withdraw(referral=referral, reason="Moved away", by=by))

    # --- What the partnership does --------------------------------------------------------------

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """Send it back with a question."""
        by = self.who(data, "officer")
        self.step(
            data,
            "screen",
            by,
            lambda referral: actions.ask_question(referral=referral, text="Which days?", by=by),
        )

    @rule(data=st.data())
    def send_to_panel(self, data: st.DataObject) -> None:
        """Open the panel's consideration."""
        by = self.who(data, "officer", "officer")
        self.step(
            data, "screen", by, lambda referral: actions.send_to_panel(referral=referral, by=by)
        )

    @rule(data=st.data())
    def return_to_panel(self, data: st.DataObject) -> None:
        """Bring a deferred one back."""
        by = self.who(data, "officer")
        self.step(
            data,
            "return_to_panel",
            by,
            lambda referral: actions.return_to_panel(referral=referral, by=by),
        )

    # --- What the panel does --------------------------------------------------------------------

    @rule(data=st.data(), choice=CHOICES)
    def vote(self, data: st.DataObject, choice: Choice) -> None:
        """Vote by one's task."""
        by = self.who(data, "chair", "first member", "second member", "third member")
        referral = self.step(
            data,
            "vote",
            by,
            lambda referral: actions.cast_vote(
                referral=referral, choice=choice, reasons="As I see it", by=by
            ),
        )
        if referral is not None:
            self.remember(referral, by, choice)

    def remember(self, referral: Referral, by: User, choice: Choice) -> None:
        """Note a vote that was taken."""
        consideration = queries.latest_consideration(referral)
        assert consideration is not None
        cast = self.votes.setdefault(consideration.pk, {})
        cast.setdefault(by.pk, []).append(choice.value)

    @rule(data=st.data())
    def declare_conflict(self, data: st.DataObject) -> None:
        """Give up one's vote; the case is hidden from then on."""
        by = self.who(data, "chair", "first member", "second member", "third member")
        self.step(
            data,
            "vote",
            by,
            lambda referral: actions.declare_conflict(referral=referral, reason="A cousin", by=by),
        )

    @rule(data=st.data(), choice=CHOICES, late=st.booleans())
    def change_vote(self, data: st.DataObject, choice: Choice, *, late: bool) -> None:
        """Vote otherwise, perhaps from a page that was opened before the last change."""
        referral = self.pick(data)
        by = self.who(data, "chair", "first member", "second member", "third member")
        consideration = queries.latest_consideration(referral)
        cast = [] if consideration is None else self.votes.get(consideration.pk, {}).get(by.pk, [])
        if self.attempt(
            lambda: actions.change_vote(
                referral=referral,
                choice=choice,
                reasons=f"Seen again ({len(cast)})",
                replaces=max(len(cast) - late, 0),
                by=by,
            )
        ):
            assert cast
            assert not late
            self.remember(referral, by, choice)

    @rule(data=st.data())
    def declare_conflict_late(self, data: st.DataObject) -> None:
        """Give up a vote that was cast, from the case's page."""
        referral = self.pick(data)
        by = self.who(data, "first member", "second member", "third member")
        self.attempt(lambda: actions.declare_conflict(referral=referral, reason="A cousin", by=by))

    @rule(data=st.data(), outcome=OUTCOMES)
    def decide(self, data: st.DataObject, outcome: Outcome) -> None:
        """Record the panel's decision."""
        by = self.who(data, "chair", "chair")
        referral = self.step(
            data,
            "decide",
            by,
            lambda referral: actions.decide(
                referral=referral,
                outcome=outcome,
                reasons="The panel agreed",
                deferred_for="A report",
                by=by,
            ),
        )
        if referral is not None:
            self.decided[referral.pk] += 1

    @rule(data=st.data(), steps=st.integers(1, 5))
    def go_on(self, data: st.DataObject, steps: int) -> None:
        """Do what the referral waits for, by people who may, so that stories get far."""
        referral = self.pick(data)
        for _ in range(steps):
            open_now = list(tasks.open_tasks(referral, flow=ReferralFlow).order_by("pk"))
            if not open_now:
                return
            task = data.draw(st.sampled_from(open_now))
            if self.can_be_done(task):
                self.do_next(referral, task, data.draw(CHOICES), data.draw(OUTCOMES))

    def do_next(self, referral: Referral, task: Task, choice: Choice, outcome: Outcome) -> None:
        """Do one task as whoever has it, or as the first who may."""
        by = task.owner or engine.people_for(task).order_by("pk").first()
        acts: dict[str, Callable[[], Any]] = {
            "screen": lambda: actions.send_to_panel(referral=referral, by=by),
            "answer_question": lambda: actions.answer_question(
                referral=referral, answer="Yes", by=by
            ),
            "vote": lambda: actions.cast_vote(
                referral=referral, choice=choice, reasons="As I see it", by=by
            ),
            "decide": lambda: actions.decide(
                referral=referral,
                outcome=outcome,
                reasons="The panel agreed",
                deferred_for="A report",
                by=by,
            ),
            "return_to_panel": lambda: actions.return_to_panel(referral=referral, by=by),
        }
        node = task.flow_task.name
        if not self.attempt(lambda: tasks.perform(task, by=by, act=acts[node])):
            return
        if node == "vote":
            self.remember(referral, by, choice)
        if node == "decide":
            self.decided[referral.pk] += 1

    # --- What leads out of the usual way --------------------------------------------------------

    @rule(data=st.data(), sure=st.integers(0, 3))
    def withdraw_permission(self, data: st.DataObject, sure: int) -> None:
        """Stop the case for good; one time in four, so that others get further."""
        referral, by = self.pick(data), self.who(data, "referrer", "head")
        if sure == 0:
            self.attempt(
                lambda: actions.withdraw_permission(
                    referral=referral,
                    withdrawn_by="A parent",
                    how="meeting",
                    date=timezone.localdate(),
                    by=by,
                )
            )

    @rule(data=st.data())
    def propose_transfer(self, data: st.DataObject) -> None:
        """Ask the partnership next door to take it."""
        referral, by = self.pick(data), self.who(data, "officer", "officer")
        self.attempt(
            lambda: actions.propose_transfer(
                referral=referral, to=self.next_door, reason="Nearer", is_permitted=True, by=by
            )
        )

    @rule(data=st.data(), answer=st.sampled_from(["accept", "refuse", "take back"]))
    def end_transfer(self, data: st.DataObject, answer: str) -> None:
        """Answer a proposal by its task, or take it back."""
        by = self.who(data, "officer next door", "officer")
        transfer = queries.open_transfer(self.pick(data))
        if transfer is None:
            return
        if answer == "take back":
            self.attempt(lambda: actions.withdraw_transfer(transfer=transfer, by=by))
            return
        task = tasks.find(transfer, TransferFlow, "consider_transfer")
        acts: dict[str, Callable[[], Any]] = {
            "accept": lambda: actions.accept_transfer(transfer=transfer, by=by),
            "refuse": lambda: actions.refuse_transfer(transfer=transfer, reason="Full", by=by),
        }
        self.attempt(lambda: tasks.perform(task, by=by, act=acts[answer]))

    @rule(data=st.data())
    def ask_for_review(self, data: st.DataObject) -> None:
        """Ask that a decision is looked at again."""
        referral, by = self.pick(data), self.who(data, "referrer", "head")
        self.attempt(
            lambda: actions.ask_for_review(referral=referral, reasons="New evidence", by=by)
        )

    @rule(
        data=st.data(),
        outcome=st.sampled_from([ReviewStatus.UPHELD, ReviewStatus.RETURNED, None]),
    )
    def end_review(self, data: st.DataObject, outcome: ReviewStatus | None) -> None:
        """Decide the review by its task, or take the request back."""
        by = self.who(data, "officer of the authority", "referrer", "chair")
        review = queries.open_review(self.pick(data))
        if review is None:
            return
        if outcome is None:
            self.attempt(lambda: actions.withdraw_review(review=review, by=by))
            return
        task = tasks.open_tasks(review, flow=ReviewOfDecisionFlow).get()
        self.attempt(
            lambda: tasks.perform(
                task,
                by=by,
                act=lambda: actions.decide_review(
                    review=review, outcome=outcome, reasons="As we see it", by=by
                ),
            )
        )

    # --- What happens to people and tasks -------------------------------------------------------

    @rule(data=st.data())
    def lose_a_role(self, data: st.DataObject) -> None:
        """Take a member's place on the panel away while things go on."""
        one = data.draw(st.sampled_from(self.panel[1:]))
        found = Membership.objects.filter(user=one, ended_at__isnull=True).first()
        if found is not None:
            people.end_membership(membership=found, by=None)
            self.minute_passes()

    @rule(data=st.data())
    def get_a_role(self, data: st.DataObject) -> None:
        """Give it back."""
        one = data.draw(st.sampled_from(self.panel[1:]))
        self.attempt(
            lambda: people.add_membership(
                user=one, organisation=self.area.partnership, role=Role.PANEL_MEMBER, by=None
            )
        )
        self.minute_passes()

    @rule()
    def minute_passes(self) -> None:
        """Let the sweep go over the panels, as it does every minute."""
        panels.keep_time(timestamp=0)

    @rule(data=st.data())
    def move_task(self, data: st.DataObject) -> None:
        """Claim, put back or pass on a task, whoever one is."""
        open_now = list(tasks.open_tasks(flow=ReferralFlow).order_by("pk"))
        if not open_now:
            return
        task, by = data.draw(st.sampled_from(open_now)), self.who(data, "officer", "administrator")
        to = self.who(data, "officer")
        act = data.draw(
            st.sampled_from(
                [
                    lambda: tasks.claim(task, by),
                    lambda: tasks.release(task, by),
                    lambda: tasks.reassign(task, to, by),
                    lambda: tasks.withdraw(task, by, "Not needed"),
                ]
            )
        )
        self.attempt(act)

    # --- What is always true --------------------------------------------------------------------

    @invariant()
    def somebody_can_go_on(self) -> None:
        """Every referral waits for exactly what its status says, and for people who may do it."""
        for referral in Referral.objects.filter(pk__in=[one.pk for one in self.referrals]):
            status = Status(referral.status)
            assert OWNERS[status], status
            found = list(tasks.open_tasks(referral, flow=ReferralFlow))
            nodes = {task.flow_task.name for task in found}
            assert nodes <= NODES[status], (status, nodes)
            running = ReferralFlow.running(referral)
            assert (running is not None) == bool(NODES[status]), status
            if NODES[status]:
                assert found, f"{status} waits for nobody"
                assert any(
                    self.can_be_done(task) or self.is_missed(referral, task) for task in found
                ), (status, nodes)
            if referral.case.stage in FINAL_STAGES:
                assert not tasks.open_tasks(referral).exists()

    def can_be_done(self, task: Task) -> bool:
        """Tell whether somebody may do the task, or take it from one who no longer may."""
        if task.flow_task.name == "vote":
            return permissions.people_with("vote_on_referral", task.organisation).contains(
                task.owner
            )
        return engine.people_for(task).exists()

    def is_missed(self, referral: Referral, task: Task) -> bool:
        """Tell whether the panel has lost its last chair, and the administrators know of it."""
        if task.flow_task.name != "decide":
            return False
        self.minute_passes()
        told = Event.objects.filter(kind="panel_lacks_chair", data__referral=referral.pk)
        return told.exists() and not queries.panel_chairs(referral).exists()

    @invariant()
    def what_was_asked_waits_for_somebody(self) -> None:
        """A proposed transfer and a review that was asked for have one task each, or none is open."""
        for referral in Referral.objects.filter(pk__in=[one.pk for one in self.referrals]):
            for asked, flow in (
                (queries.open_transfer(referral), TransferFlow),
                (queries.open_review(referral), ReviewOfDecisionFlow),
            ):
                if asked is not None:
                    assert self.can_be_done(tasks.open_tasks(asked, flow=flow).get())
            for ended in [*referral.transfers.all(), *referral.decision_reviews.all()]:
                if ended not in (queries.open_transfer(referral), queries.open_review(referral)):
                    assert not tasks.open_tasks(ended).exists()

    @invariant()
    def no_vote_is_lost(self) -> None:
        """What was cast is there, the changed votes too, and nothing that nobody cast."""
        assert self.stored_votes() == self.votes

    def stored_votes(self) -> dict[int, dict[int, list[str]]]:
        """Read every vote: of each consideration, what each member voted in turn."""
        stored: dict[int, dict[int, list[str]]] = {}
        for vote in Vote.objects.order_by("number"):
            cast = stored.setdefault(vote.consideration_id, {})
            cast.setdefault(vote.member_id, []).append(vote.choice)
        return stored

    @invariant()
    def every_decision_is_the_panels(self) -> None:
        """One decision for each time the chair recorded one, on enough votes unless it defers."""
        found = Decision.objects.filter(referral__in=self.referrals).select_related("consideration")
        assert Counter(one.referral_id for one in found) == self.decided
        for decision in found:
            cast = len(self.votes.get(decision.consideration_id, {}))
            assert decision.outcome == Outcome.DEFER or cast >= decision.consideration.quorum
            assert decision.consideration.closed_at is not None


@pytest.mark.django_db
def test_any_order_of_actions_leaves_a_referral_whole() -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            # A story as it was found is told in seconds; to make it short takes many minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
