"""The screens of criteria: what is in use, the draft and its rules, the trial, publication."""

from workflows.criteria.views.editing import (
    AddCondition,
    AddRule,
    ChangeRule,
    ChooseFact,
    MoveRule,
    RemoveCondition,
    RemoveRule,
)
from workflows.criteria.views.publishing import Discard, Publish, Trial
from workflows.criteria.views.reading import BeginDraft, Criteria, Draft, Partnerships, Version

__all__ = [
    "AddCondition",
    "AddRule",
    "BeginDraft",
    "ChangeRule",
    "ChooseFact",
    "Criteria",
    "Discard",
    "Draft",
    "MoveRule",
    "Partnerships",
    "Publish",
    "RemoveCondition",
    "RemoveRule",
    "Trial",
    "Version",
]
