"""A text as it holds for one organisation: with its agreed variations and what it reserves."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from workflows.agreements import measures
from workflows.agreements.models import Variation
from workflows.agreements.rules.reading import Readable, ReadableClause, ReadableVariation
from workflows.agreements.rules.wording import words


def varied(
    document: Readable,
    variations: Iterable[Variation] = (),
    reserved: Collection[uuid.UUID] = (),
) -> Readable:
    """Give the text with the variations beside their clauses, and the reserved clauses marked."""
    agreed = {str(variation.clause_id): variation for variation in variations}
    objected = {str(clause_id) for clause_id in reserved}
    if not agreed and not objected:
        return document

    def mark(clauses: tuple[ReadableClause, ...]) -> tuple[ReadableClause, ...]:
        return tuple(
            replace(
                clause,
                variation=_variation(clause, agreed.get(clause.clause_id)),
                is_reserved=clause.clause_id in objected,
            )
            for clause in clauses
        )

    return replace(
        document,
        sections=tuple(
            replace(
                section,
                clauses=mark(section.clauses),
                runs=tuple(replace(run, clauses=mark(run.clauses)) for run in section.runs),
            )
            for section in document.sections
        ),
    )


def _variation(clause: ReadableClause, variation: Variation | None) -> ReadableVariation | None:
    if variation is None:
        return None
    return ReadableVariation(
        text=variation.text,
        words=words(clause.text, variation.text),
        is_reworded=variation.text != clause.text,
        terms=term_sentences(variation.terms),
        since=timezone.localdate(variation.in_force_at),
    )


def term_sentences(terms: Iterable[dict[str, str]]) -> tuple[str, ...]:
    """Write the numbers of a proposal or a variation out."""
    return tuple(
        measures.sentence(term["measure"], Decimal(term["value"]), term["unit"]) for term in terms
    )
