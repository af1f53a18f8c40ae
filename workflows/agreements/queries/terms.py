"""The numbers that processes obey, with the clause that says so."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.utils import timezone

from permissions.models import Organisation
from workflows.agreements import measures, rules
from workflows.agreements.models import (
    Agreement,
    AgreementVersion,
    Clause,
    Term,
    Variation,
)
from workflows.agreements.queries.placing import binding
from workflows.agreements.queries.reserving import variations_in_force
from workflows.agreements.queries.versions import accepted_version, agreement_for, version_in_force
from workflows.agreements.states import Kind
from workflows.calendar import queries as calendar

if TYPE_CHECKING:
    from workflows.cases.models import Case


class UnderAgreement(Protocol):
    """What a term is asked for: anything that has an agreement and a provider, as a placement."""

    @property
    def agreement(self) -> Agreement: ...

    @property
    def provider(self) -> Organisation: ...


@dataclass(frozen=True)
class TermInForce:
    """A number that a process obeys, and the clause that says so.

    `variation` is set where the number is agreed with one organisation instead of the clause's.
    """

    measure: str
    value: Decimal
    unit: str
    clause: Clause
    version: AgreementVersion
    variation: Variation | None = None

    @property
    def in_words(self) -> str:
        """The number with its unit, as in “12 weeks”."""
        return measures.in_words(self.value, self.unit)


def term_in_force(
    placement: UnderAgreement, measure: str, at: datetime.datetime | None = None
) -> TermInForce | None:
    """Give the number a placement obeys, now or at an instant.

    From the version that its provider had accepted last; where a variation of one of its clauses is
    agreed with the provider, the variation's number comes first.
    """
    version = accepted_version(
        placement.agreement, placement.provider, case=getattr(placement, "case", None), at=at
    )
    if version is None:
        return None
    return _agreed_term(version, placement.provider, measure, at) or _term(version, measure)


def published_term(
    partnership: Organisation, measure: str, kind: str = Kind.SLA
) -> TermInForce | None:
    """Give the number a partnership's published agreement sets, before any provider is involved."""
    agreement = agreement_for(partnership, kind)
    version = None if agreement is None else version_in_force(agreement)
    return None if version is None else _term(version, measure)


def term_for(
    partnership: Organisation,
    organisation: Organisation,
    measure: str,
    kind: str = Kind.SLA,
    *,
    case: Case | None = None,
) -> TermInForce | None:
    """Give the number that holds between a partnership and one organisation, before a placement.

    For a case, where one is given: an agreement may be accepted case by case.

    From the version that the organisation accepted last while that binds, in the days of grace too,
    else from the one in force; once it has accepted any, what is agreed with it alone comes first.
    """
    agreement = agreement_for(partnership, kind)
    if agreement is None:
        return None
    accepted = accepted_version(agreement, organisation, case=case)
    in_force = version_in_force(agreement)
    if accepted is None:
        return None if in_force is None else _term(in_force, measure)
    bound = binding(agreement, organisation, case=case)
    holds = rules.still_binds(
        is_replaced=not bound.is_bound,
        grace_ends_date=bound.grace_ends_date,
        day=timezone.localdate(),
    )
    version = accepted if holds or in_force is None else in_force
    return _agreed_term(version, organisation, measure, None) or _term(version, measure)


def _agreed_term(
    version: AgreementVersion,
    organisation: Organisation,
    measure: str,
    at: datetime.datetime | None,
) -> TermInForce | None:
    """Give the number of the newest variation about a measure, while its clause carries that measure.

    Where the version has the measure elsewhere, or not at all, nothing of the number is left.
    """
    in_force = [
        (variation, term)
        for variation in variations_in_force(version.agreement, organisation, at)
        for term in variation.terms
        if term["measure"] == measure
    ]
    for variation, term in sorted(in_force, key=lambda pair: pair[0].in_force_at, reverse=True):
        clause = Clause.objects.filter(
            version=version, clause_id=variation.clause_id, terms__measure=measure
        ).first()
        if clause is not None:
            value = Decimal(term["value"])
            return TermInForce(measure, value, term["unit"], clause, version, variation)
    return None


def _term(version: AgreementVersion, measure: str) -> TermInForce | None:
    if measure not in measures.REGISTER:
        raise ValueError(f"{measure!r} is not in the register of measures.")
    term = Term.objects.select_related("clause").filter(version=version, measure=measure).first()
    if term is None:
        return None
    return TermInForce(measure, term.value, term.unit, term.clause, version)


def due_date(version: AgreementVersion, organisation: Organisation) -> datetime.date | None:
    """Give the day by which a version is to be accepted, when it sets a number of days.

    Where it replaces an accepted one, that is the last of the days of grace; else as many from today.
    """
    ends = binding(version.agreement, organisation).grace_ends_date
    if ends is not None:
        return max(ends, timezone.localdate())
    grace = _term(version, "acceptance_grace")
    if grace is None:
        return None
    return calendar.add_working_days(timezone.localdate(), int(grace.value), organisation)
