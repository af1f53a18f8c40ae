"""Pages for tests, saved and published as editors do."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from pages import access
from pages.models import AgreementPage, PolicyPage, TextPage
from permissions.models import Organisation, User


def clause(number: int, text: str = "", **changes: Any) -> dict[str, Any]:
    """A clause as Wagtail stores it; the number gives its id."""
    value = {
        "printed_number": str(number),
        "party": "provider",
        "text": text or f"Keep promise {number}.",
        "legal_reference": "",
        "terms": [],
        **changes,
    }
    return {"type": "clause", "id": str(uuid.UUID(int=number)), "value": value}


def term(measure: str, value: str | int) -> dict[str, Any]:
    """A term as Wagtail stores it."""
    stored = {"measure": measure, "value": str(value)}
    return {"type": "item", "id": str(uuid.uuid4()), "value": stored}


def section(heading: str, *clauses: dict[str, Any], intro: str = "") -> list[dict[str, Any]]:
    """A section as Wagtail stores it: its heading, and its clauses after it."""
    value = {"heading": heading, "intro": intro}
    return [{"type": "section", "id": str(uuid.uuid4()), "value": value}, *clauses]


def a_text() -> list[dict[str, Any]]:
    """Two sections with three clauses, one of them measured."""
    return [
        *section(
            "Teaching",
            clause(1, "Teach the pupil well."),
            clause(2, "Review the plan.", terms=[term("review_every", 12)]),
        ),
        *section("School life", clause(3, "Send the newsletter.", party="school")),
    ]


def make_page(
    partnership: Organisation,
    *,
    model: type[TextPage] = AgreementPage,
    sections: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> TextPage:
    """A draft page beneath the partnership's page."""
    parent = access.make_partnership_page(partnership=partnership)
    page = model(
        **{
            "title": "Tuition agreement",
            "live": False,
            "issued_date": datetime.date(2026, 9, 1),
            "sections": a_text() if sections is None else sections,
            **fields,
        }
    )
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision()
    return page


def make_policy(partnership: Organisation, **fields: Any) -> TextPage:
    """A draft policy page."""
    return make_page(partnership, model=PolicyPage, **{"title": "Health needs policy", **fields})


def publish(page: TextPage, by: User | None = None) -> TextPage:
    """Publish the newest revision of a page."""
    page.get_latest_revision().publish(user=by)
    fresh: TextPage = type(page).objects.get(pk=page.pk)
    return fresh


def change(page: TextPage, **fields: Any) -> TextPage:
    """Save a new draft of a page."""
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision()
    fresh: TextPage = type(page).objects.get(pk=page.pk)
    return fresh
