"""The only writers of private links, and of what a family writes by one."""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.cases import actions as cases
from workflows.cases.models import Case, FamilyWords
from workflows.cases.states import Audience, Voice
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed
from workflows.families import rules
from workflows.families.models import FamilyLink

if TYPE_CHECKING:
    from permissions.models import User


def make_link(*, case: Case, voice: Voice | str, days: int, by: User) -> tuple[FamilyLink, str]:
    """Make a private link for a pupil or a parent; answer it with its secret, which is not kept.

    Raises NotPermitted (`invite_family` in the home school), or NotAllowed for a case that has ended.
    """
    with audit.acting(by), transaction.atomic():
        cases.lock(case)
        _require(case, by)
        if reason := rules.why_cannot_make(stage=case.stage, days=days):
            raise NotAllowed(reason)
        token = secrets.token_urlsafe(32)
        now = timezone.now()
        link = FamilyLink.objects.create(
            case=case,
            voice=Voice(voice),
            token_sha256=rules.digest(token),
            created_at=now,
            created_by=by,
            expires_at=now + datetime.timedelta(days=days),
        )
        events.announce(
            "family_invited",
            subject=case,
            by=by,
            organisation=case.pupil.school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary=f"{Voice(voice).label} asked for their views by a private link",
            data={"link": link.pk},
        )
    return link, token


def revoke_link(*, link: FamilyLink, by: User) -> None:
    """End a link before its date. Raises NotPermitted, or NotAllowed for one that has ended."""
    with audit.acting(by), transaction.atomic():
        link = _locked(link)
        _require(link.case, by)
        if reason := rules.why_cannot_revoke(link):
            raise NotAllowed(reason)
        link.revoked_at, link.revoked_by = timezone.now(), by
        link.save(update_fields=["revoked_at", "revoked_by"])


def open_link(*, link: FamilyLink, date_of_birth: datetime.date) -> str | None:
    """Hold a date against the pupil's date of birth; answer why it does not open the link, or None.

    Every wrong date counts, also those of several browsers at once: nothing is raised, so that the
    count is kept.
    """
    with transaction.atomic():
        link = _locked(link)
        now = timezone.now()
        if reason := rules.why_cannot_use(link, stage=link.case.stage, now=now):
            return reason
        if date_of_birth == link.case.pupil.date_of_birth:
            return None
        link.wrong_count += 1
        refusal = "The date of birth is not right. Check it and enter it again."
        if link.wrong_count >= rules.WRONG_FOR_GOOD:
            link.revoked_at, refusal = now, rules.ENDED
        elif link.wrong_count % rules.WRONG_IN_A_ROW == 0:
            link.locked_until, refusal = now + rules.LOCKED_FOR, rules.LOCKED
        link.save(update_fields=["wrong_count", "locked_until", "revoked_at"])
        return refusal


def give_views(
    *,
    link: FamilyLink,
    who: str = "",
    going_well: str = "",
    difficult: str = "",
    would_help: str = "",
    anything_else: str = "",
) -> FamilyWords:
    """Keep what a pupil or a parent wrote, in their own words; the school is told.

    The caller has seen the link opened. Raises NotAllowed for a link that has ended meanwhile, or
    where nothing was written.
    """
    with transaction.atomic():
        link = _locked(link)
        case = link.case
        cases.lock(case)
        now = timezone.now()
        if reason := rules.why_cannot_use(link, stage=case.stage, now=now):
            raise NotAllowed(reason)
        words = [text.strip() for text in (going_well, difficult, would_help, anything_else)]
        if not any(words):
            raise NotAllowed("Write something in at least one of the boxes.")
        written = FamilyWords.objects.create(
            case=case,
            voice=link.voice,
            who=who.strip(),
            going_well=words[0],
            difficult=words[1],
            would_help=words[2],
            anything_else=words[3],
            written_at=now,
        )
        link.used_count += 1
        link.last_used_at = now
        link.save(update_fields=["used_count", "last_used_at"])
        events.announce(
            "family_gave_views",
            subject=case,
            by=None,
            organisation=case.pupil.school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary=f"{Voice(link.voice).label} wrote what they think, by a private link",
            data={"words": written.pk, "link": link.pk},
        )
    return written


def _require(case: Case, by: User) -> None:
    checks.require(by, "invite_family", case.pupil.school)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")


def _locked(link: FamilyLink) -> FamilyLink:
    return (
        FamilyLink.objects.select_for_update(of=("self",))
        .select_related("case__pupil__school")
        .get(pk=link.pk)
    )
