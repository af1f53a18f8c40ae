"""The calendar of an organisation, as it is entered and asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from permissions.exceptions import NotPermitted
from tests.factories import permissions as make
from workflows.calendar import actions, queries
from workflows.calendar.models import BankHoliday, Term
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority() -> Any:
    return make.LocalAuthorityFactory()


def autumn(authority: Any, by: Any = None, **changed: Any) -> Term:
    return actions.add_term(
        **{
            "organisation": authority,
            "name": "Autumn 2026",
            "starts_date": date(2026, 9, 2),
            "ends_date": date(2026, 12, 18),
            "break_starts_date": date(2026, 10, 26),
            "break_ends_date": date(2026, 10, 30),
            "by": by,
            **changed,
        }
    )


def test_everybody_below_a_local_authority_follows_its_days(authority: Any) -> None:
    autumn(authority)
    actions.add_closure_day(
        organisation=authority, day=date(2026, 11, 20), reason="Training", by=None
    )
    partnership = make.PartnershipFactory(parent=authority)
    school = make.SchoolFactory(parent=partnership)
    for organisation in (authority, partnership, school):
        assert queries.is_school_day(organisation, date(2026, 9, 2))
        assert not queries.is_school_day(organisation, date(2026, 11, 20))
        assert not queries.is_school_day(organisation, date(2026, 10, 27))
        assert queries.add_school_days(date(2026, 10, 23), 1, organisation) == date(2026, 11, 2)
    assert len(queries.half_terms(school, date(2026, 9, 1), date(2026, 12, 31))) == 2
    half = queries.half_term_of(school, date(2026, 9, 10))
    assert half is not None
    assert half.name == "Autumn 2026, first half"
    elsewhere = make.SchoolFactory()
    assert not queries.is_school_day(elsewhere, date(2026, 9, 2))
    with pytest.raises(NotAllowed, match="term dates"):
        queries.add_school_days(date(2026, 9, 2), 1, elsewhere)


def test_bank_holidays_of_england_are_there_from_the_start() -> None:
    assert BankHoliday.objects.filter(date=date(2026, 12, 28)).exists()
    assert not BankHoliday.objects.filter(date=date(2026, 7, 13)).exists(), "not ours"
    assert queries.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert not queries.is_working_day(date(2026, 8, 31))
    known = BankHoliday.objects.count()
    assert actions.add_bank_holidays() == known, "again adds nothing"


def test_later_years_become_known_as_time_goes_by() -> None:
    with time_machine.travel("2040-01-01 12:00:00+00:00", tick=False):
        actions.add_bank_holidays()
    assert BankHoliday.objects.filter(date__year=2045).exists()


def test_a_day_declared_by_hand_counts_and_stays() -> None:
    BankHoliday.objects.create(date=date(2026, 9, 14), name="A day of celebration")
    actions.add_bank_holidays()
    assert queries.add_working_days(date(2026, 9, 11), 1) == date(2026, 9, 15)


def test_an_administrator_of_the_local_authority_enters_terms(authority: Any) -> None:
    administrator = make.member("administrator", authority)
    autumn(authority, administrator)
    with pytest.raises(NotAllowed, match="Autumn 2026"):
        autumn(authority, administrator, name="Again")
    for outsider in (
        make.member("officer", authority),
        make.member("administrator", make.LocalAuthorityFactory()),
    ):
        with pytest.raises(NotPermitted):
            autumn(authority, outsider, starts_date=date(2027, 1, 5))
    with pytest.raises(NotAllowed, match="local authority"):
        autumn(make.PartnershipFactory(parent=authority))


def test_the_database_keeps_a_break_inside_its_term(authority: Any) -> None:
    term = autumn(authority)
    for wrong in (
        {"ends_date": date(2026, 9, 1)},
        {"break_starts_date": None},
        {"break_ends_date": date(2026, 12, 18)},
        {"break_starts_date": date(2026, 9, 2)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Term.objects.filter(pk=term.pk).update(**wrong)
