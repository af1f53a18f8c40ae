"""The diagram from an accepted case to a started placement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permissions.models import Organisation
from workflows.engine import flows, nodes
from workflows.engine.nodes import this

from . import actions, queries, views


class PlacementFlow(flows.ProcessFlow):
    """An accepted case on its way to a started placement."""

    process_title = "Placement"

    start = nodes.StartHandle().Next(this.allocate)

    allocate = nodes.Step(
        views.Allocate,
        permission="allocate_case",
        organisation=this.partnership,
        due=this.allocate_due,
        title="Allocate the case to a provider",
        audience="school_and_commissioner",
        shown_as="The partnership looks for a place",
    ).Next(this.answer_offer)

    answer_offer = nodes.Step(
        views.AnswerOffer,
        permission="answer_offer",
        organisation=this.provider,
        due=this.answer_due,
        title="Answer the offer of a place",
    ).Next(this.is_place_taken)

    is_place_taken = nodes.If(this.place_taken).Then(this.ask_to_accept).Else(this.allocate)

    ask_to_accept = nodes.Function(this.ask_provider).Next(this.await_acceptance)

    # Over at once where the provider has accepted the version in force before.
    await_acceptance = nodes.Wait(
        until=this.is_agreement_accepted, title="Waiting for the agreement to be accepted"
    ).Next(this.start_placement)

    start_placement = nodes.Step(
        views.StartPlacement,
        permission="start_placement",
        organisation=this.partnership,
        due=this.start_due,
        title="Start the placement",
    ).Next(this.end)

    end = nodes.End()

    def headline_of(self, subject: Any) -> str:
        """Name the pupil: only the entitled see it."""
        return str(subject.case.pupil.full_name)

    def partnership(self, process: Any) -> Organisation:
        """Whose case it is."""
        return process.subject.case.partnership

    def provider(self, process: Any) -> Organisation | None:
        """The provider that has to answer."""
        offer = queries.offer_to_answer(process.subject)
        return offer.provider if offer else None

    def allocate_due(self, process: Any) -> datetime:
        """When the officer is to have made an offer."""
        return queries.allocate_due(process.subject.case)

    def answer_due(self, process: Any) -> datetime | None:
        """When the provider is to have answered."""
        offer = queries.offer_to_answer(process.subject)
        return queries.answer_due(offer) if offer else None

    def start_due(self, process: Any) -> datetime | None:
        """When the placement is to be started."""
        placement = queries.agreed_placement(process.subject)
        return queries.start_due(placement) if placement else None

    def place_taken(self, process: Any) -> bool:
        """Whether the provider accepted the offer."""
        return queries.agreed_placement(process.subject) is not None

    def ask_provider(self, process: Any) -> None:
        """Ask whoever has not accepted the agreement yet."""
        placement = queries.agreed_placement(process.subject)
        if placement is not None:
            actions.ask_to_accept(placement=placement)

    def is_agreement_accepted(self, process: Any) -> bool:
        """Whether the parties are bound by the agreement, so that the placement may start."""
        placement = queries.agreed_placement(process.subject)
        return placement is not None and queries.agreement_says(placement) is None
