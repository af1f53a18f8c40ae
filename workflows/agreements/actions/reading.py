"""Where a person is in a text."""

from __future__ import annotations

import uuid

from django.utils import timezone

from permissions.models import User
from workflows.agreements.models import AgreementVersion, ReadingPosition
from workflows.engine.exceptions import NotAllowed


def keep_place(*, version: AgreementVersion, clause_id: uuid.UUID, by: User) -> ReadingPosition:
    """Keep the clause that a person has read a version up to, instead of the one kept before.

    Raises NotAllowed for a clause that is not in that version.
    """
    if not version.clauses.filter(clause_id=clause_id).exists():
        raise NotAllowed("That clause is not in this version. Open the text again.")
    place, _ = ReadingPosition.objects.update_or_create(
        user=by, version=version, defaults={"clause_id": clause_id, "kept_at": timezone.now()}
    )
    return place
