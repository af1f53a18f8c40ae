"""The private pages: a link is opened with the pupil's date of birth, and the family writes.

Nobody signs in here. The address with the secret leads at once to one without it; what was opened is
remembered in the visitor's session, for a few hours. Until the date of birth is entered no page
says whom it is about.
"""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from workflows.cases.states import Voice
from workflows.engine.exceptions import NotAllowed
from workflows.families import actions, forms, queries, rules
from workflows.families.models import FamilyLink

SESSION_KEY: Final = "family_links"
OPEN_FOR: Final = datetime.timedelta(hours=4)


class PrivatePage(View):
    """What every private page begins with: no search engine, no copy, no referrer elsewhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, with the headers that keep the page private."""
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "private, no-store"
        # To other sites never; to our own a form needs it to be told from a forged one.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    def ended(self, reason: str = rules.ENDED) -> HttpResponse:
        """Say that the link does not work, the same for whatever reason."""
        status = 429 if reason == rules.LOCKED else 404
        return render(self.request, "families/ended.html", {"reason": reason}, status=status)


class Door(PrivatePage):
    """The address that the school gives: goes on to one without the secret."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Remember which link was followed; nothing is opened by it."""
        link = queries.link_of(token)
        if link is None:
            return self.ended()
        now = timezone.now()
        if rules.why_cannot_use(link, stage=link.case.stage, now=now) == rules.ENDED:
            return self.ended()
        followed: dict[str, str] = request.session.get(SESSION_KEY, {})
        followed.setdefault(str(link.pk), "")
        request.session[SESSION_KEY] = followed
        response = redirect("families:write", link.pk)
        response["Referrer-Policy"] = "no-referrer"
        return response


class FollowedPage(PrivatePage):
    """A page behind the door: for whoever has followed the link in this browser."""

    link: FamilyLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the link among those followed; anything else does not exist."""
        followed = request.session.get(SESSION_KEY, {})
        link = (
            FamilyLink.objects.select_related("case__pupil__school", "case__partnership__parent")
            .filter(pk=kwargs["pk"])
            .first()
        )
        if link is None or str(link.pk) not in followed:
            return self.ended()
        self.link = link
        reason = rules.why_cannot_use(link, stage=link.case.stage, now=timezone.now())
        if reason is not None:
            return self.ended(reason)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether the date of birth was entered in this browser, not too long ago."""
        opened = self.request.session.get(SESSION_KEY, {}).get(str(self.link.pk), "")
        return bool(opened) and (
            datetime.datetime.fromisoformat(opened) + OPEN_FOR > timezone.now()
        )


class YourViews(FollowedPage):
    """First the date of birth, then the questions."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page that is next."""
        if not self.is_open:
            return self._ask(forms.DateOfBirthForm())
        return self._show(forms.WordsForm(voice=self.link.voice))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the link, or keep what was written."""
        return self._write(request) if self.is_open else self._open(request)

    def _open(self, request: HttpRequest) -> HttpResponse:
        form = forms.DateOfBirthForm(request.POST)
        if not form.is_valid():
            return self._ask(form)
        refusal = actions.open_link(link=self.link, **form.cleaned_data)
        if refusal in (rules.ENDED, rules.LOCKED):
            return self.ended(refusal)
        if refusal is not None:
            form.add_error("date_of_birth", refusal)
            return self._ask(form)
        followed = dict(request.session[SESSION_KEY])
        followed[str(self.link.pk)] = timezone.now().isoformat()
        request.session[SESSION_KEY] = followed
        if not request.user.is_authenticated:
            request.session.cycle_key()
        return redirect("families:write", self.link.pk)

    def _write(self, request: HttpRequest) -> HttpResponse:
        form = forms.WordsForm(request.POST, voice=self.link.voice)
        if not form.is_valid():
            return self._show(form)
        try:
            actions.give_views(link=self.link, **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self._show(form)
        return redirect("families:sent", self.link.pk)

    def _ask(self, form: forms.DateOfBirthForm) -> HttpResponse:
        return render(self.request, "families/date_of_birth.html", {"form": form})

    def _show(self, form: forms.WordsForm) -> HttpResponse:
        return render(
            self.request,
            "families/write.html",
            {"form": form, "link": self.link, "case": self.link.case, "is_pupil": _is_pupil(self)},
        )


class Sent(FollowedPage):
    """Thanks, and what happens with the words."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page to whoever has opened the link."""
        if not self.is_open:
            return redirect("families:write", pk)
        return render(
            request, "families/sent.html", {"link": self.link, "is_pupil": _is_pupil(self)}
        )


def _is_pupil(page: FollowedPage) -> bool:
    return page.link.voice == Voice.PUPIL
