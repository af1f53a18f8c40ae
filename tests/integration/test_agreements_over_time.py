"""Whatever editors and parties do one after the other, what was promised stays certain.

Any sequence of editing, reordering, publishing, reserving, varying and accepting keeps the ids of
clauses, the hashes of versions and variations, and the number in force at every instant.
"""

from __future__ import annotations

import copy
import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from permissions.models import Organisation
from permissions.roles import Role
from tests.factories import member
from tests.factories.agreements import accept, agree, propose, publish
from tests.factories.cases import Area
from workflows.agreements import actions, queries, rules
from workflows.agreements.models import Agreement, Clause, Reservation

MEASURES = ("review_every", "weekly_hours_at_most")
NUMBERS = st.integers(1, 20)
WORDS = st.sampled_from(["Do it.", "Do it every day.", "Do it together.", "Leave it to others."])


@dataclass
class Place:
    """What a term is asked for."""

    agreement: Agreement
    provider: Organisation


@dataclass
class Party:
    """What the test itself remembers of one organisation."""

    organisation: Organisation
    # Moments, each with what was accepted (a version's number) or agreed (a clause, its numbers).
    accepted: list[tuple[datetime.datetime, int]] = field(default_factory=list)
    agreed: list[tuple[datetime.datetime, str, dict[str, Decimal]]] = field(default_factory=list)


