"""Scorecards: what is counted, whose cases are behind a number, and who may see which."""

from __future__ import annotations

import datetime
import html
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from permissions.models import Organisation, User
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import member
from tests.factories.agreements import TERMS, accept, make_agreement, publish, text, vary
from tests.factories.cases import Area, make_case
from tests.factories.permissions import SchoolFactory
from tests.factories.placements import (
    accept_agreement,
    agreement_of,
    make_offer,
    make_placement,
    ready,
)
from tests.factories.referrals import make_referral
from tests.factories.reviews import make_review, record
from workflows.agreements import actions as agreements
from workflows.agreements import measures
from workflows.agreements import queries as agreement_queries
from workflows.agreements.models import Agreement
from workflows.calendar import queries as calendars
from workflows.cases import actions as cases
from workflows.cases.models import Case
from workflows.engine import tasks
from workflows.placements import queries as placements
from workflows.placements.states import OfferStatus, PlacementStatus
from workflows.referrals import actions as referrals
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.states import Status
from workflows.reviews.states import ReviewStatus
from workflows.scorecards import grants, queries
from workflows.scorecards.queries import MEASURED, Row, Subject
from workflows.scorecards.rules import Figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    """An area whose agreement was published before anything that these tests count."""
    with ago(weeks=20):
        return ready()


def ago(**delta: float) -> Any:
    """So long ago, for as long as a block runs."""
    return time_machine.travel(timezone.now() - datetime.timedelta(**delta), tick=True)


def whole(area: Area) -> Subject:
    return Subject(agreement_of(area), area.partnership)


def part(area: Area, organisation: Organisation) -> Subject:
    return Subject(agreement_of(area), organisation)


def row_of(user: User, subject: Subject, measure: str) -> Row:
    reading = queries.read(user, [subject])
    return next(row for row in queries.rows(reading, subject) if row.measure == measure)


def figures(user: User, subject: Subject, measure: str) -> Figures:
    counted = row_of(user, subject, measure).counted
    assert counted is not None
    return counted.figures


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


# --- What is counted ------------------------------------------------------------------------------


def test_a_review_held_in_time_is_kept_and_one_forgotten_is_not(area: Area) -> None:
    officer = area.person(Role.OFFICER)
    held = make_review(area, ReviewStatus.DUE)
    with ago(weeks=13):
        make_placement(area, PlacementStatus.STARTED)
    assert figures(officer, whole(area), "review_every") == Figures(0, 1)
    waiting = row_of(officer, whole(area), "review_every").counted
    assert waiting is not None
    assert waiting.waiting == 1
    record(area, held)
    assert figures(officer, whole(area), "review_every") == Figures(1, 1)
    for organisation, role in ((area.provider, Role.SIGNATORY), (area.school, Role.HEAD)):
        person = area.person(role, organisation)
        assert figures(person, part(area, organisation), "review_every") == Figures(1, 1)


def test_a_review_that_ended_with_its_placement_is_left_out(area: Area) -> None:
    make_review(area, ReviewStatus.CANCELLED)
    assert figures(area.person(Role.OFFICER), whole(area), "review_every") == Figures()


def test_screening_counts_without_the_days_on_which_the_school_was_asked(area: Area) -> None:
    officer, referrer = area.person(Role.OFFICER), area.person(Role.REFERRER)
    with ago(days=60):
        referral = make_referral(area, Status.QUESTIONED)
    # The clock stands still: however long the school takes, nobody is late.
    waiting = row_of(officer, whole(area), "screen_within").counted
    assert waiting is not None
    assert (waiting.figures, waiting.waiting) == (Figures(), 1)
    with ago(days=30):
        tasks.perform(
            tasks.find(referral, ReferralFlow, "answer_question"),
            by=referrer,
            act=lambda: referrals.answer_question(referral=referral, answer="Five", by=referrer),
        )
    # Nobody has screened it since, and five working days have long passed.
    assert figures(officer, whole(area), "screen_within") == Figures(0, 1)
    assert figures(referrer, part(area, area.school), "screen_within") == Figures(0, 1)


