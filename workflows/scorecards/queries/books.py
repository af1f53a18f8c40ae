"""The numbers of several agreements, read at once: whose number was what, and when.

`agreements.queries.term_in_force` answers the same for one placement and one measure. A scorecard
asks it hundreds of times, so the versions, terms and acceptances are read in three queries and
looked up here; a test compares the two.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from workflows.agreements.models import Acceptance, Agreement, AgreementVersion, Term
from workflows.scorecards import rules


@dataclass(frozen=True)
class Book:
    """One agreement's versions with their numbers, and who accepted which of them when."""

    published: list[rules.Published] = field(default_factory=list)
    accepted: dict[int, list[rules.Accepted]] = field(default_factory=dict)
    terms: dict[int, Term] = field(default_factory=dict)

    def number(
        self, measure: str, organisation_id: int, at: datetime.datetime
    ) -> rules.Number | None:
        """Give the number that an organisation was held to at a moment."""
        version = self._version(organisation_id, at)
        return None if version is None else version.numbers.get(measure)

    def _version(
        self, organisation_id: int | None, at: datetime.datetime
    ) -> rules.Published | None:
        accepted = self.accepted.get(organisation_id, []) if organisation_id else []
        return rules.version_at(self.published, accepted, at)

    def grace_of(self, version: int) -> rules.Number | None:
        """Give the grace that a version itself sets for accepting it."""
        found = next((one for one in self.published if one.number == version), None)
        return None if found is None else found.numbers.get("acceptance_grace")

    def terms_of(self, organisation_id: int | None, at: datetime.datetime) -> list[Term]:
        """Give the terms that an organisation is held to at a moment, in the order of the text.

        For no organisation, those of the version published last.
        """
        version = self._version(organisation_id, at)
        if version is None:
            return []
        terms = [self.terms[number.term_id] for number in version.numbers.values()]
        return sorted(terms, key=lambda term: (term.clause.position, term.pk))


def books_of(agreements: Iterable[Agreement]) -> dict[int, Book]:
    """Read the books of agreements, by the agreement's id. Three queries."""
    ids = [agreement.pk for agreement in agreements]
    terms: dict[int, list[Term]] = defaultdict(list)
    for term in (
        Term.objects.filter(version__agreement__in=ids)
        .select_related("clause", "version")
        .defer("version__snapshot")
    ):
        terms[term.version_id].append(term)
    books = {pk: Book() for pk in ids}
    versions = AgreementVersion.objects.filter(agreement__in=ids).order_by("number")
    for pk, agreement_id, number, published_at in versions.values_list(
        "pk", "agreement", "number", "published_at"
    ):
        numbers = {term.measure: rules.Number(term.value, term.unit, term.pk) for term in terms[pk]}
        books[agreement_id].published.append(rules.Published(number, published_at, numbers))
        books[agreement_id].terms.update({term.pk: term for term in terms[pk]})
    accepted = Acceptance.objects.filter(version__agreement__in=ids)
    for agreement_id, organisation_id, number, accepted_at in accepted.values_list(
        "version__agreement", "organisation", "version__number", "accepted_at"
    ):
        books[agreement_id].accepted.setdefault(organisation_id, []).append(
            rules.Accepted(number, accepted_at)
        )
    return books
