"""Publishing, asking and accepting, through the actions and the task."""

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions.exceptions import NotPermitted
from permissions.models import Organisation
from permissions.roles import Role
from tests.factories import ProviderFactory, SchoolFactory, member
from tests.factories.agreements import accept, clause_id, make_agreement, publish, text
from tests.factories.cases import Area, make_case
from workflows.agreements import actions, queries, rules
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementVersion,
    Clause,
    Term,
)
from workflows.engine import mail as messages
from workflows.engine import tasks
from workflows.engine.exceptions import AlreadyDone, NotAllowed
from workflows.engine.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def agreement(area: Area) -> Agreement:
    return make_agreement(area.partnership)


def evidence(version: AgreementVersion, area: Area, **changes: Any) -> dict[str, Any]:
    return {
        "version": version,
        "organisation": area.provider,
        "by": area.person(Role.SIGNATORY),
        "name": "Ada Moss",
        "position": "Director",
        "authority": "Company director",
        "confirmed": True,
        **changes,
    }


def in_force(agreement: Agreement) -> AgreementVersion:
    version = queries.version_in_force(agreement)
    assert version is not None
    return version


def open_request(agreement: Agreement, organisation: Organisation) -> AcceptanceRequest:
    request = actions.ask_to_accept(agreement=agreement, organisation=organisation, by=None)
    assert request is not None
    return request


# --- Publishing ---------------------------------------------------------------------------------


def test_publishing_writes_a_version_that_verifies(agreement: Agreement) -> None:
    version = in_force(agreement)
    assert version.number == 1
    assert version.is_material
    assert version.sha256 == rules.fingerprint(version.snapshot)
    assert queries.verify(version)
    assert version.clauses.count() == 9
    assert Term.objects.get(version=version, measure="review_every").value == 12


def test_publishing_the_same_text_again_makes_no_version(agreement: Agreement) -> None:
    assert publish(agreement, text()) == in_force(agreement)
    assert agreement.versions.count() == 1


def test_the_same_text_after_another_has_a_hash_of_its_own(agreement: Agreement) -> None:
    first = in_force(agreement)
    publish(agreement, text(wording="Do something else"))
    third = publish(agreement, text())
    assert third.number == 3
    assert third.sha256 != first.sha256
    assert queries.version_with_hash(f" {third.sha256.upper()} ") == third


def test_clause_ids_stay_the_same_when_clauses_move_and_change(agreement: Agreement) -> None:
    changed = text(wording="Do it otherwise")
    changed["sections"].reverse()
    second = publish(agreement, changed)
    first = agreement.versions.get(number=1)
    assert set(first.clauses.values_list("clause_id")) == set(
        second.clauses.values_list("clause_id")
    )
    assert str(second.clauses.last().clause_id) == clause_id(3)


def test_a_changed_number_is_material_whatever_was_ticked(agreement: Agreement) -> None:
    version = publish(
        agreement, text(terms={"review_every": "6"}), is_material=False, change_note=""
    )
    assert version.is_material
    assert version.change_note


def test_publishing_refuses_a_text_with_a_number_out_of_bounds(agreement: Agreement) -> None:
    with pytest.raises(NotAllowed, match="between 1 and 26 weeks"):
        publish(agreement, text(terms={"review_every": "300"}))
    assert agreement.versions.count() == 1


