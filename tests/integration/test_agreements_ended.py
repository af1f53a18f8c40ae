"""Published texts that are withdrawn, policies that are approved, and the records of both."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.models import AgreementPage, PolicyPage
from permissions.exceptions import NotPermitted
from permissions.roles import Role
from tests.factories import PartnershipFactory, member
from tests.factories import pages as make
from tests.factories.agreements import make_agreement
from tests.factories.cases import Area
from tests.integration.test_agreements_life import DUE, answers, opened, signed_in
from workflows.agreements import actions, queries
from workflows.agreements.flows import TextReviewFlow
from workflows.agreements.models import PolicyAct, ReviewRecord
from workflows.agreements.states import (
    TextReviewStatus,
)
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db

ISSUED = datetime.date(2026, 9, 1)


@pytest.fixture
def area() -> Area:
    return Area()


# --- Withdrawal -----------------------------------------------------------------------------------


def test_a_withdrawn_page_says_so_and_why_instead_of_vanishing(area: Area) -> None:
    page = make.publish(make.make_page(area.partnership))
    agreement = page.agreement()
    assert agreement is not None
    administrator = area.person(Role.ADMINISTRATOR)
    client = signed_in(administrator)
    # The editor's own button leads to where the reason is asked for.
    asked = client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    withdraw = reverse("agreements:withdraw", args=[agreement.pk])
    assert asked.headers["Location"] == withdraw
    assert "Enter why it is withdrawn" in client.post(withdraw, {}).content.decode()
    client.post(withdraw, {"reason": "A county agreement replaces it <b>."})

    agreement.refresh_from_db()
    assert agreement.withdrawn_at is not None
    assert not AgreementPage.objects.get(pk=page.pk).live
    assert queries.open_text_review(agreement) is None
    gone = Client().get(page.url)
    assert gone.status_code == 410
    assert "A county agreement replaces it &lt;b&gt;." in gone.content.decode()
    assert reverse("agreements:version", args=[agreement.pk, 1]) in gone.content.decode()
    assert "public" not in gone["Cache-Control"]

    make.publish(AgreementPage.objects.get(pk=page.pk))
    agreement.refresh_from_db()
    assert (agreement.withdrawn_at, agreement.withdrawal_reason) == (None, "")
    assert Client().get(page.url).status_code == 200


def test_a_draft_that_was_never_published_does_not_exist(area: Area) -> None:
    page = make.make_page(area.partnership)
    assert Client().get(page.url).status_code == 404


def test_a_review_may_end_in_withdrawal(area: Area) -> None:
    page = make.publish(make.make_page(area.partnership, review_date=DUE))
    agreement = page.agreement()
    assert agreement is not None
    review = opened(agreement)
    client = signed_in(area.person(Role.ADMINISTRATOR))
    address = tasks.find(review, TextReviewFlow, "review_text").get_absolute_url()
    client.post(address, answers(outcome="withdraw", note="Nobody uses it."))
    agreement.refresh_from_db()
    assert agreement.withdrawal_reason == "Nobody uses it."
    review.refresh_from_db()
    assert review.status == TextReviewStatus.WITHDRAWN
    assert Client().get(page.url).status_code == 410
    assert not tasks.open_tasks(review).exists()


def test_the_old_address_of_a_renamed_page_leads_to_the_new_one(
    area: Area, django_capture_on_commit_callbacks: Any
) -> None:
    page = make.publish(make.make_page(area.partnership))
    old = page.url
    with django_capture_on_commit_callbacks(execute=True):
        page = make.publish(make.change(page, slug="renamed"))
    assert page.url != old
    response = Client().get(old)
    assert response.status_code == 301
    assert response.headers["Location"].endswith(page.url)
    assert Client().get("/nothing/here/").status_code == 404


# --- Policies -------------------------------------------------------------------------------------


def record(client: Client, page: Any, kind: str, **changes: Any) -> Any:
    today = timezone.localdate()
    address = reverse("pages:approval", args=[page.pk])
    shown = client.get(address)
    return client.post(
        address,
        {
            "kind": kind,
            "name": "Ivy Stone",
            "role": "Head teacher" if kind == "head_review" else "Chair of governors",
            "act_date": today.isoformat(),
            "text": shown.context["form"].initial["text"],
            **changes,
        },
    )


def test_a_policy_says_it_is_approved_only_when_both_acts_are_recorded_of_this_text(
    area: Area,
) -> None:
    page = make.make_policy(area.partnership)
    client = signed_in(area.person(Role.EDITOR))
    page = make.publish(page)
    assert "no approval by the governing board" in " ".join(
        Client().get(page.url).content.decode().split()
    )
    assert record(client, page, "head_review").status_code == 302
    assert record(client, page, "board_approval").status_code == 302
    page = make.publish(make.change(page))
    public = Client().get(page.url).content.decode()
    assert "Approved by Ivy Stone, Chair of governors" in public
    agreement = page.agreement()
    assert agreement is not None
    version = queries.version_in_force(agreement)
    assert version is not None
    assert version.snapshot["content"]["approval"]["reviewed_by"] == "Ivy Stone, Head teacher"
    assert queries.verify(version)

    # Other words: the approval was not of these.
    page = make.publish(make.change(page, sections=make.section("A", make.clause(1, "Other."))))
    assert "no approval by the governing board" in " ".join(
        Client().get(page.url).content.decode().split()
    )


def test_the_boards_approval_alone_is_not_enough(area: Area) -> None:
    page = make.make_policy(area.partnership)
    record(signed_in(area.person(Role.EDITOR)), page, "board_approval")
    page = make.publish(page)
    assert PolicyAct.objects.count() == 1
    assert "Approved by" not in Client().get(page.url).content.decode()


def test_an_approval_is_of_the_text_that_was_on_the_screen(area: Area) -> None:
    page = make.make_policy(area.partnership)
    client = signed_in(area.person(Role.EDITOR))
    refused = record(client, page, "head_review", text="0" * 64)
    assert "The text was changed meanwhile" in refused.content.decode()
    assert not PolicyAct.objects.exists()
    officer = signed_in(area.person(Role.OFFICER))
    assert officer.get(reverse("pages:approval", args=[page.pk])).status_code == 403


def test_only_policies_are_approved(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    with pytest.raises(NotAllowed, match="Only a policy"):
        actions.record_policy_act(
            agreement=agreement,
            kind="head_review",
            name="A",
            role="B",
            act_date=ISSUED,
            text_sha256="0" * 64,
            by=area.person(Role.EDITOR),
        )


# --- What is kept ---------------------------------------------------------------------------------


def test_records_and_acts_are_never_changed(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    review = opened(agreement)
    actions.review_unchanged(
        review=review,
        name="Ada",
        position="Head",
        reviewed_date=timezone.localdate(),
        next_date=timezone.localdate() + datetime.timedelta(days=30),
        note="",
        by=area.person(Role.EDITOR),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewRecord.objects.update(name="Somebody else")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewRecord.objects.all().delete()


def test_nobody_of_another_partnership_withdraws(area: Area) -> None:
    agreement = make_agreement(area.partnership)
    stranger = member(Role.ADMINISTRATOR, PartnershipFactory())
    client = signed_in(stranger)
    assert client.get(reverse("agreements:withdraw", args=[agreement.pk])).status_code == 404
    with pytest.raises(NotPermitted):
        actions.review_now(agreement=agreement, by=stranger)
    assert PolicyPage.objects.count() == 0
