"""Private links: made by the school, opened with a date of birth, ended, and what a family writes."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from permissions.exceptions import NotPermitted
from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories.cases import Area, make_case
from tests.factories.referrals import make_referral
from workflows.cases import actions as case_actions
from workflows.cases import queries as cases
from workflows.cases.models import FamilyWords
from workflows.cases.states import Stage
from workflows.engine import mail as messages
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.families import actions, grants, rules
from workflows.families.models import FamilyLink
from workflows.referrals.actions import withdraw, withdraw_permission
from workflows.referrals.flows import ReferralFlow

pytestmark = pytest.mark.django_db

BORN = datetime.date(2014, 3, 27)
RIGHT = {"date_of_birth-day": 27, "date_of_birth-month": 3, "date_of_birth-year": 2014}
WRONG = {**RIGHT, "date_of_birth-day": 28}


@pytest.fixture
def area():
    return Area()


def a_case(area, stage=Stage.DRAFT):
    return make_case(area, stage, first_name="Zadie", last_name="O’Quill", date_of_birth=BORN)


def a_link(area, case, voice="parent", days=14):
    return actions.make_link(case=case, voice=voice, days=days, by=area.person(Role.REFERRER))


def follow(client, token):
    return client.get(f"/your-views/{token}/")


def open_link(client, token):
    address = follow(client, token).url
    assert client.post(address, RIGHT).url == address
    return address


def test_from_the_schools_page_to_the_familys_words(client, area):
    case = a_case(area)
    school = area.person(Role.REFERRER)
    area.person(Role.HEAD)
    client.force_login(school)
    page = client.post(f"/families/{case.reference}/", {"voice": "parent", "days": "14"})
    token = re.search(r"/your-views/([^/]+)/", page.content.decode()).group(1)
    assert len(token) >= 43
    link = FamilyLink.objects.get()
    assert token not in str(vars(link))
    shown = client.get(f"/families/{case.reference}/").content.decode()
    assert token not in shown
    assert "Not used yet" in shown

    family = Client()
    response = follow(family, token)
    assert response["Referrer-Policy"] == "no-referrer"
    address = response.url
    assert token not in address
    door = family.get(address)
    text = door.content.decode()
    for secret in ("Zadie", "Quill", case.reference, area.school.name, area.partnership.name):
        assert secret not in text
    assert "noindex" in door["X-Robots-Tag"]
    assert door["Cache-Control"] == "private, no-store"
    assert 'name="robots"' in text
    response = family.post(address, RIGHT)
    text = family.get(response.url).content.decode()
    assert "What do you think about Zadie’s education?" in text
    assert "O’Quill" not in text
    response = family.post(address, {"who": "Her mum"})
    assert "Write something in at least one of the boxes" in response.content.decode()
    words = {"who": "Her mum", "difficult": "The bus.\r\n<b>Noise</b>", "would_help": ""}
    response = family.post(address, words)
    assert "Thank you" in family.get(response.url).content.decode()

    link.refresh_from_db()
    assert link.used_count == 1
    written = FamilyWords.objects.get()
    assert (written.voice, written.who, written.difficult) == (
        "parent",
        "Her mum",
        "The bus.\n<b>Noise</b>",
    )
    shown = client.get(case.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Noise" in shown
    assert "Parent or carer: Her mum" in shown
    event = Event.objects.get(kind="family_gave_views")
    for number, user in messages.addressees(event.pk):
        messages.send(event.pk, number, user)
    assert {message.to[0] for message in mail.outbox} == {
        school.email,
        area.person(Role.HEAD).email,
    }
    assert not any("Zadie" in message.body + message.subject for message in mail.outbox)
    for change in (written.delete, lambda: FamilyWords.objects.update(who="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_pupil_is_asked_in_their_own_words_and_may_write_again(client, area):
    _, token = a_link(area, a_case(area), voice="pupil")
    address = open_link(client, token)
    text = client.get(address).content.decode()
    assert "What do you think, Zadie?" in text
    assert "Who are you?" not in text
    for words in ("First", "Second"):
        assert client.post(address, {"going_well": words}).status_code == 302
    assert [one.going_well for one in FamilyWords.objects.order_by("pk")] == ["First", "Second"]
    assert FamilyLink.objects.get().used_count == 2


def test_without_the_link_a_number_opens_nothing(client, area):
    link, token = a_link(area, a_case(area))
    for path in (f"/your-views/{link.pk}/", f"/your-views/{link.pk}/sent/"):
        assert client.get(path).status_code == 404
        assert client.post(path, RIGHT).status_code in (404, 405)
    assert follow(client, "nonsense").status_code == 404
    assert follow(client, token[:-1]).status_code == 404
    follow(client, token)
    # Followed, and still nothing without the date of birth.
    response = client.post(f"/your-views/{link.pk}/", {"difficult": "x", "who": "y"})
    assert "Enter the date of birth" in response.content.decode()
    assert client.get(f"/your-views/{link.pk}/sent/").url == f"/your-views/{link.pk}/"
    assert not FamilyWords.objects.exists()


def test_wrong_dates_close_the_link_for_a_while_and_then_for_good(client, area):
    link, token = a_link(area, a_case(area))
    moment = timezone.now()
    with time_machine.travel(moment, tick=False) as clock:
        address = follow(client, token).url
        for _ in range(rules.WRONG_IN_A_ROW - 1):
            assert "not right" in client.post(address, WRONG).content.decode()
        # Another browser shares the count.
        other = Client()
        follow(other, token)
        assert other.post(address, WRONG).status_code == 429
        response = client.post(address, RIGHT)
        assert response.status_code == 429
        assert "half an hour" in response.content.decode()
        for _ in range(3):
            clock.shift(rules.LOCKED_FOR + datetime.timedelta(seconds=1))
            for _ in range(rules.WRONG_IN_A_ROW):
                client.post(address, WRONG)
        clock.shift(rules.LOCKED_FOR + datetime.timedelta(seconds=1))
        assert client.post(address, RIGHT).status_code == 404
    link.refresh_from_db()
    assert link.wrong_count == rules.WRONG_FOR_GOOD
    assert link.revoked_at
    assert link.revoked_by is None


@pytest.mark.parametrize("way", ["date", "school", "case", "permission"])
def test_a_link_ends(client, area, way):
    referral = make_referral(area, date_of_birth=BORN)
    case, school = referral.case, area.person(Role.REFERRER)
    link, token = a_link(area, case)
    address = open_link(client, token)
    staff = Client()
    staff.force_login(school)
    moment = timezone.now()
    if way == "date":
        moment += datetime.timedelta(days=14, seconds=1)
    elif way == "school":
        response = staff.post(f"/families/{case.reference}/{link.pk}/end/")
        assert response.status_code == 302
        assert staff.post(f"/families/{case.reference}/{link.pk}/end/").status_code == 409
    elif way == "case":
        withdraw(referral=referral, reason="Moved", by=school)
    else:
        withdraw_permission(
            referral=referral,
            withdrawn_by="Her mother",
            how="email",
            date=timezone.localdate(),
            by=school,
        )
    with time_machine.travel(moment):
        response = client.post(address, {"difficult": "x", "who": "y"})
        assert response.status_code == 404
        assert "Ask your school for a new one" in response.content.decode()
        assert follow(Client(), token).status_code == 404
        with pytest.raises(NotAllowed):
            actions.give_views(link=link, difficult="x")
    assert not FamilyWords.objects.exists()
    states = {"date": "Expired", "school": "Ended"}
    case.refresh_from_db()
    with time_machine.travel(moment):
        link.refresh_from_db()
        assert rules.state_of(link, stage=case.stage, now=moment) == states.get(
            way, "Ended with the case"
        )


def test_a_browser_left_open_asks_again_after_some_hours(client, area):
    _, token = a_link(area, a_case(area))
    moment = timezone.now()
    with time_machine.travel(moment, tick=False) as clock:
        address = open_link(client, token)
        clock.shift(datetime.timedelta(hours=4, seconds=1))
        text = client.get(address).content.decode()
        assert "date of birth" in text
        assert "Zadie" not in text


def test_two_links_in_one_browser_keep_apart_whose_words_they_are(client, area):
    case = a_case(area)
    _, for_parent = a_link(area, case)
    _, for_pupil = a_link(area, case, voice="pupil")
    parent = open_link(client, for_parent)
    pupil = open_link(client, for_pupil)
    client.post(parent, {"who": "Mum", "difficult": "Hers"})
    client.post(pupil, {"difficult": "Mine"})
    assert {(one.voice, one.difficult) for one in FamilyWords.objects.all()} == {
        ("parent", "Hers"),
        ("pupil", "Mine"),
    }


def test_who_reads_the_words(client, area):
    referral = make_referral(area, "at_panel", date_of_birth=BORN)
    link, _ = a_link(area, referral.case)
    actions.give_views(link=link, who="Dad", would_help="QUIET-ROOM")
    chair = area.panel()[0]
    task = tasks.find(referral, ReferralFlow, "vote", owner=chair)
    client.force_login(chair)
    assert "QUIET-ROOM" in client.get(task.get_absolute_url()).content.decode()
    client.force_login(area.person(Role.OFFICER))
    page = client.get(referral.case.get_absolute_url()).content.decode()
    assert "QUIET-ROOM" in page
    assert "Ask the family" not in page
    assert not cases.family_words(referral.case, Area().person(Role.OFFICER)).exists()
    assert client.get(f"/families/{referral.case.reference}/").status_code == 403
    client.force_login(Area().person(Role.REFERRER))
    assert client.get(f"/families/{referral.case.reference}/").status_code == 404


SCHOOL = OrganisationKind.SCHOOL
TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from={"make_link": frozenset({"open"}), "revoke_link": frozenset({"open"})},
    kinds={"make_link": SCHOOL, "revoke_link": SCHOOL},
    acts={
        "make_link": lambda link, by: actions.make_link(
            case=link.case, voice="pupil", days=7, by=by
        ),
        "revoke_link": lambda link, by: actions.revoke_link(link=link, by=by),
    },
)


@pytest.mark.parametrize("status", ["open", "ended"])
def test_every_role_can_do_what_the_table_says(area, status):
    people = tables.one_of_each(area.organisations)
    case = a_case(area, Stage.PLACED)
    link, _ = a_link(area, case)
    if status == "ended":
        actions.revoke_link(link=link, by=area.person(Role.REFERRER))
        case_actions.close(case=case, outcome="ended", by=None)
    assert TABLE.mismatches(link, status, people) == []


def test_the_days_are_those_offered(area):
    case = a_case(area)
    with pytest.raises(NotAllowed):
        a_link(area, case, days=365)
    with pytest.raises(NotPermitted):
        actions.make_link(case=case, voice="pupil", days=7, by=Area().person(Role.REFERRER))
    with pytest.raises(IntegrityError), transaction.atomic():
        FamilyLink.objects.create(
            case=case,
            voice="pupil",
            token_sha256="x",
            created_by=area.person(Role.REFERRER),
            expires_at=timezone.now() - datetime.timedelta(days=1),
        )
