"""Packs of papers: ask for them, make one, withdraw it. A pack holds what its reader may see, no more."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from permissions import audit
from workflows.engine import jobs, pdf
from workflows.engine.exceptions import NotAllowed
from workflows.panels import queries
from workflows.panels.actions import binding
from workflows.panels.actions.holding import announce, begin
from workflows.panels.models import PackContent, PanelMeeting, PapersPack
from workflows.panels.states import LIVE, PackStatus

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case

MAKING = (PackStatus.WAITING, PackStatus.READY, PackStatus.FAILED)


def ask_for_packs(*, meeting: PanelMeeting, by: User) -> int:
    """Have the papers made for everybody with a seat, anew where there are some; returns how many.

    Raises NotPermitted, or NotAllowed for a meeting with nothing to read.
    """
    with audit.acting(by), transaction.atomic():
        begin("ask_for_packs", meeting, by)
        readers = list(queries.readers_of(meeting))
        if not readers:
            raise NotAllowed("Put a referral on the agenda first: there is nothing to read yet.")
        withdraw_packs(meeting=meeting, because="Made anew")
        for reader in readers:
            _ask(meeting, reader, by)
    return len(readers)


def _ask(meeting: PanelMeeting, member: User, by: User | None) -> PapersPack:
    from workflows.panels.jobs import make_pack as job

    pack = PapersPack.objects.create(meeting=meeting, member=member, asked_by=by)
    jobs.queue(job, pack_id=pack.pk)
    return pack


def make_pack(*, pack: PapersPack) -> bool:
    """Make a pack that waits; tell whether it was made. Called by a background job.

    What the member may see is asked before, and once more when it is stored: a case from which the
    member has been kept out meanwhile is in no pack.
    """
    if not PapersPack.objects.filter(
        pk=pack.pk, status__in=(PackStatus.WAITING, PackStatus.FAILED)
    ).exists():
        return False
    meeting, member = pack.meeting, pack.member
    lines = queries.papers_of(meeting, member)
    PapersPack.objects.filter(pk=pack.pk).update(
        items=len(lines), done=0, status=PackStatus.WAITING
    )
    parts = []
    for number, item in enumerate(lines, start=1):
        parts.append(binding.part_of(item, member, number))
        PapersPack.objects.filter(pk=pack.pk).update(done=number)
    files = {name: content for part in parts for name, content in part.files.items()}
    content = pdf.render(
        "letters/papers_pack.typ",
        {
            "title": f"Papers of the panel, {timezone.localtime(meeting.starts_at):%-d %B %Y}",
            "meeting": meeting,
            "partnership": meeting.partnership,
            "member": member,
            "parts": parts,
        },
        files=files,
    )
    with transaction.atomic():
        meeting.refresh_from_db(from_queryset=PanelMeeting.objects.select_for_update())
        current = PapersPack.objects.select_for_update().get(pk=pack.pk)
        still = {item.pk for item in queries.papers_of(meeting, member)}
        if (
            current.status != PackStatus.WAITING
            or meeting.status not in LIVE
            or not {item.pk for item in lines} <= still
        ):
            if current.status == PackStatus.WAITING:
                _withdraw(current, "What the member may see has changed")
            return False
        current.file.save("pack", ContentFile(content), save=False)
        current.status = PackStatus.READY
        current.size = len(content)
        current.sha256 = hashlib.sha256(content).hexdigest()
        current.pages = binding.pages_of(content)
        current.made_at = timezone.now()
        current.save()
        PackContent.objects.bulk_create(
            PackContent(pack=current, case=item.consideration.referral.case) for item in lines
        )
        announce(
            "papers_ready", meeting, None, "Papers of a panel meeting are ready", member=member.pk
        )
    return True


def fail_pack(*, pack: PapersPack) -> None:
    """Say on the page that a pack could not be made; the job is tried again."""
    PapersPack.objects.filter(pk=pack.pk, status=PackStatus.WAITING).update(
        status=PackStatus.FAILED
    )


def withdraw_packs(*, meeting: PanelMeeting, because: str) -> None:
    """Take every pack of a meeting away, with its file."""
    with transaction.atomic():
        for pack in meeting.packs.select_for_update().filter(status__in=MAKING):
            _withdraw(pack, because)


def withdraw_case(*, case: Case, member: User | None = None) -> None:
    """Take the packs away that hold a case, of one member or of all, and make them anew without it.

    Called when a member is kept out of it, and when the panel has done with it.
    """
    with transaction.atomic():
        packs = PapersPack.objects.filter(
            meeting__status__in=sorted(LIVE),
            meeting__items__consideration__referral__case=case,
            status__in=MAKING,
        )
        if member is not None:
            packs = packs.filter(member=member)
        for pack in PapersPack.objects.select_for_update().filter(pk__in=packs.values("pk")):
            _withdraw(pack, "A case in it may not be read any more")
            if queries.papers_of(pack.meeting, pack.member):
                _ask(pack.meeting, pack.member, None)


def _withdraw(pack: PapersPack, because: str) -> None:
    storage, name = pack.file.storage, pack.file.name
    pack.status = PackStatus.WITHDRAWN
    pack.withdrawn_because = because
    pack.file = ""
    pack.save(update_fields=["status", "withdrawn_because", "file"])
    if name:
        transaction.on_commit(lambda: storage.delete(name))
