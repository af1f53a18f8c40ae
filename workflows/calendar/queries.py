"""The calendar of an organisation, and the counting of days by it.

An organisation's days are those of its local authority. A provider has none of its own: ask for
the partnership that placed the pupil.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from permissions import queries as permissions
from permissions.models import Organisation
from permissions.roles import OrganisationKind

from . import rules
from .models import BankHoliday, ClosureDay, Term
from .rules import Period, SchoolCalendar

if TYPE_CHECKING:
    from permissions.queries import Person

#: How long ago a day may be to be listed still.
LISTED = timedelta(days=120)
SHOWN_BANK_HOLIDAYS = 8


def authorities_of(user: Person) -> QuerySet[Organisation]:
    """List the local authorities whose days the person's organisations follow."""
    own = permissions.memberships_of(user).order_by().values("organisation")
    return Organisation.objects.filter(
        Q(pk__in=own) | Q(children__in=own) | Q(children__children__in=own),
        kind=OrganisationKind.LOCAL_AUTHORITY,
    ).distinct()


def managed_by(user: Person) -> QuerySet[Organisation]:
    """List the local authorities whose days the person may change."""
    return permissions.organisations_where(user, "manage_calendar").filter(
        kind=OrganisationKind.LOCAL_AUTHORITY
    )


def shown_from(today: date) -> date:
    """Return the first day that is listed still."""
    return today - LISTED


def coming_bank_holidays(today: date) -> QuerySet[BankHoliday]:
    """List the next bank holidays."""
    return BankHoliday.objects.filter(date__gte=today).order_by("date")[:SHOWN_BANK_HOLIDAYS]


def bank_holidays_between(first: date, last: date) -> frozenset[date]:
    """Return the bank holidays from one day to another, both included."""
    found = BankHoliday.objects.filter(date__range=(first, last))
    return frozenset(found.values_list("date", flat=True))


def calendar_of(organisation: Organisation | None) -> SchoolCalendar:
    """Return the days of the organisation's local authority; bank holidays alone without one."""
    bank_holidays = frozenset(BankHoliday.objects.values_list("date", flat=True))
    authority = organisation.local_authority if organisation is not None else None
    if authority is None:
        return SchoolCalendar(bank_holidays=bank_holidays)
    terms = Term.objects.filter(organisation=authority).order_by("starts_date")
    closures = ClosureDay.objects.filter(organisation=authority).values_list("date", flat=True)
    halves = (
        half
        for term in terms
        for half in rules.halves_of(
            term.name,
            term.starts_date,
            term.ends_date,
            term.break_starts_date,
            term.break_ends_date,
        )
    )
    return SchoolCalendar(tuple(halves), frozenset(closures), bank_holidays)


def is_working_day(day: date) -> bool:
    """Tell whether it is Monday to Friday and no bank holiday in England."""
    return rules.is_working_day(day, calendar_of(None))


def is_school_day(organisation: Organisation, day: date) -> bool:
    """Tell whether schools of the organisation's local authority are open."""
    return rules.is_school_day(day, calendar_of(organisation))


def add_working_days(day: date, number: int, organisation: Organisation | None = None) -> date:
    """Return the day so many working days later."""
    near = timedelta(days=3 * abs(number) + 30)
    calendar = SchoolCalendar(bank_holidays=bank_holidays_between(day - near, day + near))
    return rules.add_working_days(day, number, calendar)


def add_school_days(day: date, number: int, organisation: Organisation) -> date:
    """Return the day so many school days later; raises NotAllowed past the last known term."""
    return rules.add_school_days(day, number, calendar_of(organisation))


def half_term_of(organisation: Organisation, day: date) -> Period | None:
    """Return the half term that the day is in, None in the holidays."""
    return rules.half_term_of(day, calendar_of(organisation))


def half_terms(organisation: Organisation, first: date, last: date) -> tuple[Period, ...]:
    """Return the half terms that have at least one day from the first to the last."""
    return rules.half_terms_between(first, last, calendar_of(organisation))


def add_weeks(day: date, number: int) -> date:
    """Return the same weekday so many weeks later."""
    return rules.add_weeks(day, number)


def at_end_of_day(day: date) -> datetime:
    """Return 5pm of the day in local time: when what is due on it is due."""
    return rules.at_end_of_day(day)
