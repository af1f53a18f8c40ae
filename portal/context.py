"""What every page knows: the menu of whoever is signed in, and where the source code is.

What a person may do is read once per request, and only when a template shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from permissions import queries as permissions
from permissions.queries import Permitted
from workflows.cases import queries as cases


@dataclass(frozen=True)
class Item:
    """A line of the menu; shown to whoever holds one of the permissions anywhere."""

    text: str
    href: str
    permissions: tuple[str, ...] = ()
    active: bool = False


CASES = "/cases/"
EDITORS = "/editors/"

MENU: tuple[Item, ...] = (
    Item("Dashboard", "/dashboard/"),
    Item("Tasks", "/tasks/"),
    Item("Cases", CASES, ("view_case",)),
    Item("Panel", "/panels/", ("view_panel_meeting",)),
    Item("Placements", "/placements/", ("allocate_case", "answer_offer", "complete_review_action")),
    Item("Reviews", "/reviews/", ("hold_review",)),
    Item("Plans", "/reintegration/", ("track_reintegration_plan",)),
    Item("Agreements", "/agreements/", ("view_agreement",)),
    Item("Scorecards", "/scorecards/", ("view_scorecard",)),
    Item("Directory", "/providers/", ("view_directory",)),
    Item("Edit pages", EDITORS, ("draft_agreement", "publish_agreement")),
    Item("People", "/organisations/", ("manage_members",)),
    Item("Jobs", "/jobs/", ("retry_failed_step",)),
    Item("Audit", "/audit/", ("view_audit",)),
    Item("Search", "/search/", ("view_case", "view_agreement")),
)


def menu(request: HttpRequest) -> list[Item]:
    """Return the lines of the menu that the person may use; none for somebody not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    permitted = permissions.permitted_for(request)
    return [
        Item(item.text, item.href, item.permissions, request.path.startswith(item.href))
        for item in MENU
        if not item.permissions
        or (
            any(permitted.anywhere(name) for name in item.permissions)
            # An authority's editors have nothing to edit before it has shared texts.
            and (item.href != EDITORS or user.has_perm("wagtailadmin.access_admin"))
        )
        or (item.href == CASES and _is_on_a_panel(user, permitted))
    ]


def _is_on_a_panel(user: Any, permitted: Permitted) -> bool:
    """Tell whether a panel's member has cases now: they are shared one by one, until the decision."""
    return permitted.anywhere("vote_on_referral") and cases.has_shared(user)


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give templates the menu and the address of the source code."""
    return {
        "navigation": SimpleLazyObject(lambda: menu(request)),
        "source_url": settings.SOURCE_URL,
    }
