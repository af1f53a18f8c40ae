"""Which static files are collected: ours and Wagtail's, not those of screens we do not show."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Leave out viewflow's own look: no page of ours loads it, and its style sheets name fonts
    that its package does not contain, which the hashing of names refuses.
    """

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "viewflow"]
