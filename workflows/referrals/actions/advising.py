"""What the criteria advised at a screening and what the officer found, kept with the referral."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.criteria.states import Advice
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import queries, rules
from workflows.referrals.models import Referral, Screening
from workflows.referrals.states import ScreeningOutcome

if TYPE_CHECKING:
    from permissions.models import User


def record_screening(
    referral: Referral,
    outcome: ScreeningOutcome,
    by: User,
    *,
    finding: Advice | str | None = None,
    reasons: str = "",
    seen: int | None = None,
) -> Screening:
    """Keep what the criteria in use advise now, and what the officer found.

    Called by actions that hold the referral's lock. Without a finding the officer finds what the
    criteria advise. `seen` is the version whose advice the officer was shown. Raises NotAllowed
    for another finding without reasons, and where the criteria were published anew meanwhile.
    """
    version, advised = queries.advice_for(referral)
    if reason := rules.why_not_seen(seen=seen, current=version.pk if version else None):
        raise NotAllowed(reason)
    found: Advice | str = ""
    if outcome == ScreeningOutcome.TO_PANEL and advised is not None:
        found = Advice(finding) if finding else advised.outcome
        if reason := rules.why_not_finding(
            advice=advised.outcome, finding=Advice(found), reasons=reasons
        ):
            raise NotAllowed(reason)
    return Screening.objects.create(
        referral=referral,
        version=version,
        advice=advised.outcome if advised else "",
        rule=advised.number if advised else None,
        explanation=advised.explanation if advised else "",
        held=list(advised.held) if advised else [],
        outcome=outcome,
        finding=found,
        reasons=reasons.strip(),
        screened_by=by,
    )