def test_a_partnership_that_took_a_referral_over_is_measured_from_then(area: Area) -> None:
    other = Area(local_authority=area.local_authority)
    with ago(weeks=20):
        make_agreement(other.partnership)
    with ago(weeks=6):
        referral = make_referral(area, Status.SUBMITTED)
    transfer = referrals.propose_transfer(
        referral=referral,
        to=other.partnership,
        reason="They are nearer",
        is_permitted=True,
        by=area.person(Role.OFFICER),
    )
    officer = other.person(Role.OFFICER)
    referrals.accept_transfer(transfer=transfer, by=officer)
    counted = row_of(
        officer, Subject(agreement_of(other), other.partnership), "screen_within"
    ).counted
    assert counted is not None
    assert (counted.figures, counted.waiting) == (Figures(), 1)


def test_a_referral_screened_in_time_is_kept_though_the_school_took_weeks_to_answer(
    area: Area,
) -> None:
    officer, referrer = area.person(Role.OFFICER), area.person(Role.REFERRER)
    with ago(days=60):
        referral = make_referral(area, Status.QUESTIONED)
    area.panel(2)
    with ago(days=30):
        tasks.perform(
            tasks.find(referral, ReferralFlow, "answer_question"),
            by=referrer,
            act=lambda: referrals.answer_question(referral=referral, answer="Five", by=referrer),
        )
        tasks.perform(
            tasks.find(referral, ReferralFlow, "screen"),
            by=officer,
            act=lambda: referrals.send_to_panel(referral=referral, by=officer),
        )
    assert figures(officer, whole(area), "screen_within") == Figures(1, 0)


def test_the_review_of_a_decision_counts_by_its_own_term(area: Area) -> None:
    with ago(days=40):
        publish(agreement_of(area), text(terms={**TERMS, "review_decision_within": "4"}))
        referral = make_referral(area, Status.DECLINED)
        referrals.ask_for_review(
            referral=referral, reasons="New evidence", by=area.person(Role.REFERRER)
        )
    officer = area.person(Role.OFFICER)
    assert figures(officer, whole(area), "review_decision_within") == Figures(0, 1)


def test_a_referral_withdrawn_in_time_is_left_out(area: Area) -> None:
    make_referral(area, Status.WITHDRAWN)
    with ago(days=40):
        late = make_referral(area, Status.SUBMITTED)
    referrals.withdraw(referral=late, reason="Moved away", by=area.person(Role.REFERRER))
    # The second had been forgotten for weeks before the school gave up.
    assert figures(area.person(Role.OFFICER), whole(area), "screen_within") == Figures(0, 1)


def test_a_panel_counts_from_its_opening_to_the_decision(area: Area) -> None:
    officer = area.person(Role.OFFICER)
    make_referral(area, Status.ACCEPTED)
    with ago(days=40):
        make_referral(area, Status.AT_PANEL)
    make_referral(area, Status.AT_PANEL)
    row = row_of(officer, whole(area), "decide_within")
    assert row.counted is not None
    assert (row.counted.figures, row.counted.waiting) == (Figures(1, 1), 1)


def test_an_offer_counts_for_the_provider_that_was_asked(area: Area) -> None:
    with ago(days=30):
        make_offer(area)
    make_offer(area, OfferStatus.DECLINED)
    make_offer(area, OfferStatus.WITHDRAWN)
    accept_agreement(area)
    signatory = area.person(Role.SIGNATORY)
    assert figures(signatory, part(area, area.provider), "answer_offer_within") == Figures(0, 1)
    # The second offer is in the figure of those who may still see that case.
    officer = area.person(Role.OFFICER)
    assert figures(officer, whole(area), "answer_offer_within") == Figures(1, 1)


def test_agreed_hours_count_for_each_week_of_a_placement(area: Area) -> None:
    with ago(weeks=3):
        make_placement(area, PlacementStatus.STARTED)
    assert figures(area.person(Role.OFFICER), whole(area), "weekly_hours_at_most") == Figures(4, 0)


def test_hours_above_a_lower_limit_count_only_once_the_provider_has_accepted_it(
    area: Area,
) -> None:
    with ago(weeks=3):
        make_placement(area, PlacementStatus.STARTED)
    publish(agreement_of(area), text(terms={**TERMS, "weekly_hours_at_most": "4"}))
    officer = area.person(Role.OFFICER)
    assert figures(officer, whole(area), "weekly_hours_at_most") == Figures(4, 0)
    accept_agreement(area)
    with time_machine.travel(timezone.now() + datetime.timedelta(weeks=1)):
        assert figures(officer, whole(area), "weekly_hours_at_most") == Figures(4, 1)


