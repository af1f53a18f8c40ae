"""The test process's steps."""

from __future__ import annotations


class Pack:
    """Placeholder until the step view is there."""


class Vote:
    """Placeholder until the step view is there."""
