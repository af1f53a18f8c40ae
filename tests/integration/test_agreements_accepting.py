"""How an agreement comes to bind: by both signatures, case by case, by acting; and days of grace."""

from __future__ import annotations

import csv
import datetime
import io
import time
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from permissions.models import Organisation, User
from permissions.roles import Role
from tests.factories import ProviderFactory, SchoolFactory, member
from tests.factories.agreements import (
    NO_GRACE,
    TERMS,
    accept,
    clause_id,
    countersign,
    do_request,
    make_agreement,
    publish,
    text,
)
from tests.factories.cases import Area, make_case
from tests.factories.placements import make_allocation, make_offer, make_placement, ready
from tests.factories.referrals import make_referral
from tests.factories.reviews import make_review
from workflows.agreements import actions, jobs, queries
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementVersion,
    ReadingPosition,
)
from workflows.cases.models import Case, Document
from workflows.engine import mail as messages
from workflows.engine import states, tasks, timers
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event, Task
from workflows.placements import actions as placements
from workflows.placements import queries as placement_queries
from workflows.placements.flows import PlacementFlow
from workflows.placements.models import Placement
from workflows.placements.states import OfferStatus, PlacementStatus
from workflows.reviews.flows import ReviewFlow
from workflows.reviews.models import Review
from workflows.reviews.states import ReviewStatus

pytestmark = pytest.mark.django_db

MONDAY = "2026-09-14 09:00:00+01:00"


@pytest.fixture
def area() -> Area:
    return Area()


def gate(agreement: Agreement, party: Organisation, case: Case | None = None) -> str | None:
    agreement.refresh_from_db()
    return queries.why_no_new_placement(agreement, party, case=case)


def in_force(agreement: Agreement) -> AgreementVersion:
    version = queries.version_in_force(agreement)
    assert version is not None
    return version


def open_request(agreement: Agreement, party: Organisation, **more: Any) -> AcceptanceRequest:
    request = actions.ask_to_accept(agreement=agreement, organisation=party, by=None, **more)
    assert request is not None
    return request


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- By both signatures ---------------------------------------------------------------------------


