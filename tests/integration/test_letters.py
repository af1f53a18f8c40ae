"""A partnership's letters: who writes them, what is refused, versions, and the pages."""

from __future__ import annotations

import html
import io
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import member
from tests.factories.cases import Area
from workflows.engine.exceptions import NotAllowed
from workflows.letters import actions, defaults, queries
from workflows.letters.models import LetterTemplate, LetterVersion
from workflows.letters.states import Addressee, Kind

pytestmark = pytest.mark.django_db

ABOVE = (OrganisationKind.PARTNERSHIP, OrganisationKind.LOCAL_AUTHORITY)
WHICH: dict[str, Any] = {"kind": Kind.DECISION_DECLINED, "addressee": Addressee.SCHOOL}
SLUG = "decision-declined-school"
BODY = "For {pupil full name}: no.\n\n{reasons}\n\nAsk until {ask for a review by}."


@pytest.fixture
def area() -> Area:
    return Area()


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def page(area: Area, name: str, *more: Any) -> str:
    return reverse(f"letters:{name}", args=[area.partnership.slug, *more])


def save(area: Area, **changes: Any) -> LetterTemplate:
    return actions.save_draft(
        partnership=area.partnership,
        **{**WHICH, "heading": "Decision", "body": BODY, "by": None, **changes},
    )


def publish(area: Area, **changes: Any) -> LetterVersion:
    return actions.publish(partnership=area.partnership, **{**WHICH, "by": None, **changes})


def test_administrators_of_the_partnership_and_above_it_write_its_letters(
    area: Area, client: Client
) -> None:
    wrong = []
    for kind, roles in ROLES_BY_KIND.items():
        for role in roles:
            person = member(role, area.organisations[kind])
            client.force_login(person)
            may = role == Role.ADMINISTRATOR and kind in ABOVE
            for name, more in (("list", ()), ("detail", (SLUG,)), ("edit", (SLUG,)),
                               ("preview", (SLUG,)), ("settings", ())):  # fmt: skip
                found = client.get(page(area, name, *more)).status_code
                if found != (200 if may else 404):
                    wrong.append((kind, role, name, found))
            try:
                with transaction.atomic():
                    save(area, by=person)
                    transaction.set_rollback(True)
                saved = True
            except NotPermitted:
                saved = False
            if saved != may:
                wrong.append((kind, role, "save", saved))
    assert wrong == []


def test_until_somebody_publishes_our_own_text_is_in_force_and_becomes_version_1(
    area: Area,
) -> None:
    assert len(queries.lines(area.partnership)) == len(Kind) * len(Addressee)
    assert not any(line.version or line.is_drafted for line in queries.lines(area.partnership))
    first = actions.version_for(area.partnership, **WHICH)
    assert actions.version_for(area.partnership, **WHICH) == first
    assert (first.number, first.published_by) == (1, None)
    ours = defaults.TEXTS[Kind.DECISION_DECLINED, Addressee.SCHOOL]
    assert (first.heading, first.body) == ours


def test_a_draft_changes_nothing_before_it_is_published_and_versions_stay(area: Area) -> None:
    first = actions.version_for(area.partnership, **WHICH)
    save(area)
    assert actions.version_for(area.partnership, **WHICH) == first
    second = publish(area)
    assert actions.version_for(area.partnership, **WHICH) == second
    assert (second.number, second.body) == (2, BODY)
    with pytest.raises(NotAllowed, match="in force already"):
        publish(area)
    for change in (
        lambda: LetterVersion.objects.filter(pk=second.pk).update(body="Other"),
        second.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_publishing_keeps_the_text_that_was_ours_before(area: Area) -> None:
    save(area)
    assert publish(area).number == 2
    template = LetterTemplate.objects.get()
    assert [version.published_by for version in queries.versions_of(template)] == [None, None]
    assert template.versions.get(number=1).body.startswith("Dear colleague")


def test_another_partnership_keeps_its_own_text(area: Area) -> None:
    other = Area(area.local_authority)
    save(area)
    publish(area)
    assert actions.version_for(other.partnership, **WHICH).body.startswith("Dear colleague")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"body": f"{BODY} {{resons}}"}, "Did you mean {reasons}?"),
        ({"body": "For {pupil full name}, until {ask for a review by}"}, "must contain {reasons}"),
        ({"heading": "For {pupil nam}"}, "not a field"),
        ({"heading": "  "}, "Enter a heading"),
    ],
)
def test_a_text_with_a_wrong_field_is_not_saved(area: Area, changes: Any, reason: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        save(area, **changes)
    assert reason in refused.value.reason
    assert not queries.lines(area.partnership)[2].is_drafted


def test_of_two_administrators_the_second_is_told_and_loses_nothing(
    area: Area, client: Client
) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.partnership))
    shown = client.get(page(area, "edit", SLUG))
    revision = shown.context["form"].initial["revision"]
    save(area, body=f"{BODY}\n\nFrom the other one")
    typed = {"heading": "Mine", "body": f"{BODY}\n\nFrom me", "revision": revision}
    answer = client.post(page(area, "edit", SLUG), typed)
    assert "Somebody else has saved this letter" in text_of(answer)
    assert "From me" in text_of(answer)
    assert "From the other one" in LetterTemplate.objects.get().body
    again = {**typed, "revision": answer.context["form"]["revision"].value()}
    client.post(page(area, "edit", SLUG), again)
    assert "From me" in LetterTemplate.objects.get().body


