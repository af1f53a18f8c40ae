"""What an editor is told when a text cannot be published or taken back.

By then the text is saved as a draft, so the way on is back to it, with the reason above it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page

from pages import scheduling
from permissions.exceptions import NotAllowed


class EditorsRefusals:
    """Turn a refusal on one of the editor's screens into a message above the text it is about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a form of the editor's screens; leave all else to the site's own answers."""
        match = request.resolver_match
        if (
            not isinstance(exception, NotAllowed)
            or match is None
            or match.namespace != "wagtailadmin_pages"
            or request.method != "POST"
            # Automatic saves and windows over the page read an answer, not a page.
            or "json" in request.headers.get("Accept", "")
            or request.headers.get("X-Requested-With") == "XMLHttpRequest"
        ):
            return None
        page_id, parent_id = (match.kwargs.get(name) for name in ("page_id", "parent_page_id"))
        if page_id is None and parent_id is None:
            return None
        messages.error(request, f"{exception.reason} What you wrote is kept as a draft.")
        if page_id is not None:
            return redirect("wagtailadmin_pages:edit", page_id)
        return redirect("wagtailadmin_explore", parent_id)


def say_what_was_refused(request: HttpRequest, page: Page) -> Any:
    """Tell whoever opens a text that what was set for a date did not happen, and why."""
    if request.method == "GET" and (reason := scheduling.refusal(page)):
        messages.error(request, f"What was set for a date did not happen. {reason}")
