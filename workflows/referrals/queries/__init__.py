"""Reads of referrals. Every list starts from `Case.objects.visible_to`."""

from workflows.referrals.queries.clocks import (
    due_at,
)
from workflows.referrals.queries.panels import (
    Standing,
    latest_consideration,
    open_consideration,
    panel_chairs,
    panel_members,
    panel_settings,
    partnerships_whose_panel,
    standing,
    votes_by_choice,
    votes_of,
)
from workflows.referrals.queries.writing import (
    Card,
    cards,
    completed_parts,
    has_medical_evidence,
    implied_version,
    pupil_facts,
    status_of,
    unfinished,
)

__all__ = [
    "Card",
    "Standing",
    "cards",
    "completed_parts",
    "due_at",
    "has_medical_evidence",
    "implied_version",
    "latest_consideration",
    "open_consideration",
    "panel_chairs",
    "panel_members",
    "panel_settings",
    "partnerships_whose_panel",
    "pupil_facts",
    "standing",
    "status_of",
    "unfinished",
    "votes_by_choice",
    "votes_of",
]
