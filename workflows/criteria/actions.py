"""The only writers of criteria: change a draft, try it on past referrals, publish it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.criteria import queries, rules
from workflows.criteria.models import DecisionTable, DecisionTableVersion, Simulation
from workflows.criteria.states import MAX_CONDITIONS, MAX_ROWS, Progress, Status
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import Organisation, User

GONE = "This draft has been published or thrown away. Open the criteria to see what is in use."


def begin_draft(*, partnership: Organisation, by: User) -> DecisionTableVersion:
    """Begin a draft as a copy of what is in use; one that is there already is given back."""
    with audit.acting(by), transaction.atomic():
        checks.require_here_or_above(by, "change_criteria", partnership)
        table, _ = DecisionTable.objects.get_or_create(partnership=partnership)
        DecisionTable.objects.select_for_update().get(pk=table.pk)
        if draft := queries.draft_of(partnership):
            return draft
        latest = queries.versions_of(partnership).first()
        in_use = queries.version_for(partnership)
        return DecisionTableVersion.objects.create(
            table=table,
            number=latest.number + 1 if latest else 1,
            content=in_use.content if in_use else rules.write(rules.Table()),
            changed_by=by,
        )


def change(
    *,
    draft: DecisionTableVersion,
    revision: int,
    by: User,
    how: Callable[[rules.Table], rules.Table],
) -> None:
    """Change a draft: `how` makes the new table of the old one.

    `revision` is that of the table which the person was shown. Raises NotPermitted, or NotAllowed
    where somebody else has changed it since, or published it.
    """
    with audit.acting(by), transaction.atomic():
        _hold(draft, revision, by)
        partnership = draft.table.partnership
        table = how(rules.read(draft.content)).knowing(queries.catalogue_of(partnership))
        if len(table.rows) > MAX_ROWS:
            raise NotAllowed(f"A table has at most {MAX_ROWS} rules. Remove one first.")
        if any(len(row.conditions) > MAX_CONDITIONS for row in table.rows):
            raise NotAllowed(f"A rule has at most {MAX_CONDITIONS} conditions. Remove one first.")
        draft.content = rules.write(table)
        draft.revision += 1
        draft.changed_at = timezone.now()
        draft.changed_by = by
        draft.save()


def discard(*, draft: DecisionTableVersion, revision: int, by: User) -> None:
    """Throw a draft away, with its trial. Raises as `change`."""
    with audit.acting(by), transaction.atomic():
        _hold(draft, revision, by)
        draft.delete()


def publish(*, draft: DecisionTableVersion, revision: int, by: User) -> DecisionTableVersion:
    """Put a draft into use from now on; what was in use is kept as replaced.

    Raises as `change`, and NotAllowed with the first thing to mend.
    """
    with audit.acting(by), transaction.atomic():
        _hold(draft, revision, by)
        partnership = draft.table.partnership
        catalogue = queries.catalogue_of(partnership)
        table = rules.read(draft.content)
        if wrong := rules.problems(table, catalogue):
            raise NotAllowed(wrong[0].text)
        if in_use := queries.version_for(partnership):
            in_use.status = Status.SUPERSEDED
            in_use.save(update_fields=["status"])
        draft.simulations.all().delete()
        draft.content = rules.write(table.knowing(catalogue))
        draft.status = Status.PUBLISHED
        draft.sha256 = rules.fingerprint(draft.content)
        draft.published_at = timezone.now()
        draft.published_by = by
        draft.save()
        events.announce(
            "criteria_published",
            subject=draft.table,
            by=by,
            organisation=partnership,
            summary=f"Criteria for screening published, version {draft.number}",
            data={"version": draft.pk},
        )
    return draft


def simulate(*, draft: DecisionTableVersion, by: User) -> Simulation:
    """Ask for a trial of the draft, as it is now, on the partnership's past referrals.

    It replaces an earlier one and runs in the background. Raises NotPermitted, or NotAllowed for a
    draft that could not be published.
    """
    with audit.acting(by), transaction.atomic():
        _hold(draft, None, by)
        partnership = draft.table.partnership
        table = rules.read(draft.content)
        if wrong := rules.problems(table, queries.catalogue_of(partnership)):
            raise NotAllowed(wrong[0].text)
        draft.simulations.all().delete()
        simulation = Simulation.objects.create(
            version=draft, content=draft.content, revision=draft.revision, requested_by=by
        )
        events.announce(
            "criteria_trial_requested",
            subject=draft.table,
            by=by,
            organisation=partnership,
            summary=f"Draft of criteria, version {draft.number}, tried on past referrals",
            simulation=simulation,
        )
    return simulation


def fail(*, simulation_id: int) -> None:
    """Note that a trial could not be finished, so that nobody waits for it."""
    Simulation.objects.filter(pk=simulation_id).update(
        status=Progress.FAILED, finished_at=timezone.now()
    )


def _hold(draft: DecisionTableVersion, revision: int | None, by: User) -> None:
    """Lock a draft, ask the permission, then whether it is still what the person was shown."""
    try:
        draft.refresh_from_db(from_queryset=DecisionTableVersion.objects.select_for_update())
    except DecisionTableVersion.DoesNotExist as gone:
        raise NotAllowed(GONE) from gone
    checks.require_here_or_above(by, "change_criteria", draft.table.partnership)
    if draft.status != Status.DRAFT:
        raise NotAllowed(GONE)
    if revision is not None and revision != draft.revision:
        who = draft.changed_by.get_full_name() if draft.changed_by else "Somebody"
        raise NotAllowed(
            f"{who} has changed these criteria since you opened the page. What you typed is still "
            "here: open the criteria in another tab, look at the change, then make yours again."
        )
