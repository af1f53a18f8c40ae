"""Entering days: terms and closure days by an administrator, bank holidays by Accord itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import holidays
from django.db import transaction
from django.utils import timezone

from permissions import checks
from permissions.models import Organisation, OrganisationKind
from workflows.engine.exceptions import NotAllowed

from . import imports, rules
from .models import BankHoliday, ClosureDay, Term

#: The first year whose bank holidays are kept, and how many years ahead.
FIRST_YEAR = 2020
YEARS_AHEAD = 5


def add_term(
    *,
    organisation: Organisation,
    name: str,
    starts_date: date,
    ends_date: date,
    break_starts_date: date | None = None,
    break_ends_date: date | None = None,
    by: Any,
) -> Term:
    """Enter a term of a local authority; refuses days that are in another term already."""
    with transaction.atomic():
        _prepare(organisation, by)
        others = tuple(
            rules.Period(term.name, term.starts_date, term.ends_date)
            for term in Term.objects.filter(organisation=organisation)
        )
        reason = rules.why_cannot_add_term(rules.Period(name, starts_date, ends_date), others)
        if reason is not None:
            raise NotAllowed(reason)
        if reason := rules.why_not_break(
            rules.Period(name, starts_date, ends_date), break_starts_date, break_ends_date
        ):
            raise NotAllowed(reason)
        return Term.objects.create(
            organisation=organisation,
            name=name,
            starts_date=starts_date,
            ends_date=ends_date,
            break_starts_date=break_starts_date,
            break_ends_date=break_ends_date,
        )


def add_closure_day(*, organisation: Organisation, day: date, reason: str, by: Any) -> ClosureDay:
    """Enter a day on which the schools of a local authority are closed; again changes nothing."""
    with transaction.atomic():
        _prepare(organisation, by)
        closure, _ = ClosureDay.objects.get_or_create(
            organisation=organisation, date=day, defaults={"reason": reason}
        )
        return closure


def remove_term(*, term: Term, by: Any) -> None:
    """Take a term out of the calendar; what was counted with it keeps its date."""
    with transaction.atomic():
        _prepare(term.organisation, by)
        term.delete()


def remove_closure_day(*, closure: ClosureDay, by: Any) -> None:
    """Take a closure day out of the calendar; what was counted with it keeps its date."""
    with transaction.atomic():
        _prepare(closure.organisation, by)
        closure.delete()


def import_days(*, organisation: Organisation, content: bytes, by: Any) -> imports.Found:
    """Enter the terms and closure days of an iCalendar file, all of them or none.

    What is there already with the same days is left as it is. Raises NotAllowed for a file that is
    none and for a term that meets another.
    """
    found = imports.read(content)
    with transaction.atomic():
        _prepare(organisation, by)
        known = set(
            Term.objects.filter(organisation=organisation).values_list("starts_date", "ends_date")
        )
        for term in found.terms:
            if (term.starts_date, term.ends_date) in known:
                continue
            try:
                add_term(
                    organisation=organisation,
                    name=term.name,
                    starts_date=term.starts_date,
                    ends_date=term.ends_date,
                    break_starts_date=term.break_starts_date,
                    break_ends_date=term.break_ends_date,
                    by=by,
                )
            except NotAllowed as refusal:
                days = f"{term.starts_date:%-d %B %Y} to {term.ends_date:%-d %B %Y}"
                raise NotAllowed(
                    f"Nothing was entered. {term.name}, {days}: {refusal.reason}"
                ) from refusal
        for closure in found.closures:
            add_closure_day(
                organisation=organisation, day=closure.date, reason=closure.reason, by=by
            )
    return found


def add_bank_holidays(first_year: int = FIRST_YEAR, last_year: int | None = None) -> int:
    """Add England's bank holidays that are not there yet; returns how many are known then."""
    last_year = last_year or timezone.localdate().year + YEARS_AHEAD
    known = holidays.country_holidays(
        "GB", subdiv="ENG", years=range(first_year, last_year + 1), language="en_GB"
    )
    BankHoliday.objects.bulk_create(
        [BankHoliday(date=day, name=name[:100]) for day, name in sorted(known.items())],
        ignore_conflicts=True,
    )
    return BankHoliday.objects.count()


def _prepare(organisation: Organisation, by: Any) -> None:
    """Lock the local authority's row and ask whether the person may change its days."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if by is not None:
        checks.require(by, "manage_calendar", organisation)
    if organisation.kind != OrganisationKind.LOCAL_AUTHORITY:
        raise NotAllowed("Term dates are a local authority's. Choose a local authority.")
