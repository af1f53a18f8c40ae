"""A shared text with one partnership's variations: composed clause by clause.

The shared text is the published version, never a draft. A clause keeps the words of the shared text
beside those that hold here, so that everybody can read both; one that was left out is still named.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from workflows.agreements import rules
from workflows.agreements.models import AgreementVersion

Raw = dict[str, Any]


def local_id(page_id: int | None, clause_id: str) -> str:
    """Give the id that a clause of the shared text has in one page's text.

    Another one in every text, so that a clause's address leads to one text only, and always the
    same one.
    """
    return str(uuid.uuid5(uuid.UUID(clause_id), str(page_id or "")))


def facts(version: AgreementVersion) -> Raw:
    """Give what a local text says of the shared text that it stands on."""
    return {
        "title": version.snapshot["content"]["title"],
        "agreement": version.snapshot["agreement"],
        "number": version.number,
        "sha256": version.sha256,
    }


def clauses(version: AgreementVersion) -> list[tuple[str, str]]:
    """Give the id and the name of every clause of the shared text, to choose from."""
    return [
        (clause["clause_id"], rules.clause_name(heading, clause))
        for heading, clause in rules.clauses_of(version.snapshot["content"])
    ]


def composed(
    version: AgreementVersion, variations: Mapping[str, Raw], page_id: int | None
) -> list[Raw]:
    """Give the shared text's sections as they hold for one page, in the shape of content.

    `variations` are keyed by the shared clause's id; one whose clause the shared text no longer has
    says nothing.
    """
    sections = version.snapshot["content"]["sections"]
    left_out = {key for key, varied in variations.items() if varied["is_left_out"]}
    result = []
    for section in sections:
        gone = [clause for clause in section["clauses"] if clause["clause_id"] in left_out]
        kept = [clause for clause in section["clauses"] if clause["clause_id"] not in left_out]
        result.append(
            {
                "heading": section["heading"],
                "intro": section["intro"],
                "clauses": [
                    _clause(clause, variations.get(clause["clause_id"]), left_out, page_id)
                    for clause in kept
                ],
                "left_out": [
                    {**clause, "why": variations[clause["clause_id"]]["why"]} for clause in gone
                ],
            }
        )
    return result


def _clause(clause: Raw, varied: Raw | None, left_out: set[str], page_id: int | None) -> Raw:
    here = {
        **clause,
        "clause_id": local_id(page_id, clause["clause_id"]),
        "see": [
            local_id(page_id, other) for other in clause.get("see", ()) if other not in left_out
        ],
    }
    if varied is None:
        return here
    return {
        **here,
        "text": varied["text"] or clause["text"],
        "terms": _merged(clause["terms"], varied["terms"]),
        "shared": {"text": clause["text"], "terms": clause["terms"], "why": varied["why"]},
    }


def _merged(shared: Iterable[Raw], here: Iterable[Raw]) -> list[Raw]:
    numbers = {term["measure"]: term for term in shared}
    numbers.update({term["measure"]: term for term in here})
    return list(numbers.values())