class Life(RuleBasedStateMachine):
    """An agreement with two sections, two measures and two providers."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        area = Area()
        self.area = area
        self.parties = [Party(area.provider), Party(Area().provider)]
        self.next_id = 0
        self.text: list[list[dict[str, Any]]] = [[], []]
        self.published: list[list[list[dict[str, Any]]]] = []
        self.hashes: dict[int, str] = {}
        self.moments: list[datetime.datetime] = []

    def teardown(self) -> None:
        """Look back at every moment, then undo everything."""
        try:
            if self.published:
                for moment in [*self.moments, timezone.now()]:
                    self.check_numbers(moment)
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # --- What an editor does --------------------------------------------------------------------

    @initialize()
    def write(self) -> None:
        """Write a first text and publish it; both providers are parties."""
        for measure in (*MEASURES, None, None):
            self.add_clause(section=0, wording="Do it.", measure=measure, number=12)
        self.agreement = actions.create_agreement(
            partnership=self.area.partnership, title="Agreement", by=None
        )
        self.publish(is_material=True)
        for party in self.parties:
            actions.add_party(agreement=self.agreement, organisation=party.organisation, by=None)
        self.accept(which=0)

    def clauses(self) -> list[dict[str, Any]]:
        """The clauses as the editor has them."""
        return [clause for section in self.text for clause in section]

    @rule(
        section=st.integers(0, 1),
        wording=WORDS,
        measure=st.sampled_from([None, *MEASURES]),
        number=NUMBERS,
    )
    def add_clause(self, section: int, wording: str, measure: str | None, number: int) -> None:
        """Add a clause; a measure is on one clause at most."""
        taken = {code for clause in self.clauses() for code in clause["terms"]}
        self.next_id += 1
        self.text[section].append(
            {
                "id": str(uuid.UUID(int=self.next_id)),
                "text": f"{wording} ({self.next_id})",
                "terms": {} if measure is None or measure in taken else {measure: number},
            }
        )

    @rule(data=st.data(), wording=WORDS)
    def edit(self, data: st.DataObject, wording: str) -> None:
        """Change the words of a clause."""
        clause = data.draw(st.sampled_from(self.clauses()))
        clause["text"] = f"{wording} ({clause['id'][-4:]})"

    @rule(data=st.data(), number=NUMBERS)
    def change_number(self, data: st.DataObject, number: int) -> None:
        """Change the number of a clause that has one."""
        clause = data.draw(st.sampled_from(self.clauses()))
        clause["terms"] = dict.fromkeys(clause["terms"], number)

    @rule(data=st.data())
    def move_number(self, data: st.DataObject) -> None:
        """Take the number off one clause and write it on another."""
        giver, taker = (data.draw(st.sampled_from(self.clauses())) for _ in range(2))
        if giver is not taker and not taker["terms"]:
            giver["terms"], taker["terms"] = {}, giver["terms"]

    @rule(data=st.data())
    def reorder(self, data: st.DataObject) -> None:
        """Move one clause to another place, maybe in the other section."""
        clause = data.draw(st.sampled_from(self.clauses()))
        for section in self.text:
            if clause in section:
                section.remove(clause)
        target = self.text[data.draw(st.integers(0, 1))]
        target.insert(data.draw(st.integers(0, len(target))), clause)

    @precondition(lambda self: len(self.clauses()) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Take a clause out."""
        clause = data.draw(st.sampled_from(self.clauses()))
        for section in self.text:
            if clause in section:
                section.remove(clause)

    @rule(is_material=st.booleans())
    def publish(self, is_material: bool) -> None:
        """Publish the text as it is now."""
        version = publish(self.agreement, self.content(), is_material=is_material)
        if version.number > len(self.published):
            self.published.append(copy.deepcopy(self.text))
        assert version.number == len(self.published)
        self.hashes.setdefault(version.number, version.sha256)
        self.moments.append(timezone.now())

    def content(self) -> dict[str, Any]:
        """The text in the shape that publication takes."""
        return {
            "title": "Agreement",
            "issued_date": datetime.date(2026, 9, 1),
            "sections": [
                {
                    "heading": f"Section {number}",
                    "clauses": [
                        {
                            "clause_id": clause["id"],
                            "text": clause["text"],
                            "party": "provider",
                            "terms": [
                                {"measure": measure, "value": value}
                                for measure, value in clause["terms"].items()
                            ],
                        }
                        for clause in section
                    ],
                }
                for number, section in enumerate(self.text, start=1)
            ],
        }

    # --- What the parties do --------------------------------------------------------------------

    @rule(which=st.integers(0, 1))
    def accept(self, which: int) -> None:
        """Accept the version in force, unless the organisation is bound by it already."""
        party = self.parties[which]
        self.agreement.refresh_from_db()
        if queries.has_accepted(self.agreement, party.organisation):
            return
        acceptance = accept(self.agreement, party.organisation)
        party.accepted.append((acceptance.accepted_at, acceptance.version.number))
        self.moments.append(timezone.now())

    @rule(which=st.integers(0, 1), data=st.data(), number=NUMBERS, is_number=st.booleans())
    def vary(self, which: int, data: st.DataObject, number: int, is_number: bool) -> None:
        """Reserve a clause of the version in force and agree a variation of it."""
        party = self.parties[which]
        clauses = [clause for section in self.published[-1] for clause in section]
        # Numbers are what may go wrong: a few clauses, again and again.
        measured = [clause for clause in clauses if clause["terms"]] if is_number else []
        clause = data.draw(st.sampled_from(measured or clauses))
        reservation = self.reserve(party, clause)
        values = {measure: Decimal(number) for measure in clause["terms"]} if is_number else {}
        propose(reservation, text="In our own way.", values=values)
        variation = agree(reservation)
        numbers = {term["measure"]: Decimal(term["value"]) for term in variation.terms}
        party.agreed.append((variation.in_force_at, clause["id"], numbers))
        self.moments.append(timezone.now())

    @rule(which=st.integers(0, 1), data=st.data())
    def reserve_and_withdraw(self, which: int, data: st.DataObject) -> None:
        """Reserve a clause and take it back: nothing changes."""
        party = self.parties[which]
        clause = data.draw(st.sampled_from([c for s in self.published[-1] for c in s]))
        reservation = self.reserve(party, clause)
        actions.withdraw_reservation(
            reservation=reservation,
            reason="It will do.",
            by=member(Role.SIGNATORY, party.organisation),
        )

    def reserve(self, party: Party, clause: dict[str, Any]) -> Reservation:
        """Reserve a clause of the version in force."""
        return actions.reserve_clause(
            agreement=self.agreement,
            organisation=party.organisation,
            clause_id=uuid.UUID(clause["id"]),
            reason="We cannot.",
            by=member(Role.SIGNATORY, party.organisation),
        )

    # --- What stays certain ---------------------------------------------------------------------

    @invariant()
    def ids_of_clauses_stay(self) -> None:
        """Every version has the clauses that were published, by their ids and in their order."""
        for number, text in enumerate(self.published, start=1):
            rows = Clause.objects.filter(version__agreement=self.agreement, version__number=number)
            kept = [str(row.clause_id) for row in rows.order_by("position")]
            assert kept == [clause["id"] for section in text for clause in section]

    @invariant()
    def hashes_can_be_verified(self) -> None:
        """No version and no variation is other than it was."""
        if not self.published:
            return
        for version in self.agreement.versions.all():
            assert queries.verify(version)
            assert version.sha256 == self.hashes[version.number]
        assert all(queries.verify_variation(one) for one in self.agreement.variations.all())

    @invariant()
    def the_number_in_force_is_certain_now(self) -> None:
        """What processes would be told now is what was published, accepted and agreed."""
        if self.published:
            self.check_numbers(None)

    @invariant()
    def every_difference_between_versions_is_told(self) -> None:
        """Comparing neighbours finds a difference, since the same text makes no version."""
        contents = [
            version.snapshot["content"]
            for version in (
                self.agreement.versions.order_by("-number")[:2] if self.published else []
            )
        ]
        if len(contents) == 2:
            assert not rules.compare(contents[1], contents[0]).is_empty

    def check_numbers(self, moment: datetime.datetime | None) -> None:
        """Compare the terms in force at a moment with what this test remembers."""
        for party in self.parties:
            place = Place(self.agreement, party.organisation)
            for measure in MEASURES:
                found = queries.term_in_force(place, measure, at=moment)
                expected = self.expected(party, measure, moment or timezone.now())
                assert (None if found is None else found.value) == expected
                if found is not None:
                    assert found.clause.version == found.version

    def expected(self, party: Party, measure: str, moment: datetime.datetime) -> Decimal | None:
        """The number that the test's own memory gives."""
        numbers = [number for when, number in party.accepted if when <= moment]
        if not numbers:
            return None
        clauses = {c["id"]: c for section in self.published[max(numbers) - 1] for c in section}
        newest = {clause: terms for when, clause, terms in party.agreed if when <= moment}
        for clause in clauses.values():
            if measure in clause["terms"]:
                agreed = newest.get(clause["id"], {})
                return agreed.get(measure, Decimal(clause["terms"][measure]))
        return None


@pytest.mark.django_db
def test_what_was_promised_stays_certain_whatever_happens() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