def test_whoever_publishes_has_seen_what_they_publish(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.partnership))
    save(area)
    asked = client.get(page(area, "publish", SLUG))
    assert "What changes" in text_of(asked)
    save(area, body=f"{BODY}\n\nNobody has seen this")
    posted = {"revision": asked.context["form"].initial["revision"]}
    refused = client.post(page(area, "publish", SLUG), posted, follow=True)
    assert "Look at the changes again" in text_of(refused)
    assert not LetterVersion.objects.exists()


def test_the_way_of_an_administrator_from_the_list_to_a_version_in_force(
    area: Area, client: Client
) -> None:
    person = area.person(Role.ADMINISTRATOR, area.partnership)
    client.force_login(person)
    listed = client.get(reverse("letters:places"), follow=True)
    assert "Referral declined, to the school" in text_of(listed)
    refused = client.post(
        page(area, "edit", SLUG), {"heading": "D", "body": "{resons}", "revision": 0}
    )
    assert "Did you mean {reasons}?" in text_of(refused)
    saved = client.post(
        page(area, "edit", SLUG),
        {"heading": "A decision", "body": BODY.replace("\n", "\r\n"), "revision": 0},
        follow=True,
    )
    assert "Not published" in text_of(saved)
    preview = client.get(page(area, "preview", SLUG))
    assert preview["Content-Type"] == "application/pdf"
    assert preview["Content-Disposition"].startswith("inline")
    words = pypdf.PdfReader(io.BytesIO(preview.content)).pages[0].extract_text()
    assert "Robin O’Sample" in words
    assert "A decision" in words
    done = client.post(page(area, "publish", SLUG), {"revision": 1}, follow=True)
    assert "Version 2 is in force" in text_of(done)
    assert person.get_full_name() in text_of(client.get(page(area, "version", SLUG, 2)))
    assert "Accord’s own text" in text_of(client.get(page(area, "version", SLUG, 1)))
    again = client.get(page(area, "publish", SLUG), follow=True)
    assert "in force already" in text_of(again)


def test_a_draft_is_discarded_for_the_text_in_force(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.local_authority))
    save(area)
    assert "is lost" in text_of(client.get(page(area, "discard", SLUG)))
    client.post(page(area, "discard", SLUG))
    template = queries.template(area.partnership, **WHICH)
    assert not queries.differs(template, queries.version_in_force(template))
    assert "There is no draft" in text_of(client.get(page(area, "discard", SLUG)))


def test_settings_say_to_whom_and_how(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.partnership))
    found = queries.letter_settings(area.partnership)
    assert (found.writes_to_family, found.attaches_letters) == (True, False)
    client.post(page(area, "settings"), {"writes_to_family": "no", "attaches_letters": "yes"})
    found = queries.letter_settings(area.partnership)
    assert (found.writes_to_family, found.attaches_letters) == (False, True)


def test_what_does_not_exist_is_not_found(area: Area, client: Client) -> None:
    client.force_login(area.person(Role.ADMINISTRATOR, area.partnership))
    for address in (
        page(area, "detail", "decision-declined"),
        page(area, "version", SLUG, 9),
        f"{page(area, 'preview', SLUG)}?case=AC-1999-0001",
    ):
        assert client.get(address).status_code == 404


def test_the_list_costs_the_same_however_many_versions_there_are(
    area: Area, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        save(area, body=f"{BODY}\n\n{number}")
        publish(area)
    with django_assert_max_num_queries(2):
        queries.lines(area.partnership)
