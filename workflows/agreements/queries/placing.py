"""The one gate of a placement's start: what is still missing between the parties."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from permissions.models import Organisation
from workflows.agreements.models import Agreement
from workflows.agreements.queries.reserving import why_reserved
from workflows.agreements.queries.versions import has_accepted, version_in_force

if TYPE_CHECKING:
    from workflows.cases.models import Case


def why_no_new_placement(
    agreement: Agreement,
    organisation: Organisation,
    *,
    case: Case | None = None,
    today: datetime.date | None = None,
) -> str | None:
    """Say why no placement may start at a provider under an agreement, or give None when one may.

    `case` is the one to be placed, for an agreement that is accepted case by case. `today` is the
    day to judge by.
    """
    version = version_in_force(agreement)
    if version is None:
        return (
            "No version of the agreement is in force. "
            "Ask an editor to publish it, then start the placement."
        )
    if not has_accepted(agreement, organisation):
        return (
            f"{organisation.name} has not accepted version {version.number} of the agreement, "
            "which is in force. We have asked them to accept it. "
            "Start the placement when they have."
        )
    return why_reserved(agreement, organisation)
