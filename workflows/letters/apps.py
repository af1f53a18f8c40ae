"""Django's view of this folder."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.letters"

    def ready(self) -> None:
        """Register who may do what."""
        from permissions import grants as permissions

        from . import grants

        permissions.register("letters", grants.PERMISSIONS, grants.GRANTS)
