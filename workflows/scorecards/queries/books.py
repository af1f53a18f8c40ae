"""The numbers of several agreements, read at once: whose number was what, and when.

`agreements.queries.term_in_force` answers the same for one placement and one measure. A scorecard
asks it hundreds of times, so versions, terms, acceptances and variations are read in a few queries
and looked up here; a test compares the two.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from workflows.agreements import measures
from workflows.agreements.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
    Clause,
    Term,
    Variation,
)
from workflows.calendar.rules import SchoolCalendar
from workflows.scorecards import rules


@dataclass(frozen=True)
class Target:
    """A number that a party is held to, with the clause that says so."""

    measure: str
    number: rules.Number
    clause: Clause
    version: AgreementVersion
    # Agreed with the party instead of the clause's own number.
    is_varied: bool = False

    def __str__(self) -> str:
        return measures.sentence(self.measure, self.number.value, self.number.unit)


@dataclass(frozen=True)
class Book:
    """One agreement's versions with their numbers, who accepted which when, and the variations."""

    published: list[rules.Published] = field(default_factory=list)
    accepted: dict[int, list[rules.Accepted]] = field(default_factory=dict)
    varied: dict[int, list[rules.Varied]] = field(default_factory=dict)
    versions: dict[int, AgreementVersion] = field(default_factory=dict)
    # By the number of the version.
    clauses: dict[int, dict[uuid.UUID, Clause]] = field(default_factory=dict)

    def numbers(
        self, organisation_id: int | None, at: datetime.datetime, case_id: int | None = None
    ) -> dict[str, rules.Number]:
        """Give the numbers that an organisation was held to at a moment (in a case), by measure.

        For no organisation, those of the version published last.
        """
        accepted = self._accepted(organisation_id, case_id)
        version = rules.version_at(self.published, accepted, at)
        if version is None:
            return {}
        varied = self.varied.get(organisation_id, []) if organisation_id else []
        # Until it accepts, an organisation is held to nothing of its own.
        is_bound = any(one.accepted_at <= at for one in accepted)
        return rules.numbers_at(version, varied if is_bound else [], at)

    def number(
        self,
        measure: str,
        organisation_id: int,
        at: datetime.datetime,
        case_id: int | None = None,
    ) -> rules.Number | None:
        """Give the number that an organisation was held to at a moment (in a case)."""
        return self.numbers(organisation_id, at, case_id).get(measure)

    def number_before_placement(
        self,
        measure: str,
        organisation_id: int,
        at: datetime.datetime,
        case_id: int | None,
        calendar: SchoolCalendar,
    ) -> rules.Number | None:
        """Give the number of a referral or an offer at a moment: see `agreements.queries.term_for`.

        That of what the organisation had accepted for the case while it bound; afterwards, until it
        accepts, that of the version in force.
        """
        accepted = self._accepted(organisation_id, case_id)
        version = rules.binding_version_at(self.published, accepted, at, calendar)
        if version is None:
            return None
        has_accepted = any(one.accepted_at <= at for one in accepted)
        varied = self.varied.get(organisation_id, []) if has_accepted else []
        return rules.numbers_at(version, varied, at).get(measure)

    def _accepted(self, organisation_id: int | None, case_id: int | None) -> list[rules.Accepted]:
        if organisation_id is None:
            return []
        return [one for one in self.accepted.get(organisation_id, []) if one.reaches(case_id)]

    def grace_of(self, version: int) -> rules.Number | None:
        """Give the grace that a version itself sets for accepting it."""
        found = next((one for one in self.published if one.number == version), None)
        return None if found is None else found.numbers.get("acceptance_grace")

    def targets(self, organisation_id: int | None, at: datetime.datetime) -> list[Target]:
        """Give what an organisation is held to at a moment, in the order of the text.

        For no organisation, what the version published last says.
        """
        accepted = self.accepted.get(organisation_id, []) if organisation_id else []
        version = rules.version_at(self.published, accepted, at)
        if version is None:
            return []
        clauses = self.clauses.get(version.number, {})
        found = [
            Target(
                measure,
                number,
                clauses[number.clause_id],
                self.versions[version.number],
                version.numbers.get(measure) != number,
            )
            for measure, number in self.numbers(organisation_id, at).items()
        ]
        return sorted(found, key=lambda one: (one.clause.position, one.measure))


def books_of(agreements: Iterable[Agreement]) -> dict[int, Book]:
    """Read the books of agreements, by the agreement's id. Four queries."""
    ids = [agreement.pk for agreement in agreements]
    books = {pk: Book() for pk in ids}
    varied = list(Variation.objects.filter(agreement__in=ids).order_by("in_force_at", "pk"))
    terms: dict[int, list[Term]] = defaultdict(list)
    for term in Term.objects.filter(version__agreement__in=ids).select_related("clause"):
        terms[term.version_id].append(term)
    clauses: dict[int, dict[uuid.UUID, Clause]] = defaultdict(dict)
    for each in terms.values():
        for term in each:
            clauses[term.version_id][term.clause.clause_id] = term.clause
    for version in (
        AgreementVersion.objects.filter(agreement__in=ids).defer("snapshot").order_by("number")
    ):
        book = books[version.agreement_id]
        numbers = {
            term.measure: rules.Number(term.value, term.unit, term.clause.clause_id)
            for term in terms[version.pk]
        }
        book.published.append(
            rules.Published(
                version.number, version.published_at, numbers, is_material=version.is_material
            )
        )
        book.versions[version.number] = version
        book.clauses[version.number] = clauses[version.pk]
    for acceptance in Acceptance.objects.filter(version__agreement__in=ids).values_list(
        "version__agreement", "organisation", "version__number", "accepted_at", "case", "activity"
    ):
        agreement_id, organisation_id, number, accepted_at, case_id, activity = acceptance
        books[agreement_id].accepted.setdefault(organisation_id, []).append(
            rules.Accepted(number, accepted_at, case_id, activity)
        )
    for one in varied:
        changed = {
            term["measure"]: rules.Number(Decimal(term["value"]), term["unit"], one.clause_id)
            for term in one.terms
        }
        books[one.agreement_id].varied.setdefault(one.organisation_id, []).append(
            rules.Varied(one.clause_id, one.in_force_at, changed)
        )
    return books
