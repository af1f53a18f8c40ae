"""Linking two cases that belong together, and ending a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.cases import queries, rules
from workflows.cases.actions.journey import lock
from workflows.cases.models import Case, CaseLink
from workflows.cases.states import LinkKind
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import User


def link_cases(*, case: Case, other: Case, kind: LinkKind | str, by: User) -> CaseLink:
    """Note that two cases belong together. No event: a timeline is read by people who see one alone.

    Raises NotPermitted for a person who does not see both, and NotAllowed for what makes no sense.
    """
    kind = LinkKind(kind)
    with audit.acting(by), transaction.atomic():
        # Always in the same order, so that two people who link the same pair wait for each other.
        first, second = sorted((case, other), key=lambda one: one.pk)
        lock(first)
        if second != first:
            lock(second)
        _require(case, by)
        _require_sight(other, by)
        linked = CaseLink.objects.filter(first=first, second=second, ended_at__isnull=True)
        if reason := rules.why_cannot_link(
            is_same_case=first == second,
            is_linked=linked.exists(),
            is_same_pupil=case.pupil_id == other.pupil_id,
            is_sibling=kind == LinkKind.SIBLING,
        ):
            raise NotAllowed(reason)
        return CaseLink.objects.create(first=first, second=second, kind=kind, made_by=by)


def end_link(*, link: CaseLink, case: Case, by: User) -> None:
    """End a link that was made in error; one that has ended stays as it is. Raises NotPermitted."""
    with audit.acting(by), transaction.atomic():
        link.refresh_from_db(from_queryset=CaseLink.objects.select_for_update())
        _require(case, by)
        _require_sight(link.other(case), by)
        if link.ended_at is None:
            link.ended_by = by
            link.ended_at = timezone.now()
            link.save()


def _require(case: Case, by: User) -> None:
    _require_sight(case, by)
    checks.require(by, "link_cases", queries.acting_organisation(by, "link_cases", case))


def _require_sight(case: Case, by: User) -> None:
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")