def test_a_version_not_accepted_within_its_grace_is_a_promise_not_kept(area: Area) -> None:
    late = SchoolFactory(parent=area.partnership)
    with ago(days=40):
        agreements.ask_to_accept(agreement=agreement_of(area), organisation=late, by=None)
        accept_agreement(area)
    officer = area.person(Role.OFFICER)
    # The provider and the partnership, which signs too, were in time.
    assert figures(officer, whole(area), "acceptance_grace") == Figures(2, 1)
    signatory = area.person(Role.SIGNATORY)
    assert figures(signatory, part(area, area.provider), "acceptance_grace") == Figures(1, 0)


def test_a_provider_reads_that_screening_comes_before_it(area: Area) -> None:
    accept_agreement(area)
    row = row_of(area.person(Role.SIGNATORY), part(area, area.provider), "screen_within")
    assert row.counted is None
    assert "before a provider takes part" in row.why_not


def test_a_promise_without_a_process_says_so(area: Area, client: Client) -> None:
    publish(agreement_of(area), text(terms={"visit_every": "1", "review_every": "6"}))
    client.force_login(area.person(Role.OFFICER))
    shown = text_of(client.get(whole(area).get_absolute_url()))
    assert "The pupil is visited every half term" in shown
    assert "not part of Accord yet" in shown


# --- Whose number ---------------------------------------------------------------------------------


def test_every_number_is_that_of_the_term_in_force(area: Area) -> None:
    agreement = agreement_of(area)
    vary(agreement, area.provider, 101, values={"review_every": Decimal(8)})
    vary(agreement, area.provider, 102)
    accept_agreement(area)
    placement = make_placement(area, PlacementStatus.STARTED)

    def same() -> None:
        book = queries.books_of([agreement])[agreement.pk]
        for measure in measures.REGISTER:
            term = agreement_queries.term_in_force(placement, measure)
            number = book.number(measure, area.provider.pk, timezone.now())
            assert (term and (term.value, term.unit)) == (number and (number.value, number.unit))

    same()
    varied = row_of(area.person(Role.SIGNATORY), part(area, area.provider), "review_every")
    assert varied.title == "A review is held every 8 weeks"
    everyone = row_of(area.person(Role.OFFICER), whole(area), "review_every")
    assert (everyone.title, everyone.others) == (
        "A review is held every 12 weeks",
        [("8 weeks", 1)],
    )
    publish(agreement, text(terms={"review_every": "6", "payment_within": "30"}))
    same()
    accept_agreement(area)
    same()


def test_a_clock_goes_by_an_acceptance_only_while_that_binds(area: Area) -> None:
    """A scorecard and the deadline of the step itself name the same number, day by day."""
    agreement = agreement_of(area)
    terms = {"screen_within": "5", "acceptance_grace": "3"}
    monday = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
    later = datetime.datetime(2026, 3, 9, 9, tzinfo=datetime.UTC)
    with time_machine.travel(monday, tick=False):
        publish(agreement, text(terms=terms))
        accept(agreement, area.school)
    with time_machine.travel(later, tick=False):
        publish(agreement, text(terms={**terms, "screen_within": "2"}))
    book = queries.books_of([agreement])[agreement.pk]
    calendar = calendars.calendar_of(None)
    found = {}
    for day in range(2, 17):
        moment = datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC)
        number = book.number_before_placement(
            "screen_within", area.school.pk, moment, None, calendar
        )
        found[day] = int(number.value) if number else None
        if moment < later:
            continue
        with time_machine.travel(moment, tick=False):
            term = agreement_queries.term_for(area.partnership, area.school, "screen_within")
            assert term is not None
            assert int(term.value) == found[day], day
    # Three working days after the material version, its number holds although it is not accepted.
    assert found == {day: 5 if day <= 12 else 2 for day in range(2, 17)}


def test_where_each_case_is_accepted_a_referral_goes_by_the_number_of_its_own(area: Area) -> None:
    agreement = agreement_of(area)
    content = text(terms={"screen_within": "5", "acceptance_grace": "10"}, scope="pupil")
    publish(agreement, content)
    agreement.refresh_from_db()
    mine, other = make_case(area), make_case(area)
    accept(agreement, area.school, case=mine)
    newer = {"screen_within": "2", "acceptance_grace": "10"}
    publish(agreement, {**content, **text(terms=newer, scope="pupil")})
    book = queries.books_of([agreement])[agreement.pk]
    for case, days in ((mine, 5), (other, 2)):
        term = agreement_queries.term_for(area.partnership, area.school, "screen_within", case=case)
        number = book.number_before_placement(
            "screen_within", area.school.pk, timezone.now(), case.pk, calendars.calendar_of(None)
        )
        assert term is not None
        assert number is not None
        assert (term.value, number.value) == (days, days)


