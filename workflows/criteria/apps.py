"""Django's view of this folder."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Register the folder as an application, and who may change criteria."""

    name = "workflows.criteria"

    def ready(self) -> None:
        """Register who may change criteria."""
        from permissions import grants as permissions
        from workflows.criteria import grants

        permissions.register("criteria", grants.PERMISSIONS, grants.GRANTS)
