"""What somebody searches a list for, kept on the server: a name must not stand in an address.

An address ends up in the browser's history and in the logs of servers. So a list's form is posted;
the words stay in the session, and the address that the list is shown at carries a key that says
nothing. Pages, other filters and the back button go on working, and each tab keeps its own search.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

SESSION_KEY: Final = "searches"
# Searches of one session that are kept; the oldest go first.
KEPT: Final = 50
LONGEST: Final = 100


def words(request: HttpRequest) -> str:
    """Return what is searched for at this address; nothing when its words are no longer kept."""
    key = request.GET.get("search", "")
    if not key:
        return ""
    found = request.session.get(SESSION_KEY, {}).get(key)
    if found is None:
        messages.info(request, "What you searched for is no longer kept. Enter it again.")
        return ""
    return str(found)


def begin(request: HttpRequest) -> HttpResponse:
    """Keep the words of a posted search and go to where its list is shown.

    Every other field of the form becomes part of the address, as if the form had been a GET.
    """
    filters = request.POST.copy()
    filters.pop("csrfmiddlewaretoken", None)
    given = "".join(filters.pop("q", [])).replace("\x00", "").strip()[:LONGEST]
    for name in [name for name, value in filters.items() if not value]:
        del filters[name]
    filters.pop("search", None)
    if given:
        filters["search"] = _key(request, given)
    return redirect(f"{request.path}?{filters.urlencode()}" if filters else request.path)


def _key(request: HttpRequest, given: str) -> str:
    kept: dict[str, str] = request.session.get(SESSION_KEY, {})
    for key, one in kept.items():
        if one == given:
            return key
    key = secrets.token_urlsafe(9)
    newest = [*kept.items(), (key, given)][-KEPT:]
    request.session[SESSION_KEY] = dict(newest)
    return key
