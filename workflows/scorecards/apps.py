"""Django's view of this folder."""

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    """Register the folder as an application. It has no tables of its own."""

    name = "workflows.scorecards"

    def ready(self) -> None:
        """Register who may see scorecards."""
        from permissions import grants as permissions
        from workflows.scorecards import grants

        permissions.register("scorecards", grants.PERMISSIONS, grants.GRANTS)
