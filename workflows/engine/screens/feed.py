"""The calendar feed: the page on which a person makes its address, and the feed itself."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from workflows.engine import feeds, mail

#: Where the new address waits in the session until it is shown, once.
SESSION_KEY: Final = "calendar_feed_address"


@method_decorator(never_cache, name="dispatch")
class FeedPage(LoginRequiredMixin, View):
    """Make the private address of one's calendar, make another, or end it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show whether there is an address; a new one is shown this once."""
        return render(
            request,
            "engine/screens/feed.html",
            {
                "feed": feeds.feed_of(request.user),
                "address": request.session.pop(SESSION_KEY, ""),
            },
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a new address, or end the one there is."""
        if "revoke" in request.POST:
            if feeds.revoke(request.user):
                messages.success(request, "The address no longer works.")
            return redirect("engine:calendar")
        token = feeds.issue(request.user)
        request.session[SESSION_KEY] = mail.site() + reverse("engine:feed", args=[token])
        return redirect("engine:calendar")


@require_safe
def feed(request: HttpRequest, token: str) -> Any:
    """Answer the calendar of whoever was given the address; nobody signs in here.

    An address that was ended does not exist. A program that has what the feed says now is told so.
    """
    found = feeds.find(token)
    if found is None:
        raise Http404
    entries = feeds.read(found)
    etag = f'"{found.content[:32]}"'
    response: HttpResponse | HttpResponseNotModified | None = get_conditional_response(
        request, etag=etag, last_modified=int(found.changed_at.timestamp())
    )
    if response is None:
        response = HttpResponse(
            feeds.as_ics(entries, found.changed_at), content_type="text/calendar; charset=utf-8"
        )
        response["Content-Disposition"] = 'inline; filename="accord.ics"'
    response["ETag"] = etag
    response["Last-Modified"] = http_date(found.changed_at.timestamp())
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
