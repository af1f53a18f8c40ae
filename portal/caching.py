"""Who may keep a copy of an answer: everybody, for a minute, of what is published; nobody else.

A shared cache must never hold what one person saw. So an answer is public only when its address is
one of the few below, whoever asks sends no session, and the answer sets no cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

# Names in portal.urls (and Wagtail's own for a published page).
PUBLIC: Final = frozenset(
    {
        "wagtail_serve",
        "agreements:version",
        "agreements:version_pdf",
        "agreements:compare",
        "accessibility",
        "privacy",
        "source",
    }
)
# Answers with a Cache-Control of their own that holds for whoever is signed in as well.
SAME_FOR_ALL: Final = frozenset({"colours"})
PUBLIC_FOR: Final = 60  # seconds


class CacheHeaders:
    """Set Cache-Control on every answer that goes through Django; a view's own stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if (
            match is not None
            and match.view_name in PUBLIC
            and request.method in ("GET", "HEAD")
            and response.status_code == 200
            and not has_session
            and not response.cookies
        ):
            response.headers.setdefault("Cache-Control", f"public, max-age={PUBLIC_FOR}")
            patch_vary_headers(response, ["Cookie"])
        elif "Cache-Control" not in response.headers or (
            has_session and (match is None or match.view_name not in SAME_FOR_ALL)
        ):
            response.headers["Cache-Control"] = "private, no-store"
        return response
