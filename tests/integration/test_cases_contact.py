"""The log of a school's contact with a family: added, corrected, never changed, read by the right people."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from permissions.exceptions import NotPermitted
from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories.cases import Area, make_case
from tests.factories.referrals import make_referral
from workflows.cases import actions, queries
from workflows.cases.models import ContactEntry
from workflows.cases.states import Stage
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db

CALL = {
    "contact_date": timezone.localdate().isoformat(),
    "how": "telephone",
    "with_whom": "Mrs O’Hara, mother",
    "what": "He slept badly.\r\nWe’ll call <b>tomorrow</b>.",
}


@pytest.fixture
def area():
    return Area()


def add_url(case):
    return reverse("cases:add_contact", args=[case.reference])


def log(area, case, **changes):
    return actions.log_contact(
        case=case,
        **{
            "contact_date": timezone.localdate(),
            "how": "visit",
            "with_whom": "The family",
            "what": "Tea",
            **changes,
        },
        by=area.person(Role.REFERRER),
    )


@pytest.mark.parametrize(
    "role", [Role.REFERRER, Role.HEAD, Role.SAFEGUARDING_LEAD, Role.ATTENDANCE_OFFICER]
)
def test_the_school_logs_several_contacts_a_day(client, area, role):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(role))
    assert client.get(add_url(case)).status_code == 200
    for _ in range(2):
        assert client.post(add_url(case), CALL).status_code == 302
    response = client.post(add_url(case), {**CALL, "what": "", "how": ""})
    shown = response.content.decode()
    assert "Enter what was said or agreed" in shown
    assert "Select how you were in touch" in shown
    log_page = client.get(reverse("cases:contact_log", args=[case.reference])).content.decode()
    assert log_page.count("He slept badly") == 2
    assert "&lt;b&gt;tomorrow" in log_page
    assert "He slept badly" in client.get(case.get_absolute_url()).content.decode()
    assert ReadRecord.objects.filter(purpose="contact log").exists()


def test_a_correction_stands_in_place_and_keeps_what_was_written(client, area):
    case = make_case(area, Stage.PLACED)
    first = log(area, case, what="FIRST-WORDS")
    client.force_login(area.person(Role.REFERRER))
    url = reverse("cases:correct_contact", args=[case.reference, first.pk])
    assert "FIRST-WORDS" in client.get(url).content.decode()
    assert client.post(url, {**CALL, "what": "SECOND-WORDS"}).status_code == 302
    again = client.post(url, CALL)
    assert "corrected this entry already" in again.content.decode()
    entries = list(queries.contact_log(case, area.person(Role.REFERRER)))
    assert [entry.what for entry in entries] == ["SECOND-WORDS"]
    assert entries[0].corrects == first
    page = client.get(reverse("cases:contact_log", args=[case.reference])).content.decode()
    assert "SECOND-WORDS" in page
    assert "FIRST-WORDS" in page
    for change in (first.delete, lambda: ContactEntry.objects.update(what="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_what_makes_no_sense_is_refused(area):
    case, other = make_case(area, Stage.PLACED), make_case(area, Stage.PLACED)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(NotAllowed, match="today or in the past"):
        log(area, case, contact_date=tomorrow)
    with pytest.raises(NotAllowed, match="another case"):
        log(area, case, corrects=log(area, other))
    with pytest.raises(NotAllowed, match="Enter with whom"):
        log(area, case, with_whom=" ")
    closed = make_case(area, Stage.CLOSED)
    with pytest.raises(NotAllowed, match="nothing can be added"):
        log(area, closed)
    with pytest.raises(NotPermitted):
        actions.log_contact(
            case=case,
            contact_date=timezone.localdate(),
            how="visit",
            with_whom="x",
            what="y",
            by=area.person(Role.OFFICER),
        )


def test_school_commissioner_and_panel_read_it_and_the_provider_never(client, area):
    referral = make_referral(area, "at_panel")
    log(area, referral.case, what="SECRET-TALK")
    chair = area.panel()[0]
    actions.join(case=referral.case, organisation=area.provider, kind="provider", by=None)
    url = reverse("cases:contact_log", args=[referral.case.reference])
    for person in (
        area.person(Role.HEAD),
        area.person(Role.OFFICER),
        area.person(Role.OFFICER, area.local_authority),
        chair,
    ):
        client.force_login(person)
        assert "SECRET-TALK" in client.get(referral.case.get_absolute_url()).content.decode()
        assert "SECRET-TALK" in client.get(url).content.decode()
        assert [entry.what for entry in queries.contact_log(referral.case, person)]
    for role in (Role.TUTOR, Role.SIGNATORY):
        client.force_login(area.person(role))
        page = client.get(referral.case.get_absolute_url()).content.decode()
        assert "SECRET-TALK" not in page
        assert "Contact with the family" not in page
        assert client.get(url).status_code == 403
        assert not queries.contact_log(referral.case, area.person(role)).exists()
    client.force_login(Area().person(Role.OFFICER))
    assert client.get(url).status_code == 404
    assert client.get(add_url(referral.case)).status_code == 404
    client.force_login(area.person(Role.OFFICER))
    assert client.get(add_url(referral.case)).status_code == 403


def test_a_long_log_asks_the_database_as_often(client, area):
    case = make_case(area, Stage.PLACED)
    client.force_login(area.person(Role.REFERRER))
    url = reverse("cases:contact_log", args=[case.reference])

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    log(area, case)
    few = count()
    for number in range(60):
        log(area, case, what=f"Call {number}")
    assert count() <= few + 1
    page = client.get(case.get_absolute_url()).content.decode()
    assert "All 61 entries" in page
