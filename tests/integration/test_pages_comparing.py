"""What an editor sees of a draft before publishing it."""

import pytest
from django.test import Client
from django.urls import reverse

from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.pages import a_text, clause, make_page, publish, section, term

pytestmark = pytest.mark.django_db


def test_a_draft_is_compared_with_what_is_published(client: Client) -> None:
    area = Area()
    editor = area.person(Role.EDITOR, area.partnership)
    page = make_page(area.partnership)
    address = reverse("draft_changes", args=[page.pk])
    client.force_login(editor)
    assert "Nothing of this page has been published" in client.get(address).content.decode()
    page = publish(page, area.person(Role.ADMINISTRATOR, area.partnership))
    assert "Nothing changed" in client.get(address).content.decode()
    page.sections = [
        *section(
            "Teaching",
            clause(2, "Review the plan.", terms=[term("review_every", 6)]),
            clause(4, "Tell the school."),
        ),
        *a_text()[3:],
    ]
    page.save_revision(user=editor)
    shown = client.get(address).content.decode()
    assert "12 weeks" in shown
    assert "6 weeks" in shown
    assert "1 added." in shown
    assert "1 removed." in shown
    assert "asks every party to accept again" in shown
    # The editor's screen leads there.
    assert (
        address in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    )


def test_other_partnerships_drafts_are_not_compared(client: Client) -> None:
    area, other = Area(), Area()
    page = make_page(area.partnership)
    client.force_login(area.person(Role.EDITOR, other.partnership))
    response = client.get(reverse("draft_changes", args=[page.pk]))
    assert response.status_code != 200
