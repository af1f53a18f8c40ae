"""How a school begins a referral: the pupil found or entered, and no second case without a reason."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from permissions.models import ReadRecord
from permissions.roles import Role
from tests.factories.cases import Area, make_pupil, pupil_details
from tests.factories.referrals import make_referral
from workflows.cases import actions as cases
from workflows.cases import rules
from workflows.cases.models import Case, Pupil
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event
from workflows.referrals import actions
from workflows.referrals.states import Status

UPN = "P207000016049"
PUPIL = {
    "first_name": "Siân",
    "last_name": "O’Connor-D'Arcy",
    "date_of_birth-day": "27",
    "date_of_birth-month": "3",
    "date_of_birth-year": "2014",
    "year_group": "7",
    "upn": UPN,
    "uln": "",
    "sen_status": "K",
    "primary_need": "SEMH",
    "looked_after": "no",
}


@pytest.fixture
def area(db):
    return Area()


@pytest.fixture
def referrer(area, client):
    person = area.person(Role.REFERRER)
    client.force_login(person)
    return person


def enter(client, area, **changes):
    return client.post(f"/referrals/new/{area.school.slug}/enter/", {**PUPIL, **changes})


def find(client, area, words):
    address = f"/referrals/new/{area.school.slug}/"
    response = client.post(address, {"q": words}, follow=True)
    return response, response.redirect_chain[-1][0] if response.redirect_chain else address


def known(pupil):
    return f"/referrals/new/{pupil.school.slug}/pupils/{pupil.pk}/"


def answers_of(pupil, **changes):
    born = pupil.date_of_birth
    return {
        **PUPIL,
        "first_name": pupil.first_name,
        "last_name": pupil.last_name,
        "date_of_birth-day": born.day,
        "date_of_birth-month": born.month,
        "date_of_birth-year": born.year,
        "upn": pupil.upn,
        **changes,
    }


def test_a_school_without_pupils_enters_its_first(client, area, referrer):
    response = client.get(f"/referrals/new/{area.school.slug}/")
    assert response.url == f"/referrals/new/{area.school.slug}/enter/"
    assert client.get(response.url).status_code == 200


def test_a_pupil_is_found_by_name_or_number_within_the_school(client, area, referrer):
    mine = make_pupil(area.school, first_name="Zoë", last_name="D’Arcy-Wynn", upn=UPN)
    make_pupil(Area().school, first_name="Zoë", last_name="D’Arcy-Other")
    for words in ("d'arcy", "zo", "wynn", "ZOË D’AR", "p2070 0001 6049"):
        response, address = find(client, area, words)
        shown = response.content.decode()
        assert known(mine) in shown, words
        assert "Other" not in shown
        assert "arcy" not in address.lower()
        assert "2070" not in address
    response, _ = find(client, area, "nobody")
    assert "no pupil of that name" in response.content.decode()
    response, _ = find(client, area, "  ")
    assert "Enter a name or a unique pupil number" in response.content.decode()


def test_the_search_asks_the_database_as_often_for_many_pupils(client, area, referrer):
    make_pupil(area.school, last_name="Same")
    find(client, area, "same")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            response, _ = find(client, area, "same")
        return len(captured), response.content.decode()

    few, _ = queries()
    Pupil.objects.bulk_create(
        Pupil(school=area.school, **pupil_details(last_name="Same")) for _ in range(60)
    )
    many, shown = queries()
    assert many == few
    assert "There may be more" in shown


def test_a_pupil_found_is_checked_and_referred_without_typing_again(client, area, referrer):
    pupil = make_pupil(area.school, upn=UPN)
    shown = client.get(known(pupil)).content.decode()
    assert f'value="{UPN}"' in shown
    assert "open case already" not in shown
    assert ReadRecord.objects.filter(purpose="pupil to refer", object_id=pupil.pk).exists()
    response = client.post(known(pupil), answers_of(pupil, year_group="8"))
    assert response.status_code == 302
    case = Case.objects.get()
    assert case.pupil == pupil
    assert case.pupil.year_group == 8
    assert case.another_because == ""


def test_an_open_case_is_shown_and_another_needs_a_reason(client, area, referrer):
    first = make_referral(area, Status.SUBMITTED, upn=UPN)
    pupil = first.case.pupil
    shown = client.get(known(pupil)).content.decode()
    assert f"Use this case, {first.case.reference}" in shown
    response = client.post(known(pupil), answers_of(pupil))
    assert "Enter why you open another case" in response.content.decode()
    assert Case.objects.count() == 1
    response = client.post(
        known(pupil), answers_of(pupil, another_because="It’s for a hospital stay")
    )
    assert response.status_code == 302
    second = Case.objects.exclude(pk=first.case.pk).get()
    assert second.another_because == "It’s for a hospital stay"
    event = Event.objects.get(kind="case_opened", subject_id=second.pk)
    assert "It’s for a hospital stay" in event.summary
    assert event.audience == "school_and_commissioner"


def test_a_pupil_very_like_one_recorded_is_shown_before_a_second_case(client, area, referrer):
    enter(client, area)
    first = Case.objects.get()
    for like in ({"first_name": "Sian"}, {"first_name": "Sian", "last_name": "OConnor Darcy"}):
        response = enter(client, area, upn="", **like)
        shown = response.content.decode()
        assert "already recorded a pupil" in shown
        assert first.reference in shown
    assert Case.objects.count() == 1
    same = {"asked": "1", "upn": "", "same_pupil": str(first.pupil.pk)}
    response = enter(client, area, **same)
    assert "Enter why you open another case for this pupil" in response.content.decode()
    response = enter(client, area, **same, another_because="A second placement is meant")
    assert response.status_code == 302
    assert Pupil.objects.count() == 1
    assert Case.objects.count() == 2
    response = enter(client, area, first_name="Another", asked="1", same_pupil="new")
    assert "Another pupil of your school has this" in response.content.decode()
    response = enter(client, area, upn="", asked="1", same_pupil="")
    assert "Select whether this is a pupil already recorded" in response.content.decode()
    assert Case.objects.count() == 2
    # A twin: the same birthday and a name of their own.
    response = enter(client, area, upn="", first_name="Owen", asked="1", same_pupil="new")
    assert response.status_code == 302
    assert Pupil.objects.count() == 2


def test_somebody_of_another_name_or_birthday_is_no_duplicate(client, area, referrer):
    enter(client, area)
    other = {"first_name": "Bartholomew", "last_name": "Fry", "upn": ""}
    assert enter(client, area, **other).status_code == 302
    assert enter(client, area, upn="", **{"date_of_birth-day": "28"}).status_code == 302


def test_a_draft_at_another_school_is_known_to_that_school_alone(client, area, referrer):
    make_referral(Area(), upn=UPN, last_name="Secret")
    assert enter(client, area, last_name="Different").status_code == 302


@pytest.mark.django_db
def test_a_case_submitted_at_another_school_is_asked_about(client):
    elsewhere, area = Area(), Area()
    there = make_referral(elsewhere, Status.SUBMITTED, upn=UPN, last_name="Secret")
    client.force_login(area.person(Role.REFERRER))
    response = enter(client, area, last_name="Different")
    shown = response.content.decode()
    assert "Another school has an open case" in shown
    assert "Secret" not in shown
    assert there.case.reference not in shown
    assert elsewhere.school.name not in shown
    response = enter(client, area, last_name="Different", asked="1")
    assert "Enter why you open another case" in response.content.decode()
    response = enter(
        client, area, last_name="Different", asked="1", another_because="She has moved to us"
    )
    assert response.status_code == 302
    assert Case.objects.get(pupil__school=area.school).another_because == "She has moved to us"


def test_the_action_refuses_a_second_case_without_a_reason(area):
    referral = make_referral(area)
    with pytest.raises(NotAllowed, match="has an open case already"):
        actions.start(school=area.school, by=area.person(Role.REFERRER), pupil=referral.case.pupil)
    actions.withdraw(referral=referral, reason="Moved", by=area.person(Role.REFERRER))
    again = actions.start(
        school=area.school, by=area.person(Role.REFERRER), pupil=referral.case.pupil
    )
    assert again.case.another_because == ""


def test_pupils_of_another_school_are_not_to_be_had(client, area, referrer):
    stranger = make_pupil(Area().school)
    assert client.get(known(stranger)).status_code == 404
    assert client.get(f"/referrals/new/{area.school.slug}/pupils/{stranger.pk}/").status_code == 404
    client.force_login(area.person(Role.ATTENDANCE_OFFICER))
    mine = make_pupil(area.school)
    assert client.get(known(mine)).status_code == 404
    assert client.get(f"/referrals/new/{area.school.slug}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_refer_one_pupil_at_once_open_one_case():
    area = Area()
    pupil = make_pupil(area.school)
    people = [area.person(Role.REFERRER), area.person(Role.HEAD)]
    ready = threading.Barrier(2)
    outcomes = []

    def refer(person):
        try:
            ready.wait()
            cases.open_case(pupil=pupil, partnership=area.partnership, by=person)
            outcomes.append("opened")
        except NotAllowed:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=refer, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["opened", "told"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Siân O’Connor", "Sian OConnor", True),
        ("Siân O’Connor", "O'Connor, Sian", True),
        ("Mohammed Khan", "Muhammad Khan", True),
        ("Jo Li", "Jo Lee", True),
        ("Owen Hughes", "Megan Price", False),
        ("Ann Lee", "Bo Fry", False),
    ],
)
def test_names_are_alike(one, other, alike):
    assert rules.is_similar_name(one, other) is alike