def test_where_each_case_is_accepted_each_placement_goes_by_its_own_number(area: Area) -> None:
    agreement = agreement_of(area)
    content = text(terms={"weekly_hours_at_most": "10"}, scope="pupil")
    publish(agreement, content)
    agreement.refresh_from_db()
    first = make_placement(area, PlacementStatus.STARTED)
    publish(agreement, {**content, **text(terms={"weekly_hours_at_most": "8"}), "scope": "pupil"})
    second = make_placement(area, PlacementStatus.STARTED)
    book = queries.books_of([agreement])[agreement.pk]
    reaches = [(area.provider.pk, placement.case_id) for placement in (first, second)]
    numbers = agreement_queries.numbers_of(agreement, reaches)
    for placement, hours in ((first, 10), (second, 8)):
        term = agreement_queries.term_in_force(placement, "weekly_hours_at_most")
        number = book.number(
            "weekly_hours_at_most", area.provider.pk, timezone.now(), placement.case_id
        )
        assert term is not None
        assert number is not None
        one = numbers[area.provider.pk, placement.case_id]["weekly_hours_at_most"]
        assert term.value == number.value == one == hours
    assert placements.numbers_obeyed(agreement)[1]["weekly_hours_at_most"] == {10: 1, 8: 1}


def test_a_target_stays_until_the_party_has_accepted_the_new_one(area: Area) -> None:
    accept_agreement(area)
    publish(agreement_of(area), text(terms={**TERMS, "review_every": "6"}))
    signatory, officer = area.person(Role.SIGNATORY), area.person(Role.OFFICER)
    assert row_of(signatory, part(area, area.provider), "review_every").title.endswith("12 weeks")
    everyone = row_of(officer, whole(area), "review_every")
    assert everyone.title.endswith("6 weeks")
    assert everyone.others == [("12 weeks", 1)]
    accept_agreement(area)
    assert row_of(signatory, part(area, area.provider), "review_every").title.endswith("6 weeks")
    assert row_of(officer, whole(area), "review_every").others == []


def test_referrals_go_by_the_agreement_that_sets_their_dates(area: Area) -> None:
    make_agreement(area.partnership, title="A newer one")
    chosen = agreement_queries.agreement_for(area.partnership)
    assert chosen is not None
    assert queries.agreements_worked_by({area.partnership.pk}) == {area.partnership.pk: chosen.pk}
    with ago(days=40):
        make_referral(area, Status.SUBMITTED)
    older = Agreement.objects.exclude(pk=chosen.pk).get()
    officer = area.person(Role.OFFICER)
    assert figures(officer, Subject(older, area.partnership), "screen_within") == Figures()


# --- The cases behind the number ------------------------------------------------------------------


def forget_reviews(area: Area, count: int) -> list[Case]:
    with ago(weeks=13):
        return [make_placement(area, PlacementStatus.STARTED).case for _ in range(count)]


def test_few_cases_that_the_reader_may_not_see_are_left_out_altogether(
    area: Area, client: Client
) -> None:
    hidden = forget_reviews(area, 6)
    officer = area.person(Role.OFFICER)
    assert figures(officer, whole(area), "review_every") == Figures(0, 6)
    for case in hidden[:4]:
        cases.exclude(case=case, user=officer, reason="Knows the family", by=None)
    assert figures(officer, whole(area), "review_every") == Figures(0, 2)
    client.force_login(officer)
    shown = text_of(client.get(row_of(officer, whole(area), "review_every").cases_url))
    assert "A few cases that you may not see are left out." in shown
    assert not [case for case in hidden[:4] if case.reference in shown]
    assert [case for case in hidden[4:] if case.reference in shown] == hidden[4:]


