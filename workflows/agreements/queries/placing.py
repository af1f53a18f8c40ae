"""The one gate of a placement's start: what is still missing between the parties.

Who is bound, who has days of grace left, and until when. The sentences are in rules.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from permissions.models import Organisation
from workflows.agreements import rules
from workflows.agreements.models import Agreement, AgreementVersion, Term
from workflows.agreements.queries.reserving import why_reserved
from workflows.agreements.queries.versions import (
    acceptances_by,
    last_material_number,
    version_in_force,
)
from workflows.calendar import queries as calendar

if TYPE_CHECKING:
    from workflows.cases.models import Case


@dataclass(frozen=True)
class Binding:
    """How far one organisation is bound by the version in force.

    `accepted` is the number of the newest version it has accepted. `grace_ends_date` is the last
    day on which that is enough although a material version has come since.
    """

    accepted: int | None
    is_bound: bool
    grace_ends_date: datetime.date | None


def binding(
    agreement: Agreement, organisation: Organisation, *, case: Case | None = None
) -> Binding:
    """Give how far an organisation is bound, for one case where the acceptances are by case."""
    since = last_material_number(agreement)
    accepted = (
        acceptances_by(agreement, organisation, case)
        .order_by("-version__number")
        .values_list("version__number", flat=True)
        .first()
    )
    is_bound = accepted is not None and since is not None and accepted >= since
    if accepted is None or is_bound:
        return Binding(accepted, is_bound, None)
    replaced_by = (
        agreement.versions.filter(is_material=True, number__gt=accepted)
        .order_by("number")
        .defer("snapshot")
        .first()
    )
    ends = None if replaced_by is None else grace_ends_date(replaced_by, organisation)
    return Binding(accepted, is_bound, ends)


def grace_ends_date(version: AgreementVersion, organisation: Organisation) -> datetime.date | None:
    """Give the last day on which what a material version replaced is still enough, if there is one.

    Counted in working days from publication, by the version's own term. It is the first material
    version after the accepted one that counts, so that publishing again does not begin it anew.
    """
    days = (
        Term.objects.filter(version=version, measure="acceptance_grace")
        .values_list("value", flat=True)
        .first()
    )
    if days is None:
        return None
    return calendar.add_working_days(
        timezone.localdate(version.published_at), int(days), organisation
    )


def why_no_new_placement(
    agreement: Agreement,
    organisation: Organisation,
    *,
    case: Case | None = None,
    today: datetime.date | None = None,
) -> str | None:
    """Say why no placement may start at a provider under an agreement, or give None when one may.

    `case` is the one to be placed: an agreement accepted case by case needs an acceptance for it,
    and what its home school has reserved counts too. `today` is the day to judge by.
    """
    version = version_in_force(agreement)
    if version is None:
        return (
            "No version of the agreement is in force. "
            "Ask an editor to publish it, then start the placement."
        )
    today = today or timezone.localdate()
    signing = [(organisation, False)]
    if agreement.needs_both_signatures:
        signing.append((agreement.partnership, True))
    for party, is_partnership in signing:
        bound = binding(agreement, party, case=case)
        if reason := rules.why_not_bound(
            party.name,
            is_partnership=is_partnership,
            version=version.number,
            accepted=bound.accepted,
            is_bound=bound.is_bound,
            grace_ends_date=bound.grace_ends_date,
            case=case.reference if case and agreement.is_accepted_by_case else "",
            today=today,
        ):
            return reason
    # Only a party has reservations: a home school that is none keeps nothing from starting.
    reserving = [organisation] if case is None else [organisation, case.pupil.school]
    return next(filter(None, (why_reserved(agreement, party) for party in reserving)), None)
