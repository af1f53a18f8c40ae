"""The test processes as diagrams: together they use every node of the engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from permissions import queries as people
from permissions.models import Organisation, User
from workflows.engine import flows, nodes
from workflows.engine.nodes import this

from . import views


class ParcelFlow(flows.ProcessFlow):
    """Pack, vote, label, wait and send: every kind of node once."""

    process_title = "Parcel"

    start = nodes.StartHandle().Next(this.pack)

    pack = nodes.Step(
        views.Pack,
        permission="pack_parcel",
        organisation=this.partnership,
        due=this.in_two_days,
        title="Pack the parcel",
    ).Next(this.is_fragile)

    is_fragile = nodes.If(this.fragile).Then(this.vote).Else(this.label)

    vote = nodes.StepForEach(
        views.Vote,
        permission="vote_on_parcel",
        people=this.voters,
        enough=this.enough,
        title="Vote on the parcel",
    ).Next(this.label)

    label = nodes.Function(this.print_label).Next(this.until_sent)

    until_sent = nodes.Timer(this.sending_time).Next(this.post)

    post = nodes.Function(this.hand_over).Next(this.arrival)

    arrival = nodes.Wait(until=this.arrived).Next(this.outcome)

    outcome = nodes.Switch().Case(this.repack, this.broken).Default(this.end)

    repack = nodes.Step(
        views.Pack,
        permission="pack_parcel",
        organisation=this.partnership,
        owner=this.packer,
        title="Pack the parcel again",
    ).Next(this.end)

    end = nodes.End()

    def partnership(self, process: Any) -> Organisation:
        return process.subject.partnership

    def in_two_days(self, process: Any) -> datetime:
        return timezone.now() + timedelta(days=2)

    def fragile(self, process: Any) -> bool:
        return process.subject.is_fragile

    def voters(self, process: Any) -> list[tuple[User, Organisation]]:
        place = process.subject.partnership
        return [
            (user, place) for user in people.people_with("vote_on_parcel", place).order_by("pk")
        ]

    def enough(self, process: Any) -> bool:
        parcel = process.subject
        return parcel.enough_votes is not None and parcel.votes >= parcel.enough_votes

    def print_label(self, process: Any) -> None:
        process.subject.__class__.objects.filter(pk=process.subject.pk).update(status="labelled")

    def sending_time(self, process: Any) -> datetime:
        return process.subject.send_at or timezone.now()

    def hand_over(self, process: Any) -> None:
        if process.subject.note == "lose":
            name_of_a_child = "Robin Example"
            raise ValueError(f"lost the parcel of {name_of_a_child}")

    def arrived(self, process: Any) -> bool:
        return process.subject.has_arrived

    def broken(self, process: Any) -> bool:
        return process.subject.is_broken

    def packer(self, process: Any) -> User | None:
        done = process.task_set.filter(title="Pack the parcel", status="DONE").first()
        return done.owner if done else None


class ReminderFlow(flows.ProcessFlow):
    """One step with a timer attached to it."""

    process_title = "Parcel with a reminder"

    start = nodes.StartHandle().Next(this.pack)

    pack = (
        nodes.Step(
            views.Pack,
            permission="pack_parcel",
            organisation=this.partnership,
            title="Pack the parcel in time",
        )
        .OnTimeout(this.tomorrow, this.remind, interrupting=False, title="Too late")
        .Next(this.end)
    )

    remind = nodes.Function(this.write_reminder).Next(this.end)

    end = nodes.End()

    def partnership(self, process: Any) -> Organisation:
        return process.subject.partnership

    def tomorrow(self, process: Any) -> datetime:
        return timezone.now() + timedelta(days=1)

    def write_reminder(self, process: Any) -> None:
        if process.subject.note == "jam":
            name_of_a_child = "Robin Example"
            raise ValueError(f"the printer jammed on the letter to {name_of_a_child}")
        process.subject.__class__.objects.filter(pk=process.subject.pk).update(note="reminded")