def test_many_such_cases_are_counted_and_never_named(area: Area, client: Client) -> None:
    hidden = forget_reviews(area, 6)
    officer = area.person(Role.OFFICER)
    for case in hidden[:5]:
        cases.exclude(case=case, user=officer, reason="Knows the family", by=None)
    row = row_of(officer, whole(area), "review_every")
    assert row.counted is not None
    assert (row.counted.figures, row.counted.shown.others) == (Figures(0, 6), 5)
    # The weeks hold the reader's own case alone.
    assert sum((week.figures for week in row.counted.weeks), Figures()) == Figures(0, 1)
    client.force_login(officer)
    for address in (whole(area).get_absolute_url(), row.cases_url):
        shown = text_of(client.get(address))
        assert "5 cases that you may not see are in this number" in shown
        assert not [case for case in hidden[:5] if case.reference in shown]
        assert not [case for case in hidden[:5] if case.pupil.full_name in shown]


def test_a_school_reads_its_own_pupils_only(area: Area, client: Client) -> None:
    mine = forget_reviews(area, 1)[0]
    other = Area(area.local_authority)
    other.partnership, other.provider = area.partnership, area.provider
    other.school = SchoolFactory(parent=area.partnership)
    theirs = forget_reviews(other, 1)[0]
    for school in (area.school, other.school):
        head = area.person(Role.HEAD, school)
        request = agreements.ask_to_accept(
            agreement=agreement_of(area), organisation=school, by=None
        )
        assert request is not None
        agreements.accept(
            version=request.version, organisation=school, by=head, name="A", position="Head",
            authority="Head", confirmed=True,
        )  # fmt: skip
    head = area.person(Role.HEAD, area.school)
    client.force_login(head)
    row = row_of(head, part(area, area.school), "review_every")
    assert row.counted is not None
    assert (row.counted.figures, row.counted.shown.others) == (Figures(0, 1), 0)
    shown = text_of(client.get(row.cases_url))
    assert mine.reference in shown
    assert theirs.reference not in shown
    assert client.get(part(area, other.school).get_absolute_url()).status_code == 404


def test_the_numbers_by_party_put_the_worst_first(area: Area, client: Client) -> None:
    forget_reviews(area, 1)
    good = Area(area.local_authority)
    good.partnership, good.school = area.partnership, area.school
    ready(good)
    record(good, make_review(good, ReviewStatus.DUE))
    officer = area.person(Role.OFFICER)
    reading = queries.read(officer, [whole(area)])
    found = queries.by_party(reading, whole(area), "review_every")
    # `good` has an officer of its own making; the area's reads both.
    assert [(one.organisation, one.figures) for one in found] == [
        (area.provider, Figures(0, 1)),
        (good.provider, Figures(1, 0)),
    ]


def test_what_holds_every_week_is_one_line_for_each_placement(area: Area) -> None:
    with ago(weeks=3):
        make_placement(area, PlacementStatus.STARTED)
        make_placement(area, PlacementStatus.STARTED)
    officer = area.person(Role.OFFICER)
    reading = queries.read(officer, [whole(area)])
    found = queries.behind(reading, whole(area), "weekly_hours_at_most")
    assert [one.weeks for one in found] == [4, 4]


def test_the_list_names_the_promise_kept_least_often(area: Area, client: Client) -> None:
    forget_reviews(area, 1)
    make_referral(area, Status.AT_PANEL)
    officer = area.person(Role.OFFICER)
    (line, _) = queries.lines(officer)
    assert line.worst is not None
    assert (line.worst.measure, line.worst.percentage) == ("review_every", 0)
    assert line.kept == len(line.counted) - 1
    client.force_login(officer)
    shown = text_of(client.get(reverse("scorecards:list")))
    assert line.worst.cases_url in shown


# --- Who may --------------------------------------------------------------------------------------


def test_every_role_meets_the_scorecards_its_table_says(area: Area, client: Client) -> None:
    accept_agreement(area)
    head = area.person(Role.HEAD)
    request = agreements.ask_to_accept(
        agreement=agreement_of(area), organisation=area.school, by=None
    )
    assert request is not None
    agreements.accept(
        version=request.version, organisation=area.school, by=head, name="A", position="Head",
        authority="Head", confirmed=True,
    )  # fmt: skip
    addresses = {
        OrganisationKind.PARTNERSHIP: whole(area).get_absolute_url(),
        OrganisationKind.SCHOOL: part(area, area.school).get_absolute_url(),
        OrganisationKind.PROVIDER: part(area, area.provider).get_absolute_url(),
    }
    above = {OrganisationKind.PARTNERSHIP, OrganisationKind.LOCAL_AUTHORITY}
    wrong = []
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            client.force_login(member(role, area.organisations[kind]))
            holds = "view_scorecard" in grants.GRANTS.get(role, set())
            listed = client.get(reverse("scorecards:list")).status_code
            if listed != (200 if holds else 403):
                wrong.append((kind, role, "list", listed))
            for about, address in addresses.items():
                expected = 200 if holds and (kind in above or kind == about) else 404
                for suffix in ("", "review_every/", "scorecard.csv"):
                    answered = client.get(address + suffix).status_code
                    if answered != expected:
                        wrong.append((kind, role, about, suffix, answered, expected))
    assert wrong == []


