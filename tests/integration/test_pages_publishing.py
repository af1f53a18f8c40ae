"""From a page to a version: when one is made, by whom, and what becomes of pages and revisions."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Revision

from pages import jobs
from pages.models import AgreementPage, PublishedRevision
from permissions.models import User
from permissions.roles import Role
from tests.factories import UserFactory
from tests.factories.cases import Area
from tests.factories.pages import (
    a_text,
    change,
    clause,
    make_page,
    make_policy,
    publish,
    section,
    term,
)
from workflows.agreements import actions, queries
from workflows.agreements.models import Agreement, AgreementVersion
from workflows.agreements.states import Kind
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def administrator(area: Area) -> User:
    return area.person(Role.ADMINISTRATOR, area.partnership)


def test_publishing_makes_a_version_of_the_page(area: Area, administrator: User) -> None:
    page = publish(make_page(area.partnership), administrator)
    agreement = page.agreement()
    assert agreement is not None
    assert agreement.partnership == area.partnership
    version = queries.version_in_force(agreement)
    assert version is not None
    assert version.published_by == administrator
    assert queries.verify(version)
    assert [row.text for row in version.clauses.all()] == [
        "Teach the pupil well.",
        "Review the plan.",
        "Send the newsletter.",
    ]
    assert [str(row.clause_id) for row in version.clauses.all()] == [
        block["id"] for block in a_text() if block["type"] == "clause"
    ]
    term_row = version.terms.get()
    assert (term_row.measure, term_row.value, term_row.unit) == ("review_every", 12, "weeks")
    assert PublishedRevision.objects.get().revision == page.live_revision


def test_drafts_and_automatic_saves_make_no_version(area: Area) -> None:
    page = make_page(area.partnership)
    for number in range(3):
        page = change(page, intro=f"Draft {number}")
    assert not Agreement.objects.exists()
    page = publish(page)
    for number in range(3):
        page = change(page, intro=f"Later draft {number}")
    assert AgreementVersion.objects.count() == 1


def test_publishing_an_unchanged_text_makes_no_version(area: Area) -> None:
    page = publish(make_page(area.partnership))
    page = publish(change(page, slug="elsewhere", change_note="Only the address."))
    assert AgreementVersion.objects.count() == 1
    assert PublishedRevision.objects.count() == 2


def test_publishing_a_changed_text_makes_the_next_version(area: Area) -> None:
    page = publish(make_page(area.partnership))
    changed = a_text()
    changed.reverse()
    publish(change(page, sections=changed, change_is_material=True, change_note="New order."))
    second = AgreementVersion.objects.get(number=2)
    assert second.is_material
    assert second.change_note == "New order."
    assert set(second.clauses.values_list("clause_id")) == set(
        AgreementVersion.objects.get(number=1).clauses.values_list("clause_id")
    )


def test_a_material_publication_asks_the_parties_again(area: Area) -> None:
    page = publish(make_page(area.partnership))
    actions.add_party(agreement=page.agreement(), organisation=area.provider, by=None)
    publish(change(page, intro="Better said."))
    assert not page.agreement().acceptance_requests.exists()
    publish(change(page, intro="New duties.", change_is_material=True, change_note="Duties."))
    assert page.agreement().acceptance_requests.get().version.number == 3


def test_publication_at_a_date_set_in_advance(area: Area, administrator: User) -> None:
    page = make_page(area.partnership)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    page = publish(change(page, go_live_at=tomorrow), administrator)
    assert not page.live
    assert not AgreementVersion.objects.exists()
    with time_machine.travel(tomorrow + datetime.timedelta(minutes=5)):
        jobs.publish_scheduled(timestamp=0)
    version = AgreementVersion.objects.get()
    assert version.published_by is None
    assert AgreementPage.objects.get(pk=page.pk).live


def test_the_editor_submits_and_the_administrator_approves(area: Area, administrator: User) -> None:
    page = make_page(area.partnership)
    editor = area.person(Role.EDITOR, area.partnership)
    state = page.get_workflow().start(page, editor)
    assert not AgreementVersion.objects.exists()
    task = state.current_task_state
    assert task.task.specific.get_actions(page, administrator)
    assert not task.task.specific.get_actions(page, editor)
    task.specific.task.specific.on_action(task, administrator, "approve")
    assert AgreementVersion.objects.get().published_by == administrator
    assert AgreementPage.objects.get(pk=page.pk).live


def test_an_editor_may_not_publish(area: Area) -> None:
    page = make_page(area.partnership)
    with pytest.raises(PermissionDenied):
        publish(page, area.person(Role.EDITOR, area.partnership))
    assert not AgreementPage.objects.get(pk=page.pk).live


def test_being_a_superuser_is_not_enough_to_publish(area: Area) -> None:
    page = make_page(area.partnership)
    root = UserFactory(is_superuser=True, is_staff=True)
    with pytest.raises(PermissionDenied):
        publish(page, root)
    assert not AgreementPage.objects.get(pk=page.pk).live
    assert not AgreementVersion.objects.exists()


@pytest.mark.parametrize(
    "sections",
    [
        [],
        section("Twice", *(clause(n, terms=[term("review_every", 6)]) for n in (1, 2))),
        section("Wide", clause(1, terms=[term("review_every", 300)])),
    ],
)
def test_a_text_that_cannot_be_a_version_does_not_become_public(
    area: Area, sections: list[dict[str, Any]]
) -> None:
    page = make_page(area.partnership, sections=sections)
    with pytest.raises(NotAllowed):
        publish(page)
    assert not AgreementPage.objects.get(pk=page.pk).live
    assert not AgreementVersion.objects.exists()


def test_unpublishing_withdraws_and_publishing_again_restores(
    area: Area, administrator: User
) -> None:
    page = publish(make_page(area.partnership), administrator)
    page.unpublish(user=administrator)
    agreement = page.agreement()
    assert agreement is not None
    assert queries.version_in_force(agreement) is None
    publish(page, administrator)
    agreement.refresh_from_db()
    assert queries.version_in_force(agreement) is not None
    assert AgreementVersion.objects.count() == 1


def test_revisions_behind_versions_are_not_purged(area: Area) -> None:
    page = publish(make_page(area.partnership))
    first = page.live_revision
    page = change(page, intro="A draft that nobody needs.")
    draft = page.latest_revision
    page = publish(change(page, intro="Published."))
    call_command("purge_revisions", verbosity=0)
    assert Revision.objects.filter(pk=first.pk).exists()
    assert not Revision.objects.filter(pk=draft.pk).exists()


def test_a_page_behind_a_version_cannot_be_deleted(area: Area) -> None:
    page = publish(make_page(area.partnership))
    client = Client()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    for doomed in (page, page.get_parent()):
        url = reverse("wagtailadmin_pages:delete", args=[doomed.pk])
        answer = client.post(url, follow=True)
        assert "Unpublish it instead" in answer.content.decode()
    assert AgreementPage.objects.filter(pk=page.pk).exists()


def test_a_copy_of_a_page_is_another_agreement(area: Area) -> None:
    page = publish(make_page(area.partnership))
    copy = CopyPageAction(
        page, to=page.get_parent(), update_attrs={"slug": "copy", "title": "Copy"}, user=None
    ).execute(skip_permission_checks=True)
    publish(copy)
    assert Agreement.objects.count() == 2
    assert AgreementVersion.objects.values("sha256").distinct().count() == 2


def test_a_policy_and_the_agreements_it_goes_with_name_each_other(
    area: Area, client: Client
) -> None:
    policy = publish(make_policy(area.partnership))
    agreement = policy.agreement()
    assert agreement is not None
    assert agreement.kind == Kind.POLICY
    page = make_page(area.partnership)
    page.policies.add(policy)
    page.save_revision()
    page = publish(page)
    shown = client.get(policy.url).content.decode()
    assert page.title in shown
    assert policy.title in client.get(page.url).content.decode()


# --- What people see ------------------------------------------------------------------------------


def test_the_public_page_shows_the_version_and_every_clause(area: Area, client: Client) -> None:
    page = publish(make_page(area.partnership))
    agreement = page.agreement()
    assert agreement is not None
    version = queries.version_in_force(agreement)
    assert version is not None
    shown = client.get(page.url).content.decode()
    assert version.sha256 in shown
    assert "Unchanged since" in shown
    assert "1 September 2026" in shown
    for row in version.clauses.all():
        assert f'id="clause-{row.clause_id}"' in shown
        assert row.text in shown
    assert "A review is held every 12 weeks" in shown
    assert f"accord-colour-{area.partnership.slug}" in shown


def test_a_draft_changes_nothing_on_the_public_page(area: Area, client: Client) -> None:
    page = publish(make_page(area.partnership))
    page = change(page, intro="Only a draft.", title="A new title")
    assert "Only a draft." not in client.get(page.url).content.decode()


def test_a_draft_is_not_public_before_its_first_publication(area: Area, client: Client) -> None:
    page = make_page(area.partnership)
    assert client.get(page.get_url() or "/none/").status_code == 404


@pytest.mark.parametrize("was_published", [False, True])
def test_the_preview_shows_the_draft_and_says_so(area: Area, was_published: bool) -> None:
    page = make_page(area.partnership)
    if was_published:
        page = publish(page)
    page = change(page, intro="Only a draft.")
    draft = page.get_latest_revision_as_object()
    request = RequestFactory().get("/")
    request.user = area.person(Role.EDITOR, area.partnership)
    response = draft.make_preview_request(request, draft.default_preview_mode)
    response.render()
    shown = response.content.decode()
    assert "Only a draft." in shown
    assert "This is a preview" in shown


def test_home_and_partnership_pages_lead_to_what_is_public(area: Area, client: Client) -> None:
    page = publish(make_page(area.partnership))
    make_page(area.partnership, title="Still a draft")
    home = client.get("/").content.decode()
    assert area.partnership.name in home
    ours = client.get(page.get_parent().url).content.decode()
    assert page.title in ours
    assert "Still a draft" not in ours


def test_search_finds_the_words_of_clauses(area: Area) -> None:
    page = publish(make_page(area.partnership))
    found = AgreementPage.objects.live().search("newsletter")
    assert [row.pk for row in found] == [page.pk]
