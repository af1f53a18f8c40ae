"""What people have typed and not sent yet, kept on the server under one key per person and form.

Raw answers as they came from the browser, never files. Used by steps and by any other form that
lets somebody save and come back.
"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from .models import Draft

#: Buttons and tokens: not answers.
NOT_ANSWERS = {"csrfmiddlewaretoken", "save", "confirm", "change"}


def save(user: Any, key: str, answers: QueryDict) -> None:
    """Keep the answers, in place of those kept before under the key."""
    values = {name: items for name, items in answers.lists() if name not in NOT_ANSWERS}
    Draft.objects.update_or_create(user=user, key=key, defaults={"data": values})


def load(user: Any, key: str) -> QueryDict | None:
    """Return the answers kept under the key, if any."""
    draft = Draft.objects.filter(user=user, key=key).first()
    if draft is None:
        return None
    answers = QueryDict(mutable=True)
    for name, items in draft.data.items():
        answers.setlist(name, items)
    return answers


def discard(user: Any, key: str) -> None:
    """Forget what is kept under the key."""
    Draft.objects.filter(user=user, key=key).delete()
