"""The numbers that processes obey, with the clause that says so."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils import timezone

from permissions.models import Organisation
from workflows.agreements import measures
from workflows.agreements.models import (
    Agreement,
    AgreementVersion,
    Clause,
    Term,
)
from workflows.agreements.queries.versions import accepted_version, agreement_for, version_in_force
from workflows.agreements.states import Kind
from workflows.calendar import queries as calendar


class UnderAgreement(Protocol):
    """What a term is asked for: anything that has an agreement and a provider, as a placement."""

    @property
    def agreement(self) -> Agreement: ...

    @property
    def provider(self) -> Organisation: ...


@dataclass(frozen=True)
class TermInForce:
    """A number that a process obeys, and the clause that says so."""

    measure: str
    value: Decimal
    unit: str
    clause: Clause
    version: AgreementVersion

    @property
    def in_words(self) -> str:
        """The number with its unit, as in “12 weeks”."""
        return measures.in_words(self.value, self.unit)


def term_in_force(placement: UnderAgreement, measure: str) -> TermInForce | None:
    """Give the number a placement obeys: from the version that its provider accepted last."""
    version = accepted_version(placement.agreement, placement.provider)
    return None if version is None else _term(version, measure)


def published_term(
    partnership: Organisation, measure: str, kind: str = Kind.SLA
) -> TermInForce | None:
    """Give the number a partnership's published agreement sets, before any provider is involved."""
    agreement = agreement_for(partnership, kind)
    version = None if agreement is None else version_in_force(agreement)
    return None if version is None else _term(version, measure)


def _term(version: AgreementVersion, measure: str) -> TermInForce | None:
    if measure not in measures.REGISTER:
        raise ValueError(f"{measure!r} is not in the register of measures.")
    term = Term.objects.select_related("clause").filter(version=version, measure=measure).first()
    if term is None:
        return None
    return TermInForce(measure, term.value, term.unit, term.clause, version)


def due_date(version: AgreementVersion, organisation: Organisation) -> datetime.date | None:
    """Give the last of the days of grace, from today, when the version sets any."""
    grace = _term(version, "acceptance_grace")
    if grace is None:
        return None
    return calendar.add_working_days(timezone.localdate(), int(grace.value), organisation)
