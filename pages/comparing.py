"""What publishing a draft would change: its text beside the version in force, for its editors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from pages import publishing
from pages.models import TextPage
from workflows.agreements import queries as agreements
from workflows.agreements import rules


def draft_changes(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show, clause by clause, what the draft changes. Only for those who may edit the page."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, TextPage) or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    agreement = page.agreement()
    version = None if agreement is None else agreements.latest_version(agreement)
    comparison = None
    refusal = ""
    if version is not None:
        try:
            draft = rules.normalised(publishing.content_of(page.get_latest_revision_as_object()))
            comparison = rules.compare(version.snapshot["content"], draft)
        except ValueError:
            refusal = (
                "A number in the draft is missing or is not a number. Enter it and save first."
            )
    return render(
        request,
        "pages/draft_changes.html",
        {
            "page": page,
            "partnership": agreement.partnership if agreement else None,
            "agreement": agreement,
            "version": version,
            "comparison": comparison,
            "refusal": refusal,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        },
    )


def button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Give the entry in the page's menu that leads there, once a version is published."""
    page = page.specific
    if (
        isinstance(page, TextPage)
        and page.agreement() is not None
        and page.permissions_for_user(user).can_edit()
    ):
        yield Button(
            "Compare with what is published",
            reverse("draft_changes", args=[page.pk]),
            icon_name="duplicate",
            priority=64,
        )
