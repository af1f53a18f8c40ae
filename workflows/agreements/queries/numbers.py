"""The numbers that several cases go by under one agreement, read together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from workflows.agreements.models import Acceptance, Agreement, Term, Variation

Numbers = dict[str, Decimal]
# An organisation's id and a case's.
Reach = tuple[int, int]


def numbers_of(agreement: Agreement, reaches: Iterable[Reach]) -> dict[Reach, Numbers]:
    """Give every number that each organisation goes by now in each case.

    As `term_in_force` does one by one, but in three queries, however many there are. Where nothing
    was accepted that reaches the case, it is left out.
    """
    accepted = _accepted(agreement, set(reaches))
    of_version: dict[int, list[tuple[str, Decimal, str]]] = {}
    for version_id, measure, value, clause_id in Term.objects.filter(
        version__in=set(accepted.values())
    ).values_list("version_id", "measure", "value", "clause__clause_id"):
        of_version.setdefault(version_id, []).append((measure, value, str(clause_id)))
    newest = (
        Variation.objects.filter(
            agreement=agreement, organisation__in={organisation for organisation, _ in accepted}
        )
        .order_by("organisation_id", "clause_id", "-in_force_at", "-pk")
        .distinct("organisation_id", "clause_id")
    )
    # A variation's number holds on the clause that it was agreed for, and nowhere else.
    agreed = {
        (variation.organisation_id, str(variation.clause_id), term["measure"]): Decimal(
            term["value"]
        )
        for variation in newest
        for term in variation.terms
    }
    return {
        (organisation, case): {
            measure: agreed.get((organisation, clause_id, measure), value)
            for measure, value, clause_id in of_version.get(version_id, [])
        }
        for (organisation, case), version_id in accepted.items()
    }


def _accepted(agreement: Agreement, reaches: set[Reach]) -> dict[Reach, int]:
    """Give the newest version that each had accepted: for its case, or for everything."""
    newest: dict[tuple[int, int | None], tuple[int, int]] = {}
    # One for an activity alone reaches no case.
    for organisation, case, number, version in (
        Acceptance.objects.filter(
            ~Q(case=None) | Q(activity=""),
            version__agreement=agreement,
            organisation__in={organisation for organisation, _ in reaches},
        )
        .order_by("version__number")
        .values_list("organisation_id", "case_id", "version__number", "version_id")
    ):
        newest[organisation, case] = (number, version)
    found = {
        reach: [newest[key] for key in (reach, (reach[0], None)) if key in newest]
        for reach in reaches
    }
    return {reach: max(versions)[1] for reach, versions in found.items() if versions}
