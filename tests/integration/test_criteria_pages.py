"""The editor of criteria and the trial on past referrals, through their pages."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.criteria import YEAR_TEN, YOUNGER, make_draft, publish, table_of
from tests.factories.referrals import make_referral
from workflows.criteria import actions, queries, rules
from workflows.referrals import actions as referrals
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


@pytest.fixture
def administrator(area, client):
    person = area.person(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def page(area, name, *arguments):
    return reverse(f"criteria:{name}", args=[area.partnership.slug, *arguments])


def shown(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_an_administrator_writes_a_table_from_nothing_and_publishes_it(client, area, administrator):
    assert client.get(reverse("criteria:list")).url == page(area, "detail")
    assert "No criteria are in use" in shown(client, page(area, "detail"))
    assert client.post(page(area, "begin")).url == page(area, "draft")
    assert "Add at least one rule." in shown(client, page(area, "draft"))
    answer = client.post(
        page(area, "add_rule"),
        {"revision": "0", "outcome": "meets", "explanation": "It’s the “exam” years"},
    )
    assert answer.url == page(area, "choose_fact", "rule-1")
    answer = client.post(answer.url, {"fact": "year_group"})
    assert answer.url == page(area, "add_condition", "rule-1", "year_group")
    bare = client.post(answer.url, {"revision": "1", "operator": "is_one_of"})
    assert "Select at least one answer" in bare.content.decode()
    client.post(answer.url, {"revision": "1", "operator": "is_one_of", "choices": ["10", "11"]})
    assert "Year group is one of Year 10 or Year 11" in shown(client, page(area, "rule", "rule-1"))
    client.post(
        page(area, "rule", "otherwise"),
        {"revision": "2", "outcome": "look_closer", "explanation": "Nothing fits"},
    )
    text = shown(client, page(area, "publish"))
    assert "1 rules, where there were no criteria before." in text
    assert client.post(page(area, "publish"), {"revision": "3"}).url == page(area, "detail")
    assert "In use: version 1" in shown(client, page(area, "detail"))
    assert client.get(page(area, "draft")).url == page(area, "detail")
    assert "Year 10" in shown(client, page(area, "version", 1))


@pytest.mark.parametrize(
    ("fact", "answers", "expected"),
    [
        ("age", {"operator": "at_least", "number": "11"}, "Age in years is at least 11"),
        (
            "looked_after",
            {"operator": "is", "choice": "no"},
            "Looked after by a local authority is no",
        ),
        ("primary_need", {"operator": "is_unknown"}, "Primary need is not answered"),
    ],
)
def test_each_kind_of_fact_has_boxes_of_its_own(
    client, area, administrator, fact, answers, expected
):
    draft = make_draft(area.partnership, administrator)
    url = page(area, "add_condition", "rule-1", fact)
    assert client.get(url).status_code == 200
    client.post(url, {"revision": str(draft.revision), **answers})
    assert expected in shown(client, page(area, "rule", "rule-1"))


def test_rules_are_moved_and_removed_and_overlaps_pointed_out(client, area, administrator):
    wide = ("meets", ("age", "at_least", 3))
    draft = make_draft(area.partnership, administrator, table_of(YEAR_TEN, YOUNGER, wide))
    text = shown(client, page(area, "draft"))
    assert "Rules 2 and 3 can both fit" in text
    client.post(
        page(area, "move_rule", "rule-3"), {"revision": str(draft.revision), "direction": "up"}
    )
    draft.refresh_from_db()
    assert [row.key for row in rules.read(draft.content).rows] == ["rule-1", "rule-3", "rule-2"]
    assert "Remove rule 3?" in shown(client, page(area, "remove_rule", "rule-2"))
    client.post(page(area, "remove_rule", "rule-2"), {"revision": str(draft.revision)})
    draft.refresh_from_db()
    assert len(rules.read(draft.content).rows) == 2
    client.post(page(area, "remove_condition", "rule-1", 1), {"revision": str(draft.revision)})
    assert "It has no condition yet" in shown(client, page(area, "draft"))


def test_the_second_administrator_keeps_what_they_typed(client, area, administrator):
    draft = make_draft(area.partnership, administrator)
    other = area.person(Role.ADMINISTRATOR, area.local_authority)
    actions.change(
        draft=draft, revision=draft.revision, by=other, how=lambda table: table.moved("rule-1", 1)
    )
    response = client.post(
        page(area, "rule", "rule-1"),
        {"revision": "1", "outcome": "meets", "explanation": "MY-WORDS"},
    )
    text = response.content.decode()
    assert other.get_full_name() in text
    assert "MY-WORDS" in text
    response = client.post(page(area, "remove_rule", "rule-1"), {"revision": "1"}, follow=True)
    assert "has changed these criteria since" in response.content.decode()


def test_a_rule_that_is_gone_leads_back_to_the_draft(client, area, administrator):
    make_draft(area.partnership, administrator)
    assert client.get(page(area, "rule", "rule-9")).url == page(area, "draft")
    assert client.get(page(area, "add_condition", "rule-1", "nothing")).status_code == 404
    assert client.get(page(area, "remove_rule", "otherwise")).status_code == 404


def test_a_draft_is_thrown_away_after_asking(client, area, administrator):
    draft = make_draft(area.partnership, administrator)
    assert "Throw the draft away?" in shown(client, page(area, "discard"))
    client.post(page(area, "discard"), {"revision": str(draft.revision)})
    assert queries.draft_of(area.partnership) is None


def test_others_do_not_find_the_pages(client, area, administrator):
    make_draft(area.partnership, administrator)
    for person in (
        area.person(Role.OFFICER),
        area.person(Role.HEAD),
        Area().person(Role.ADMINISTRATOR),
    ):
        client.force_login(person)
        for name in ("detail", "draft", "publish", "trial", "add_rule"):
            assert client.get(page(area, name)).status_code == 404


# --- The trial ----------------------------------------------------------------------------------


def test_a_trial_says_what_would_have_changed(client, area, administrator):
    publish(area.partnership, administrator)
    declined = make_referral(area, Status.DECLINED, year_group=10)
    accepted = make_referral(area, Status.ACCEPTED, year_group=4)
    make_referral(area, Status.AT_PANEL, year_group=8)
    make_referral(area, Status.SUBMITTED, year_group=8)
    draft = make_draft(area.partnership, administrator, table_of(("meets", ("age", "at_least", 1))))
    client.post(page(area, "trial"))
    assert "Waiting to start" in shown(client, page(area, "trial"))
    names = ProcrastinateJob.objects.values_list("task_name", flat=True)
    assert "referrals.replay_criteria" in names
    simulation = referrals.replay(simulation=queries.simulation_of(draft))
    # The one that nobody has screened yet is not of the past.
    assert (simulation.total, simulation.done, simulation.status) == (3, 3, "done")
    assert simulation.counts == {
        "before": {"meets": 1, "does_not_meet": 1, "look_closer": 1},
        "after": {"meets": 3},
        "changed": 2,
        "against_decision": 1,
    }
    text = shown(client, page(area, "trial"))
    assert "of 2, and something else than was decided of 1" in text
    # An administrator takes part in no case: the numbers are theirs to see, the children are not.
    assert accepted.case.reference not in text
    assert "2 referrals, of cases that you may not see, are counted but not listed." in text
    from workflows.cases import actions as cases

    for one in (accepted, declined):
        if one.case.closed_at is None:
            cases.share_for_task(
                case=one.case, user=administrator, audiences=["parties"], reason="Test"
            )
    text = shown(client, page(area, "trial"))
    assert accepted.case.reference in text
    text = shown(client, page(area, "trial") + "?against=1")
    assert "of a case that you may not see, is counted" in text


def test_a_trial_of_a_draft_that_has_changed_says_so(client, area, administrator):
    draft = make_draft(area.partnership, administrator)
    referrals.replay(simulation=actions.simulate(draft=draft, by=administrator))
    assert "has not screened a referral yet" in shown(client, page(area, "trial"))
    actions.change(draft=draft, revision=draft.revision, by=administrator, how=lambda table: table)
    assert "The draft has changed since" in shown(client, page(area, "trial"))


def test_a_trial_of_many_costs_the_same_queries_for_each_batch(
    area, administrator, monkeypatch, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from workflows.referrals.actions import replaying

    for _ in range(4):
        make_referral(area, Status.AT_PANEL, year_group=10)
    draft = make_draft(area.partnership, administrator)
    counted = []
    for size in (4, 2, 1):
        monkeypatch.setattr(replaying, "BATCH", size)
        simulation = actions.simulate(draft=draft, by=administrator)
        with CaptureQueriesContext(
            connection,
        ) as found:
            referrals.replay(simulation=simulation)
        counted.append(len(found))
    # One, two and four batches.
    assert counted[1] - counted[0] == (counted[2] - counted[1]) / 2


def test_a_trial_that_was_replaced_ends_without_a_result(area, administrator):
    make_referral(area, Status.AT_PANEL)
    draft = make_draft(area.partnership, administrator)
    old = actions.simulate(draft=draft, by=administrator)
    actions.simulate(draft=draft, by=administrator)
    from workflows.referrals import jobs

    jobs.replay_criteria.func(None, old.pk)
    assert queries.simulation_of(draft).status == "queued"
