"""A draft of criteria tried on past referrals. Called by a background job; nothing else is changed."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils import timezone

from workflows.criteria import queries as criteria
from workflows.criteria import rules as criteria_rules
from workflows.criteria.models import SimulatedCase, Simulation
from workflows.criteria.states import Advice, Progress
from workflows.referrals import queries, rules
from workflows.referrals.models import Referral

#: Referrals judged between two notes of how far it is.
BATCH = 500


def replay(*, simulation: Simulation) -> Simulation:
    """Judge every referral that the partnership has screened by a draft, and note what differs.

    Begins anew after a failure. Each batch costs a fixed number of queries and is noted by itself, so
    that a page can say how far it is. A trial that was replaced meanwhile ends without a result.
    """
    partnership = simulation.version.table.partnership
    draft = criteria_rules.read(simulation.content)
    in_use = criteria.version_for(partnership)
    table = criteria_rules.read(in_use.content) if in_use else None
    simulation.cases.all().delete()
    simulation.total = queries.screened(partnership).count()
    simulation.done = 0
    simulation.status = Progress.RUNNING
    simulation.save()
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    against = changed = 0
    last = 0
    while batch := list(queries.screened(partnership).filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        facts = queries.facts_of(batch)
        judged = []
        for referral in batch:
            day = queries.day_of(referral)
            was = criteria_rules.evaluate(table, facts[referral.pk], day) if table else None
            now = criteria_rules.evaluate(draft, facts[referral.pk], day)
            after[now.outcome] += 1
            if was is not None:
                before[was.outcome] += 1
            one = _judged(simulation, referral, was, now)
            is_changed = was is not None and was.outcome != now.outcome
            changed += is_changed
            against += one.is_against_decision
            if is_changed or one.is_against_decision:
                judged.append(one)
        with transaction.atomic():
            if not Simulation.objects.filter(pk=simulation.pk).exists():
                return simulation
            SimulatedCase.objects.bulk_create(judged)
            # A referral screened while this runs is one more than was counted.
            simulation.done += len(batch)
            simulation.total = max(simulation.total, simulation.done)
            simulation.save(update_fields=["done", "total"])
    simulation.counts = {
        "before": dict(before),
        "after": dict(after),
        "changed": changed,
        "against_decision": against,
    }
    simulation.status = Progress.DONE
    simulation.finished_at = timezone.now()
    simulation.save()
    return simulation


def _judged(
    simulation: Simulation,
    referral: Referral,
    was: criteria_rules.Advised | None,
    now: criteria_rules.Advised,
) -> SimulatedCase:
    return SimulatedCase(
        simulation=simulation,
        case=referral.case,
        before=was.outcome if was else "",
        after=Advice(now.outcome),
        rule=now.number,
        decided=rules.decided_as(referral.status),
        is_against_decision=rules.is_against_decision(now.outcome, referral.status),
    )
