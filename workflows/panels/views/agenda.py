"""What a meeting is about: its agenda, and the packs of papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from permissions import audit, checks
from workflows.engine import tasks
from workflows.engine.exceptions import NotAllowed
from workflows.panels import actions, queries
from workflows.panels.views.meetings import OfMeeting
from workflows.referrals.models import Referral


class Agenda(OfMeeting):
    """Make the agenda from what is ready: add, take off, put in order, bring back."""

    action = "change_agenda"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the agenda and what can be added."""
        meeting, user = self.meeting, self.user
        lines = queries.agenda(meeting, user)
        may_bring_back = checks.may(user, "screen_referral", meeting.partnership)
        return render(
            request,
            "panels/agenda.html",
            self.facts(
                lines=lines,
                hidden=queries.hidden_items(meeting, len(lines)),
                ready=queries.ready_for_agenda(meeting, user),
                deferred=queries.deferred_until(meeting, user) if may_bring_back else [],
                may_change=self.may("change_agenda"),
            ),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the button says."""
        try:
            self._act(request)
        except NotAllowed as refused:
            messages.info(request, refused.reason)
        return redirect("panels:agenda", self.meeting.pk)

    def _act(self, request: HttpRequest) -> None:
        meeting, user = self.meeting, self.user
        if chosen := request.POST.get("add"):
            ready = queries.ready_for_agenda(meeting, user)
            consideration = ready.filter(pk=_number(chosen)).first()
            if consideration is None:
                raise NotAllowed("This referral is on an agenda already, or decided.")
            actions.add_to_agenda(meeting=meeting, consideration=consideration, by=user)
            messages.success(request, "The referral is on the agenda.")
        elif "add_all" in request.POST:
            added = list(queries.ready_for_agenda(meeting, user))
            for consideration in added:
                actions.add_to_agenda(meeting=meeting, consideration=consideration, by=user)
            messages.success(request, f"Referrals added to the agenda: {len(added)}.")
        elif chosen := request.POST.get("bring_back"):
            referral = get_object_or_404(queries.deferred_until(meeting, user), pk=_number(chosen))
            self._bring_back(referral)
            messages.success(request, "The referral is with the panel again and on the agenda.")
        else:
            self._change_item(request)

    def _bring_back(self, referral: Referral) -> None:
        task = tasks.open_tasks(referral, "return_to_panel").first()
        if task is None:
            raise NotAllowed("Somebody has brought this referral back already.")
        tasks.perform(
            task,
            by=self.user,
            act=lambda: actions.bring_back(meeting=self.meeting, referral=referral, by=self.user),
        )

    def _change_item(self, request: HttpRequest) -> None:
        for name in ("remove", "up", "down"):
            if name not in request.POST:
                continue
            item = get_object_or_404(
                self.meeting.items.on_agenda().visible_to(self.user),
                pk=_number(request.POST[name]),
            )
            if name == "remove":
                actions.remove_from_agenda(item=item, by=self.user)
                messages.success(request, "The referral is off the agenda.")
            else:
                actions.move_item(item=item, up=name == "up", by=self.user)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0


class Papers(OfMeeting):
    """Who has a pack of papers, and how far the making is."""

    action = "ask_for_packs"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the packs."""
        packs = list(
            self.meeting.packs.exclude(status="withdrawn")
            .select_related("member")
            .order_by("member__name", "pk")
        )
        return render(
            request,
            "panels/papers.html",
            self.facts(
                packs=packs,
                readers=queries.readers_of(self.meeting).count(),
                is_making=any(pack.status == "waiting" for pack in packs),
                may_ask=self.may("ask_for_packs"),
            ),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have them made."""
        try:
            number = actions.ask_for_packs(meeting=self.meeting, by=self.user)
        except NotAllowed as refused:
            messages.info(request, refused.reason)
        else:
            messages.success(
                request,
                f"Packs being made: {number}. Each member gets an email when theirs is ready.",
            )
        return redirect("panels:papers", self.meeting.pk)


class ReadPapers(OfMeeting):
    """A member's own pack, while every case in it may be read; the reading is noted for each."""

    def get(self, request: HttpRequest, pk: int) -> Any:
        """Serve it, or answer 404."""
        pack = queries.readable_pack(self.meeting, self.user)
        if pack is None:
            raise Http404
        for content in pack.contents.select_related("case"):
            audit.record_read(
                self.user, content.case, self.meeting.partnership, purpose="panel papers"
            )
        try:
            file = pack.file.open("rb")
        except FileNotFoundError as gone:
            raise Http404 from gone
        response = FileResponse(
            file,
            as_attachment=True,
            filename=f"panel-papers-{self.meeting.starts_at:%Y-%m-%d}.pdf",
            content_type="application/pdf",
        )
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