@pytest.mark.parametrize("model", [AgreementVersion, Clause, Term, Acceptance])
def test_what_is_published_and_accepted_cannot_be_changed(
    agreement: Agreement, area: Area, model: Any
) -> None:
    accept(agreement, area.provider)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with (
            pytest.raises(IntegrityError, match="stay as they were written"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_publishing_needs_the_administrator_of_the_partnership(
    agreement: Agreement, area: Area
) -> None:
    with pytest.raises(NotPermitted):
        publish(agreement, text(wording="New"), by=area.person(Role.EDITOR, area.partnership))
    stranger = member(Role.ADMINISTRATOR, Area().partnership)
    with pytest.raises(NotPermitted):
        publish(agreement, text(wording="New"), by=stranger)
    publish(agreement, text(wording="New"), by=area.person(Role.ADMINISTRATOR, area.partnership))


def test_unchanged_since_is_the_issue_whose_clauses_still_stand(agreement: Agreement) -> None:
    reissued = publish(agreement, text(issued_date=datetime.date(2026, 10, 1)), is_material=False)
    assert reissued.number == 2
    assert queries.unchanged_since(reissued) == datetime.date(2026, 9, 1)
    reworded = publish(
        agreement, text(wording="New", issued_date=datetime.date(2026, 11, 1)), is_material=False
    )
    assert queries.unchanged_since(reworded) == datetime.date(2026, 11, 1)


# --- Asking -------------------------------------------------------------------------------------


@time_machine.travel("2026-10-01 09:00:00+01:00")
def test_asking_gives_the_signatory_a_task_with_the_days_of_grace(
    agreement: Agreement, area: Area
) -> None:
    request = open_request(agreement, area.provider)
    assert request.due_date == datetime.date(2026, 10, 15)
    task = tasks.find(request, AcceptanceFlow, "accept")
    assert task.organisation == area.provider
    assert task.due_at is not None
    assert task.due_at.date() == request.due_date
    assert agreement.title in task.headline


def test_asking_twice_is_asking_once(agreement: Agreement, area: Area) -> None:
    first = open_request(agreement, area.provider)
    assert open_request(agreement, area.provider) == first
    assert tasks.open_tasks(flow=AcceptanceFlow).count() == 1
    assert agreement.parties.count() == 1


def test_asking_somebody_who_has_accepted_asks_nothing(agreement: Agreement, area: Area) -> None:
    accept(agreement, area.provider)
    assert actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None) is None
    assert not tasks.open_tasks(flow=AcceptanceFlow).exists()


def test_asking_is_refused_before_anything_is_published(area: Area) -> None:
    agreement = actions.create_agreement(partnership=area.partnership, title="New", by=None)
    with pytest.raises(NotAllowed, match="not published"):
        actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)


def test_asking_for_a_case_is_in_its_timeline(agreement: Agreement, area: Area) -> None:
    case = make_case(area)
    request = actions.ask_to_accept(
        agreement=agreement, organisation=area.provider, case=case, by=None
    )
    assert request is not None
    assert request.case == case
    kinds = set(Event.objects.filter(subject_id=case.pk).values_list("kind", flat=True))
    assert "acceptance_awaited" in kinds


# --- Accepting ----------------------------------------------------------------------------------


def test_accepting_keeps_the_evidence(agreement: Agreement, area: Area) -> None:
    person = area.person(Role.SIGNATORY, area.provider)
    acceptance = accept(agreement, area.provider, by=person)
    version = in_force(agreement)
    assert acceptance.version == version
    assert acceptance.sha256 == version.sha256
    assert acceptance.wording == queries.statement(version, area.provider)
    assert area.provider.name in acceptance.wording
    assert acceptance.organisation_name == area.provider.name
    assert queries.has_accepted(agreement, area.provider)
    assert AcceptanceRequest.objects.get(organisation=area.provider).status == "accepted"
    receipts = ProcrastinateJob.objects.filter(task_name="agreements.make_receipt")
    assert {"acceptance_id": acceptance.pk} in [receipt.args for receipt in receipts]
    assert not tasks.open_tasks(flow=AcceptanceFlow).exists()


def test_a_later_change_of_names_does_not_touch_the_evidence(
    agreement: Agreement, area: Area
) -> None:
    acceptance = accept(agreement, area.provider)
    name, organisation_name = acceptance.name, acceptance.organisation_name
    type(acceptance.by).objects.filter(pk=acceptance.by_id).update(name="Other")
    Organisation.objects.filter(pk=area.provider.pk).update(name="Other")
    acceptance.refresh_from_db()
    assert (acceptance.name, acceptance.organisation_name) == (name, organisation_name)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "full name"),
        ({"position": ""}, "position"),
        ({"authority": ""}, "by what right"),
        ({"confirmed": False}, "Tick the box"),
    ],
)
def test_accepting_refuses_incomplete_evidence(
    agreement: Agreement, area: Area, changes: dict[str, Any], says: str
) -> None:
    open_request(agreement, area.provider)
    person = area.person(Role.SIGNATORY, area.provider)
    with pytest.raises(NotAllowed, match=says):
        actions.accept(**evidence(in_force(agreement), area, by=person, **changes))
    assert not Acceptance.objects.exists()


def test_accepting_refuses_an_organisation_that_is_no_party(
    agreement: Agreement, area: Area
) -> None:
    person = area.person(Role.SIGNATORY, area.provider)
    with pytest.raises(NotAllowed, match="not a party"):
        actions.accept(**evidence(in_force(agreement), area, by=person))


@pytest.mark.parametrize("role", [Role.TUTOR, Role.FINANCE, Role.SAFEGUARDING_LEAD])
def test_accepting_needs_the_signatory(agreement: Agreement, area: Area, role: Role) -> None:
    open_request(agreement, area.provider)
    person = area.person(role, area.provider)
    with pytest.raises(NotPermitted):
        actions.accept(**evidence(in_force(agreement), area, by=person))


