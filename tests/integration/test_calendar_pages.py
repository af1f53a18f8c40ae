"""The pages of term dates: who reads and changes them, and a calendar file from upload to entry."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import member
from tests.factories.cases import Area
from tests.unit.calendar.test_imports import calendar, whole_days
from workflows.calendar import actions
from workflows.calendar.models import ClosureDay, Term
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db

NEXT_YEAR = date.today().year + 1  # noqa: DTZ011  (only far enough ahead to be listed)


@pytest.fixture
def area() -> Area:
    return Area()


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def term_of(area: Area, **changes: Any) -> Term:
    return actions.add_term(
        **{
            "organisation": area.local_authority,
            "name": "Autumn",
            "starts_date": date(NEXT_YEAR, 9, 2),
            "ends_date": date(NEXT_YEAR, 12, 18),
            "by": None,
            **changes,
        }
    )


def day(name: str, value: date) -> dict[str, str]:
    return {
        f"{name}-day": str(value.day),
        f"{name}-month": str(value.month),
        f"{name}-year": str(value.year),
    }


@pytest.mark.parametrize("role", [Role.REFERRER, Role.SIGNATORY, Role.PANEL_MEMBER])
def test_every_page_of_somebody_signed_in_leads_to_the_term_dates(
    area: Area, client: Client, role: Role
) -> None:
    link = f'href="{reverse("calendar:list")}">Term dates'
    assert link not in client.get("/accessibility/").content.decode()
    client.force_login(area.person(role))
    assert link in client.get("/dashboard/").content.decode()
    assert client.get(reverse("calendar:list")).status_code == 200


def test_everybody_reads_and_only_the_authoritys_administrator_changes(
    area: Area, client: Client
) -> None:
    term = term_of(area)
    closure = actions.add_closure_day(
        organisation=area.local_authority, day=date(NEXT_YEAR, 11, 20), reason="Training", by=None
    )
    slug = area.local_authority.slug
    changing = [
        reverse("calendar:add_term", args=[slug]),
        reverse("calendar:add_closure", args=[slug]),
        reverse("calendar:import", args=[slug]),
        reverse("calendar:remove_term", args=[term.pk]),
        reverse("calendar:remove_closure", args=[closure.pk]),
    ]
    wrong = []
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            client.force_login(member(role, area.organisations[kind]))
            may = (kind, role) == (OrganisationKind.LOCAL_AUTHORITY, Role.ADMINISTRATOR)
            shown = text_of(client.get(reverse("calendar:list")))
            if ("Training" in shown) != (kind != OrganisationKind.PROVIDER):
                wrong.append((kind, role, "list"))
            if ("Add a term" in shown) != may:
                wrong.append((kind, role, "links"))
            expected = 200 if may else 404 if kind == OrganisationKind.PROVIDER else 403
            answers = {address: client.get(address).status_code for address in changing}
            wrong += [(kind, role, *one) for one in answers.items() if one[1] != expected]
    assert wrong == []


def test_an_administrator_adds_and_removes_a_term_and_a_day(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    slug = area.local_authority.slug
    answers = {
        "name": "Autumn term",
        **day("starts_date", date(NEXT_YEAR, 9, 2)),
        **day("ends_date", date(NEXT_YEAR, 12, 18)),
        **day("break_starts_date", date(NEXT_YEAR, 10, 26)),
    }
    shown = text_of(client.post(reverse("calendar:add_term", args=[slug]), answers))
    assert "Enter both the first and the last day of the half-term break, or neither." in shown
    answers |= day("break_ends_date", date(NEXT_YEAR, 10, 30))
    shown = text_of(client.post(reverse("calendar:add_term", args=[slug]), answers, follow=True))
    assert "The term is in the calendar." in shown
    shown = text_of(client.post(reverse("calendar:add_term", args=[slug]), answers))
    assert "These days are partly in Autumn term." in shown
    closure = {**day("day", date(NEXT_YEAR, 11, 20)), "reason": "Training"}
    client.post(reverse("calendar:add_closure", args=[slug]), closure)
    client.post(reverse("calendar:remove_term", args=[Term.objects.get().pk]))
    client.post(reverse("calendar:remove_closure", args=[ClosureDay.objects.get().pk]))
    assert not Term.objects.exists()
    assert not ClosureDay.objects.exists()


def test_a_break_outside_its_term_is_refused(area: Area) -> None:
    with pytest.raises(NotAllowed, match="must be inside the term"):
        term_of(
            area,
            break_starts_date=date(NEXT_YEAR, 12, 14),
            break_ends_date=date(NEXT_YEAR, 12, 18),
        )


def test_nobody_else_removes_or_imports(area: Area) -> None:
    term = term_of(area)
    by = area.person(Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        actions.remove_term(term=term, by=by)
    with pytest.raises(NotPermitted):
        actions.import_days(
            organisation=area.local_authority,
            content=calendar(whole_days("INSET", "20270104")),
            by=by,
        )


def test_a_file_is_checked_before_anything_is_entered(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    address = reverse("calendar:import", args=[area.local_authority.slug])
    content = calendar(
        whole_days("Autumn term", "20270902", "20271219"),
        whole_days("October half term", "20271025", "20271030"),
        whole_days("INSET day", "20270903"),
        whole_days("Summer fair", "20270701"),
    )
    response = client.post(address, {"file": SimpleUploadedFile("terms.ics", content)})
    shown = text_of(response)
    assert "Autumn term: 2 September 2027 to 18 December 2027" in shown
    assert "Half-term break: 25 October to 29 October 2027" in shown
    assert "3 September 2027: INSET day" in shown
    assert "Summer fair: 1 July 2027" in shown
    assert not Term.objects.exists()
    kept = response.context["content"]
    shown = text_of(client.post(address, {"content": kept, "confirm": "1"}, follow=True))
    assert "The days in the file are in the calendar." in shown
    term = Term.objects.get()
    assert (term.starts_date, term.ends_date) == (date(2027, 9, 2), date(2027, 12, 18))
    assert (term.break_starts_date, term.break_ends_date) == (
        date(2027, 10, 25),
        date(2027, 10, 29),
    )
    assert ClosureDay.objects.get().date == date(2027, 9, 3)
    # Once more changes nothing.
    client.post(address, {"content": kept, "confirm": "1"})
    assert (Term.objects.count(), ClosureDay.objects.count()) == (1, 1)


def test_a_file_that_meets_another_term_is_entered_not_at_all(area: Area, client: Client) -> None:
    term_of(area, starts_date=date(2027, 12, 1), ends_date=date(2028, 1, 31))
    client.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    address = reverse("calendar:import", args=[area.local_authority.slug])
    content = calendar(
        whole_days("Summer term", "20270414", "20270722"),
        whole_days("Autumn term", "20270902", "20271219"),
    ).decode()
    shown = text_of(client.post(address, {"content": content, "confirm": "1"}))
    assert (
        "Nothing was entered. Autumn term, 2 September 2027 to 18 December 2027: "
        "These days are partly in Autumn."
    ) in shown
    assert Term.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\x00", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_said_beside_the_field(
    area: Area, client: Client, content: bytes
) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    address = reverse("calendar:import", args=[area.local_authority.slug])
    response = client.post(address, {"file": SimpleUploadedFile("terms.ics", content)})
    assert response.status_code == 200
    assert "There is a problem" in text_of(response)
