"""How school and family are told: letters with the partnership's texts, in the case and by email."""

from __future__ import annotations

import datetime
from typing import Any

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions.roles import Role
from tests.factories import agreements, member
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.cases.models import Document
from workflows.engine import mail
from workflows.engine.models import Event
from workflows.letters import actions as letters
from workflows.letters.states import Addressee, Kind
from workflows.referrals import actions, queries
from workflows.referrals.models import Letter, Referral
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


def words(document: Document) -> str:
    with document.file.open("rb") as file:
        pages = [page.extract_text() for page in pypdf.PdfReader(file).pages]
    return " ".join(" ".join(pages).split())


def send(kind: str) -> None:
    event = Event.objects.get(kind=kind)
    for number, user_id in mail.addressees(event.pk):
        mail.send(event.pk, number, user_id)


def test_school_and_family_each_get_a_letter_and_each_knows_its_text(area: Area) -> None:
    referral = make_referral(area, Status.DECLINED, first_name="D’Arcy")
    letter = actions.make_letter(decision=referral.decision)
    both = {one.addressee: one for one in Letter.objects.select_related("document", "version")}
    assert both[Addressee.SCHOOL] == letter
    for addressee, one in both.items():
        assert one.version.template.addressee == addressee
        assert one.version.number == 1
    assert "Dear colleague" in words(both[Addressee.SCHOOL].document)
    family = words(both[Addressee.FAMILY].document)
    assert "Dear parent or carer" in family
    assert "D’Arcy" in family
    assert "The evidence meets the criteria." in family


def test_a_partnership_may_write_to_the_school_alone(area: Area) -> None:
    letters.change_settings(
        partnership=area.partnership, writes_to_family=False, attaches_letters=False, by=None
    )
    referral = make_referral(area, Status.ACCEPTED)
    actions.make_letter(decision=referral.decision)
    assert Letter.objects.get().addressee == Addressee.SCHOOL


def test_the_partnerships_own_text_makes_its_letters_and_older_ones_stay(area: Area) -> None:
    first = make_referral(area, Status.ACCEPTED)
    old = actions.make_letter(decision=first.decision)
    which: dict[str, Any] = {"kind": Kind.DECISION_ACCEPTED, "addressee": Addressee.SCHOOL}
    letters.save_draft(
        partnership=area.partnership,
        heading="Yes, {school name}",
        body="{pupil full name} is in: *not* #bold.\n\n{conditions}",
        by=None,
        **which,
    )
    version = letters.publish(partnership=area.partnership, by=None, **which)
    new = actions.make_letter(decision=make_referral(area, Status.ACCEPTED).decision)
    assert new.version == version
    assert "is in: *not* #bold." in words(new.document)
    assert f"Yes, {area.school.name}" in words(new.document)
    old.refresh_from_db()
    assert old.version.number == 1
    assert "Dear colleague" in words(old.document)


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_the_letter_says_until_when_a_review_can_be_asked_for_and_keeps_to_it(area: Area) -> None:
    agreements.make_agreement(area.partnership, terms={"ask_review_within": "10"})
    referral = make_referral(area, Status.DECLINED)
    letter = actions.make_letter(decision=referral.decision)
    assert letter.ask_review_by_date == datetime.date(2026, 3, 16)
    assert "until 16 March 2026" in words(letter.document)
    actions.change_panel_settings(partnership=area.partnership, by=None, ask_review_working_days=40)
    assert queries.last_day_to_ask(referral.decision) == datetime.date(2026, 3, 16)


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_without_a_term_the_panels_settings_say_until_when(area: Area) -> None:
    actions.change_panel_settings(partnership=area.partnership, by=None, ask_review_working_days=5)
    referral = make_referral(area, Status.DECLINED)
    assert queries.last_day_to_ask(referral.decision) == datetime.date(2026, 3, 9)
    accepted = make_referral(area, Status.ACCEPTED)
    assert queries.last_day_to_ask(accepted.decision) is None


def test_an_email_carries_the_letter_only_where_the_partnership_lets_it(
    area: Area, mailoutbox: Any
) -> None:
    referral = make_referral(area, Status.ACCEPTED)
    actions.make_letter(decision=referral.decision)
    send("letter_sent")
    assert mailoutbox.pop().attachments == []
    letters.change_settings(
        partnership=area.partnership, writes_to_family=True, attaches_letters=True, by=None
    )
    send("letter_sent")
    message = mailoutbox.pop()
    ((name, content, content_type),) = message.attachments
    assert (name, content_type) == (f"letter-{referral.case.reference}.pdf", "application/pdf")
    assert content.startswith(b"%PDF")
    assert referral.case.pupil.last_name not in message.subject + message.body


def test_nobody_is_sent_a_letter_that_they_may_not_read(area: Area) -> None:
    referral = make_referral(area, Status.ACCEPTED)
    letter = actions.make_letter(decision=referral.decision)
    stranger = Area().person(Role.REFERRER)
    reader = area.person(Role.REFERRER)
    assert queries.letter_document(letter.document_id, reader) == letter.document
    assert queries.letter_document(letter.document_id, stranger) is None


def test_an_administrator_previews_a_real_case_only_where_they_may_see_it(
    area: Area, client: Client
) -> None:
    person = area.person(Role.ADMINISTRATOR, area.partnership)
    referral = make_referral(area, Status.DECLINED)
    address = reverse("letters:preview", args=[area.partnership.slug, "decision-declined-school"])
    client.force_login(person)
    asked = {"case": referral.case.reference}
    assert client.get(address, asked).status_code == 404
    # Whoever is an officer as well may see the case: that they did is noted.
    officer = member(Role.OFFICER, area.partnership, user=person)
    assert client.get(address, asked)["Content-Type"] == "application/pdf"
    assert (
        referral.case.reference
        in client.get(
            reverse("letters:detail", args=[area.partnership.slug, "decision-declined-school"])
        ).content.decode()
    )
    found = queries.cases_with_letter(officer, area.partnership, Kind.DECISION_DECLINED)
    assert list(found) == [referral.case]
    assert not queries.cases_with_letter(officer, area.partnership, Kind.DECISION_ACCEPTED)
    values = queries.values_for_case(referral.case, Kind.DECISION_DECLINED)
    assert values["reasons"] == "The evidence meets the criteria."
    assert values["ask for a review by"]


def test_a_withdrawn_permission_is_confirmed_to_school_and_family(area: Area) -> None:
    referral = make_referral(area, Status.SUBMITTED)
    actions.withdraw_permission(
        referral=referral,
        withdrawn_by="Jo O’Sample, parent",
        how="email",
        date=timezone.localdate(),
        by=area.person(Role.REFERRER),
    )
    names = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    assert "referrals.make_permission_letter" in names
    referral = Referral.objects.get(pk=referral.pk)
    letter = actions.make_permission_letter(referral=referral)
    assert actions.make_permission_letter(referral=referral) == letter
    assert Letter.objects.count() == 2
    assert "Withdrawn by: Jo O’Sample, parent" in words(letter.document)