def test_a_placement_needs_both_signatures_and_the_partnership_gets_its_task(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    do_request(open_request(agreement, area.provider))
    assert "has not signed version 1" in (gate(agreement, area.provider) or "")
    request = agreement.acceptance_requests.get(organisation=area.partnership)
    task = tasks.find(request, AcceptanceFlow, "accept")
    assert task.organisation == area.partnership
    do_request(request, area.person(Role.OFFICER))
    assert gate(agreement, area.provider) is None
    # The partnership has signed for everybody: a second provider's signature is enough.
    do_request(open_request(agreement, second := ProviderFactory()))
    assert gate(agreement, second) is None


def test_the_partnership_may_sign_first(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    countersign(agreement)
    assert "has not accepted version 1" in (gate(agreement, area.provider) or "")
    do_request(open_request(agreement, area.provider))
    assert gate(agreement, area.provider) is None


def test_both_sides_are_told_of_the_others_signature(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    signatory, officer = area.person(Role.SIGNATORY), area.person(Role.OFFICER)
    do_request(open_request(agreement, area.provider), signatory)
    countersign(agreement)
    first, second = Event.objects.filter(kind="agreement_accepted").order_by("pk")
    assert officer.pk in {person for _, person in messages.addressees(first.pk)}
    assert [person for _, person in messages.addressees(second.pk)] == [signatory.pk]
    number = messages.addressees(second.pk)[0][0]
    messages.send(second.pk, number, signatory.pk)
    assert "Both sides have signed now" in mail.outbox[0].body


def test_a_policy_is_the_partnerships_own_word_already(area: Area) -> None:
    agreement = make_agreement(area.partnership, kind="policy")
    do_request(open_request(agreement, area.school))
    assert not agreement.acceptance_requests.filter(organisation=area.partnership).exists()


# --- Case by case ---------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"mode": "at_commissioning"}, {"scope": "pupil"}])
def test_an_acceptance_for_one_case_is_for_no_other(area: Area, changes: dict[str, Any]) -> None:
    agreement = make_agreement(area.partnership, **changes)
    first, second = make_case(area), make_case(area)
    acceptance = accept(agreement, area.provider, case=first)
    assert acceptance.case == first
    assert f"for case {first.reference}" in acceptance.wording
    assert gate(agreement, area.provider, first) is None
    assert f"for case {second.reference}" in (gate(agreement, area.provider, second) or "")
    accept(agreement, area.provider, case=second)
    assert gate(agreement, area.provider, second) is None


def test_the_same_case_is_accepted_once_also_past_the_actions(area: Area) -> None:
    agreement = make_agreement(area.partnership, mode="at_commissioning")
    case = make_case(area)
    acceptance = accept(agreement, area.provider, case=case)
    assert open_requests(agreement) == []
    for same in (case, None):
        acceptance.case = same
        if same is None:
            acceptance.pk = None
            acceptance.save(force_insert=True)
        acceptance.pk = None
        with pytest.raises(IntegrityError, match="acceptance_once"), transaction.atomic():
            acceptance.save(force_insert=True)


def open_requests(agreement: Agreement) -> list[Organisation]:
    requests = agreement.acceptance_requests.filter(status="requested").order_by("organisation")
    return [request.organisation for request in requests]


def test_nobody_is_asked_for_no_case_where_it_is_accepted_by_case(area: Area) -> None:
    agreement = make_agreement(area.partnership, mode="at_commissioning")
    with pytest.raises(NotAllowed, match="one case at a time"):
        actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)


def test_an_agreement_for_one_activity_names_it(area: Area) -> None:
    agreement = make_agreement(area.partnership, scope="activity", mode="at_commissioning")
    with pytest.raises(NotAllowed, match="Enter the activity"):
        open_request(agreement, area.provider)
    request = open_request(agreement, area.provider, activity="Riding on Tuesdays")
    acceptance = do_request(request)
    assert "for the activity “Riding on Tuesdays”" in acceptance.wording
    assert open_request(agreement, area.provider, activity="Forest school").activity
    # An activity of its own does not let a pupil be placed.
    assert gate(agreement, area.provider, make_case(area))


def test_a_changed_text_is_asked_about_for_every_open_case(area: Area) -> None:
    agreement = make_agreement(area.partnership, mode="at_commissioning")
    cases = [make_case(area, "placed"), make_case(area, "placed"), make_case(area, "closed")]
    for case in cases:
        accept(agreement, area.provider, case=case)
    publish(agreement, text(wording="More", mode="at_commissioning", terms=NO_GRACE))
    asked = agreement.acceptance_requests.filter(status="requested")
    assert {request.case for request in asked} == set(cases[:2])
    do_request(asked.get(case=cases[0]))
    assert gate(agreement, area.provider, cases[0]) is None
    assert gate(agreement, area.provider, cases[1])


def test_each_placement_keeps_the_numbers_accepted_for_its_own_case(area: Area) -> None:
    ready(area)
    agreement = queries.agreement_for(area.partnership)
    assert agreement is not None
    publish(agreement, text(mode="at_commissioning"))
    first = make_placement(area, PlacementStatus.STARTED)
    publish(agreement, text(mode="at_commissioning", terms={**TERMS, "review_every": "6"}))
    second = make_placement(area, PlacementStatus.STARTED)
    weeks = [queries.term_in_force(one, "review_every") for one in (first, second)]
    assert [term and int(term.value) for term in weeks] == [12, 6]


# --- By acting ------------------------------------------------------------------------------------


def test_a_referral_is_the_schools_acceptance_and_its_copy_is_in_the_case(area: Area) -> None:
    make_agreement(area.partnership, mode="implied")
    referral = make_referral(area, "submitted")
    acceptance = Acceptance.objects.get()
    assert (acceptance.organisation, acceptance.case) == (area.school, referral.case)
    assert acceptance.name == area.person(Role.REFERRER).name
    assert acceptance.position == "Referrer"
    assert "referred a pupil" in acceptance.wording
    jobs.make_receipt(acceptance_id=acceptance.pk)
    document = Document.objects.get(case=referral.case, kind="letter")
    with document.file.open() as file:
        words = " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert "Do what is agreed, as the school." in words
    assert acceptance.sha256 in "".join(words.split())
    for person in (area.person(Role.REFERRER), area.person(Role.OFFICER)):
        assert document in Document.objects.visible_to(person)


def test_taking_the_place_is_the_providers_acceptance(area: Area) -> None:
    ready(area)
    agreement = queries.agreement_for(area.partnership)
    assert agreement is not None
    publish(agreement, text(mode="implied"))
    offer = make_offer(area, OfferStatus.ACCEPTED)
    placement = Placement.objects.get(offer=offer)
    acceptance = Acceptance.objects.get()
    assert (acceptance.organisation, acceptance.case) == (area.provider, placement.case)
    assert acceptance.authority.endswith("took the place that it was offered")
    assert not AcceptanceRequest.objects.exists()
    placements.start_placement(placement=placement, by=area.person(Role.OFFICER))


def test_nothing_is_implied_where_the_agreement_is_signed(area: Area) -> None:
    make_agreement(area.partnership)
    make_referral(area, "submitted")
    assert not Acceptance.objects.exists()


def test_a_text_changed_after_acting_is_accepted_by_a_task(area: Area) -> None:
    agreement = make_agreement(area.partnership, mode="implied")
    referral = make_referral(area, "submitted")
    publish(agreement, text(mode="implied", wording="More"))
    request = AcceptanceRequest.objects.get()
    assert request.organisation == area.school
    do_request(request, area.person(Role.HEAD))
    assert queries.has_accepted(agreement, area.school, case=referral.case)


# --- The safeguarding lead ------------------------------------------------------------------------


def answers(version: AgreementVersion, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Ada Moss",
        "position": "Director",
        "authority": "Director of the company",
        "confirmed": "on",
        "version": version.sha256,
        **changes,
    }


LEAD = {
    "lead_name": "Bo Reed",
    "lead_contact": "01632 960002",
    "lead_trained_date": "2026-01-05",
    "is_policy_received": "on",
}


def test_the_safeguarding_lead_is_asked_for_and_kept(area: Area) -> None:
    agreement = make_agreement(area.partnership, asks_safeguarding_lead=True)
    request = open_request(agreement, area.provider)
    client = signed_in(area.person(Role.SIGNATORY))
    url = tasks.find(request, AcceptanceFlow, "accept").get_absolute_url()
    refused = client.post(url, answers(request.version)).content.decode()
    assert "Enter the name of your safeguarding lead" in refused
    assert "Tick the box to say that you have received the safeguarding policy" in refused
    check = client.post(url, answers(request.version, **LEAD), follow=True).content.decode()
    assert "5 January 2026" in check
    client.post(url, {"confirm": "1"})
    acceptance = Acceptance.objects.get()
    assert (acceptance.lead_name, acceptance.lead_trained_date) == (
        "Bo Reed",
        datetime.date(2026, 1, 5),
    )
    jobs.make_receipt(acceptance_id=acceptance.pk)
    pages = pypdf.PdfReader(io.BytesIO(bytes(acceptance.receipt.pdf))).pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for said in ("Bo Reed, 01632 960002", "A copy was received", "Director of the company"):
        assert said in words
    # The partnership has no pupils: it is not asked.
    countersign(agreement)


# --- Days of grace --------------------------------------------------------------------------------


def test_the_days_of_grace_let_new_placements_start_until_their_last(area: Area) -> None:
    with time_machine.travel(MONDAY) as clock:
        agreement = make_agreement(area.partnership)
        accept(agreement, area.provider)
        publish(agreement, text(wording="More duties"))
        last = datetime.date(2026, 9, 28)  # ten working days after Monday the 14th
        request = agreement.acceptance_requests.get(organisation=area.provider, status="requested")
        assert request.due_date == last
        clock.move_to("2026-09-28 16:00:00+01:00")
        assert gate(agreement, area.provider) is None
        # Publishing once more does not begin them anew.
        publish(agreement, text(wording="Yet more duties"))
        assert gate(agreement, area.provider) is None
        clock.move_to("2026-09-29 00:30:00+01:00")
        refused = gate(agreement, area.provider)
        assert refused
        assert "on or before 28 September 2026" in refused
        accept(agreement, area.provider)
        assert gate(agreement, area.provider) is None


def test_a_first_acceptance_has_no_days_of_grace(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    countersign(agreement)
    open_request(agreement, area.provider)
    assert "has not accepted version 1" in (gate(agreement, area.provider) or "")


def test_a_placement_starts_in_the_days_of_grace_and_keeps_its_numbers(area: Area) -> None:
    placement = make_placement(area)
    publish(placement.agreement, text(terms={**TERMS, "review_every": "6"}))
    started = placements.start_placement(placement=placement, by=area.person(Role.OFFICER))
    assert started.status == PlacementStatus.STARTED
    term = queries.term_in_force(started, "review_every")
    assert term is not None
    assert term.value == 12


def test_the_days_of_grace_are_judged_by_the_day_on_which_the_placement_starts(area: Area) -> None:
    with time_machine.travel(MONDAY):
        placement = make_placement(area)
        publish(placement.agreement, text(wording="More duties"))
        officer = area.person(Role.OFFICER)
        with pytest.raises(NotAllowed, match="on or before 28 September 2026"):
            placements.start_placement(
                placement=placement, starts_date=datetime.date(2026, 9, 29), by=officer
            )
        assert placement_queries.agreement_says(placement) is None
        assert placement_queries.agreement_says(placement, datetime.date(2026, 9, 29))
        last = datetime.date(2026, 9, 28)
        started = placements.start_placement(placement=placement, starts_date=last, by=officer)
        assert started.starts_date == last


def test_people_are_reminded_before_the_end_and_told_of_it_once(area: Area) -> None:
    with time_machine.travel(MONDAY) as clock:
        agreement = make_agreement(area.partnership)
        open_request(agreement, area.provider)
        signatory = area.person(Role.SIGNATORY)
        officer = area.person(Role.OFFICER)
        told: list[str] = []
        for day in range(14, 31):
            clock.move_to(f"2026-09-{day} 07:20:00+01:00")
            for _ in range(2):
                before = Event.objects.count()
                jobs.remind(timestamp=int(time.time()))
                events = Event.objects.order_by("pk")[before:]
                told += [f"{event.kind} {day}" for event in events]
    assert told == [
        "acceptance_reminded 21",
        "acceptance_reminded 27",
        "acceptance_lapsed 29",
    ]
    lapsed = Event.objects.get(kind="acceptance_lapsed")
    assert {person for _, person in messages.addressees(lapsed.pk)} == {signatory.pk, officer.pk}
    messages.send(lapsed.pk, *messages.addressees(lapsed.pk)[0])
    assert "no new placement under it can start" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("when", "is_morning"),
    [
        ("2026-09-21T06:20:00Z", True),
        ("2026-09-21T07:20:00Z", False),
        ("2026-12-21T06:20:00Z", False),
        ("2026-12-21T07:20:00Z", True),
    ],
)
def test_reminders_go_out_at_the_same_hour_in_summer_and_winter(
    area: Area, when: str, is_morning: bool
) -> None:
    moment = datetime.datetime.fromisoformat(when)
    with time_machine.travel(moment - datetime.timedelta(days=1), tick=False):
        agreement = make_agreement(area.partnership)
        request = open_request(agreement, area.provider)
        AcceptanceRequest.objects.filter(pk=request.pk).update(due_date=moment.date())
    with time_machine.travel(moment, tick=False):
        jobs.remind(timestamp=int(moment.timestamp()))
    assert Event.objects.filter(kind="acceptance_reminded").exists() == is_morning


def test_a_school_that_is_late_is_not_told_that_it_stops_placements(area: Area) -> None:
    with time_machine.travel(MONDAY) as clock:
        agreement = make_agreement(area.partnership)
        area.person(Role.HEAD)
        open_request(agreement, area.school)
        clock.move_to("2026-09-29 07:20:00+01:00")
        jobs.remind(timestamp=int(time.time()))
    lapsed = Event.objects.get(kind="acceptance_lapsed")
    messages.send(lapsed.pk, *messages.addressees(lapsed.pk)[0])
    assert "Placements of the school’s pupils can start without that." in mail.outbox[0].body
    assert "no new placement" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("kind", "is_about_placements"), [("sla", True), ("policy", False), ("data_sharing", False)]
)
def test_only_messages_about_a_service_level_agreement_speak_of_placements(
    area: Area, kind: str, is_about_placements: bool
) -> None:
    with time_machine.travel(MONDAY) as clock:
        agreement = make_agreement(area.partnership, kind=kind)
        signatory = area.person(Role.SIGNATORY)
        open_request(agreement, area.provider)
        for day in (21, 29):
            clock.move_to(f"2026-09-{day} 07:20:00+01:00")
            jobs.remind(timestamp=int(time.time()))
    for told in ("acceptance_requested", "acceptance_reminded", "acceptance_lapsed"):
        event = Event.objects.get(kind=told)
        number = next(one for one, user in messages.addressees(event.pk) if user == signatory.pk)
        messages.send(event.pk, number, signatory.pk)
        assert ("lacement" in mail.outbox.pop().body) == is_about_placements, told


# --- The clocks follow what was accepted ----------------------------------------------------------


def timer_of(review: Review) -> Task:
    return Task.objects.get(process=ReviewFlow.running(review), status=states.SCHEDULED)


def test_reviews_move_from_12_to_6_weeks_for_those_who_accept_and_for_no_other(area: Area) -> None:
    ours = make_review(area)
    other = Area(area.local_authority)
    other.partnership, other.school = area.partnership, area.school
    theirs = make_review(other)
    today = timezone.localdate()
    assert ours.due_date == theirs.due_date == today + datetime.timedelta(weeks=12)
    before = timer_of(theirs).scheduled
    agreement = ours.placement.agreement
    publish(agreement, text(terms={**TERMS, "review_every": "6"}))
    ours.refresh_from_db()
    assert ours.weeks == 12, "Publishing alone moves nothing"
    accept(agreement, area.provider)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.weeks, ours.due_date) == (6, today + datetime.timedelta(weeks=6))
    assert ours.clause is not None
    assert ours.clause.version.number == 2
    scheduled = timer_of(ours).scheduled
    assert scheduled is not None
    assert timezone.localdate(scheduled) == ours.opens_date
    assert (theirs.weeks, theirs.due_date) == (12, today + datetime.timedelta(weeks=12))
    assert timer_of(theirs).scheduled == before
    moved = Event.objects.get(kind="review_moved")
    assert moved.subject_id == ours.placement.case_id
    # The timer fires at its new moment, and the task has the new date.
    with time_machine.travel(scheduled + datetime.timedelta(minutes=1)):
        timers.sweep()
    task = tasks.find(ours, ReviewFlow, "hold_review")
    assert task.due_at is not None
    assert timezone.localdate(task.due_at) == ours.due_date
    assert not tasks.open_tasks(theirs, "hold_review", ReviewFlow).exists()