def test_a_signatory_of_another_provider_may_not(agreement: Agreement, area: Area) -> None:
    request = open_request(agreement, area.provider)
    stranger = member(Role.SIGNATORY, ProviderFactory())
    task = tasks.find(request, AcceptanceFlow, "accept")
    with pytest.raises(NotPermitted):
        tasks.perform(task, by=stranger, act=lambda: pytest.fail("must not get here"))


def test_a_second_signatory_is_told_who_was_first(agreement: Agreement, area: Area) -> None:
    first = accept(agreement, area.provider)
    second = member(Role.SIGNATORY, area.provider)
    with pytest.raises(NotAllowed, match=f"{first.name} has already accepted"):
        actions.accept(**evidence(in_force(agreement), area, by=second))
    assert Acceptance.objects.filter(organisation=area.provider).count() == 1


def test_the_head_accepts_for_a_school(agreement: Agreement, area: Area) -> None:
    accept(agreement, area.school)
    assert queries.has_accepted(agreement, area.school)


# --- Publishing again ---------------------------------------------------------------------------


def test_a_material_version_asks_every_party_again(agreement: Agreement, area: Area) -> None:
    school = SchoolFactory(parent=area.partnership)
    accept(agreement, area.provider)
    waiting = open_request(agreement, school)
    old_task = tasks.find(waiting, AcceptanceFlow, "accept")
    second = publish(agreement, text(wording="More duties"))

    assert not queries.has_accepted(agreement, area.provider)
    waiting.refresh_from_db()
    assert waiting.status == "superseded"
    with pytest.raises(AlreadyDone):
        tasks.perform(
            old_task, by=member(Role.HEAD, school), act=lambda: pytest.fail("must not get here")
        )
    requests = AcceptanceRequest.objects.filter(status="requested")
    # Both sides sign: the partnership is asked as well.
    parties = {area.provider, area.partnership, school}
    assert {request.organisation for request in requests} == parties
    assert {request.version for request in requests} == {second}
    for request in requests:
        assert tasks.find(request, AcceptanceFlow, "accept")


def test_the_parties_of_a_material_version_are_told_by_mail(
    agreement: Agreement, area: Area
) -> None:
    signatory = member(Role.SIGNATORY, area.provider)
    accept(agreement, area.provider, by=signatory)
    publish(agreement, text(wording="More duties"))
    event = Event.objects.filter(
        kind="acceptance_requested", data__organisation=area.provider.pk
    ).latest("pk")
    people = [user_id for _, user_id in messages.addressees(event.pk)]
    assert people == [signatory.pk]
    messages.send(event.pk, 0, signatory.pk)
    (message,) = mail.outbox
    assert area.provider.name not in message.subject
    assert "replaces an earlier version" in message.body
    assert "/agreements/" in message.body


def test_an_acceptance_outlives_a_version_that_is_not_material(
    agreement: Agreement, area: Area
) -> None:
    accept(agreement, area.provider)
    publish(agreement, text(wording="The same duties, better said"), is_material=False)
    assert queries.has_accepted(agreement, area.provider)
    assert not tasks.open_tasks(flow=AcceptanceFlow).exists()
    signed = queries.accepted_version(agreement, area.provider)
    assert signed is not None
    assert signed.number == 1


def test_an_open_request_follows_a_version_that_is_not_material(
    agreement: Agreement, area: Area
) -> None:
    first = in_force(agreement)
    request = open_request(agreement, area.provider)
    second = publish(agreement, text(wording="Better said"), is_material=False)
    request.refresh_from_db()
    assert request.version == second
    # Whoever had the first on the screen still accepts what was read.
    person = area.person(Role.SIGNATORY, area.provider)
    acceptance = actions.accept(**evidence(first, area, by=person))
    assert acceptance.version == first
    assert queries.has_accepted(agreement, area.provider)


def test_accepting_refuses_a_version_that_a_material_one_has_replaced(
    agreement: Agreement, area: Area
) -> None:
    first = in_force(agreement)
    open_request(agreement, area.provider)
    publish(agreement, text(wording="More duties"))
    person = area.person(Role.SIGNATORY, area.provider)
    with pytest.raises(NotAllowed, match="Version 2 has replaced"):
        actions.accept(**evidence(first, area, by=person))
    assert not Acceptance.objects.exists()


