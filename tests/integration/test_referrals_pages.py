"""The referral form as a school meets it: every page saves, nothing is lost, submitted once."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from permissions.roles import Role
from tests.factories import SchoolFactory, files, member
from tests.factories.cases import Area, make_case
from tests.factories.referrals import make_referral
from workflows.cases.models import Pupil
from workflows.engine import tasks
from workflows.engine.models import Event
from workflows.referrals import queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import Referral
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db

PUPIL = {
    "first_name": "Siân",
    "last_name": "O’Connor-D'Arcy",
    "date_of_birth-day": "27",
    "date_of_birth-month": "3",
    "date_of_birth-year": "2014",
    "year_group": "7",
    "upn": "p2070 00016049",
    "uln": "",
    "sen_status": "K",
    "primary_need": "SEMH",
    "looked_after": "no",
}


@pytest.fixture
def area():
    return Area()


@pytest.fixture
def referrer(area, client):
    person = area.person(Role.REFERRER)
    client.force_login(person)
    return person


def start(client, area, **changes):
    return client.post(f"/referrals/new/{area.school.slug}/enter/", {**PUPIL, **changes})


def page(referral, name):
    return reverse(f"referrals:{name}", args=[referral.case.reference])


def questions(referral, number):
    return reverse("referrals:questions", args=[referral.case.reference, number])


def test_the_whole_form_from_the_first_page_to_submission(client, area, referrer):
    response = client.get("/referrals/new/")
    assert response.url == f"/referrals/new/{area.school.slug}/"
    response = start(client, area)
    referral = Referral.objects.get()
    assert referral.case.pupil.upn == "P207000016049"
    assert response.url == page(referral, "permission")

    response = client.post(
        page(referral, "permission"),
        {
            "given_by": "Pat O’Connor, mother",
            "how": "meeting",
            "date": timezone.localdate().isoformat(),
            "covers": "Everything",
        },
    )
    assert response.url == page(referral, "evidence")
    for number in range(2):
        response = client.post(
            page(referral, "add_evidence"),
            {
                "kind": "medical_evidence",
                "title": f"Letter {number}",
                "file": SimpleUploadedFile("letter.pdf", files.PDF),
                "author": "Dr O’Shea",
                "audience": "usual",
            },
        )
        assert response.url == page(referral, "evidence")
    assert client.post(page(referral, "evidence"), {}).url == questions(referral, 1)
    answers = {
        "reason": "Anxious; cannot attend.\r\nSince “May”",
        "needs": "Quiet",
        "strengths": "Maths",
        "behaviour": "Calm",
        "working_at": "Grade 5",
    }
    assert client.post(questions(referral, 1), answers).url == questions(referral, 2)
    answers = {"tried_first": "Part-time", "pupil_views": "I’d like it", "parent_views": "Yes"}
    assert client.post(questions(referral, 2), answers).url == page(referral, "contacts")
    answers = dict.fromkeys(
        (
            "named_person",
            "named_person_contact",
            "key_contact",
            "key_contact_contact",
            "absence_contact",
            "absence_contact_contact",
        ),
        "Sam",
    )
    assert client.post(page(referral, "contacts"), answers).url == page(referral, "check")
    shown = client.get(page(referral, "check")).content.decode()
    assert "O’Connor-D&#x27;Arcy" in shown
    assert "Cannot attend" not in shown
    assert "cannot attend." in shown
    assert "There is a problem" not in shown

    response = client.post(page(referral, "check"))
    assert response.url == referral.case.get_absolute_url()
    referral.refresh_from_db()
    assert referral.status == Status.SUBMITTED
    assert queries.answers(referral)["reason"] == "Anxious; cannot attend.\nSince “May”"
    again = client.post(page(referral, "check"))
    assert again.status_code == 409
    assert "cannot be submitted" in again.content.decode()
    assert Event.objects.filter(kind="referral_submitted").count() == 1


def test_errors_are_summed_up_and_nothing_typed_is_lost(client, area, referrer):
    response = start(client, area, upn="A207000016049", **{"date_of_birth-month": "13"})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in shown
    assert 'href="#id_upn"' in shown
    assert "does not match its numbers" in shown
    assert "O’Connor-D'Arcy" in html.unescape(shown)
    assert not Pupil.objects.exists()


def test_a_page_can_be_saved_half_done_and_come_back_to(client, area, referrer):
    start(client, area)
    referral = Referral.objects.get()
    response = client.post(questions(referral, 1), {"needs": "Half a th", "save": "1"})
    assert response.url == page(referral, "detail")
    response = client.post(page(referral, "permission"), {"given_by": "Pat", "save": "1"})
    assert response.url == page(referral, "detail")
    client.logout()
    client.force_login(referrer)
    assert "Half a th" in client.get(questions(referral, 1)).content.decode()
    assert 'value="Pat"' in client.get(page(referral, "permission")).content.decode()
    shown = client.get(page(referral, "detail")).content.decode()
    assert "1 of 6 sections completed" in shown
    assert "Cannot start yet" in shown
    response = client.post(questions(referral, 1), {"needs": "Half a th"})
    assert "Answer the question ‘Why are you referring the pupil?’" in response.content.decode()
    assert referral.case.reference in client.get("/referrals/").content.decode()


def test_what_is_missing_is_said_instead_of_submitted(client, area, referrer):
    start(client, area)
    referral = Referral.objects.get()
    assert "permission first" in client.get(page(referral, "check")).content.decode()
    response = client.post(page(referral, "check"))
    assert "permission first" in response.content.decode()
    referral.refresh_from_db()
    assert referral.status == Status.DRAFT


def test_a_pupil_of_another_school_is_no_duplicate(client, area, referrer):
    make_case(Area(), first_name="Siân", last_name="O’Connor-D'Arcy")
    assert start(client, area).status_code == 302


def test_who_refers_for_two_schools_is_asked_which(client, area, referrer):
    other = SchoolFactory(parent=area.partnership)
    member(Role.REFERRER, other, user=referrer)
    assert "Which school" in client.get("/referrals/new/").content.decode()
    response = client.post("/referrals/new/", {"school": other.pk})
    assert response.url == f"/referrals/new/{other.slug}/"
    stranger = Area().school
    assert client.post("/referrals/new/", {"school": stranger.pk}).status_code == 200
    assert client.get(f"/referrals/new/{stranger.slug}/").status_code == 404


def test_evidence_can_be_removed_from_a_draft_only(client, area, referrer):
    referral = make_referral(area)
    document = referral.case.documents.get()
    url = reverse("referrals:remove_evidence", args=[referral.case.reference, document.pk])
    assert client.post(url).status_code == 302
    assert not referral.case.documents.exists()
    submitted = make_referral(area, Status.SUBMITTED)
    document = submitted.case.documents.get()
    url = reverse("referrals:remove_evidence", args=[submitted.case.reference, document.pk])
    assert client.post(url).status_code == 409
    assert submitted.case.documents.exists()


PAGES = [
    "detail",
    "pupil",
    "permission",
    "evidence",
    "add_evidence",
    "contacts",
    "check",
    "withdraw",
]


def test_other_people_do_not_reach_the_pages(client, area):
    referral = make_referral(area)
    stranger = Area().person(Role.REFERRER)
    colleague = area.person(Role.SAFEGUARDING_LEAD)
    for name in PAGES:
        client.logout()
        assert client.get(page(referral, name)).status_code == 302
        client.force_login(stranger)
        assert client.get(page(referral, name)).status_code == 404
        client.force_login(colleague)
        assert client.get(page(referral, name)).status_code == 403
        client.force_login(area.person(Role.HEAD))
        assert client.get(page(referral, name)).status_code == 200


def test_a_submitted_referral_is_read_on_the_case(client, area, referrer):
    referral = make_referral(area, Status.SUBMITTED)
    assert client.get(questions(referral, 1)).url == referral.case.get_absolute_url()
    response = client.post(questions(referral, 2), dict.fromkeys(("tried_first",), "x"))
    assert response.status_code == 200
    response = client.post(
        questions(referral, 2),
        {"tried_first": "x", "pupil_views": "y", "parent_views": "z"},
    )
    assert "cannot be changed" in response.content.decode()


# --- Steps --------------------------------------------------------------------------------------


def do(client, person, referral, node, answers, owner=None):
    """Answer a step and confirm it."""
    task = tasks.find(referral, ReferralFlow, node, owner=owner)
    client.force_login(person)
    url = task.get_absolute_url()
    assert client.get(url).status_code == 200
    response = client.post(url, answers)
    if response.status_code == 302 and "check" in response.url:
        assert client.get(response.url).status_code == 200
        response = client.post(url, {"confirm": "1"})
    return response


def test_the_steps_through_their_pages(client, area):
    referral = make_referral(area, Status.SUBMITTED)
    officer, referrer, panel = area.person(Role.OFFICER), area.person(Role.REFERRER), area.panel()
    response = do(client, officer, referral, "screen", {"next": "ask", "question": ""})
    assert "Enter the question" in response.content.decode()
    do(client, officer, referral, "screen", {"next": "ask", "question": "Which days?"})
    do(client, referrer, referral, "answer_question", {"answer": "Mornings, I’d say"})
    do(client, officer, referral, "screen", {"next": "to_panel"})
    vote = {"choice": "accept", "reasons": "It fits"}
    client.force_login(panel[1])
    task = tasks.find(referral, ReferralFlow, "vote", owner=panel[1])
    assert "Put this task back" not in client.get(task.get_absolute_url()).content.decode()
    conflict = {"choice": "conflict", "reasons": "My neighbour"}
    do(client, panel[1], referral, "vote", conflict, owner=panel[1])
    assert client.get(referral.case.get_absolute_url()).status_code == 404
    do(client, panel[2], referral, "vote", vote, owner=panel[2])
    do(client, panel[0], referral, "vote", vote, owner=panel[0])
    decision = {"outcome": "accept", "reasons": "It fits", "conditions": ""}
    response = do(client, panel[0], referral, "decide", decision)
    assert response.status_code == 302
    referral.refresh_from_db()
    assert referral.status == Status.ACCEPTED
    assert client.get(referral.case.get_absolute_url()).status_code == 404


def test_votes_are_seen_by_the_chair_and_never_by_school_or_provider(client, area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    vote = {"choice": "decline", "reasons": "SECRET-REASON"}
    do(client, panel[1], referral, "vote", vote, owner=panel[1])
    do(client, panel[2], referral, "vote", vote, owner=panel[2])
    client.force_login(panel[0])
    task = tasks.find(referral, ReferralFlow, "decide")
    assert "SECRET-REASON" in client.get(task.get_absolute_url()).content.decode()
    do(
        client,
        panel[0],
        referral,
        "decide",
        {"outcome": "accept", "reasons": "On balance", "conditions": ""},
    )
    from workflows.cases import actions as cases

    cases.join(case=referral.case, organisation=area.provider, kind="provider", by=None)
    for person in (
        area.person(Role.REFERRER),
        area.person(Role.HEAD),
        area.person(Role.TUTOR),
        area.person(Role.SIGNATORY),
    ):
        client.force_login(person)
        response = client.get(referral.case.get_absolute_url())
        assert response.status_code == 200
        assert "SECRET-REASON" not in response.content.decode()
        assert "A panel member voted" not in response.content.decode()
    client.force_login(area.person(Role.OFFICER))
    assert "SECRET-REASON" in client.get(referral.case.get_absolute_url()).content.decode()
    client.force_login(area.person(Role.TUTOR))
    shown = client.get(referral.case.get_absolute_url()).content.decode()
    assert "On balance" not in shown
    assert "wrote about needs" in shown


def test_a_member_changes_a_vote_on_its_page(client, area):
    referral = make_referral(area, Status.AT_PANEL, members=3)
    panel = area.panel(3)
    address = page(referral, "change_vote")
    client.force_login(panel[1])
    task = tasks.find(referral, ReferralFlow, "vote", owner=panel[1])
    assert client.get(address).url == task.get_absolute_url()
    answers = {"choice": "decline", "reasons": "MY-OWN-REASON"}
    do(client, panel[1], referral, "vote", answers, owner=panel[1])
    do(client, panel[2], referral, "vote", {**answers, "reasons": "HERS"}, owner=panel[2])
    client.force_login(panel[1])
    assert "Change your vote" in client.get(referral.case.get_absolute_url()).content.decode()
    shown = client.get(address).content.decode()
    assert "MY-OWN-REASON" in shown
    assert "HERS" not in shown
    changed = {"choice": "accept", "reasons": "It’s clear now", "replaces": "1"}
    assert client.post(address, changed).url == referral.case.get_absolute_url()
    # A second tab, opened before: told, and nothing typed is lost.
    second = client.post(address, {**changed, "choice": "defer", "reasons": "Typed in a tab"})
    assert "since you opened this page" in second.content.decode()
    assert "Typed in a tab" in second.content.decode()
    assert client.post(address, {"choice": "", "reasons": "", "replaces": "2"}).status_code == 200
    response = client.post(address, {"choice": "conflict", "reasons": "Kin", "replaces": "2"})
    assert response.url == reverse("engine:inbox")
    assert client.get(address).status_code == 404
    client.force_login(area.person(Role.OFFICER))
    assert client.get(address).status_code == 403


def test_a_decision_with_conditions_and_a_deferral_by_the_page(client, area):
    referral = make_referral(area, Status.AT_PANEL)
    panel = area.panel()
    vote = {"choice": "defer", "reasons": "Later"}
    do(client, panel[1], referral, "vote", vote, owner=panel[1])
    do(client, panel[2], referral, "vote", vote, owner=panel[2])
    answers = {"outcome": "defer", "reasons": "Wait", "conditions": "A\nB"}
    shown = do(client, panel[0], referral, "decide", answers).content.decode()
    assert "Enter until when the referral is deferred" in shown
    assert "Delete the conditions" in shown
    do(client, panel[0], referral, "decide", {**answers, "conditions": "", "deferred_for": "News"})
    referral.refresh_from_db()
    assert referral.status == Status.DEFERRED
    assert referral.decision.deferred_for == "News"
    client.force_login(area.person(Role.REFERRER))
    assert "Waiting for" in client.get(referral.case.get_absolute_url()).content.decode()


def test_withdrawing_by_the_page(client, area, referrer):
    referral = make_referral(area, Status.AT_PANEL)
    assert client.get(page(referral, "withdraw")).status_code == 200
    response = client.post(page(referral, "withdraw"), {"reason": "They’ve moved"})
    assert response.url == referral.case.get_absolute_url()
    referral.refresh_from_db()
    assert referral.status == Status.WITHDRAWN
    assert not tasks.open_tasks(referral).exists()


def test_an_administrator_sets_the_panel(client, area):
    url = reverse("referrals:panel_settings", args=[area.partnership.slug])
    client.force_login(area.person(Role.OFFICER))
    assert client.get(url).status_code == 404
    assert "no partnership’s panel" in client.get("/referrals/panel/").content.decode()
    client.force_login(area.person(Role.ADMINISTRATOR))
    assert client.get("/referrals/panel/").url == url
    assert client.get(url).status_code == 200
    answers = {
        "quorum": "0",
        "votes_shown": "after_own_vote",
        "screen_working_days": "4",
        "decide_working_days": "10",
        "answer_working_days": "3",
        "ask_review_working_days": "20",
        "review_working_days": "15",
        "reminder_working_days": "1",
    }
    assert client.post(url, answers).status_code == 200
    assert client.post(url, {**answers, "quorum": "3"}).status_code == 302
    assert queries.panel_settings(area.partnership).quorum == 3
    assert queries.panel_settings(area.partnership).votes_shown == "after_own_vote"


def test_a_referral_is_kept_as_a_pdf_by_those_who_may_see_it(client, area, referrer):
    referral = make_referral(area)
    response = client.get(page(referral, "pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]
    for person in (area.person(Role.OFFICER), Area().person(Role.REFERRER)):
        client.force_login(person)
        assert client.get(page(referral, "pdf")).status_code == 404
