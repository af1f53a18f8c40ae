"""Django's view of this folder."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Register the folder as an application, its grants, and its panel of the case's page."""

    name = "workflows.cases"

    def ready(self) -> None:
        """Tell permissions which roles may do what."""
        from permissions import grants as permissions

        from . import grants, maps, sections

        permissions.register("cases", grants.PERMISSIONS, grants.GRANTS)
        sections.register(maps.map_section)
