"""Reads of private links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from workflows.families import rules
from workflows.families.models import FamilyLink

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.cases.models import Case


@dataclass(frozen=True)
class Standing:
    """A link, where it stands, and whether the school can still end it."""

    link: FamilyLink
    state: str
    is_open: bool


def links_of(case: Case, user: User) -> list[Standing]:
    """List a case's links, newest first, for somebody who may see the case."""
    now = timezone.now()
    links = FamilyLink.objects.visible_to(user).filter(case=case).select_related("created_by")
    return [
        Standing(
            link,
            rules.state_of(link, stage=case.stage, now=now),
            rules.why_cannot_use(link, stage=case.stage, now=now) != rules.ENDED,
        )
        for link in links.order_by("-created_at", "-pk")
    ]


def link_of(token: str) -> FamilyLink | None:
    """Find the link that a secret belongs to."""
    links = FamilyLink.objects.select_related("case__pupil")
    return links.filter(token_sha256=rules.digest(token)).first()
