"""Django's view of this folder."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """Register the folder as an application, and its grants."""

    name = "workflows.providers"

    def ready(self) -> None:
        """Tell permissions which roles may do what."""
        from permissions import grants as permissions

        from . import grants

        permissions.register("providers", grants.PERMISSIONS, grants.GRANTS)