def test_nobody_reads_a_scorecard_without_signing_in(area: Area, client: Client) -> None:
    for address in (reverse("scorecards:list"), whole(area).get_absolute_url()):
        response = client.get(address)
        assert response.status_code == 302
        assert "/sign-in/" in response["Location"]


def test_another_partnership_reads_nothing_of_it(area: Area, client: Client) -> None:
    other = ready()
    client.force_login(other.person(Role.OFFICER))
    assert client.get(whole(area).get_absolute_url()).status_code == 404
    assert area.partnership.name not in text_of(client.get(reverse("scorecards:list")))


def test_a_text_of_the_authority_that_others_stand_on_has_no_scorecard(area: Area) -> None:
    make_agreement(area.local_authority, title="For every partnership")
    found = queries.subjects(area.person(Role.OFFICER, area.local_authority))
    assert [one.agreement for one in found] == [agreement_of(area)]


def test_a_withdrawn_agreement_has_no_scorecard(area: Area) -> None:
    officer = area.person(Role.OFFICER)
    assert queries.subjects(officer)
    agreements.withdraw(agreement=agreement_of(area), by=None)
    assert not queries.subjects(officer)


def test_a_measure_that_is_not_counted_has_no_page(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.OFFICER))
    for measure in ("visit_every", "nonsense"):
        assert client.get(f"{whole(area).get_absolute_url()}{measure}/").status_code == 404


# --- Pages and file -------------------------------------------------------------------------------


def test_the_page_links_to_the_clause_as_it_was_accepted(area: Area, client: Client) -> None:
    accept_agreement(area)
    client.force_login(area.person(Role.SIGNATORY))
    row = row_of(area.person(Role.SIGNATORY), part(area, area.provider), "review_every")
    shown = text_of(client.get(part(area, area.provider).get_absolute_url()))
    assert row.clause_url in shown
    page, _, anchor = row.clause_url.partition("#")
    assert f'id="{anchor}"' in text_of(client.get(page))


def test_the_file_names_no_pupil_and_runs_nothing(area: Area, client: Client) -> None:
    case = forget_reviews(area, 1)[0]
    publish(agreement_of(area), text(title="=1+1", terms=TERMS))
    client.force_login(area.person(Role.OFFICER))
    response = client.get(whole(area).get_absolute_url() + "scorecard.csv")
    content = response.content.decode("utf-8-sig")
    assert case.pupil.full_name not in content
    assert case.reference not in content
    agreement_title = agreement_of(area).title
    assert agreement_title == "=1+1"
    assert all(line.startswith("'=1+1") for line in content.splitlines()[1:])
    reviews = [line for line in content.splitlines() if ",review_every," in line]
    assert len(reviews) == 13
    assert ",All,0,1,0," in reviews[0]


def test_the_pages_cost_the_same_queries_whatever_they_count(area: Area, client: Client) -> None:
    officer = area.person(Role.OFFICER)
    client.force_login(officer)
    subject = whole(area)
    addresses = [
        reverse("scorecards:list"),
        subject.get_absolute_url(),
        subject.get_absolute_url() + "review_every/",
        subject.get_absolute_url() + "scorecard.csv",
    ]

    def costs() -> list[int]:
        counted = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as context:
                assert client.get(address).status_code == 200
            counted.append(len(context))
        return counted

    def more() -> None:
        make_review(area, ReviewStatus.HELD)
        with ago(days=30):
            make_referral(area, Status.QUESTIONED)
            make_referral(area, Status.AT_PANEL)
            make_offer(area)

    more()
    first = costs()
    for _ in range(2):
        more()
    another = ready(Area(area.local_authority))
    accept_agreement(another)
    assert costs() == first
    assert max(first) <= 32


def test_the_table_of_measures_names_measures_of_the_register() -> None:
    assert set(MEASURED) <= set(measures.REGISTER)
