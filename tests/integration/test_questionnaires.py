"""An administrator changes what a partnership asks; referrals keep what they were begun with."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import ROLES_BY_KIND, Role
from tests.factories import criteria, member
from tests.factories.cases import Area
from tests.factories.questionnaires import publish_more, question
from tests.factories.referrals import fill, make_referral
from workflows.cases import actions as cases
from workflows.cases.states import Audience, ParticipationKind
from workflows.engine.exceptions import NotAllowed
from workflows.questionnaires import actions, queries, rules
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.questionnaires.states import Kind, Status
from workflows.referrals import actions as referrals
from workflows.referrals import queries as referral_queries
from workflows.referrals.models import Answer, Referral
from workflows.referrals.states import Status as ReferralStatus

pytestmark = pytest.mark.django_db

TAXI = question("Does the pupil need a taxi?", Kind.YES_NO)
WHERE = question("Where from?", shown_if=rules.ShownIf("does_the_pupil_need_a_taxi", ("yes",)))


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def administrator(area: Area, client: Client) -> Any:
    person = area.person(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def to(area: Area, name: str, *arguments: Any) -> str:
    return reverse(f"questionnaires:{name}", args=[area.partnership.slug, *arguments])


def draft_of(area: Area) -> QuestionnaireVersion:
    draft = queries.draft_of(area.partnership)
    assert draft is not None
    return draft


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "label": "Where from?",
        "help": "",
        "kind": "short_text",
        "choices": "",
        "required": "yes",
        "audience": "parties",
        "section": "views",
        **changes,
    }


# --- Versions ------------------------------------------------------------------------------------


def test_a_partnership_begins_with_the_standard_questions(area: Area) -> None:
    version = queries.version_for(area.partnership)
    assert version == queries.version_for(area.partnership)
    assert (version.number, version.status) == (1, Status.PUBLISHED)
    assert "parent_views" in rules.read(version.content).by_key


@pytest.mark.parametrize(
    "change",
    ["number = 7", "content = '{}'", "status = 'draft'", "sha256 = 'x'", None],
)
def test_what_was_in_use_is_never_changed(area: Area, change: str | None) -> None:
    version = queries.version_for(area.partnership)
    statement = (
        f"UPDATE questionnaires_questionnaireversion SET {change}"
        if change
        else "DELETE FROM questionnaires_questionnaireversion"
    )
    with (
        pytest.raises(IntegrityError, match="stay as they were"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{statement} WHERE id = %s", [version.pk])


def test_a_referral_keeps_the_version_it_was_begun_with(area: Area, administrator: Any) -> None:
    before = make_referral(area)
    version = publish_more(area.partnership, TAXI, WHERE, by=administrator)
    assert version.number == 2
    assert len(version.sha256) == 64
    after = make_referral(area, complete=False)
    assert before.questionnaire_version.status == Status.SUPERSEDED
    assert after.questionnaire_version == version
    assert "does_the_pupil_need_a_taxi" not in referral_queries.content_of(before).by_key
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=before.pk).update(questionnaire_version=version)
    shown = referral_queries.implied_version(before)
    referrals.submit(
        referral=before, by=area.person(Role.REFERRER), sha256=shown.sha256 if shown else None
    )


def test_the_next_referral_obeys_what_was_published(area: Area, administrator: Any) -> None:
    publish_more(area.partnership, TAXI, WHERE, by=administrator)
    by = area.person(Role.REFERRER)
    referral = make_referral(area, complete=False)
    fill(referral, by=by)
    # The factory answers what is words; the taxi is not answered, so nobody is asked where from.
    with pytest.raises(NotAllowed, match="“Travel”"):
        referrals.submit(referral=referral, by=by)
    assert "where_from" not in referral_queries.answers(referral)
    for taxi, where, refused in ((True, "", True), (True, "Home", False), (False, "", False)):
        referrals.write_answers(
            referral=referral,
            answers={"does_the_pupil_need_a_taxi": taxi, "where_from": where},
            by=by,
        )
        missing = [page.title for page in referral_queries.pages(referral) if not page.is_complete]
        assert missing == (["Travel"] if refused else [])
    referrals.submit(referral=referral, by=by)


def test_an_answer_that_is_none_and_a_question_of_nobody_are_refused(area: Area) -> None:
    referral, by = make_referral(area), area.person(Role.REFERRER)
    with pytest.raises(NotAllowed, match="4000 characters"):
        referrals.write_answers(referral=referral, answers={"needs": "x" * 4001}, by=by)
    with pytest.raises(TypeError, match="given_by"):
        referrals.write_answers(referral=referral, answers={"given_by": "x"}, by=by)
    referrals.write_answers(referral=referral, answers={"needs": "  "}, by=by)
    assert not Answer.objects.filter(referral=referral, key="needs").exists()


# --- The page of a section -----------------------------------------------------------------------


def test_a_question_that_an_answer_needs_appears_when_the_page_is_sent(
    area: Area, administrator: Any, client: Client
) -> None:
    publish_more(area.partnership, TAXI, WHERE, by=administrator)
    referral = make_referral(area, complete=False)
    client.force_login(area.person(Role.REFERRER))
    url = reverse("referrals:questions", args=[referral.case.reference, 3])
    first = text_of(client.get(url))
    assert "taxi" in first
    assert "Where from" not in first
    key = "does_the_pupil_need_a_taxi"
    response = client.post(url, {"asked": key, key: "yes"})
    assert response.url == url
    second = text_of(client.get(url))
    assert "leads to one more question" in second
    assert "Where from" in second
    assert "There is a problem" not in second
    both = {"asked": f"{key} where_from", key: "yes"}
    assert "Answer the question ‘Where from?’" in text_of(client.post(url, both))
    # No: nobody is asked where from, and what was typed there does not matter.
    response = client.post(url, {**both, key: "no", "where_from": "Home"})
    assert response.url == reverse("referrals:contacts", args=[referral.case.reference])
    assert referral_queries.answers(referral) == {key: False}
    assert referral_queries.written_answers(referral)["where_from"] == "Home"


def test_what_is_right_is_saved_although_something_is_missing(area: Area, client: Client) -> None:
    referral = make_referral(area, complete=False)
    client.force_login(area.person(Role.REFERRER))
    url = reverse("referrals:questions", args=[referral.case.reference, 2])
    response = client.post(url, {"tried_first": "Calls", "pupil_views": ""})
    assert response.status_code == 200
    assert referral_queries.answers(referral) == {"tried_first": "Calls"}
    assert client.get(url.replace("/2/", "/9/")).status_code == 404


def test_every_kind_of_answer_is_typed_and_shown_again(
    area: Area, administrator: Any, client: Client
) -> None:
    several = (rules.Choice("a", "Apple’s"), rules.Choice("b", "<b>Bread</b>"))
    publish_more(
        area.partnership,
        question("One?", Kind.CHOOSE_ONE, choices=several),
        question("Any?", Kind.CHOOSE_SEVERAL, choices=several),
        question("When?", Kind.DATE),
        question("How many?", Kind.NUMBER),
        question("Mail?", Kind.EMAIL),
        question("Call?", Kind.PHONE),
        by=administrator,
    )
    referral = make_referral(area, complete=False)
    client.force_login(area.person(Role.REFERRER))
    url = reverse("referrals:questions", args=[referral.case.reference, 3])
    wrong = {"one": "c", "any": "a", "how_many": "lots", "mail": "me", "when-day": "31",
             "when-month": "2", "when-year": "2026"}  # fmt: skip
    shown = text_of(client.post(url, wrong))
    for words in ("Select one of the answers", "Enter a number", "real date", "email address"):
        assert words in shown
    right = {"one": "a", "any": ["a", "b"], "how_many": "2.5", "mail": "me@school.example",
             "call": "01632 960 001", "when-day": "29", "when-month": "March", "when-year": "2026"}  # fmt: skip
    assert client.post(url, right).status_code == 302
    assert referral_queries.answers(referral) == {
        "one": "a",
        "any": ["a", "b"],
        "when": "2026-03-29",
        "how_many": 2.5,
        "mail": "me@school.example",
        "call": "01632 960 001",
    }
    again = client.get(url).content.decode()
    assert again.count("checked") == 3
    assert 'value="29"' in again
    check = client.get(reverse("referrals:check", args=[referral.case.reference])).content.decode()
    assert "29 March 2026" in check
    assert "&lt;b&gt;Bread&lt;/b&gt;" in check


# --- Who may see an answer -----------------------------------------------------------------------


def test_an_answer_is_seen_by_its_audience_alone(area: Area, administrator: Any) -> None:
    publish_more(
        area.partnership,
        question("For all?"),
        question("For us?", audience=Audience.SCHOOL_AND_COMMISSIONER),
        question("Safe?", audience=Audience.SAFEGUARDING),
        by=administrator,
    )
    referral = make_referral(area, ReferralStatus.AT_PANEL)
    cases.join(
        case=referral.case, organisation=area.provider, kind=ParticipationKind.PROVIDER, by=None
    )
    referral.refresh_from_db()

    def seen(person: Any) -> set[str]:
        labels = {
            row["key"]
            for card in referral_queries.answer_cards(referral, person)
            for row in card.rows
        }
        kept = set(Answer.objects.visible_to(person).values_list("key", flat=True))
        asked = {"For all?": "for_all", "For us?": "for_us", "Safe?": "safe"}
        assert {asked[one] for one in labels & set(asked)} == kept & set(asked.values())
        return labels & set(asked)

    assert seen(area.person(Role.TUTOR)) == {"For all?"}
    assert seen(area.panel()[1]) == {"For all?"}
    assert seen(area.person(Role.OFFICER)) == {"For all?", "For us?", "Safe?"}
    assert seen(area.person(Role.REFERRER)) == {"For all?", "For us?"}
    assert "Safe?" in seen(area.person(Role.SAFEGUARDING_LEAD))
    assert seen(Area().person(Role.OFFICER)) == set()


def test_whoever_writes_sees_what_was_written(area: Area, administrator: Any) -> None:
    publish_more(
        area.partnership, question("Safe?", audience=Audience.SAFEGUARDING), by=administrator
    )
    draft = make_referral(area)
    labels = {
        row["key"]
        for card in referral_queries.answer_cards(draft, area.person(Role.REFERRER))
        for row in card.rows
    }
    assert "Safe?" in labels


# --- The editor ----------------------------------------------------------------------------------


def test_an_administrator_changes_the_form_without_code(
    area: Area, administrator: Any, client: Client
) -> None:
    assert client.get("/questionnaires/").url == to(area, "versions")
    assert client.post(to(area, "begin_draft")).url == to(area, "draft")
    client.post(to(area, "add_section"), {"title": "Travel’s", "help": "By taxi"})
    key = rules.read(draft_of(area).content).sections[-1].key
    assert "has no question yet" in text_of(client.get(to(area, "draft")))
    assert "Add a question to the section" in text_of(client.get(to(area, "draft")))
    add = to(area, "add_question", key)
    response = client.post(
        add, fields(section=key, label="Taxi?", kind="choose_one", choices="One")
    )
    assert "between 2 and" in text_of(response)
    client.post(
        add, fields(section=key, label="Taxi?", kind="choose_one", choices="Yes\nNo, a bus")
    )
    client.post(add, fields(section=key, shown_if=["taxi:yes"]))
    draft = text_of(client.get(to(area, "draft")))
    assert "Asked only if “Taxi?” is answered “Yes”" in draft
    # Before what it depends on: said, and not published.
    client.post(to(area, "move_question", "where_from"), {"step": "up"})
    assert "Mend this" in text_of(client.get(to(area, "draft")))
    refused = client.post(to(area, "publish"), {"seen": draft_of(area).revision})
    assert "does not come before it" in text_of(refused)
    client.post(to(area, "move_question", "where_from"), {"step": "down"})
    page = text_of(client.get(to(area, "publish")))
    assert "New section" in page
    assert "New question, needs an answer only if “Taxi?”" in page
    response = client.post(to(area, "publish"), {"seen": draft_of(area).revision})
    assert response.url == to(area, "versions")
    assert queries.version_for(area.partnership).published_by == administrator
    assert client.get(to(area, "version", 2)).status_code == 200
    assert queries.draft_of(area.partnership) is None
    # A page of a draft that is no more says so.
    assert client.get(add).url == to(area, "versions")


def test_publishing_warns_of_choices_that_the_criteria_go_by(
    area: Area, administrator: Any, client: Client
) -> None:
    days = question(
        "Which days?", Kind.CHOOSE_ONE, choices=rules.choices_of(["Mondays", "Fridays"], [])
    )
    version = publish_more(area.partnership, days, by=administrator)
    (key,) = {one.key for one in rules.read(version.content).questions if one.label == days.label}
    criteria.publish(
        area.partnership,
        area.person(Role.ADMINISTRATOR),
        criteria.table_of(("meets", (key, "is_one_of", ["mondays"]))),
    )
    client.post(to(area, "begin_draft"))
    section = rules.section_with(rules.read(draft_of(area).content), key).key
    change = to(area, "change_question", key)

    def rename(choices: str) -> str:
        seen = rules.fingerprint_of(rules.read(draft_of(area).content).by_key[key])
        client.post(
            change,
            fields(
                section=section,
                label="Which days?",
                kind="choose_one",
                choices=choices,
                seen=seen,
            ),
        )
        return text_of(client.get(to(area, "publish")))

    assert "The criteria in use go by" not in rename("Mondays\nThursdays")
    shown = rename("Every Monday\nThursdays")
    assert "The criteria in use go by" in shown
    assert "Which days?: The choice “Mondays” goes" in shown


def test_the_preview_asks_as_the_form_does_and_keeps_no_answer(
    area: Area, administrator: Any, client: Client
) -> None:
    publish_more(area.partnership, TAXI, WHERE, by=administrator)
    url = to(area, "preview", 2, 3)
    key = "does_the_pupil_need_a_taxi"
    assert "Where from" not in text_of(client.get(url))
    assert client.post(url, {"asked": key, key: "yes"}).url == url
    assert "Where from" in text_of(client.get(url))
    assert "There is a problem" in text_of(client.post(url, {"asked": f"{key} where_from"}))
    assert not Answer.objects.exists()
    assert client.get(to(area, "preview", 2, 4)).status_code == 404


def test_of_two_administrators_at_once_the_second_is_told_and_nothing_is_lost(
    area: Area, administrator: Any, client: Client
) -> None:
    other = Client()
    other.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    client.post(to(area, "begin_draft"))
    other.post(to(area, "begin_draft"))
    assert QuestionnaireVersion.objects.filter(status=Status.DRAFT).count() == 1
    # Different questions: both changes stand.
    url, another = to(area, "change_question", "needs"), to(area, "change_question", "reason")
    content = rules.read(draft_of(area).content)
    seen = {key: rules.fingerprint_of(content.by_key[key]) for key in ("needs", "reason")}
    mine = fields(label="Mine?", section="profile", seen=seen["needs"])
    theirs = fields(label="Theirs?", section="profile", seen=seen["reason"])
    assert client.post(url, mine).status_code == 302
    assert other.post(another, theirs).status_code == 302
    # The same question: the second sees both wordings, and decides.
    late = fields(label="Late?", section="profile", seen=seen["needs"])
    response = other.post(url, late)
    page = text_of(response)
    assert "changed after you opened it" in page
    assert "Mine?" in page
    assert 'value="Late?"' in page
    assert rules.read(draft_of(area).content).by_key["needs"].label == "Mine?"
    late["seen"] = response.context["form"].data["seen"]
    assert other.post(url, late).status_code == 302
    labels = {one.key: one.label for one in rules.read(draft_of(area).content).questions}
    assert (labels["needs"], labels["reason"]) == ("Late?", "Theirs?")
    # Publishing what was not read is not done either.
    assert "listed anew" in text_of(client.post(to(area, "publish"), {"seen": 1}))
    client.post(to(area, "remove_question", "needs"))
    page = text_of(other.post(url, late))
    assert "removed this question meanwhile" in page
    assert 'value="Late?"' in page
    again = to(area, "add_question", "profile")
    assert f'action="{again}"' in page
    assert other.post(again, late).url == to(area, "draft")


def test_keys_are_never_used_again_for_something_else(area: Area, administrator: Any) -> None:
    publish_more(area.partnership, TAXI, by=administrator)
    actions.begin_draft(partnership=area.partnership, by=administrator)
    actions.remove_question(
        partnership=area.partnership, key="does_the_pupil_need_a_taxi", by=administrator
    )
    key = actions.add_question(
        partnership=area.partnership, section="views", question=TAXI, by=administrator
    )
    assert key == "does_the_pupil_need_a_taxi_2"


def test_a_draft_without_a_change_is_not_published_and_can_be_discarded(
    area: Area, administrator: Any, client: Client
) -> None:
    client.post(to(area, "begin_draft"))
    assert "Nothing is changed yet" in text_of(client.get(to(area, "draft")))
    with pytest.raises(NotAllowed, match="nothing else"):
        actions.publish(partnership=area.partnership, revision=0, by=administrator)
    assert client.get(to(area, "discard")).status_code == 200
    client.post(to(area, "discard"))
    assert queries.draft_of(area.partnership) is None


PAGES = [
    ("versions",), ("version", 1), ("preview", 1, 1), ("draft",), ("discard",), ("publish",),
    ("add_section",), ("change_section", "views"), ("add_question", "views"),
    ("remove_section", "views"), ("change_question", "needs"), ("remove_question", "needs"),
]  # fmt: skip


def test_only_administrators_of_the_partnership_and_above_it_come_in(
    area: Area, client: Client
) -> None:
    administrator = area.person(Role.ADMINISTRATOR)
    actions.begin_draft(partnership=area.partnership, by=administrator)
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            person = member(role, area.organisations[kind])
            may = role == Role.ADMINISTRATOR
            client.force_login(person)
            for page in PAGES:
                expected = 200 if may else 404
                assert client.get(to(area, *page)).status_code == expected, (role, page)
            if not may:
                with pytest.raises(NotPermitted):
                    actions.begin_draft(partnership=area.partnership, by=person)
                with pytest.raises(NotPermitted):
                    actions.publish(partnership=area.partnership, revision=0, by=person)
    client.force_login(Area().person(Role.ADMINISTRATOR))
    assert client.get(to(area, "draft")).status_code == 404
    client.logout()
    assert client.get(to(area, "draft")).status_code == 302
