"""Who may edit which part of the tree, and what the editor's form refuses."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.admin.urls import pages as page_urls
from wagtail.models import GroupPagePermission, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from pages import access, blocks
from pages.models import AgreementPage, HomePage, PartnershipPage
from permissions import actions as permissions
from permissions.models import Membership, User
from permissions.roles import Role
from tests.factories import member
from tests.factories.cases import Area
from tests.factories.pages import make_page, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def edit_url(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_there_is_one_home_page(area: Area) -> None:
    assert access.home() == access.home() == HomePage.objects.get()
    page = access.make_partnership_page(partnership=area.partnership)
    assert access.make_partnership_page(partnership=area.partnership) == page
    assert page.live


def test_an_editor_may_write_and_an_administrator_may_publish(area: Area) -> None:
    page = make_page(area.partnership)
    editor = page.permissions_for_user(area.person(Role.EDITOR, area.partnership))
    assert editor.can_edit()
    assert not editor.can_publish()
    administrator = page.permissions_for_user(area.person(Role.ADMINISTRATOR, area.partnership))
    assert administrator.can_publish()
    officer = page.permissions_for_user(area.person(Role.OFFICER, area.partnership))
    assert not officer.can_edit()


def test_roles_that_existed_before_the_page_count_too(area: Area) -> None:
    editor = area.person(Role.EDITOR, area.partnership)
    page = make_page(area.partnership)
    assert page.permissions_for_user(editor).can_edit()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
def test_nobody_sees_or_touches_another_partnerships_tree(area: Area, role: Role) -> None:
    ours = make_page(area.partnership)
    other = make_page(Area().partnership, title="Found Elsewhere")
    client = signed_in(area.person(role, area.partnership))
    assert client.get(edit_url(ours)).status_code == 200
    for url in (
        edit_url(other),
        edit_url(other.get_parent()),
        reverse("wagtailadmin_pages:view_draft", args=[other.pk]),
        reverse("wagtailadmin_pages:revisions_index", args=[other.pk]),
        reverse("wagtailadmin_pages:delete", args=[other.pk]),
    ):
        assert client.get(url).status_code in (302, 403, 404), url
    for url in (
        reverse("wagtailadmin_explore", args=[other.get_parent().pk]),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:search") + "?q=Found",
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page_child", args=[access.home().pk]),
        reverse("wagtailadmin_choose_page_child", args=[other.get_parent().pk]),
        reverse("wagtailadmin_choose_page_search") + "?q=Found",
        *(
            reverse(f"wagtailadmin_reports:{name}")
            for name in ("site_history", "aging_pages", "locked_pages", "workflow")
        ),
        reverse("wagtailadmin_api:pages:listing"),
        reverse("wagtailadmin_api:pages:detail", args=[other.pk]),
        reverse("wagtailadmin_pages:history", args=[other.pk]),
        reverse("wagtailadmin_pages:usage", args=[other.pk]),
        reverse("wagtailadmin_pages:copy", args=[other.pk]),
        reverse("wagtailadmin_pages:move", args=[other.pk]),
    ):
        answer = client.get(url, follow=True)
        assert "Elsewhere" not in answer.content.decode(), url


def test_no_screen_of_a_page_opens_for_another_partnerships_editor(area: Area) -> None:
    make_page(area.partnership)
    other = make_page(Area().partnership, title="Found Elsewhere")
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    walked = 0
    for pattern in page_urls.urlpatterns:
        try:
            url = reverse(f"wagtailadmin_pages:{pattern.name}", args=[other.pk])
        except NoReverseMatch:
            continue
        walked += 1
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code != 500, url
            assert b"Elsewhere" not in answer.content, url
    assert walked > 15
    assert AgreementPage.objects.get(pk=other.pk).title == "Found Elsewhere"


def test_only_editors_and_administrators_enter_the_editors_screens(area: Area) -> None:
    access.make_partnership_page(partnership=area.partnership)
    url = reverse("wagtailadmin_home")
    for person in (
        area.person(Role.EDITOR, area.partnership),
        area.person(Role.ADMINISTRATOR, area.local_authority),
    ):
        client = signed_in(person)
        assert client.get(url).status_code == 200
        assert 'href="/editors/"' in client.get("/dashboard/").content.decode()
    for person in (
        area.person(Role.OFFICER, area.partnership),
        area.person(Role.SIGNATORY, area.provider),
        area.person(Role.EDITOR, area.local_authority),
    ):
        client = signed_in(person)
        answer = client.get(url, follow=True)
        assert answer.status_code == 403
        assert "Ask an administrator" in answer.content.decode()
        assert 'href="/editors/"' not in client.get("/dashboard/").content.decode()


def test_the_end_of_a_membership_ends_the_editing(area: Area) -> None:
    page = make_page(area.partnership)
    editor = area.person(Role.EDITOR, area.partnership)
    client = signed_in(editor)
    assert client.get(edit_url(page)).status_code == 200
    permissions.end_membership(membership=Membership.objects.get(user=editor), by=None)
    assert client.get(edit_url(page)).status_code in (302, 403)


def test_syncing_again_changes_nothing(area: Area) -> None:
    page = access.make_partnership_page(partnership=area.partnership)
    member(Role.EDITOR, area.partnership)
    member(Role.ADMINISTRATOR, area.partnership)
    before = set(GroupPagePermission.objects.values_list("pk"))
    workflows = Workflow.objects.count()
    access.sync(page)
    assert set(GroupPagePermission.objects.values_list("pk")) == before
    assert Workflow.objects.count() == workflows
    assert GroupPagePermission.objects.filter(page=page).count() == 5


# --- The editor's form ----------------------------------------------------------------------------


def form_data(
    *,
    terms: list[tuple[str, str]] = (),
    ids: tuple[str, ...] = ("",),
    see: tuple[str, ...] = (),
    variations: list[dict[str, Any]] = (),
    **fields: Any,
) -> dict[str, Any]:
    """What the browser posts for an agreement with one section."""

    def items(values: list[dict[str, Any]]) -> dict[str, Any]:
        rows: dict[str, Any] = {
            str(number): {"deleted": "", "order": str(number), **row}
            for number, row in enumerate(values)
        }
        return {**rows, "count": str(len(values))}

    measured = [{"value": {"measure": code, "value": value}, "id": ""} for code, value in terms]
    clauses = [
        {
            "printed_number": "1",
            "party": "provider",
            "text": "Teach the pupil well.",
            "legal_editions": items([]),
            "legal_reference": "",
            "see": items([{"value": clause, "id": ""} for clause in (see if number == 0 else ())]),
            "terms": items(measured if number == 0 else []),
        }
        for number, _ in enumerate(ids)
    ]
    varied = [
        ("variation", {"is_left_out": "", "text": "", "terms": items([]), "why": "", **variation})
        for variation in variations
    ]
    heading = {"heading": "Teaching", "intro": ""}
    sections = streamfield([("section", heading), *(("clause", value) for value in clauses)])
    for number, given in enumerate(ids, start=1):
        sections[str(number)]["id"] = given
    return nested_form_data(
        {
            "title": "Tuition agreement",
            "slug": "tuition-agreement",
            "mode": "signature",
            "scope": "standing",
            "language": "en",
            "shared_text": "",
            "variations": streamfield(varied),
            "issued_date": "2026-09-01",
            "review_date": "",
            "intro": "",
            "change_note": "",
            "sections": sections,
            "comments": inline_formset([]),
            **fields,
        }
    )


def create(client: Client, area: Area, **data: Any) -> str:
    """Post the form for a new page; give what the browser is shown in the end."""
    parent = access.make_partnership_page(partnership=area.partnership)
    url = reverse("wagtailadmin_pages:add", args=["pages", "agreementpage", parent.pk])
    return client.post(url, form_data(**data), follow=True).content.decode()


def test_an_editor_drafts_a_page(area: Area) -> None:
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    create(client, area, terms=[("review_every", "12")], **{"action-publish": "1"})
    page = AgreementPage.objects.get()
    # The button was pressed without the right to it: it counts as a draft.
    assert not page.live
    assert page.sections[1].value["terms"][0]["value"] == 12


def test_an_administrator_publishes_from_the_form(area: Area) -> None:
    client = signed_in(area.person(Role.ADMINISTRATOR, area.partnership))
    shown = create(client, area, terms=[("review_every", "12")], **{"action-publish": "1"})
    page = AgreementPage.objects.get()
    assert page.live
    assert page.agreement() is not None
    assert "expects a review at least each half term" in shown


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"terms": [("review_every", "300")]}, "between 1 and 26 weeks"),
        ({"terms": [("review_every", "6"), ("review_every", "7")]}, "more than one clause"),
        ({"review_date": "2025-09-01"}, "after the date of issue"),
    ],
)
def test_the_form_refuses_even_as_a_draft(area: Area, data: dict[str, Any], says: str) -> None:
    shown = create(signed_in(area.person(Role.EDITOR, area.partnership)), area, **data)
    assert says in shown
    assert not AgreementPage.objects.exists()


def test_a_draft_may_be_empty_but_not_what_is_published(area: Area) -> None:
    client = signed_in(area.person(Role.ADMINISTRATOR, area.partnership))
    shown = create(client, area, ids=(), **{"action-publish": "1"})
    assert "at least one clause" in shown
    assert not AgreementPage.objects.exists()
    create(client, area, ids=())
    assert AgreementPage.objects.exists()


def test_a_copied_clause_gets_an_id_of_its_own(area: Area) -> None:
    one = "00000000-0000-0000-0000-000000000001"
    create(signed_in(area.person(Role.EDITOR, area.partnership)), area, ids=(one, one))
    first, second = blocks.clauses_of(AgreementPage.objects.get().sections)
    assert str(first.id) == one
    assert str(second.id) != one


def test_a_material_change_needs_its_note(area: Area) -> None:
    page = publish(make_page(area.partnership))
    client = signed_in(area.person(Role.ADMINISTRATOR, area.partnership))
    data = form_data(change_is_material="on", **{"action-publish": "1"})
    shown = client.post(edit_url(page), data, follow=True).content.decode()
    assert "Say in a sentence what changed" in shown
    assert page.agreement().versions.count() == 1
    client.post(edit_url(page), {**data, "change_note": "New words."})
    assert page.agreement().versions.last().change_note == "New words."
    # The next change begins without the last one's tick and note.
    form = client.get(edit_url(page)).context["form"]
    assert not form["change_is_material"].value()
    assert not form["change_note"].value()


def test_the_import_report_is_shown_to_the_editor(area: Area) -> None:
    report = {
        "lines": 3,
        "lines_accounted": 3,
        "sections": 1,
        "clauses": {"provider": 1},
        "terms": [],
        "doubts": [{"line": 2, "text": "Odd words", "why": "Whose duty is it?", "clause": ""}],
        "set_aside": [],
    }
    page = make_page(area.partnership, import_report=report)
    client = signed_in(area.person(Role.EDITOR, area.partnership))
    shown = client.get(edit_url(page)).content.decode()
    assert "Whose duty is it?" in shown
    assert "3 lines of the document were read and every one is accounted for" in shown


def test_an_issue_date_is_proposed() -> None:
    assert AgreementPage().issued_date <= datetime.date.today()  # noqa: DTZ011  (the local day)


def test_partnership_pages_belong_to_one_organisation_each(area: Area) -> None:
    access.make_partnership_page(partnership=area.partnership)
    assert PartnershipPage.objects.get().organisation == area.partnership


@pytest.mark.parametrize("kind", ["partnership", "shared texts"])
def test_an_editor_cannot_give_a_subtree_to_another_organisation(area: Area, kind: str) -> None:
    ours, other = (
        (area.partnership, Area().partnership)
        if kind == "partnership"
        else (area.local_authority, Area().local_authority)
    )
    make = (
        (lambda: access.make_partnership_page(partnership=ours))
        if kind == "partnership"
        else (lambda: access.make_shared_texts_page(authority=ours))
    )
    page = make()
    stranger = area.person(Role.EDITOR, other)
    client = signed_in(area.person(Role.EDITOR, ours))
    data = nested_form_data(
        {"title": page.title, "slug": page.slug, "intro": "Ours", "organisation": other.pk}
    )
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    answer = client.post(edit_url(page), data)
    assert answer.status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().intro == "Ours"
    assert page.get_latest_revision_as_object().organisation_id == ours.pk
    assert page.organisation_id == ours.pk
    assert not page.permissions_for_user(stranger).can_edit()


def test_a_draft_gives_nobody_rights(area: Area) -> None:
    page = access.make_partnership_page(partnership=area.partnership)
    other = Area()
    stranger = area.person(Role.EDITOR, other.partnership)
    page.organisation = other.partnership
    page.save_revision()
    assert not page.permissions_for_user(stranger).can_edit()
    page.save(update_fields=["intro"])
    assert not page.permissions_for_user(stranger).can_edit()


def test_published_texts_are_not_deleted_several_at_once(area: Area) -> None:
    kept = publish(make_page(area.partnership))
    draft = make_page(area.partnership, title="Never published")
    client = signed_in(area.person(Role.ADMINISTRATOR, area.partnership))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    answer = client.post(f"{url}?id={kept.pk}&id={draft.pk}", {"confirm": "on"}, follow=True)
    assert "Unpublish it instead of deleting it" in answer.content.decode()
    assert AgreementPage.objects.filter(pk__in=[kept.pk, draft.pk]).count() == 2
    client.post(f"{url}?id={draft.pk}", {"confirm": "on"})
    assert list(AgreementPage.objects.all()) == [kept]