def test_a_review_that_is_open_moves_with_its_task_but_never_before_today(area: Area) -> None:
    review = make_review(area, ReviewStatus.DUE)
    publish(review.placement.agreement, text(terms={**TERMS, "review_every": "6"}))
    accept(review.placement.agreement, area.provider)
    review.refresh_from_db()
    assert review.due_date == timezone.localdate()
    task = tasks.find(review, ReviewFlow, "hold_review")
    assert task.due_at is not None
    assert timezone.localdate(task.due_at) == timezone.localdate()
    # Back to the longer number: it is counted from where it was counted from before.
    publish(review.placement.agreement, text())
    accept(review.placement.agreement, area.provider)
    review.refresh_from_db()
    assert review.due_date == review.counted_date + datetime.timedelta(weeks=12)


# --- Reading ------------------------------------------------------------------------------------


def test_a_reader_goes_on_where_they_stopped(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    request = open_request(agreement, area.provider)
    person, colleague = area.person(Role.SIGNATORY), member(Role.SIGNATORY, area.provider)
    client = signed_in(person)
    task = tasks.find(request, AcceptanceFlow, "accept").get_absolute_url()
    place = reverse("agreements:keep_place", args=[agreement.pk, 1])
    page = client.get(task).content.decode()
    assert "Keep my place here" in page
    assert "Go on where you stopped" not in page
    sent = client.post(place, {"clause": clause_id(2), "back": task})
    assert sent.url == f"{task}#clause-{clause_id(2)}"
    assert "Go on where you stopped: clause 2, Duties" in client.get(task).content.decode()
    # From the script, as the page is left; the newest place is the one that counts.
    assert client.post(place, {"clause": clause_id(3), "quietly": "1"}).status_code == 204
    assert str(ReadingPosition.objects.get().clause_id) == clause_id(3)
    assert "Go on where" not in signed_in(colleague).get(task).content.decode()


@pytest.mark.parametrize(
    ("said", "status"),
    [({"clause": "x"}, 400), ({"clause": clause_id(77)}, 409), ({}, 400)],
)
def test_a_place_is_a_clause_of_that_version(area: Area, said: dict[str, str], status: int) -> None:
    agreement = make_agreement(area.partnership)
    place = reverse("agreements:keep_place", args=[agreement.pk, 1])
    assert signed_in(area.person(Role.HEAD)).post(place, said).status_code == status
    assert Client().post(place, {"clause": clause_id(1)}).status_code == 302
    assert not ReadingPosition.objects.exists()


def test_keeping_a_place_leads_nowhere_else(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    place = reverse("agreements:keep_place", args=[agreement.pk, 1])
    sent = signed_in(area.person(Role.HEAD)).post(
        place, {"clause": clause_id(1), "back": "https://elsewhere.example/"}
    )
    assert sent.url.startswith(f"/agreements/{agreement.pk}/versions/1/")


# --- On the way through the step ------------------------------------------------------------------


def test_sending_twice_accepts_once(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    request = open_request(agreement, area.provider)
    client = signed_in(area.person(Role.SIGNATORY))
    url = tasks.find(request, AcceptanceFlow, "accept").get_absolute_url()
    client.post(url, answers(request.version))
    assert client.post(url, {"confirm": "1"}).status_code == 302
    assert client.post(url, {"confirm": "1"}).status_code == 410
    assert Acceptance.objects.count() == 1


def test_a_role_lost_on_the_way_accepts_nothing(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    request = open_request(agreement, area.provider)
    person = area.person(Role.SIGNATORY)
    client = signed_in(person)
    url = tasks.find(request, AcceptanceFlow, "accept").get_absolute_url()
    client.post(url, answers(request.version))
    person.memberships.update(ended_at=timezone.now(), ended_by=person)
    assert client.post(url, {"confirm": "1"}).status_code in (403, 404)
    assert not Acceptance.objects.exists()


def test_the_step_shows_what_changed_since_the_accepted_version(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    publish(agreement, text(terms={**TERMS, "review_every": "6"}), change_note="More often.")
    request = agreement.acceptance_requests.get(organisation=area.provider, status="requested")
    client = signed_in(area.person(Role.SIGNATORY))
    url = tasks.find(request, AcceptanceFlow, "accept").get_absolute_url()
    page = client.get(url).content.decode()
    assert "What changed since version 1" in page
    assert "More often." in page
    assert "new placements may still start under the version that you accepted before" in page


# --- Who accepted what ----------------------------------------------------------------------------


def listed(area: Area, agreement: Agreement, query: str = "") -> str:
    client = signed_in(area.person(Role.EDITOR))
    url = reverse("agreements:acceptances", args=[agreement.pk])
    return client.get(f"{url}{query}").content.decode()


def test_the_list_is_filtered_by_party_state_and_version(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    accept(agreement, area.provider)
    late = ProviderFactory(name="Late Learning")
    accept(agreement, late)
    publish(agreement, text(wording="More"))
    accept(agreement, area.provider)
    open_request(agreement, area.school)
    page = listed(area, agreement)
    for name in (area.provider.name, late.name, area.school.name, area.partnership.name):
        assert name in page
    assert "in the days of grace, until" in page
    schools = listed(area, agreement, "?party=school")
    assert area.school.name in schools
    assert late.name not in schools
    grace = listed(area, agreement, "?status=grace")
    assert late.name in grace
    assert area.provider.name not in grace
    second = listed(area, agreement, "?version=2")
    assert area.provider.name in second
    assert late.name not in second
    everything = listed(area, agreement, "?show=acceptances&version=1")
    assert "4 acceptances" not in everything
    assert "3 acceptances" in everything  # two providers and the partnership
    assert "Nothing fits" in listed(area, agreement, "?version=9")
    # What makes no sense filters nothing.
    assert late.name in listed(area, agreement, "?version=x&party=y&status=z&sort=q&page=99")


@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_the_list_is_exported_with_its_filters_and_without_formulas(
    area: Area, file_type: str
) -> None:
    agreement = make_agreement(area.partnership)
    request = open_request(agreement, area.provider)
    do_request(request, authority="@SUM(1)")
    url = reverse("agreements:export_acceptances", args=[agreement.pk, file_type])
    sent = signed_in(area.person(Role.OFFICER)).get(f"{url}?show=acceptances")
    assert f'.{file_type}"' in sent["Content-Disposition"]
    if file_type == "csv":
        rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(sent.content)).active
        assert sheet is not None
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    (row,) = (dict(zip(rows[0], found, strict=True)) for found in rows[1:])
    assert row["Organisation"] == area.provider.name
    assert row["Authority"] == "'@SUM(1)"
    parties = signed_in(area.person(Role.OFFICER)).get(f"{url}?party=school")
    assert parties.status_code == 200
    assert signed_in(area.person(Role.SIGNATORY)).get(url).status_code == 404
    assert signed_in(member(Role.OFFICER, Area().partnership)).get(url).status_code == 404
    assert (
        signed_in(area.person(Role.OFFICER)).get(url.replace(file_type, "exe")).status_code == 404
    )


@pytest.mark.parametrize("parties", [2, 20])
def test_the_list_takes_a_fixed_number_of_queries(
    area: Area, parties: int, django_assert_max_num_queries: Any
) -> None:
    agreement = make_agreement(area.partnership)
    for _ in range(parties):
        accept(agreement, SchoolFactory(parent=area.partnership))
    publish(agreement, text(wording="More"))
    client = signed_in(area.person(Role.EDITOR))
    url = reverse("agreements:acceptances", args=[agreement.pk])
    client.get(url)
    for query in ("", "?show=acceptances"):
        with django_assert_max_num_queries(16):
            assert client.get(f"{url}{query}").status_code == 200


def test_a_party_sees_all_its_agreements_with_state_and_receipts(area: Area) -> None:
    signed = make_agreement(area.partnership)
    accept(signed, area.school)
    acceptance = Acceptance.objects.get(organisation=area.school)
    jobs.make_receipt(acceptance_id=acceptance.pk)
    open_request(make_agreement(area.partnership, title="Data", kind="data_sharing"), area.school)
    client = signed_in(area.person(Role.HEAD))
    page = client.get(reverse("agreements:list")).content.decode()
    assert "Accepted" in page
    assert "To accept" in page
    ours = client.get(reverse("agreements:ours", args=[signed.pk, area.school.pk]))
    shown = ours.content.decode()
    assert reverse("agreements:receipt", args=[acceptance.pk]) in shown
    assert reverse("agreements:check_result", args=[acceptance.receipt.sha256]) in shown


def test_the_public_check_knows_a_receipts_own_file_and_names_nobody(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    acceptance = accept(agreement, area.provider)
    jobs.make_receipt(acceptance_id=acceptance.pk)
    url = reverse("agreements:check_result", args=[acceptance.receipt.sha256.upper()])
    page = Client().get(url).content.decode()
    assert "This is a true receipt" in page
    for secret in (acceptance.name, acceptance.organisation_name, acceptance.position):
        assert secret not in page


def test_the_school_is_told_what_it_accepts_before_it_refers(area: Area) -> None:
    agreement = make_agreement(area.partnership, mode="implied")
    referral = make_referral(area)
    client = signed_in(area.person(Role.REFERRER))
    url = f"/referrals/{referral.case.reference}/check/"
    page = client.get(url).content.decode()
    assert "that agreement is accepted by making a referral" in page
    first = in_force(agreement)
    publish(agreement, text(mode="implied", wording="More"))
    refused = client.post(url, {"version": first.sha256}).content.decode()
    assert "was published again while you were reading" in refused
    assert not Acceptance.objects.exists()
    # What says nothing of the version was not read either.
    refused = client.post(url).content.decode()
    assert "was published again while you were reading" in refused
    client.post(url, {"version": in_force(agreement).sha256})
    assert Acceptance.objects.get().version.number == 2


def test_the_provider_accepts_by_taking_the_place_only_what_it_was_shown(area: Area) -> None:
    ready(area)
    agreement = queries.agreement_for(area.partnership)
    assert agreement is not None
    publish(agreement, text(mode="implied"))
    shown = in_force(agreement)
    allocation = make_allocation(area)
    PlacementFlow.begin(allocation, by=None)
    officer = area.person(Role.OFFICER)
    tasks.perform(
        tasks.find(allocation, PlacementFlow, "allocate"),
        by=officer,
        act=lambda: placements.make_offer(
            allocation=allocation,
            provider=area.provider,
            hours_per_week=Decimal(5),
            starts_date=timezone.localdate(),
            by=officer,
        ),
    )
    client = signed_in(area.person(Role.SIGNATORY))
    url = tasks.find(allocation, PlacementFlow, "answer_offer").get_absolute_url()
    assert shown.sha256 in client.get(url).content.decode()
    client.post(url, {"answer": "accept", "version": shown.sha256})
    publish(agreement, text(mode="implied", wording="More"))
    refused = client.post(url, {"confirm": "1"}).content.decode()
    assert "was published again while you were reading" in refused
    client.post(url, {"answer": "accept"})
    assert "while you were reading" in client.post(url, {"confirm": "1"}).content.decode()
    assert not Placement.objects.exists()
    again = client.get(url).content.decode()
    assert in_force(agreement).sha256 in again
    check = client.post(
        url, {"answer": "accept", "version": in_force(agreement).sha256}, follow=True
    ).content.decode()
    assert in_force(agreement).sha256 not in check
    client.post(url, {"confirm": "1"})
    assert Acceptance.objects.get().version == in_force(agreement)
