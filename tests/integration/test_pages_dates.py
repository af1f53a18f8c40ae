"""Texts that are published or taken back at a date set in advance, and what is refused by then."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from pages import jobs
from pages.models import AgreementPage, SharedAgreementPage
from permissions.roles import Role
from tests.factories.cases import Area
from tests.factories.pages import change, clause, make_page, publish, section, term
from tests.integration.test_pages_access import form_data, signed_in
from tests.integration.test_pages_sharing import make_shared, version_of
from workflows.agreements.models import AgreementVersion
from workflows.engine import mail as messages
from workflows.engine.models import Event

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
TWICE = section("Twice", *(clause(n, terms=[term("review_every", 6)]) for n in (1, 2)))


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def tomorrow() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=1)


def let_it_come(moment: datetime.datetime) -> None:
    with time_machine.travel(moment + datetime.timedelta(minutes=5)):
        jobs.publish_scheduled(timestamp=0)


def test_a_text_that_is_refused_holds_up_no_other_and_its_editors_are_told(
    area: Area, tomorrow: datetime.datetime
) -> None:
    administrator = area.person(Role.ADMINISTRATOR)
    wrong = make_page(area.partnership, title="Wrong", sections=TWICE)
    right = make_page(area.partnership, title="Right")
    publish(change(wrong, go_live_at=tomorrow), administrator)
    publish(change(right, go_live_at=tomorrow + datetime.timedelta(minutes=1)), administrator)
    let_it_come(tomorrow + datetime.timedelta(minutes=1))

    assert AgreementVersion.objects.get().agreement.title == "Right"
    assert not AgreementPage.objects.get(pk=wrong.pk).live
    event = Event.objects.get(kind="publication_refused")
    assert event.organisation == area.partnership
    assert "“Wrong”" in event.summary
    # Nothing is lost, and it is not tried again every five minutes.
    draft = AgreementPage.objects.get(pk=wrong.pk).get_latest_revision_as_object()
    assert len(draft.sections) == len(TWICE)
    let_it_come(tomorrow + datetime.timedelta(hours=1))
    assert Event.objects.filter(kind="publication_refused").count() == 1

    assert [person for _, person in messages.addressees(event.pk)] == [administrator.pk]
    messages.send(event.pk, 0, administrator.pk)
    message = mail.outbox[-1]
    assert "on more than one clause" in message.body
    assert reverse("wagtailadmin_pages:edit", args=[wrong.pk]) in message.body

    # Whoever opens it reads why; once a new date is set, it is no news any more.
    client = signed_in(administrator)
    edit = reverse("wagtailadmin_pages:edit", args=[wrong.pk])
    assert "What was set for a date did not happen." in client.get(edit).content.decode()
    history = client.get(reverse("wagtailadmin_pages:history", args=[wrong.pk])).content.decode()
    assert "What was set for a date did not happen." in history
    publish(change(wrong, go_live_at=tomorrow + datetime.timedelta(days=9)), administrator)
    assert "What was set for a date did not happen." not in client.get(edit).content.decode()


def test_a_failure_that_is_no_refusal_is_tried_again_and_seen(
    area: Area, tomorrow: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = publish(change(make_page(area.partnership, title="Broken"), go_live_at=tomorrow))
    publish(change(make_page(area.partnership, title="Right"), go_live_at=tomorrow))
    real = Revision.publish

    def fail(self: Revision, *args: Any, **kwargs: Any) -> Any:
        if self.object_id == str(broken.pk):
            raise ZeroDivisionError
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", fail)
    with pytest.raises(ExceptionGroup):
        let_it_come(tomorrow)
    assert AgreementVersion.objects.get().agreement.title == "Right"
    monkeypatch.undo()
    let_it_come(tomorrow)
    assert AgreementPage.objects.get(pk=broken.pk).live


def test_a_text_that_ends_at_its_date_says_so(area: Area) -> None:
    page = make_page(area.partnership)
    end = datetime.datetime(2027, 7, 31, 23, 30, tzinfo=LONDON)
    page = publish(change(page, expire_at=end))
    let_it_come(end)
    agreement = page.agreement()
    assert agreement is not None
    assert agreement.withdrawal_reason == "It was published to end on 31 July 2027."
    gone = Client().get(page.url)
    assert gone.status_code == 410
    assert "It was published to end on 31 July 2027." in gone.content.decode()


def test_a_shared_text_does_not_end_while_others_stand_on_it(
    area: Area, tomorrow: datetime.datetime
) -> None:
    shared = make_shared(area)
    local = publish(make_page(area.partnership, shared_text=shared, sections=[]))
    publish(change(shared, expire_at=tomorrow))
    let_it_come(tomorrow)
    fresh = SharedAgreementPage.objects.get(pk=shared.pk)
    assert fresh.live
    assert fresh.expire_at is None
    assert AgreementPage.objects.get(pk=local.pk).live
    event = Event.objects.get(kind="publication_refused")
    assert event.organisation == area.local_authority
    assert area.partnership.name in event.summary


def test_the_editor_who_presses_publish_reads_why_not_and_loses_nothing(area: Area) -> None:
    shared = make_shared(area)
    ours = section("Ours", clause(9, terms=[term("visit_every", 1)]))
    publish(make_page(area.partnership, shared_text=shared, sections=ours))
    client = signed_in(area.person(Role.ADMINISTRATOR, area.local_authority))
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[shared.pk]),
        form_data(
            title="Typed for an hour",
            slug=shared.slug,
            terms=[("visit_every", "2")],
            **{"action-publish": "1"},
        ),
        follow=True,
    )
    shown = response.content.decode()
    assert response.status_code == 200
    assert f"The text of {area.partnership.name} cannot follow this change" in shown
    assert "What you wrote is kept as a draft." in shown
    assert "Typed for an hour" in shown
    fresh = SharedAgreementPage.objects.get(pk=shared.pk)
    assert fresh.title == "What providers do everywhere"
    assert fresh.get_latest_revision_as_object().title == "Typed for an hour"
    assert version_of(shared).number == 1
