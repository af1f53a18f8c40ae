"""Criteria from the draft to the advice at a screening, and what is kept of it."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from permissions.exceptions import NotPermitted
from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories.cases import Area
from tests.factories.criteria import YEAR_TEN, make_draft, publish, table_of
from tests.factories.referrals import make_referral
from workflows.criteria import actions, grants, queries, rules, states
from workflows.criteria.models import DecisionTableVersion
from workflows.criteria.states import Advice, Status
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.questionnaires import queries as questionnaires
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.referrals import actions as referrals
from workflows.referrals import queries as referral_queries
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import Referral, Screening
from workflows.referrals.states import Status as ReferralStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


@pytest.fixture
def administrator(area):
    return area.person(Role.ADMINISTRATOR)


def screen(area, referral, **answers):
    officer = area.person(Role.OFFICER)
    area.panel()
    tasks.perform(
        tasks.find(referral, ReferralFlow, "screen"),
        by=officer,
        act=lambda: referrals.send_to_panel(referral=referral, by=officer, **answers),
    )
    return referral_queries.latest_screening(referral)


# --- Drafts and publication ---------------------------------------------------------------------


def test_a_partnership_has_no_criteria_until_it_publishes_some(area, administrator):
    assert queries.version_for(area.partnership) is None
    draft = make_draft(area.partnership, administrator)
    assert queries.version_for(area.partnership) is None
    actions.publish(draft=draft, revision=draft.revision, by=administrator)
    assert queries.version_for(area.partnership) == draft
    assert (draft.number, draft.sha256) == (1, rules.fingerprint(draft.content))


def test_the_next_draft_begins_with_what_is_in_use_and_replaces_it(area, administrator):
    first = publish(area.partnership, administrator)
    draft = actions.begin_draft(partnership=area.partnership, by=administrator)
    assert draft.content == first.content
    assert actions.begin_draft(partnership=area.partnership, by=administrator) == draft
    actions.publish(draft=draft, revision=0, by=administrator)
    first.refresh_from_db()
    assert (first.status, draft.status, draft.number) == (
        Status.SUPERSEDED,
        Status.PUBLISHED,
        2,
    )


def test_a_table_with_something_to_mend_is_not_published(area, administrator):
    draft = make_draft(area.partnership, administrator, table_of())
    with pytest.raises(NotAllowed, match="Add at least one rule"):
        actions.publish(draft=draft, revision=draft.revision, by=administrator)


def test_of_two_administrators_the_second_is_told_and_nothing_is_lost(area, administrator):
    draft = make_draft(area.partnership, administrator)
    other = area.person(Role.ADMINISTRATOR, area.local_authority)
    seen = draft.revision
    actions.change(
        draft=draft, revision=seen, by=other, how=lambda table: table.without_row("rule-2")
    )
    mine = DecisionTableVersion.objects.get(pk=draft.pk)
    with pytest.raises(NotAllowed, match=other.get_full_name()):
        actions.change(
            draft=mine, revision=seen, by=administrator, how=lambda table: table.moved("rule-1", 1)
        )
    mine.refresh_from_db()
    assert len(rules.read(mine.content).rows) == 1


def test_a_draft_that_is_gone_is_said_to_be(area, administrator):
    draft = make_draft(area.partnership, administrator)
    same = DecisionTableVersion.objects.get(pk=draft.pk)
    actions.discard(draft=draft, revision=draft.revision, by=administrator)
    with pytest.raises(NotAllowed, match="thrown away"):
        actions.publish(draft=same, revision=same.revision, by=administrator)


def test_what_was_in_use_is_never_changed(area, administrator):
    version = publish(area.partnership, administrator)
    for change in ({"content": {}}, {"status": Status.DRAFT}, {"number": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionTableVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.delete()


def test_who_may_change_criteria(area):
    # Everybody's table test: administrators of the partnership and of its authority alone.
    people = tables.one_of_each(area.organisations)
    allowed = {
        (OrganisationKind.PARTNERSHIP, Role.ADMINISTRATOR),
        (OrganisationKind.LOCAL_AUTHORITY, Role.ADMINISTRATOR),
    }
    draft = make_draft(area.partnership, area.person(Role.ADMINISTRATOR))
    acts = {
        "change": lambda by: actions.change(
            draft=fresh(), revision=draft.revision, by=by, how=lambda table: table
        ),
        "discard": lambda by: actions.discard(draft=fresh(), revision=draft.revision, by=by),
        "simulate": lambda by: actions.simulate(draft=fresh(), by=by),
        "publish": lambda by: actions.publish(draft=fresh(), revision=draft.revision, by=by),
    }

    def fresh():
        return DecisionTableVersion.objects.get(pk=draft.pk)

    tables.check_grants(acts, grants.ACTION_PERMISSIONS, states.OWNERS)
    for held in (True, False):
        for place, person in people.items():
            for name, act in acts.items():
                expected = place in allowed and held
                try:
                    with transaction.atomic():
                        act(person)
                        done = True
                        transaction.set_rollback(True)
                except NotPermitted:
                    done = False
                    assert place not in allowed
                except NotAllowed:
                    done = False
                    assert place in allowed
                assert done == expected, (place, name)
        if held:
            actions.publish(draft=fresh(), revision=draft.revision, by=area.person("administrator"))


# --- Advice at a screening ----------------------------------------------------------------------


@time_machine.travel(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_the_facts_of_a_referral(area):
    referral = make_referral(
        area,
        ReferralStatus.SUBMITTED,
        year_group=9,
        date_of_birth=datetime.date(2012, 3, 3),
        sen_status="K",
        primary_need="SEMH",
        looked_after=True,
    )
    facts = referral_queries.facts(referral)
    assert (
        facts.items()
        >= {
            "year_group": "9",
            "key_stage": "3",
            "age": 13,
            "sen_status": "K",
            "primary_need": "SEMH",
            "looked_after": True,
            "has_medical_evidence": True,
            # The letter says no date.
            "medical_evidence_age_days": None,
        }.items()
    )
    assert set(rules.BUILT_IN) <= set(facts)


def test_the_facts_of_many_cost_a_fixed_number_of_queries(area, django_assert_max_num_queries):
    for number in range(4):
        make_referral(area, ReferralStatus.SUBMITTED, year_group=number + 1)
    found = list(Referral.objects.select_related("case__pupil").order_by("pk"))
    with django_assert_max_num_queries(3):
        facts = referral_queries.facts_of(found)
    assert [facts[one.pk]["year_group"] for one in found] == ["1", "2", "3", "4"]


def test_the_next_referral_obeys_the_table_and_keeps_what_it_was_advised(area, administrator):
    without = make_referral(area, ReferralStatus.SUBMITTED, year_group=10)
    kept = screen(area, without)
    assert (kept.version, kept.advice, kept.finding) == (None, "", "")
    version = publish(area.partnership, administrator)
    referral = make_referral(area, ReferralStatus.SUBMITTED, year_group=10)
    kept = screen(area, referral, seen=version.pk)
    assert (kept.version, kept.advice, kept.rule, kept.finding) == (
        version,
        Advice.MEETS,
        1,
        Advice.MEETS,
    )
    assert kept.held == ["Year group is one of Year 10 or Year 11 (Year 10)"]
    publish(area.partnership, administrator, table_of(("does_not_meet", YEAR_TEN[1])))
    kept.refresh_from_db()
    assert kept.version == version
    again = make_referral(area, ReferralStatus.SUBMITTED, year_group=10)
    _, advised = referral_queries.advice_for(again)
    assert advised.outcome == Advice.DOES_NOT_MEET


def test_an_officer_finds_otherwise_with_reasons_alone(area, administrator):
    publish(area.partnership, administrator)
    referral = make_referral(area, ReferralStatus.SUBMITTED, year_group=4)
    with pytest.raises(NotAllowed, match="Enter why you find otherwise"):
        screen(area, referral, finding="meets", reasons=" ")
    assert not Screening.objects.exists()
    kept = screen(area, referral, finding="meets", reasons="The consultant’s letter is clear")
    assert (kept.advice, kept.finding, kept.is_otherwise) == ("does_not_meet", "meets", True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Screening.objects.filter(pk=kept.pk).update(reasons="")


def test_criteria_published_while_an_officer_reads_are_not_passed_over(area, administrator):
    old = publish(area.partnership, administrator)
    referral = make_referral(area, ReferralStatus.SUBMITTED, year_group=10)
    publish(area.partnership, administrator, table_of(("does_not_meet", YEAR_TEN[1])))
    with pytest.raises(NotAllowed, match="published anew"):
        screen(area, referral, seen=old.pk)
    officer = area.person(Role.OFFICER)
    with pytest.raises(NotAllowed, match="published anew"):
        referrals.ask_questions(referral=referral, texts=["Why?"], by=officer, seen=old.pk)


def test_a_question_keeps_the_advice_as_well(area, administrator):
    version = publish(area.partnership, administrator)
    referral = make_referral(area, ReferralStatus.QUESTIONED, year_group=10)
    kept = referral_queries.latest_screening(referral)
    assert (kept.outcome, kept.version, kept.advice, kept.finding) == (
        "asked",
        version,
        Advice.MEETS,
        "",
    )


def test_the_screening_page_shows_the_advice_and_asks_for_a_finding(client, area, administrator):
    publish(area.partnership, administrator)
    area.panel()
    referral = make_referral(area, ReferralStatus.SUBMITTED, year_group=4)
    task = tasks.find(referral, ReferralFlow, "screen")
    client.force_login(area.person(Role.OFFICER))
    url = task.get_absolute_url()
    shown = client.get(url).content.decode()
    assert "The criteria advise: does not meet the criteria" in shown
    assert "Because of rule 2" in shown
    version = str(queries.version_for(area.partnership).pk)
    answers = {"next": "to_panel", "question": "", "seen": version, "finding": "", "reasons": ""}
    assert "Select what you find" in client.post(url, answers).content.decode()
    answers["finding"] = "meets"
    assert "Enter why you find otherwise" in client.post(url, answers).content.decode()
    answers["reasons"] = "The consultant’s letter"
    response = client.post(url, answers)
    assert "Meets the criteria" in client.get(response.url).content.decode()
    assert client.post(url, {"confirm": "1"}).status_code == 302
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.AT_PANEL
    shown = client.get(referral.case.get_absolute_url()).content.decode()
    assert "Otherwise than advised" in shown
    # The school reads the decision, not the officer's working.
    client.force_login(area.person(Role.REFERRER))
    shown = client.get(referral.case.get_absolute_url()).content.decode()
    assert "Otherwise than advised" not in shown


def ask(area, **question):
    """Add a question to the partnership's form."""
    current = questionnaires.version_for(area.partnership)
    content = {
        "sections": [
            *current.content["sections"],
            {
                "key": "more",
                "title": "More",
                "questions": [{"required": False, "audience": "parties", **question}],
            },
        ]
    }
    QuestionnaireVersion.objects.filter(pk=current.pk).update(status="superseded")
    return QuestionnaireVersion.objects.create(
        questionnaire=current.questionnaire,
        number=current.number + 1,
        status="published",
        content=content,
        sha256="0" * 64,
        published_at=timezone.now(),
    )


def test_a_question_of_the_form_becomes_a_fact_by_its_key(area, administrator):
    ask(area, key="missed", label="School days missed", kind="number")
    assert queries.catalogue_of(area.partnership)["missed"].label == "School days missed"
    publish(area.partnership, administrator, table_of(("meets", ("missed", "at_least", 15))))
    referral = make_referral(area)
    referrer = area.person(Role.REFERRER)
    referrals.write_answers(referral=referral, by=referrer, answers={"missed": 16})
    referrals.submit(referral=referral, by=referrer)
    kept = screen(area, referral)
    assert (kept.advice, kept.held) == (
        Advice.MEETS,
        ["School days missed is at least 15 (16)"],
    )


def test_what_safeguarding_leads_alone_read_is_no_fact(area):
    ask(
        area,
        key="concern",
        label="Is there a concern?",
        kind="yes_no",
        audience="safeguarding",
    )
    assert "concern" not in queries.catalogue_of(area.partnership)
    referral = make_referral(area)
    referrals.write_answers(
        referral=referral, by=area.person(Role.REFERRER), answers={"concern": True}
    )
    assert "concern" not in referral_queries.facts(referral)
