"""Answers that say no: one page per reason, in plain English.

What the pages say is in templates/errors. A refusal of a rule that no view has caught ends here
too, so that nobody ever meets a bare error for something that was merely not allowed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from permissions.exceptions import NotAllowed, NotPermitted
from workflows.engine.exceptions import AlreadyDone


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: what the browser sent makes no sense."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: signed in, but not allowed; the reason where it is one of ours."""
    reason = str(exception) if isinstance(exception, NotPermitted) else ""
    return render(request, "errors/403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: no such page, or not for this person."""
    return render(request, "errors/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking anything of the database: it may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose secret is missing or old: nothing was saved, nothing typed is lost."""
    return render(request, "errors/csrf.html", status=403)


def refused(request: HttpRequest, exception: NotAllowed) -> HttpResponse:
    """Answer a rule's refusal: 410 where the thing has been done, else 409, with the reason."""
    if isinstance(exception, AlreadyDone):
        return render(request, "errors/410.html", {"reason": exception.reason}, status=410)
    return render(request, "errors/409.html", {"reason": exception.reason}, status=409)


class Refusals:
    """Turn a refusal that no view has caught into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for NotAllowed; leave every other exception to Django."""
        return refused(request, exception) if isinstance(exception, NotAllowed) else None