def test_withdrawing_takes_tasks_away_and_keeps_what_was_accepted(
    agreement: Agreement, area: Area
) -> None:
    accept(agreement, area.provider)
    school_request = open_request(agreement, area.school)
    actions.withdraw(agreement=agreement, by=None)
    agreement.refresh_from_db()
    assert queries.version_in_force(agreement) is None
    assert queries.agreement_for(area.partnership) is None
    assert not queries.has_accepted(agreement, area.provider)
    school_request.refresh_from_db()
    assert school_request.status == "superseded"
    placement = SimpleNamespace(agreement=agreement, provider=area.provider)
    assert queries.term_in_force(placement, "review_every") is not None

    publish(agreement, text())
    agreement.refresh_from_db()
    assert queries.has_accepted(agreement, area.provider)
    assert AcceptanceRequest.objects.filter(organisation=area.school, status="requested").exists()


# --- Numbers that processes obey ------------------------------------------------------------------


def test_a_term_in_force_is_the_one_that_the_provider_accepted_last(
    agreement: Agreement, area: Area
) -> None:
    placement = SimpleNamespace(agreement=agreement, provider=area.provider)
    assert queries.term_in_force(placement, "review_every") is None
    accept(agreement, area.provider)
    publish(agreement, text(terms={"review_every": "6"}))
    term = queries.term_in_force(placement, "review_every")
    assert term is not None
    assert (term.value, term.unit, term.in_words) == (Decimal(12), "weeks", "12 weeks")
    assert term.clause.version.number == 1
    accept(agreement, area.provider)
    changed = queries.term_in_force(placement, "review_every")
    assert changed is not None
    assert changed.value == 6
    assert queries.term_in_force(placement, "weekly_hours_at_most") is None


def test_a_published_term_needs_no_provider(agreement: Agreement, area: Area) -> None:
    term = queries.published_term(area.partnership, "screen_within")
    assert term is not None
    assert term.value == 5
    assert queries.published_term(Area().partnership, "screen_within") is None


def test_a_measure_that_is_not_in_the_register_is_a_mistake(area: Area) -> None:
    make_agreement(area.partnership)
    with pytest.raises(ValueError, match="register of measures"):
        queries.published_term(area.partnership, "review_ever")


def test_the_newest_published_agreement_is_the_partnerships(area: Area) -> None:
    make_agreement(area.partnership)
    newest = make_agreement(area.partnership, title="Tuition agreement")
    actions.create_agreement(partnership=area.partnership, title="Unpublished", by=None)
    assert queries.agreement_for(area.partnership) == newest
    assert newest.slug == "tuition-agreement-2"
    assert queries.agreement_for(area.partnership, "policy") is None


# --- Lists and search -----------------------------------------------------------------------------


def test_search_finds_clauses_in_force_only(agreement: Agreement) -> None:
    assert queries.search_clauses("agreed provider").count() == 1
    publish(agreement, text(wording="Answer every letter"))
    assert not queries.search_clauses("agreed").exists()
    assert queries.search_clauses("letters").count() == 3
    assert not queries.search_clauses(" ").exists()


@pytest.mark.parametrize("parties", [2, 12])
def test_the_list_of_standings_takes_a_fixed_number_of_queries(
    agreement: Agreement, django_assert_max_num_queries: Any, parties: int
) -> None:
    for _ in range(parties // 2):
        accept(agreement, ProviderFactory())
        open_request(agreement, ProviderFactory())
    with django_assert_max_num_queries(5):
        rows = queries.standings(agreement)
    assert sorted({row.status for row in rows}) == ["accepted", "to_accept"]
    # The partnership is a party too.
    assert len(rows) == parties + 1


# --- What a text says about accepting ------------------------------------------------------------


def test_publishing_writes_what_the_text_says_about_accepting(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    assert (agreement.scope, agreement.asks_safeguarding_lead) == ("standing", False)
    publish(agreement, text(scope="pupil", asks_safeguarding_lead=True, places_while_reserved=True))
    agreement.refresh_from_db()
    assert agreement.scope == "pupil"
    assert agreement.asks_safeguarding_lead
    assert agreement.places_while_reserved


def test_an_agreement_for_an_activity_takes_no_others_place(area: Area) -> None:
    only = make_agreement(area.partnership, title="Climbing", scope="activity")
    assert queries.agreement_for(area.partnership) == only
    older = make_agreement(area.partnership, title="Tuition")
    make_agreement(area.partnership, title="Sailing", scope="activity")
    assert queries.agreement_for(area.partnership) == older
    newer = make_agreement(area.partnership, title="Tuition and care")
    assert queries.agreement_for(area.partnership) == newer
